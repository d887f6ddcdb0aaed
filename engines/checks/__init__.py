"""Checks: a method's claim, shown at desk scale against its baselines and against the fakes it must reject.

Each module `engines/checks/<method>.py` has one public value `check`. Figures are measured by `measure`; `judge` turns
them into a verdict. A fake that meets every criterion means that the check proves nothing: the verdict is then failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engines.contract import Run

Figures = Mapping[str, float]
"""Measured figures by name, each already a mean over seeds where it is statistical."""


@dataclass(frozen=True)
class Evidence:
    """What a check measured.

    Attributes:
        ours: The method's figures.
        baselines: Figures of each baseline, by its name.
        fakes: Figures of each fake, by what was broken in it.
        missing: Baselines that could not run here, with the reason.
        spread: Standard deviation over seeds of our figures, where there were several.
        seeds: Used, in order.
    """

    ours: Figures
    baselines: Mapping[str, Figures]
    fakes: Mapping[str, Figures]
    missing: Mapping[str, str] = field(default_factory=dict)
    spread: Figures = field(default_factory=dict)
    seeds: tuple[int, ...] = ()


@dataclass(frozen=True)
class Criterion:
    """One thing that must hold of a candidate's figures, given those of the baselines."""

    name: str
    sentence: str
    holds: Callable[[Figures, Mapping[str, Figures]], bool]


class Outcome(StrEnum):
    """The verdict of a check."""

    PASSED = "passed"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True)
class Verdict:
    """`failed` lists criteria that ours does not meet; `unmasked` gives for each fake the criteria that reject it."""

    outcome: Outcome
    failed: tuple[str, ...]
    unmasked: Mapping[str, tuple[str, ...]]
    sentence: str


@dataclass(frozen=True)
class Finding:
    """How one criterion came out for the method.

    Attributes:
        held: None: it could not be judged, for a baseline is missing.
        ours: The figures of ours that it looked at.
        others: Those of the baselines that it looked at, by baseline.
    """

    name: str
    sentence: str
    held: bool | None
    ours: Figures
    others: Mapping[str, Figures]


@dataclass(frozen=True)
class Check:
    """A method's reproduction at desk scale.

    Attributes:
        claim: The paper's claim in one sentence.
        calibrated: The date on which the thresholds were frozen, ISO.
        criteria: All must hold of ours; each fake must break at least one.
        measure: Runs everything and returns the figures. Uses `run` for progress, messages and cancel.
        minutes: About how long on two cores.
    """

    claim: str
    calibrated: str
    criteria: tuple[Criterion, ...]
    measure: Callable[[Run], Evidence]
    minutes: float


def judge(check: Check, evidence: Evidence) -> Verdict:
    """The verdict over measured figures."""

    def broken(figures: Figures) -> tuple[str, ...]:
        return tuple(c.name for c in check.criteria if not c.holds(figures, evidence.baselines))

    if evidence.missing:
        missing = "; ".join(f"{name}: {reason}" for name, reason in evidence.missing.items())
        return Verdict(Outcome.INCOMPLETE, (), {}, f"Incomplete: a baseline did not run ({missing}).")
    failed = broken(evidence.ours)
    unmasked = {name: broken(figures) for name, figures in evidence.fakes.items()}
    passing_fakes = [name for name, reasons in unmasked.items() if not reasons]
    if failed:
        return Verdict(Outcome.FAILED, failed, unmasked, f"Failed: {', '.join(failed)}.")
    if passing_fakes:
        sentence = f"Failed: the check does not reject {', '.join(passing_fakes)}."
        return Verdict(Outcome.FAILED, (), unmasked, sentence)
    sentence = f"Passed: {len(check.criteria)} criteria hold, {len(unmasked)} fakes are rejected."
    return Verdict(Outcome.PASSED, (), unmasked, sentence)


def findings(check: Check, evidence: Evidence) -> tuple[Finding, ...]:
    """Each criterion with the figures that it read to decide."""
    found = []
    for criterion in check.criteria:
        ours = _Read(evidence.ours)
        others = {name: _Read(figures) for name, figures in evidence.baselines.items()}
        try:
            held: bool | None = bool(criterion.holds(ours, others))
        except KeyError:
            held = None
        read = {name: figures.read() for name, figures in others.items() if figures.read()}
        found.append(Finding(criterion.name, criterion.sentence, held, ours.read(), read))
    return tuple(found)


class _Read(Mapping[str, float]):
    """Figures that remember which of them were looked at."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._names: dict[str, None] = {}

    def read(self) -> dict[str, float]:
        """What was looked at, in order."""
        return {name: self._figures[name] for name in self._names}

    def __getitem__(self, name: str) -> float:
        value = self._figures[name]
        self._names[name] = None
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)
