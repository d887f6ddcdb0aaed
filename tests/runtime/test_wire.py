"""Messages as bytes: every class of the closed unions comes back as it was, and nothing else is read."""

from __future__ import annotations

import dataclasses
import io
import math
import struct
import types
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.contract import Answer, Budget, FactorValue, How, Measured, Support
from engines.controls import Choice, Constraints, Limits, Slider, Stepper, Toggle
from engines.data.kinds import category_column, number_column, table_of
from engines.data.reference import DataReference
from engines.graph.graph import Edge, Graph, Mark, Node, bidirected
from engines.graph.knowledge import Knowledge
from engines.results import (
    RESULT_KINDS,
    CurveResult,
    GraphResult,
    ImageGridResult,
    Line,
    Span,
    TableResult,
    TextResult,
)
from engines.runtime import messages, wire
from engines.runtime.frames import FrameWriter, read_message

GRAPH = Graph((Node("a", frozenset({Mark.EXPOSURE, Mark.LATENT}), (1.5, -2.0)), Node("b")), (Edge("a", "b", weight=0.5),
              bidirected("b", "a")))
TABLE = table_of("t", [number_column("x", [1.0, math.nan, math.inf]), category_column("g", ["u", None, "v"])])
PICTURES = np.arange(2 * 3 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3, 3)
LINE = Line("y", np.arange(3.0), np.array([1.0, math.nan, -math.inf]))
RESULTS = (
    CurveResult("c", "C", (LINE,)), TableResult("t", "T", TABLE, np.array([[True], [False], [True]]), TABLE),
    ImageGridResult("i", "I", PICTURES, ("one", "two"), row_ids=np.array([4, 2])), GraphResult("g", "G", GRAPH),
    TextResult("x", "X", (Span("hello", 0.5, "greeting"), Span(" you")), {"a": "b"}),
)
ANSWER = Answer(
    Budget.PREVIEW, RESULTS, (FactorValue("a", 1.0, 2.0, How.SET, (1.0, 3.0)), FactorValue("b", "u", "v", How.FOLLOWS)),
    (Measured("a", 1.0, 2.0, 2.1, 0.2, "linear"),), Support.EDGE, "close", 2, 8,
)
REQUEST = messages.RunRequest(
    1, "m", DataReference("/x", roles={"a": "id"}, steps=({"step": "drop", "rows": [1, 2]},)),
    {"a": (1, 2.5), "b": None}, 3, "/f", GRAPH, Knowledge(frozenset({("a", "b")}), frozenset(), (("a",), ("b",))),
)
CONTROLS = (
    Slider("s", 0.0, 1.0, (-1.0, 2.0)), Stepper("n", 0, 5, 2), Choice("c", ("u", "v")), Toggle("t", True),
    Constraints("k", (Limits("age", 18, 90, whole=True), Limits("risk", levels=("low", "high"), target=True)),
                {"age": {"lock": True}, "risk": {"preferred": ("low",)}}),
)
EVENTS = (
    messages.Scalar("loss", 0, math.nan, "nats"), messages.Scalar("rate", 0, -math.inf),
    messages.Scalar("loss", 1, 0.25, "nats"),
    messages.Progress("work", 1, None), messages.Shown(RESULTS[0]), messages.Message("ü"), messages.Checkpointed(5),
)
EXAMPLES: list[Any] = [
    messages.StartRun(REQUEST), messages.CancelRun(1), messages.PauseRun(1), messages.ContinueRun(1),
    messages.OpenModel("m", "/f", None), messages.Ask("v", 1, "m", (1, 2), {"a": 1.0, "b": "u"}, {"k": True}),
    messages.CloseModel("m"), messages.Stop(), messages.LaneReady(5, {"numpy": "2"}), messages.RunStarted(1),
    messages.RunPaused(1), messages.Events(1, 4, EVENTS),
    messages.RunEnded(1, messages.RunState.FAILED, "s", "c", ("o",), "t", True, 1.0, 2.0, 3, ("a",)),
    messages.ModelOpened("m", "id", CONTROLS, GRAPH, {"figures": {"r2": 0.9}}), messages.Answered("v", 1, ANSWER, 0.1),
    messages.Refused("v", 1, "s", "c", ("o",), ("a",), "t"),
]


def same(one: Any, other: Any) -> bool:
    """Equal, arrays by value and type, NaN equal to NaN."""
    if isinstance(one, np.ndarray):
        equal_nan = one.dtype.kind == "f"
        return bool(one.dtype == other.dtype and np.array_equal(one, other, equal_nan=equal_nan))
    if isinstance(one, float) and math.isnan(one):
        return math.isnan(other)
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(v, other[k]) for k, v in one.items())
    if dataclasses.is_dataclass(one):
        return type(one) is type(other) and all(
            same(getattr(one, f.name), getattr(other, f.name)) for f in dataclasses.fields(one)
        )
    return type(one) is type(other) and one == other


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda message: type(message).__name__)
def test_a_message_comes_back_as_it_was(message: Any) -> None:
    assert same(wire.decode(wire.encode(message)), message)


def test_there_is_an_example_of_every_message() -> None:
    union = {*get_args(messages.ToLane), *get_args(messages.FromLane)}
    assert {type(example) for example in EXAMPLES} == union
    assert {type(event) for event in EVENTS} == set(get_args(messages.Event))


@pytest.mark.parametrize("kind", RESULT_KINDS)
def test_every_field_of_every_result_is_of_a_type_that_travels(kind: str) -> None:
    allowed = {str, int, float, bool, type(None), np.ndarray, *wire._KNOWN.values()}

    def leaves(hint: Any) -> set[Any]:
        if get_origin(hint) in (tuple, list, dict, Union, types.UnionType) or str(hint).startswith("collections.abc"):
            return {leaf for part in get_args(hint) if part is not ... for leaf in leaves(part)}
        return {get_origin(hint) or hint}

    hints = get_type_hints(RESULT_KINDS[kind])
    for f in dataclasses.fields(RESULT_KINDS[kind]):
        unknown = {leaf for leaf in leaves(hints[f.name]) if leaf not in allowed and "Mapping" not in str(leaf)}
        assert not unknown, f.name


def test_arrays_are_aligned_views_of_the_frame() -> None:
    result = wire.decode(wire.encode(CurveResult("odd", "name of odd length", (LINE, LINE))))
    for line in result.lines:
        assert line.y.flags.aligned
        assert not line.y.flags.owndata


POINTS = st.tuples(
    st.sampled_from(["a", "b", "ü"]), st.integers(-(2**62), 2**62), st.floats(), st.sampled_from(["", "px"])
)


@given(st.lists(POINTS, max_size=30))
def test_any_batch_of_scalars_keeps_order_and_values(points: list[tuple[str, int, float, str]]) -> None:
    batch = messages.Events(1, 0, tuple(messages.Scalar(*point) for point in points))
    assert same(wire.decode(wire.encode(batch)), batch)


@pytest.mark.parametrize("cut", [0, 3, 4, 20, -1])
def test_a_frame_that_is_cut_off_is_refused(cut: int) -> None:
    frame = wire.encode(messages.Events(1, 0, (messages.Scalar("loss", 0, 1.0),)))
    with pytest.raises(ValueError):
        wire.decode(frame[:cut])


def test_a_class_that_is_not_known_is_not_made() -> None:
    head = b'{"$":"Popen","args":["true"]}'
    with pytest.raises(ValueError):
        wire.decode(struct.pack("<I", len(head)) + head)


def test_what_is_no_plain_value_is_not_sent() -> None:
    with pytest.raises(TypeError, match="cannot travel"):
        wire.encode(messages.Message(object()))  # type: ignore[arg-type]


def test_frames_follow_each_other_on_a_stream_and_the_end_is_none() -> None:
    stream = io.BytesIO()
    writer = FrameWriter(stream)
    for example in EXAMPLES:
        writer.send(example)
    stream.seek(0)
    for example in EXAMPLES:
        assert same(read_message(stream), example)
    assert read_message(stream) is None


def test_a_stream_that_ends_inside_a_message_has_ended() -> None:
    stream = io.BytesIO()
    FrameWriter(stream).send(EXAMPLES[0])
    assert read_message(io.BytesIO(stream.getvalue()[:-1])) is None


def test_stray_output_is_not_taken_for_a_message() -> None:
    with pytest.raises(ValueError):
        read_message(io.BytesIO(b"Downloading weights: 100%|####| 4.2G\n" * 100))
