"""What every method must do, whoever wrote it. Each point is tried on a method with the method's own trial settings.

A third party's test file needs no more than this::

    @pytest.mark.parametrize("point", POINTS, ids=str)
    def test_conforms(point: Point) -> None:
        point.check(tried("my_method"))

No name of a method stands here: what a point asks follows from what the method announces.
"""

from __future__ import annotations

import dataclasses
import gc
import json
import random
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import numpy as np

from engines import catalogue, models, predictors
from engines.abilities import Bare, Predictor
from engines.contract import (
    Accepts,
    Answer,
    Budget,
    Choice,
    Constraints,
    Control,
    Inputs,
    Method,
    Model,
    Query,
    Slider,
    Stepper,
    Toggle,
    validated,
)
from engines.data.kinds import ColumnType, DataKind, DataSet, Images, Table, number_column, table_of
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.refusals import Refusal
from engines.results import RESULT_KINDS, ImageGridResult, TableResult
from engines.runtime import wire
from engines.runtime.context import Cancelled, Token
from engines.runtime.execution import Fitted
from engines.runtime.local import answered, answers, fit
from engines.runtime.randomness import Fork

SEED = 11
QUERIES = 20
GROWTH = 100_000
"""Bytes of Python and array memory by which 20 equal queries may differ: caches of libraries, not kept answers."""


class Broken(AssertionError):
    """A method does not do what every method must."""


class Countdown(Token):
    """A token that is cancelled by itself when it has been looked at `after` times; counts the looks."""

    def __init__(self, after: int | None = None) -> None:
        self.looks = 0
        self._after = after
        super().__init__()

    @property
    def wanted(self) -> bool:
        self.looks += 1
        if self._after is not None and self.looks == self._after:
            self.cancel()
        return self.cancelled

    @wanted.setter
    def wanted(self, value: bool) -> None:
        """What is wanted follows from the count."""


@dataclass(frozen=True, eq=False)
class Tried:
    """A method with its trial, fitted once."""

    id: str
    method: Method
    _kept: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def inputs(self) -> Inputs:
        return self.method.trial.inputs()

    @cached_property
    def looks(self) -> int:
        """How often a whole run looks whether it is to stop."""
        assert self.fitted
        return int(self._kept["looks"])

    @cached_property
    def fitted(self) -> Fitted:
        token = Countdown()
        fitted = self.fit(self.inputs, token=token)
        self._kept["looks"] = token.looks
        return fitted

    @property
    def model(self) -> Model:
        return self.fitted.model

    def fit(self, inputs: Inputs, **how: Any) -> Fitted:
        return fit(self.method, inputs, self.method.trial.parameters, seed=SEED, **how)

    def query(self, *, do: bool = True, budget: Budget = Budget.FINAL) -> Query:
        """A query about the first item: with `do`, its first factor that can be set is set."""
        factual = self.inputs.data.rows([0])
        wish = next(((c.name, _ends(c, factual)[1]) for c in self.model.controls() if c.do), None)
        return Query(factual, dict([wish]) if do and wish else {}, seed=SEED, budget=budget)


@cache
def tried(id: str) -> Tried:
    """A method by id, with its trial; fitted when it is first needed, and once."""
    return Tried(id, catalogue.load(id))


@dataclass(frozen=True)
class Point:
    """One thing that every method must do; `str` gives its name."""

    sentence: str
    check: Callable[[Tried], None]

    def __str__(self) -> str:
        return self.check.__name__


# ---------------------------------------------------------------------------------------------- the announcement


def announces_itself(method: Tried) -> None:
    """The announcement is complete and survives the way through JSON."""
    announced = method.method
    plain = json.loads(json.dumps(announced.describe(method.id)))
    _expect(plain == announced.describe(method.id), "The announcement changes on its way through JSON.")
    _expect(Accepts.from_json(plain["accepts"]) == announced.accepts, "What it accepts changes through JSON.")
    _expect(bool(announced.title and announced.sentence and announced.source), "Title, sentence and source are said.")
    _expect(bool(announced.presets), "There is at least one preset.")
    for name, preset in plain["presets"].items():
        same = validated(announced.parameters, preset) == announced.presets[name]
        _expect(same, f"The preset {name} changes on its way through JSON.")
    for name, setting in announced.parameters.model_fields.items():
        _expect(bool(setting.description), f"The setting {name} has no line of help.")
    for produced in (*announced.produces, *announced.answers):
        _expect(produced.kind in RESULT_KINDS, f"{produced.name} is of no known kind: {produced.kind}.")


def refuses_settings_out_of_bounds(method: Tried) -> None:
    """A setting beyond its bounds is refused by name, and so is an unknown one."""
    announced = method.method
    _refused(lambda: validated(announced.parameters, {"no_such_setting": 1}), "no_such_setting")
    properties = announced.parameters.model_json_schema()["properties"]
    for name, schema in properties.items():
        for bound, step in (("minimum", -1), ("exclusiveMinimum", 0), ("maximum", 1), ("exclusiveMaximum", 0)):
            if bound in schema:
                values = {name: schema[bound] + step}
                _refused(lambda values=values: validated(announced.parameters, values), name)  # type: ignore[misc]


def refuses_what_it_cannot_use(method: Tried) -> None:
    """Each refusal of its card is provoked, and data of another kind are refused; its own trial is not."""
    announced = method.method
    announced.check(method.inputs, announced.trial.parameters)
    other = _of_another_kind(announced.accepts.kind)
    _refused(lambda: announced.check(replace(method.inputs, data=other), announced.trial.parameters))
    for start, inputs in announced.trial.refusals.items():
        refusal = _refused(lambda inputs=inputs: announced.check(inputs(), announced.trial.parameters))  # type: ignore[misc]
        _expect(refusal.sentence.startswith(start), f"Expected the refusal “{start} …”, got “{refusal.sentence}”.")
        _expect(refusal.sentence.rstrip().endswith("."), f"“{refusal.sentence}” is no sentence.")


# --------------------------------------------------------------------------------------------------------- the run


def gives_what_it_announces(method: Tried) -> None:
    """A run shows the announced results, of the announced kinds, and they can travel and be stored."""
    results = method.fitted.results
    for produced in method.method.produces:
        _expect(produced.name in results, f"The result {produced.name} was announced and never shown.")
        kind = results[produced.name].kind
        _expect(kind == produced.kind, f"The result {produced.name} is a {kind}, announced as {produced.kind}.")
    for name, result in results.items():
        frame = wire.encode(result)
        _expect(wire.encode(wire.decode(frame)) == frame, f"The result {name} changes on its way.")


def gives_the_same_bits_again(method: Tried) -> None:
    """The same seed, device and threads give the same model, results and figures."""
    _same_fit(method.fitted, method.fit(method.inputs), "A second run with the same seed differs")


def draws_its_own_numbers(method: Tried) -> None:
    """It never seeds a library, and leaves the global random states as they were."""
    assert method.fitted
    before = _global_states()
    with _no_seeding():
        method.fit(method.inputs)
        answered(method.model, method.query())
    _expect(_global_states() == before, "The global random states are not as they were.")


def stops_when_it_is_cancelled(method: Tried) -> None:
    """Cancelled at its first step, in the middle and at its last: it stops there and leaves nothing behind."""
    looks = method.looks
    if looks == 0:
        _expect(bool(method.method.uninterruptible), "It never looks whether it is to stop (run.steps).")
        return
    before = _surroundings()
    for after in sorted({1, (looks + 1) // 2, looks}):
        token = Countdown(after)
        try:
            method.fit(method.inputs, token=token)
        except Cancelled:
            pass
        else:
            raise Broken(f"Cancelled at look {after} of {looks}, it ran to its end.")
        _expect(token.looks <= after + 1, f"Cancelled at look {after}, it went on to {token.looks}.")
    gc.collect()
    left = {name: (before[name], now) for name, now in _surroundings().items() if now != before[name]}
    _expect(not left, f"It left behind (before, after): {left}.")


def goes_on_where_it_was_stopped(method: Tried) -> None:
    """Stopped with a checkpoint and resumed, it gives the model that the whole run gives, bit for bit."""
    looks = method.looks
    for after in sorted({max(1, looks // 3), max(1, 2 * looks // 3)} if looks else set()):
        with TemporaryDirectory() as folder:
            try:
                method.fit(method.inputs, token=Countdown(after), checkpoints=Path(folder))
            except Cancelled:
                pass
            resumed = method.fit(method.inputs, checkpoints=Path(folder), resume=True)
        _expect(
            _parts(resumed.model) == _parts(method.model),
            f"Stopped at look {after} of {looks} and resumed, the model is another one.",
        )


def keeps_to_names_and_row_ids(method: Tried) -> None:
    """Other column names and another order of the rows change no number of an answer."""
    expected = _numbers(answered(method.model, method.query()))
    shuffled = replace(method.inputs, data=method.inputs.data.rows(_shuffled(len(method.inputs.data))))
    again = answered(method.fit(shuffled).model, method.query())
    _expect(_close(_numbers(again), expected), "With its rows in another order it answers otherwise.")
    name = _new_names(method.inputs)
    query = method.query()
    renamed = replace(
        query, factual=_renamed_data(query.factual, name), do={name[n]: value for n, value in query.do.items()}
    )
    again = answered(method.fit(_renamed(method.inputs, name)).model, renamed)
    _expect(_close(_numbers(again), expected), "With other column names it answers otherwise.")


# ------------------------------------------------------------------------------------------------------- the model


def is_saved_and_loaded_whole(method: Tried) -> None:
    """Saved and loaded, the model is the same and answers the same."""
    with TemporaryDirectory() as folder:
        models.save(method.model, Path(folder) / "model", method=method.id)
        loaded = models.load(Path(folder) / "model", method.method)
    _expect(_parts(loaded) == _parts(method.model), "The loaded model is another one.")
    _expect(loaded.controls() == method.model.controls(), "The loaded model has other controls.")
    _same_answer(answered(loaded, method.query()), answered(method.model, method.query()), "The loaded model answers")


def answers_better_and_better(method: Tried) -> None:
    """The last answer is final, none goes back a stage, a budget stops it early."""
    with Fork(SEED):
        given = list(method.model.answer(method.query()))
    _expect(bool(given), "It gives no answer.")
    stages = [list(Budget).index(answer.stage) for answer in given]
    _expect(stages == sorted(stages), "A later answer is of an earlier stage.")
    _expect(given[-1].stage is Budget.FINAL, "Its last answer is not final.")
    for answer in given:
        _expect(answer.stage is Budget.VALUES or bool(answer.results), f"An answer of stage {answer.stage} is empty.")
    for budget in Budget:
        last = answered(method.model, method.query(budget=budget))
        reached = list(Budget).index(last.stage)
        later = [stage for stage in stages if stage >= list(Budget).index(budget)]
        _expect(reached == min(later), f"Asked for {budget}, it stops at {last.stage}.")


def answers_with_what_it_announces(method: Tried) -> None:
    """Answers hold announced results only, and each announced result comes for some setting of the controls."""
    announced = {produced.name: produced.kind for produced in method.method.answers}
    queries = [method.query()]
    for control in method.model.controls():
        queries += [_with(method.query(), control, end) for end in _ends(control, method.query().factual)]
    shown: dict[str, str] = {}
    for query in queries:
        for answer in answers(method.model, query):
            shown |= {result.name: result.kind for result in answer.results}
    _expect(shown == announced, f"Answers hold {shown}; announced was {announced}.")


def answers_the_same_again(method: Tried) -> None:
    """The same query gives the same final answer, and a query changes nothing in the model."""
    before = _parts(method.model)
    first = answered(method.model, method.query())
    _same_answer(answered(method.model, method.query()), first, "Asked twice, it answers")
    _expect(_parts(method.model) == before, "A query changed the model.")


def has_no_dead_control(method: Tried) -> None:
    """Each control moved from low to high changes some result or value, or says why it need not."""
    controls = method.model.controls()
    names = [control.name for control in controls]
    _expect(len(set(names)) == len(names), f"Two controls have one name: {names}.")
    for control in controls:
        low, high = _ends(control, method.query().factual)
        seen = {_frame(answered(method.model, _with(method.query(), control, end))) for end in (low, high)}
        _expect(
            len(seen) == 2 or bool(control.neutral),
            f"Moving {control.name} from {low} to {high} changes nothing, and it does not say that it need not.",
        )


def gives_the_factual_back(method: Tried) -> None:
    """Where it claims so, an empty `do` gives the factual back, within the distance that it claims."""
    claimed = method.model.claims_identity()
    if claimed is None:
        return
    query = method.query(do=False)
    answer = answered(method.model, query)
    apart = list(_distances(answer, query.factual))
    _expect(bool(apart), "It claims identity, and its answer holds nothing that can be compared with the factual.")
    for name, distance in apart:
        _expect(distance <= claimed, f"With nothing set, {name} is {distance:g} away; it claims {claimed:g}.")


def keeps_no_memory(method: Tried) -> None:
    """Twenty queries leave no more memory in use than five did."""
    query = method.query()
    for _ in range(5):
        answered(method.model, query)
    gc.collect()
    tensors = _tensors()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(QUERIES):
            answered(method.model, query)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    _expect(after - before <= GROWTH, f"{QUERIES} queries left {after - before} bytes.")
    _expect(_tensors() <= tensors, f"{QUERIES} queries left {_tensors() - tensors} tensors.")


POINTS = tuple(
    Point((check.__doc__ or "").strip(), check)
    for check in (
        announces_itself,
        refuses_settings_out_of_bounds,
        refuses_what_it_cannot_use,
        gives_what_it_announces,
        gives_the_same_bits_again,
        draws_its_own_numbers,
        stops_when_it_is_cancelled,
        goes_on_where_it_was_stopped,
        keeps_to_names_and_row_ids,
        is_saved_and_loaded_whole,
        answers_better_and_better,
        answers_with_what_it_announces,
        answers_the_same_again,
        has_no_dead_control,
        gives_the_factual_back,
        keeps_no_memory,
    )
)
"""All points, in the order in which they are best read."""


# ----------------------------------------------------------------------------------------------------- comparisons


def _expect(holds: bool, sentence: str) -> None:
    if not holds:
        raise Broken(sentence)


def _refused(act: Callable[[], object], about: str = "") -> Refusal:
    try:
        act()
    except Refusal as refusal:
        _expect(about in refusal.sentence, f"“{refusal.sentence}” does not name {about}.")
        return refusal
    raise Broken(f"What must be refused was accepted{f': {about}' if about else ''}.")


def _parts(model: Model) -> tuple[str, dict[str, tuple[str, tuple[int, ...], bytes]]]:
    """A model as comparable values: JSON, and the bytes of each array."""
    fields = {f.name: getattr(model, f.name) for f in dataclasses.fields(model)}  # type: ignore[arg-type]
    plain, arrays = models.to_parts(fields)
    return json.dumps(plain), {name: (a.dtype.str, a.shape, a.tobytes()) for name, a in arrays.items()}


def _frame(answer: Answer) -> bytes:
    return wire.encode(answer)


def _same_fit(one: Fitted, other: Fitted, sentence: str) -> None:
    _expect(_parts(one.model) == _parts(other.model), f"{sentence}: the models.")
    for name, result in one.results.items():
        _expect(name in other.results, f"{sentence}: one has no result {name}.")
        _expect(wire.encode(result) == wire.encode(other.results[name]), f"{sentence}: the result {name}.")
    same = all(np.array_equal(v, other.figures.get(n, np.nan), equal_nan=True) for n, v in one.figures.items())
    _expect(same, f"{sentence}: the figures.")


def _same_answer(one: Answer, other: Answer, subject: str) -> None:
    _expect(_frame(one) == _frame(other), f"{subject} otherwise.")


def _numbers(value: Any) -> list[np.ndarray]:
    """All numbers in a value, in order; names, captions and sentences left out."""
    match value:
        case bool() | str() | None:
            return []
        case int() | float() | np.generic():
            return [np.asarray(value, dtype=np.float64)]
        case np.ndarray():
            return [value.astype(np.float64)] if value.dtype.kind in "biuf" else []
        case Mapping():
            return [number for item in value.values() for number in _numbers(item)]
        case tuple() | list():
            return [number for item in value for number in _numbers(item)]
    if dataclasses.is_dataclass(value):
        return [n for f in dataclasses.fields(value) for n in _numbers(getattr(value, f.name))]
    return []


def _close(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    """Equal but for rounding."""
    return len(one) == len(other) and all(
        a.shape == b.shape and np.allclose(a, b, rtol=1e-6, atol=1e-9, equal_nan=True) for a, b in zip(one, other)
    )


def _distances(answer: Answer, factual: DataSet) -> Iterator[tuple[str, float]]:
    """Mean absolute differences between an answer and the factual, of all that can be compared."""
    for value in answer.factors:
        if isinstance(value.factual, str):
            yield value.name, float(value.factual != value.counterfactual)
        else:
            yield value.name, abs(float(value.counterfactual) - float(value.factual))
    for result in answer.results:
        if isinstance(result, TableResult) and result.factual is not None:
            yield from _table_distances(result.table, result.factual)
        elif (
            isinstance(result, ImageGridResult)
            and isinstance(factual, Images)
            and result.pictures.shape == factual.pixels.shape
        ):
            yield result.name, float(np.mean(np.abs(result.pictures.astype(np.float64) - factual.pixels)))


def _table_distances(table: Table, factual: Table) -> Iterator[tuple[str, float]]:
    for column in factual.columns:
        now = table[column.name]
        if column.type is ColumnType.NUMBER:
            yield column.name, float(np.nanmean(np.abs(now.values - column.values)))
        else:
            yield column.name, float(np.mean([now.label(i) != column.label(i) for i in range(len(factual))]))


# --------------------------------------------------------------------------------------------- controls and queries


def _ends(control: Control, factual: DataSet) -> tuple[Any, Any]:
    """Two values far apart. Of a choice of a factor the second is not the factual level."""
    match control:
        case Slider(low=low, high=high) | Stepper(low=low, high=high):
            return low, high
        case Toggle():
            return False, True
        case Choice(name=name, options=options):
            now = factual.attributes[name].label(0) if control.do else options[0]
            others = [option for option in options if option != now]
            return now if now in options else options[0], others[-1] if others else options[-1]
        case Constraints(columns=columns, default=default):
            return default, {**default, **{c.name: {"lock": True} for c in columns if not c.target}}
    raise Broken(f"{control} is no control.")


def _with(query: Query, control: Control, value: Any) -> Query:
    if control.do:
        return replace(query, do={control.name: value})
    return replace(query, values={**query.values, control.name: value})


# ----------------------------------------------------------------------------------------------- renamed and shuffled


def _shuffled(n: int) -> np.ndarray:
    order = np.random.default_rng(SEED).permutation(n)
    return order if n < 2 or np.any(order != np.arange(n)) else order[::-1]


def _new_names(inputs: Inputs) -> dict[str, str]:
    """Names whose alphabetical order is the reverse of the old ones'."""
    names = inputs.table.names
    ranks = {name: rank for rank, name in enumerate(sorted(names, reverse=True))}
    return {name: f"column {ranks[name]:03}" for name in names}


def _renamed(inputs: Inputs, name: Mapping[str, str]) -> Inputs:
    known = inputs.knowledge
    return Inputs(
        _renamed_data(inputs.data, name),
        _renamed_graph(inputs.graph, name),
        Knowledge(
            frozenset((name[a], name[b]) for a, b in known.required),
            frozenset((name[a], name[b]) for a, b in known.forbidden),
            tuple(tuple(name[n] for n in tier) for tier in known.tiers), known.closed, known.next_only,
        ),
        _renamed_graph(inputs.truth, name),
        None if inputs.model is None else Bare(_renamed_predictor(inputs.predictor, name)),
    )


def _renamed_predictor(predictor: Predictor, name: Mapping[str, str]) -> Predictor:
    state = dict(predictors.stored(predictor))
    for part in ("features", "targets"):
        state[part] = tuple({**one, "name": name.get(one["name"], one["name"])} for one in state[part])
    return predictors.restored(state)


def _renamed_data(data: DataSet, name: Mapping[str, str]) -> DataSet:
    table = data.attributes
    table = replace(table, columns=tuple(replace(column, name=name[column.name]) for column in table.columns))
    return replace(data, attributes=table) if isinstance(data, Images) else table


def _renamed_graph(graph: Graph | None, name: Mapping[str, str]) -> Graph | None:
    if graph is None:
        return None
    return Graph(
        tuple(replace(node, name=name[node.name]) for node in graph.nodes),
        tuple(replace(edge, source=name[edge.source], target=name[edge.target]) for edge in graph.edges),
    )


def _of_another_kind(kind: DataKind) -> DataSet:
    table = table_of("another kind", [number_column("x", [1.0, 2.0, 4.0])])
    if kind is not DataKind.TABLE:
        return table
    return Images("another kind", np.zeros((3, 4, 4, 1), dtype=np.uint8), table)


# ------------------------------------------------------------------------------------------------------- surroundings


def _surroundings() -> dict[str, object]:
    """What a run could leave behind in its process."""
    state: dict[str, object] = {
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "random states": _global_states(),
        "numpy errors": np.geterr(),
        "working folder": Path.cwd(),
    }
    if torch := sys.modules.get("torch"):
        state["torch"] = (torch.is_grad_enabled(), torch.get_num_threads(), torch.get_default_dtype())
    return state


def _global_states() -> bytes:
    state = np.random.get_state(legacy=False)  # noqa: NPY002 - it is looked at, not drawn from
    parts = [repr(random.getstate()).encode(), repr(state).encode()]
    if torch := sys.modules.get("torch"):
        parts.append(torch.get_rng_state().numpy().tobytes())
    return b"".join(parts)


@contextmanager
def _no_seeding() -> Iterator[None]:
    """Seeding a library's global state breaks the run inside; the engine's own way of doing it is let through."""
    places: Iterable[tuple[Any, str]] = [(random, "seed"), (np.random, "seed")]
    if torch := sys.modules.get("torch"):
        places = [*places, (torch, "manual_seed"), (torch.random, "manual_seed")]

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def seed(*arguments: Any, **named: Any) -> Any:
            if sys._getframe(1).f_globals.get("__name__") != "engines.runtime.randomness":
                raise Broken(f"It seeds {original.__module__}; draw from run.generator instead.")
            return original(*arguments, **named)

        return seed

    patches = [mock.patch.object(owner, name, guarded(getattr(owner, name))) for owner, name in places]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()


def _tensors() -> int:
    torch = sys.modules.get("torch")
    return sum(type(one) is torch.Tensor for one in gc.get_objects()) if torch else 0
