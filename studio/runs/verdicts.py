"""Verdicts of checks on this machine, as they are kept and read later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from studio.exports.atomic import write_text

Figures = Mapping[str, float]


@dataclass(frozen=True)
class Criterion:
    """One criterion as it came out; `held` None: it could not be judged."""

    name: str
    sentence: str
    held: bool | None
    ours: Figures
    others: Mapping[str, Figures]


@dataclass(frozen=True)
class Verdict:
    """How a method's check ended here.

    Attributes:
        outcome: "passed", "failed" or "incomplete".
        baselines: Figures by baseline. fakes: Figures by what was broken.
        rejected: For each fake, the criteria that reject it; none: it got through.
        missing: Baselines that could not run, with the reason.
    """

    on: date
    claim: str
    outcome: str
    sentence: str
    seconds: float
    criteria: tuple[Criterion, ...]
    ours: Figures
    baselines: Mapping[str, Figures]
    fakes: Mapping[str, Figures]
    rejected: Mapping[str, tuple[str, ...]]
    missing: Mapping[str, str]

    @staticmethod
    def from_json(plain: Mapping[str, Any]) -> Verdict:
        """From what the command `check` writes.

        Raises:
            KeyError, ValueError, TypeError: when it is not that.
        """
        evidence, verdict = plain["evidence"], plain["verdict"]
        return Verdict(
            date.fromisoformat(plain["on"]), plain["claim"], verdict["outcome"], verdict["sentence"],
            float(plain["seconds"]), tuple(Criterion(**one) for one in plain["findings"]), evidence["ours"],
            evidence["baselines"], evidence["fakes"],
            {name: tuple(reasons) for name, reasons in verdict["unmasked"].items()}, evidence["missing"],
        )


class Verdicts:
    """The last verdict of each method.

    Args:
        folder: Where they are kept, one file a method.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, method: str, plain: Mapping[str, Any]) -> None:
        """In the place of the one before."""
        write_text(self._folder / f"{method}.json", json.dumps(plain, indent=1))

    def last(self, method: str) -> Verdict | None:
        """The last one; None when there is none that can be read."""
        try:
            return Verdict.from_json(json.loads((self._folder / f"{method}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
