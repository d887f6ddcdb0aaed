"""Knowledge: terms mean what they say, statements and prohibitions agree, and every breach is found and worded."""

from __future__ import annotations

import json
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.contract import Inputs
from engines.data.kinds import number_column, table_of
from engines.discovery.colide import Parameters, method
from engines.discovery.colide.knowledge import masks
from engines.discovery.colide.model import CausalTable
from engines.graph.graph import Edge, End, Graph, Node, undirected
from engines.graph.knowledge import Knowledge
from engines.refusals import Refusal
from engines.runtime import local, wire

NAMES = ("age", "gene_a", "gene_b", "gene[1]", "dose", "cure")
KNOWN = Knowledge(
    required=frozenset({("dose", "cure")}), forbidden=frozenset({("genes", "age")}),
    tiers=(("age",), ("gene_*",), ("dose",), ("cure",)), closed=frozenset({1}), next_only=frozenset({1}),
    groups=(("genes", ("gene_*", "gene[1]")),),
)


def test_a_name_comes_before_a_group_and_a_group_before_a_pattern() -> None:
    known = Knowledge(groups=(("g*", ("cure",)),))
    assert known.members("g*", ("g*", "gene", "cure")) == ("g*",)
    assert known.members("g*", ("gene", "cure")) == ("cure",)
    assert Knowledge().members("gene_?", NAMES) == ("gene_a", "gene_b")
    assert Knowledge().members("gene[1]", NAMES) == ("gene[1]",)
    assert Knowledge().members("x*", NAMES) == ()


def test_knowledge_is_resolved_to_names() -> None:
    found = KNOWN.checked(NAMES).resolved(NAMES)
    assert found.forbidden == {("gene_a", "age"), ("gene_b", "age"), ("gene[1]", "age")}
    assert found.tiers == (("age",), ("gene_a", "gene_b"), ("dose",), ("cure",))
    banned = {pair for pair in permutations(NAMES, 2) if found.forbids(*pair)}
    assert ("gene_a", "gene_b") in banned              # closed
    assert ("gene_a", "cure") in banned                # beyond the next tier
    assert ("gene_a", "dose") not in banned
    assert ("dose", "age") in banned
    assert ("gene[1]", "cure") not in banned           # in no tier
    assert ("age", "cure") not in banned


def test_the_own_name_decides_between_tiers() -> None:
    known = Knowledge(tiers=(("gene_*",), ("gene_b",))).checked(NAMES)
    assert known.resolved(NAMES).tiers == (("gene_a",), ("gene_b",))


TERMS = st.sampled_from([*NAMES, "gene_*", "*e", "group"])
PAIRS = st.frozensets(st.tuples(TERMS, TERMS), max_size=3)
KNOWLEDGE = st.builds(
    Knowledge, PAIRS, PAIRS, st.lists(st.lists(TERMS, max_size=3).map(tuple), max_size=4).map(tuple),
    st.frozensets(st.integers(0, 3), max_size=2), st.frozensets(st.integers(0, 3), max_size=2),
    st.just((("group", ("dose", "gene_a")),)),
)


@settings(max_examples=80, deadline=None)
@given(KNOWLEDGE)
def test_statements_prohibitions_masks_and_breaches_say_the_same(known: Knowledge) -> None:
    resolved = known.resolved(NAMES)
    banned = {pair for pair in permutations(NAMES, 2) if resolved.forbids(*pair)}
    asked = {pair for pair in permutations(NAMES, 2) if pair in resolved.required}
    statements = known.statements(NAMES)
    assert banned == {p for s in statements if not s.required for p in s.pairs()}
    assert asked == {p for s in statements if s.required for p in s.pairs()}
    assert resolved.resolved(NAMES) == resolved
    for pair in permutations(NAMES, 2):
        assert set(known.broken_by(Graph.of(NAMES, [pair]))) == (banned & {pair}) | (asked - {pair})
    _, required = masks(NAMES, known)
    assert {(NAMES[i], NAMES[j]) for i, j in zip(*required.nonzero(), strict=True)} == asked


@settings(max_examples=60, deadline=None)
@given(KNOWLEDGE)
def test_plain_data_and_messages_keep_it(known: Knowledge) -> None:
    inside = Knowledge(
        known.required, known.forbidden, known.tiers, frozenset(k for k in known.closed if k < len(known.tiers)),
        frozenset(k for k in known.next_only if k < len(known.tiers)), known.groups,
    )
    assert Knowledge.from_json(json.loads(json.dumps(inside.to_json()))) == inside
    assert wire.decode(wire.encode(known)) == known


def test_old_documents_are_read() -> None:
    old = {"$": "Knowledge", "required": {"$set": [["a", "b"]]}, "forbidden": {"$set": []}, "tiers": [["a"], ["b"]]}
    assert wire.from_plain(old) == Knowledge(frozenset({("a", "b")}), tiers=(("a",), ("b",)))


@pytest.mark.parametrize("plain", [[1], {"tiers": ["abc"]}, {"required": [["a"]]}, {"groups": ["a"]}, {"tiers": [1]}])
def test_what_is_no_knowledge_is_refused(plain: object) -> None:
    with pytest.raises((ValueError, TypeError, AttributeError)):
        Knowledge.from_json(plain)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (Knowledge(forbidden=frozenset({("dose", "gone")})), "names gone, which is not a variable"),
        (Knowledge(tiers=(("gone",),)), "A tier names gone"),
        (Knowledge(tiers=(("age",), ("age",))), "age is in tier 1 and in tier 2"),
        (Knowledge(tiers=(("gene_*",), ("*_a",))), "gene_a is in tier 1 and in tier 2"),
        (Knowledge(groups=(("dose", ("age",)),)), "group dose is called as a variable"),
        (Knowledge(groups=(("g", ("h",)), ("h", ("age",)))), "group g holds the group h"),
        (Knowledge(groups=(("g", ("gone",)),)), "group g names gone"),
        (Knowledge(required=frozenset({("age", "age")})), "nothing causes itself"),
        (Knowledge(frozenset({("dose", "gene_a")}), tiers=(("gene_*",), ("dose",))), "both required and forbidden"),
        (Knowledge(frozenset({("gene_a", "gene_b")}), tiers=(("gene_*",),), closed=frozenset({0})), "both required"),
        (Knowledge(frozenset({("gene_*", "gene_*")})), "required edges form a cycle: gene_a → gene_b → gene_a"),
        (Knowledge(frozenset({("age", "dose"), ("dose", "cure"), ("cure", "age")})), "form a cycle: "),
    ],
)
def test_what_contradicts_itself_is_refused(known: Knowledge, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        known.checked(NAMES)


def test_each_breach_is_worded() -> None:
    graph = Graph.of(NAMES, [("gene_a", "gene_b"), ("gene_a", "cure"), ("gene_b", "age"), ("gene_a", "age")])
    said = [breach.sentence() for breach in KNOWN.breaches(graph)]
    assert said == [
        "dose → cure is required, but missing.",
        "gene_a → age and 1 more are there, but genes → age is forbidden.",
        "gene_a → age and 1 more are there, but tier 2 causes nothing in tier 1.",
        "gene_a → gene_b is there, but tier 2 causes nothing within itself.",
        "gene_a → cure is there, but tier 2 causes nothing beyond tier 3.",
    ]
    assert KNOWN.breaches(Graph.of(NAMES, [("dose", "cure"), ("age", "gene_a")])) == ()


def test_open_ends_break_only_what_bans_both_directions() -> None:
    nodes = (Node("a"), Node("b"))
    one, both = (Knowledge(forbidden=frozenset(pairs)) for pairs in ([("a", "b")], [("a", "b"), ("b", "a")]))
    open_, circles = Graph(nodes, (undirected("a", "b"),)), Graph(nodes, (Edge("a", "b", End.CIRCLE, End.CIRCLE),))
    assert one.broken_by(open_) == ()
    assert both.broken_by(open_) == (("a", "b"),)
    assert both.broken_by(circles) == ()
    assert Knowledge(frozenset({("a", "b")})).broken_by(open_) == (("a", "b"),)
    turned = Graph(nodes, (Edge("b", "a", End.ARROW, End.TAIL),))       # a -> b, stored from b
    assert one.broken_by(turned) == (("a", "b"),)


def test_a_method_gets_knowledge_about_columns() -> None:
    X = np.random.default_rng(3).normal(size=(60, len(NAMES)))
    table = table_of("t", (number_column(name, X[:, j]) for j, name in enumerate(NAMES)))
    known = Knowledge(forbidden=frozenset({("*", "gene_*")}))
    small = Parameters(stages=2, warm=30, last=50, check_every=25, bootstraps=0)
    model = local.fit(method, Inputs(table, knowledge=known), small).model
    assert isinstance(model, CausalTable)
    graph = model.graph(0.0, False)
    assert known.broken_by(graph) == ()
    assert all(not graph.parents(name) for name in ("gene_a", "gene_b"))
    assert graph.edges
