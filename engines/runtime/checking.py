"""Running a method's check in this process."""

from __future__ import annotations

import importlib
import time
from dataclasses import dataclass

from engines import catalogue
from engines.checks import Check, Evidence, Finding, Verdict, findings, judge
from engines.refusals import Refusal
from engines.runtime.context import Emit, Token
from engines.runtime.devices import held_threads
from engines.runtime.local import bare_run
from engines.runtime.randomness import Fork


@dataclass(frozen=True)
class Report:
    """A check that was run: what was claimed, measured and judged, and how long it took."""

    method: str
    claim: str
    evidence: Evidence
    findings: tuple[Finding, ...]
    verdict: Verdict
    seconds: float


def measured(
    method: str, *, seed: int = 0, threads: int = 1, on_events: Emit | None = None, token: Token | None = None
) -> Report:
    """Measure and judge the check of a built-in method.

    Raises:
        Refusal: when there is no such method, or it has no check.
    """
    catalogue.load(method)
    try:
        check: Check = importlib.import_module(f"engines.checks.{method}").check
    except ModuleNotFoundError as error:
        if error.name != f"engines.checks.{method}":
            raise
        raise Refusal(f"{method} has no check.", "Only built-in methods have one.") from error
    run = bare_run(seed, threads=threads, on_events=on_events, token=token)
    began = time.perf_counter()
    with held_threads(threads), Fork(seed):
        evidence = check.measure(run)
    run.flush()
    seconds = time.perf_counter() - began
    return Report(method, check.claim, evidence, findings(check, evidence), judge(check, evidence), seconds)
