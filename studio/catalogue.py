"""The methods as the window knows them: from manifests only, never by importing one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
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
from studio.exports.atomic import write_text

DISTRIBUTION = "otherwise-studio"


@dataclass(frozen=True)
class Announced:
    """A method as it announces itself.

    Attributes:
        parameters: JSON schema of its settings.
        presets: Named settings; the first is the default.
        produces, answers: Its results, each with name, kind and title.
        missing: The optional dependencies that are not installed, by the name of the extra.
        checked: The day on which its check passed on this machine, or None.
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
    checked: date | None = None

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
        )

    @cached_property
    def default(self) -> Mapping[str, Any]:
        """The settings of the first preset."""
        return next(iter(self.presets.values()), {})

    def refusal(self, data: DataSet | None) -> Refusal | None:
        """Why the method cannot be used on this data as it is, or None. Nothing is said of the graph."""
        if self.missing:
            extras = ",".join(self.missing)
            return Refusal(
                f"{self.title} needs what is not installed here.", f'Run: pip install "{DISTRIBUTION}[{extras}]"'
            )
        if data is None:
            return None
        try:
            replace(self.accepts, graph=Need.OPTIONAL).check(Inputs(data))
        except Refusal as refusal:
            return refusal
        return None


class Catalogue:
    """All methods.

    Args:
        state: Folder for what this machine has learnt: descriptions of other packages, checks, how long runs took.
            None: the user's own.
    """

    def __init__(self, state: Path | None = None) -> None:
        if state is None:
            from platformdirs import user_state_path

            state = user_state_path("otherwise")
        self._state = state
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
    ) -> tuple[tuple[Announced, ...], tuple[tuple[Announced, str], ...]]:
        """The methods for a question: those that fit the data, the recommended one first; then the others, with why.

        The graph decides no fit, only the order: one that is still to be drawn or mended is the next step.
        """
        asked = [announced for announced in self.all() if announced.question is question]
        why = {announced.id: announced.refusal(data) for announced in asked}
        fitting = [announced for announced in asked if why[announced.id] is None]
        fitting.sort(key=lambda announced: _worth(announced, data, graph), reverse=True)
        others = tuple((announced, str(why[announced.id])) for announced in asked if why[announced.id] is not None)
        return tuple(fitting), others

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
        return best, "It fits this data as it is."

    # what this machine has learnt

    def note_check(self, method: str, passed: bool, on: date) -> None:
        """Remember that the method's check passed, or failed, on this machine."""
        checks = self._remembered("checks")
        if passed:
            checks[method] = on.isoformat()
        else:
            checks.pop(method, None)
        self._remember("checks", checks)
        if (announced := self.find(method)) is not None:
            self._methods[method] = replace(announced, checked=on if passed else None)

    def note_run(self, method: str, parameters: Mapping[str, Any], items: int, seconds: float, memory: int) -> None:
        """Remember how long a finished run took and its peak memory, for estimates."""
        times = self._remembered("times")
        times[_settings_key(method, parameters)] = {"items": items, "seconds": seconds, "memory": memory}
        self._remember("times", times)

    def estimate(self, method: str, items: int, parameters: Mapping[str, Any] | None = None) -> str:
        """How long a run will take, by one with the same settings before; empty when there was none.

        `parameters`: all of them; None: the default ones.
        """
        settings = self.get(method).default if parameters is None else parameters
        before = self._remembered("times").get(_settings_key(method, settings))
        if not before or not before["items"]:
            return ""
        return _about(before["seconds"] * items / before["items"])

    def _load(self, *, describe_new: bool) -> None:
        others, failures = manifest.third_party(self._state / "methods", describe_new=describe_new)
        checks = self._remembered("checks")
        methods: dict[str, Announced] = {}
        for plain in (*others, *self._built_in):
            try:
                announced = Announced.from_json(plain)
            except (KeyError, ValueError, TypeError) as error:
                name = str(plain.get("id", "a method"))
                failures.append(manifest.Failure(name, f"{name} does not describe itself as it must.", repr(error)))
                continue
            checked = date.fromisoformat(checks[announced.id]) if announced.id in checks else None
            methods[announced.id] = replace(announced, checked=checked)
        self._methods, self.failures = methods, tuple(failures)

    def _remembered(self, what: str) -> dict[str, Any]:
        try:
            found = json.loads((self._state / f"{what}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _remember(self, what: str, plain: Mapping[str, Any]) -> None:
        write_text(self._state / f"{what}.json", json.dumps(plain, indent=1))


def _worth(announced: Announced, data: DataSet | None, graph: Graph | None) -> tuple[bool, int, bool, bool]:
    """What makes one fitting method come before another."""
    roles = len(_roles_used(announced, data))
    return _uses(announced, graph), roles, announced.checked is not None, not announced.reconstruction


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


def _settings_key(method: str, parameters: Mapping[str, Any]) -> str:
    return f"{method} {json.dumps(dict(parameters), sort_keys=True, default=str)}"


def _about(seconds: float) -> str:
    """A time as an estimate is said: about 40 s, about 3 min, about 2 h."""
    if seconds < 90:
        return f"about {max(1, round(seconds))} s"
    if seconds < 5400:
        return f"about {round(seconds / 60)} min"
    return f"about {seconds / 3600:.1f} h"
