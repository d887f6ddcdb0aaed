"""The suite itself: each point rejects a method that breaks it. A check that has never failed is none."""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.conformance import POINTS, Broken, Tried
from engines.contract import Answer, Budget, Control, Inputs, Method, MethodParameters, Produces, Query, Run, parameter

sys.path.insert(0, str(Path(__file__).parent.parent / "third_party_method"))
from rank_transport_method import rank_transport as toy

sys.path.pop(0)

CHECKS = {str(point): point.check for point in POINTS}
honest = toy.method


def fitted_with(change: Callable[[Run], None]) -> Method:
    """The honest method, but something else happens in `fit`."""

    def fit(inputs: Inputs, parameters: Any, run: Run) -> toy.RankTransport:
        change(run)
        return toy.fit(inputs, parameters, run)

    return replace(honest, fit=fit)


def with_model(model: type[toy.RankTransport]) -> Method:
    """The honest method, but its model is of another class."""

    def fit(inputs: Inputs, parameters: Any, run: Run) -> toy.RankTransport:
        return model(**vars(toy.fit(inputs, parameters, run)))

    return replace(honest, fit=fit, model=model)


class _Silent(MethodParameters):
    points: int = parameter(5, help="")


class _Unbounded(toy.Parameters):
    def __init__(self, **values: Any) -> None:
        super().__init__(**{name: 3 if name == "points" else value for name, value in values.items()})


def accepts_everything() -> Method:
    return replace(honest, refuse=None)


def never_shows() -> Method:
    return replace(honest, produces=(*honest.produces, Produces("missing", "curve", "Never shown")))


def is_unseeded() -> Method:
    own = np.random.default_rng()

    def fit(inputs: Inputs, parameters: Any, run: Run) -> toy.RankTransport:
        model = toy.fit(inputs, parameters, run)
        return replace(model, deviation=model.deviation + own.random())

    return replace(honest, fit=fit)


def seeds_by_itself() -> Method:
    return fitted_with(lambda run: random.seed(3))


def never_looks() -> Method:
    class Deaf:
        def __init__(self, run: Run) -> None:
            self._run = run

        def __getattr__(self, name: str) -> Any:
            return getattr(self._run, name)

        def steps(self, work: int, phase: str, *, start: int = 0) -> Iterator[int]:
            return iter(range(start, work))

    return replace(honest, fit=lambda inputs, parameters, run: toy.fit(inputs, parameters, Deaf(run)))  # type: ignore[arg-type]


def leaves_a_thread() -> Method:
    stop = threading.Event()
    _STOPS.append(stop)
    return fitted_with(lambda run: threading.Thread(target=stop.wait, daemon=True).start())


_STOPS: list[threading.Event] = []


def forgets_on_resume() -> Method:
    def fit(inputs: Inputs, parameters: Any, run: Run) -> toy.RankTransport:
        model = toy.fit(inputs, parameters, run)
        return replace(model, deviation=model.deviation * (1 if run.resumed is None else 2))

    return replace(honest, fit=fit)


def believes_in_names() -> Method:
    def fit(inputs: Inputs, parameters: Any, run: Run) -> toy.RankTransport:
        model = toy.fit(inputs, parameters, run)
        return replace(model, curves=model.curves + len(inputs.table.names[0]))

    return replace(honest, fit=fit)


@dataclass(frozen=True, eq=False)
class Backwards(toy.RankTransport):
    def answer(self, query: Query) -> Iterator[Answer]:
        yield from reversed(list(super().answer(query)))


@dataclass(frozen=True, eq=False)
class Short(toy.RankTransport):
    def answer(self, query: Query) -> Iterator[Answer]:
        for answer in super().answer(query):
            yield replace(answer, results=answer.results[:1])


@dataclass(frozen=True, eq=False)
class Moody(toy.RankTransport):
    def answer(self, query: Query) -> Iterator[Answer]:
        self.curves[...] += 0.1
        yield from super().answer(query)


@dataclass(frozen=True, eq=False)
class Dead(toy.RankTransport):
    """Its slider is wired to nothing."""

    def controls(self) -> tuple[Control, ...]:
        choice, slider = super().controls()
        return choice, replace(slider, name="nothing")  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class Drifting(toy.RankTransport):
    def answer(self, query: Query) -> Iterator[Answer]:
        for answer in super().answer(query):
            treatment, outcome = answer.factors
            yield replace(answer, factors=(treatment, replace(outcome, counterfactual=outcome.counterfactual + 1e-3)))


_HOARD: list[np.ndarray] = []


@dataclass(frozen=True, eq=False)
class Hoarding(toy.RankTransport):
    def answer(self, query: Query) -> Iterator[Answer]:
        _HOARD.append(np.ones(2000))
        yield from super().answer(query)


@dataclass(frozen=True, eq=False)
class Lossy(toy.RankTransport):
    """What it answers depends on more than its fields."""

    def answer(self, query: Query) -> Iterator[Answer]:
        for answer in super().answer(query):
            yield replace(answer, support_note=str(id(self)))


@dataclass(frozen=True, eq=False)
class Unfinished(toy.RankTransport):
    def answer(self, query: Query) -> Iterator[Answer]:
        for answer in super().answer(query):
            yield replace(answer, stage=Budget.VALUES)


FAULTS: list[tuple[str, Callable[[], Method]]] = [
    ("announces_itself", lambda: replace(honest, sentence="")),
    ("announces_itself", lambda: replace(honest, parameters=_Silent, presets={"quick": _Silent()})),
    ("announces_itself", lambda: replace(honest, produces=(Produces("x", "hologram", "X"),))),
    ("refuses_settings_out_of_bounds", lambda: replace(honest, parameters=_Unbounded)),
    ("refuses_what_it_cannot_use", accepts_everything),
    ("gives_what_it_announces", never_shows),
    ("gives_the_same_bits_again", is_unseeded),
    ("draws_its_own_numbers", seeds_by_itself),
    ("stops_when_it_is_cancelled", never_looks),
    ("stops_when_it_is_cancelled", leaves_a_thread),
    ("goes_on_where_it_was_stopped", forgets_on_resume),
    ("keeps_to_names_and_row_ids", believes_in_names),
    ("is_saved_and_loaded_whole", lambda: with_model(Lossy)),
    ("answers_better_and_better", lambda: with_model(Backwards)),
    ("answers_better_and_better", lambda: with_model(Unfinished)),
    ("answers_with_what_it_announces", lambda: with_model(Short)),
    ("answers_the_same_again", lambda: with_model(Moody)),
    ("has_no_dead_control", lambda: with_model(Dead)),
    ("gives_the_factual_back", lambda: with_model(Drifting)),
    ("keeps_no_memory", lambda: with_model(Hoarding)),
]


@pytest.mark.parametrize(("point", "fault"), FAULTS, ids=[f"{point}-{i}" for i, (point, _) in enumerate(FAULTS)])
def test_a_fault_is_found_by_its_point(point: str, fault: Callable[[], Method]) -> None:
    with pytest.raises(Broken):
        CHECKS[point](Tried("rank_transport", fault()))
    for stop in _STOPS:
        stop.set()


def test_every_point_has_a_fault_that_it_rejects() -> None:
    assert {point for point, _ in FAULTS} == set(CHECKS)


def test_the_honest_method_passes() -> None:
    method = Tried("rank_transport", honest)
    for check in CHECKS.values():
        check(method)
