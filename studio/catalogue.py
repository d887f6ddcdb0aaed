"""The methods as the window knows them: from manifests only, never by importing one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

from engines import manifest
from engines.contract import Accepts, Inputs, Need
from engines.data.kinds import DataSet
from engines.graph.graph import Graph
from engines.questions import Question
from engines.refusals import Refusal
from studio.runs.estimates import Estimates
from studio.runs.verdicts import Verdict, Verdicts

DISTRIBUTION = "otherwise-studio"


class WayOut(StrEnum):
    """What helps where a method cannot be used."""

    DATA = "data"
    COLUMNS = "columns"
    INSTALL = "install"


@dataclass(frozen=True)
class Misfit:
    """A method that cannot be used on the data as they are: why, and what helps."""

    method: Announced
    why: str
    way: WayOut
    line: str = ""
    """What to type to install what is missing."""


@dataclass(frozen=True)
class CheckAnnounced:
    """A method's check before it is run: criteria by name with their sentences, and about how long it takes."""

    claim: str
    calibrated: str
    minutes: float
    criteria: Mapping[str, str]

    @staticmethod
    def from_json(plain: Mapping[str, Any]) -> CheckAnnounced:
        """From its part of a manifest."""
        criteria = {one["name"]: one["sentence"] for one in plain["criteria"]}
        return CheckAnnounced(plain["claim"], plain["calibrated"], plain["minutes"], criteria)


@dataclass(frozen=True)
class Announced:
    """A method as it announces itself.

    Attributes:
        parameters: JSON schema of its settings.
        presets: Named settings; the first is the default.
        produces, answers: Its results, each with name, kind and title.
        missing: The optional dependencies that are not installed, by the name of the extra.
        check: What its check claims and asks; None when it has none.
        verdict: How its check ended here the last time, or None.
        predicts: Its models predict columns of a table, so that others can explain them.
    """

    id: str
    title: str
    sentence: str
    question: Question
    source: str
    accepts: Accepts
    parameters: Mapping[str, Any]
    presets: Mapping[str, Mapping[str, Any]]
    produces: tuple[Mapping[str, str], ...]
    answers: tuple[Mapping[str, str], ...]
    reconstruction: str
    uninterruptible: str
    missing: tuple[str, ...] = ()
    check: CheckAnnounced | None = None
    verdict: Verdict | None = None
    predicts: bool = False

    @staticmethod
    def from_json(plain: Mapping[str, Any]) -> Announced:
        """From one document of a manifest.

        Raises:
            KeyError, ValueError: when it is none.
        """
        return Announced(
            plain["id"],
            plain["title"],
            plain["sentence"],
            Question(plain["question"]),
            plain["source"],
            Accepts.from_json(plain["accepts"]),
            plain["parameters"],
            plain["presets"],
            tuple(plain["produces"]),
            tuple(plain["answers"]),
            plain["reconstruction"],
            plain["uninterruptible"],
            tuple(extra for extra in plain["extras"] if not _has_extra(extra)),
            CheckAnnounced.from_json(plain["check"]) if plain.get("check") else None,
            predicts=plain.get("predicts", False),
        )

    @property
    def install_line(self) -> str:
        """What installs the optional dependencies that are missing."""
        return f'pip install "{DISTRIBUTION}[{",".join(self.missing)}]"'

    def misfit(self, data: DataSet | None) -> Misfit | None:
        """Why it cannot be used on this data and what helps; None when it can."""
        refusal = self.refusal(data)
        if refusal is None:
            return None
        if self.missing:
            return Misfit(self, str(refusal), WayOut.INSTALL, self.install_line)
        assert data is not None
        other = data.kind is not self.accepts.kind or len(data) < self.accepts.least_items
        return Misfit(self, str(refusal), WayOut.DATA if other else WayOut.COLUMNS)

    @property
    def checked(self) -> date | None:
        """The day on which its check passed on this machine, when it did the last time."""
        return self.verdict.on if self.verdict is not None and self.verdict.outcome == "passed" else None

    @cached_property
    def default(self) -> Mapping[str, Any]:
        """The settings of the first preset."""
        return next(iter(self.presets.values()), {})

    def refusal(self, data: DataSet | None) -> Refusal | None:
        """Why the method cannot be used on this data as it is, or None. Nothing is said of the graph, nor of
        the model that it explains: they are next steps.
        """
        if self.missing:
            return Refusal(f"{self.title} needs what is not installed here.", f"Run: {self.install_line}")
        if data is None:
            return None
        try:
            replace(self.accepts, graph=Need.OPTIONAL, model=None).check(Inputs(data))
        except Refusal as refusal:
            return refusal
        return None


class Catalogue:
    """All methods.

    Args:
        state: Folder for what this machine has learnt: descriptions of other packages, checks, how long runs took.
            None: the user's own.
        others: Also take the methods of other packages; without, nothing of theirs is touched.
    """

    def __init__(self, state: Path | None = None, *, others: bool = True) -> None:
        self._others = others
        if state is None:
            from platformdirs import user_state_path

            state = user_state_path("otherwise")
        self._state = state
        self._verdicts = Verdicts(state / "verdicts")
        self.estimates = Estimates(state / "estimates")
        """What runs will cost, learnt from those that finished here."""
        self._built_in = manifest.read()["methods"]
        self._methods: dict[str, Announced] = {}
        self.failures: tuple[manifest.Failure, ...] = ()
        """Packages of methods that cannot be used, and why."""
        self._load(describe_new=False)

    def look_for_more(self) -> bool:
        """Describe packages of methods that are new here; may take seconds, so call it off the GUI thread.

        Whether there is something new.
        """
        before = dict(self._methods), self.failures
        self._load(describe_new=True)
        return before != (self._methods, self.failures)

    def all(self) -> tuple[Announced, ...]:
        """All methods by title."""
        return tuple(sorted(self._methods.values(), key=lambda announced: announced.title.lower()))

    def find(self, id: str) -> Announced | None:
        """The method, or None."""
        return self._methods.get(id)

    def get(self, id: str) -> Announced:
        """The method.

        Raises:
            Refusal: when there is none of that id.
        """
        found = self.find(id)
        if found is None:
            raise Refusal(f"There is no method {id}.", "Install the package that it comes from.", about=(id,))
        return found

    def sorted(
        self, question: Question, data: DataSet | None = None, graph: Graph | None = None
    ) -> tuple[tuple[Announced, ...], tuple[Misfit, ...]]:
        """The methods for a question: those that fit the data, the recommended one first; then the others, with why.

        The graph decides no fit, only the order: one that is still to be drawn or mended is the next step.
        """
        asked = [announced for announced in self.all() if announced.question is question]
        asked.sort(key=lambda announced: _worth(announced, data, graph), reverse=True)
        misfits = {announced.id: announced.misfit(data) for announced in asked}
        fitting = [announced for announced in asked if misfits[announced.id] is None]
        return tuple(fitting), tuple(misfit for misfit in misfits.values() if misfit is not None)

    def best(self, data: DataSet | None, graph: Graph | None = None) -> tuple[Announced, ...]:
        """All methods that fit the data, whatever the question, the best first."""
        fitting = [announced for announced in self.all() if announced.refusal(data) is None]
        return tuple(sorted(fitting, key=lambda announced: _worth(announced, data, graph), reverse=True))

    def recommended(
        self, question: Question, data: DataSet | None = None, graph: Graph | None = None
    ) -> tuple[Announced, str] | None:
        """The method to begin with, and the reason in a sentence; None when none fits."""
        fitting, others = self.sorted(question, data, graph)
        if not fitting:
            return None
        best = fitting[0]
        if len(fitting) == 1:
            only = "that fits this data" if others else "that answers this question"
            return best, f"It is the only one {only}."
        if _uses(best, graph) and not _uses(fitting[1], graph):
            return best, "It uses the graph that you have."
        used, next_used = _roles_used(best, data), _roles_used(fitting[1], data)
        if len(used) > len(next_used):
            return best, f"It uses most of the roles that you gave: {', '.join(used)}."
        if best.checked and not fitting[1].checked:
            return best, f"Its claim was checked on this machine ({best.checked:%d %B %Y})."
        if fitting[1].reconstruction and not best.reconstruction:
            return best, "It is written from the whole paper; others had to be reconstructed."
        if fitting[1].uninterruptible and not best.uninterruptible:
            return best, "It can be watched and stopped at any moment."
        return best, "It fits this data as it is."

    # checks

    def note_check(self, method: str, plain: Mapping[str, Any]) -> None:
        """Keep how the method's check ended on this machine: what the command `check` writes."""
        self._verdicts.keep(method, plain)
        self.read_check(method)

    def read_check(self, method: str) -> None:
        """Take up what a check in another process has left."""
        if (announced := self.find(method)) is not None:
            self._methods[method] = replace(announced, verdict=self._verdicts.last(method))

    def _load(self, *, describe_new: bool) -> None:
        others: list[dict[str, Any]] = []
        failures: list[manifest.Failure] = []
        if self._others:
            others, failures = manifest.third_party(self._state / "methods", describe_new=describe_new)
        methods: dict[str, Announced] = {}
        for plain in (*others, *self._built_in):
            try:
                announced = Announced.from_json(plain)
            except (KeyError, ValueError, TypeError) as error:
                name = str(plain.get("id", "a method"))
                failures.append(manifest.Failure(name, f"{name} does not describe itself as it must.", repr(error)))
                continue
            methods[announced.id] = replace(announced, verdict=self._verdicts.last(announced.id))
        self._methods, self.failures = methods, tuple(failures)


def _worth(announced: Announced, data: DataSet | None, graph: Graph | None) -> tuple[bool | int, ...]:
    """What makes one fitting method come before another: one that explains a model before those that train it, one
    that can begin before one whose graph is not drawn yet, one that can be stopped at any moment before others.
    """
    roles = len(_roles_used(announced, data))
    explains, checked = announced.accepts.model is not None, announced.checked is not None
    drawn = announced.accepts.graph is not Need.REQUIRED or (graph is not None and bool(graph.nodes))
    whole, stops = not announced.reconstruction, not announced.uninterruptible
    return explains, drawn, _uses(announced, graph), roles, checked, whole, stops


def _uses(announced: Announced, graph: Graph | None) -> bool:
    """Whether there is a graph and the method takes one."""
    return graph is not None and bool(graph.nodes) and announced.accepts.graph is not Need.NO


def _roles_used(announced: Announced, data: DataSet | None) -> list[str]:
    """The roles that the method asks for and the data have."""
    if data is None:
        return []
    return [str(need.role) for need in announced.accepts.columns if data.attributes.having(need.role)]


def _has_extra(extra: str) -> bool:
    """Whether everything that an optional dependency names is installed."""
    try:
        lines = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return True
    wanted = [line for line in lines if re.search(rf"extra == ['\"]{re.escape(extra)}['\"]", line)]
    for line in wanted:
        name = re.match(r"[\w.-]+", line)
        try:
            metadata.version(name[0] if name else line)
        except metadata.PackageNotFoundError:
            return False
    return bool(wanted)
