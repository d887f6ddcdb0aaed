"""ID and IDC: right formulas and verdicts on known graphs, verification that rejects what is wrong, names, refusals."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engines.graph.do_calculus.answer import answered, verified
from engines.graph.do_calculus.effect import Effect, Verdict, identify_effect
from engines.graph.do_calculus.expressions import Probability, Product, Sum, product, ratio, total
from engines.graph.do_calculus.models import drawn
from engines.graph.do_calculus.notation import Notation, latex, text
from engines.graph.do_calculus.remedies import remedies
from engines.graph.do_calculus.verification import verify
from engines.graph.fuse import Burnt, Fuse
from engines.graph.graph import Edge, Graph, Mark, Node, bidirected, undirected
from engines.refusals import Refusal
from tests.graph.hedges import complaints
from tests.graph.sixteen_graphs import SIXTEEN, Known


def graph_of(names: str, arrows: str, hidden: str = "", latent: str = "", selected: str = "") -> Graph:
    """Nodes of one letter each; edges as pairs of letters."""
    def node(name: str) -> Node:
        marks = {Mark.LATENT} if name in latent else {Mark.SELECTED} if name in selected else set()
        return Node(name, frozenset(marks))

    edges = (*(Edge(*pair) for pair in arrows.split()), *(bidirected(*pair) for pair in hidden.split()))
    return Graph(tuple(map(node, names)), edges)


def p(of: str, given: str = "") -> Probability:
    return Probability(frozenset(of), frozenset(given))


NAPKIN = graph_of("wrxy", "wr rx xy", "wx wy")
BOW = graph_of("xy", "xy", "xy")


@pytest.mark.parametrize("known", SIXTEEN, ids=lambda known: known.name)
def test_sixteen_graphs(known: Known) -> None:
    graph = known.graph
    assert (len(graph.nodes), len(graph.edges)) == (known.nodes, known.edges)
    effect = answered(graph, known.outcome, known.exposure)
    assert effect.verdict == known.verdict
    if known.verdict == "identified":
        assert effect.verification.passed, effect.verification
        assert set(effect.measured) - {*known.exposure, *known.outcome} == known.adjust
        assert effect.text().startswith(f"P({known.outcome[0]} | do({known.exposure[0]})) = ")
    else:
        assert effect.formula is None
        assert "=" not in effect.text() + effect.latex()
        assert effect.words() == ""
    if known.verdict == "not identified":
        assert complaints(graph, effect) == []


@pytest.mark.parametrize(
    ("graph", "query", "formula"),
    [
        (graph_of("xy", "xy"), "y x", "P(y | x)"),
        (graph_of("xy", "yx"), "y x", "P(y)"),
        (graph_of("zxy", "zx zy xy"), "y x", "Σ_z P(y | x, z) P(z)"),
        (graph_of("xzy", "xz zy", "xy"), "y x", "Σ_z P(z | x) Σ_x′ P(y | x′, z) P(x′)"),
        (graph_of("zxy", "xy", "zx zy"), "y x", "P(y | x)"),
        (NAPKIN, "y x", "[Σ_w P(x, y | w, r) P(w)] / [Σ_w P(x | w, r) P(w)]"),
        (graph_of("zxy", "zx xy", "xy"), "y z", "P(y | z)"),
        (graph_of("abcd", "ab bc cd", "bd"), "d c", "Σ_b P(d | c, b) P(b)"),                    # Verma's graph
        (graph_of("abcd", "ab bc cd ad", "bd"), "d ac", "Σ_b P(d | a, c, b) P(b | a)"),
        (graph_of("xlay", "xl la xy ly ay"), "y xa", "Σ_l P(y | x, a, l) P(l | x)"),              # the g-formula
        (graph_of("zxy", "zx zy xy"), "y x z", "P(y | x, z)"),
        (graph_of("xzy", "xz zy", "xy"), "y x z", "Σ_x′ P(y | x′, z) P(x′)"),
        (graph_of("cxy", "xy cx", "cy"), "y x c", "P(y | x, c)"),
        (graph_of("xyv", "xy xv yv"), "y x v", "P(y | x, v)"),
        (graph_of("uxzy", "ux uy xz zy", latent="u"), "y x", "Σ_z P(z | x) Σ_x′ P(y | x′, z) P(x′)"),
    ],
)
def test_formulas_of_textbooks(graph: Graph, query: str, formula: str) -> None:
    effect = answered(graph, *(tuple(part) for part in query.split()))
    assert effect.verification.passed
    assert effect.text().partition(" = ")[2] == formula


@pytest.mark.parametrize(
    ("graph", "query"),
    [
        (BOW, "y x"),
        (graph_of("zxy", "zx xy", "xy"), "y x"),
        (graph_of("uxy", "ux uy xy", latent="u"), "y x"),
        (graph_of("xzy", "xz zy", "xz"), "y x"),
        (graph_of("xzy", "xz zy", "xy zy"), "y x"),
        (graph_of("xzy", "xz zy xy", "xz zy"), "y x"),
        (graph_of("wxy", "wx xy", "wx wy"), "y w"),
        (graph_of("xyv", "xy yv", "xy"), "y x v"),
    ],
)
def test_what_cannot_be_computed_has_a_hedge(graph: Graph, query: str) -> None:
    effect = answered(graph, *(tuple(part) for part in query.split()))
    assert effect.verdict is Verdict.NOT_IDENTIFIED
    assert effect.hedge is not None
    assert effect.hedge.sentence() in effect.sentence()
    if not any(node.marks for node in graph.nodes):
        assert complaints(graph, effect) == []


@pytest.mark.parametrize(
    ("graph", "query", "wrong"),
    [
        (NAPKIN, "y x", p("y", "x")),                                   # what y0 0.2.11 answers
        (NAPKIN, "y x", total("w", product([p("y", "xw"), p("w")]))),
        (graph_of("zxy", "zx zy xy"), "y x", p("y", "x")),
        (graph_of("zxy", "zx zy xy"), "y x", total("z", product([p("y", "xz"), p("z", "x")]))),
        (graph_of("xzy", "xz zy", "xy"), "y x", total("z", product([p("y", "xz"), p("z")]))),
        (graph_of("zxy", "xy", "zx zy"), "y x", total("z", product([p("y", "xz"), p("z")]))),
        (BOW, "y x", p("y", "x")),
        (BOW, "y x", p("y")),
        (graph_of("abcd", "ab bc cd", "bd"), "d c", p("d", "c")),
        (graph_of("xyv", "xy xv yv"), "y x v", p("y", "x")),
        (graph_of("uxy", "ux uy xy", latent="u"), "y x", p("y", "x")),
    ],
)
def test_wrong_formulas_are_rejected(graph: Graph, query: str, wrong: Sum) -> None:
    outcomes, do, given = (*map(tuple, query.split()), ())[:3]
    effect = verified(Effect(outcomes, do, given, Verdict.IDENTIFIED, wrong, graph.names), graph)
    assert effect.verification.error > 1e-4
    assert effect.formula is None
    assert "=" not in effect.text() + effect.latex()
    assert effect.words() == ""
    assert "is not shown" in effect.verification.sentence()


def test_a_formula_that_depends_on_what_it_should_not_is_rejected_although_it_is_right_on_average() -> None:
    graph = graph_of("rxy", "rx xy ry")
    found = verify(graph, p("y", "xr"), frozenset("y"), frozenset("x"))
    assert not found.passed


def test_the_right_formula_over_a_long_path_is_told_from_a_wrong_one() -> None:
    names = [f"v{i}" for i in range(12)]
    graph = Graph.of(["x", "y", *names], [*pairwise(names), ("v0", "x"), ("v11", "y"), ("x", "y")])
    assert answered(graph, ["y"], ["x"]).verification.passed
    wrong = verify(graph, Probability(frozenset("y"), frozenset("x")), frozenset("y"), frozenset("x"))
    assert wrong.error > 1e-8


def test_models_agree_with_plain_enumeration() -> None:
    graph = graph_of("uxzy", "ux uy xz zy", "xz", latent="u")
    model = drawn(graph, frozenset("y"), 5)
    truth = model.truth(frozenset("y"), frozenset("x"), frozenset("z"), Fuse())
    tables = {name: table for name, table in model.mechanisms.items() if name != "x"}
    sizes = {name: table.values.shape[-1] for name, table in model.mechanisms.items()}
    order = list(sizes)
    worlds = np.zeros([sizes[name] for name in order])
    for values in np.ndindex(worlds.shape):
        world = dict(zip(order, values))
        chances = [table.values[tuple(world[name] for name in table.names)] for table in tables.values()]
        worlds[values] = np.prod(chances)
    both = worlds.sum(axis=tuple(i for i, name in enumerate(order) if name not in "xyz"))
    told = [name for name in order if name in "xyz"]
    expected = both / both.sum(axis=told.index("y"), keepdims=True)
    assert np.abs(truth.laid_out(told) - expected).max() < 1e-12


def test_names_do_not_matter() -> None:
    odd = {"w": "a, b", "r": "P(x | y)", "x": 'dose "high"', "y": "Σ_z", "z": "β"}
    for known in (NAPKIN, graph_of("xzy", "xz zy", "xy"), graph_of("zxy", "zx zy xy")):
        graph = known
        for name in known.names:
            graph = graph.renamed(name, odd[name])
        plain, effect = answered(known, "y", "x"), answered(graph, [odd["y"]], [odd["x"]])
        assert effect.verification.error == plain.verification.error
        assert [odd[name] for name in plain.measured] == list(effect.measured)
        back = effect.text()
        for name, written in (("w", '"a, b"'), ("r", '"P(x | y)"'), ("x", r'"dose \"high\""'), ("y", '"Σ_z"')):
            back = back.replace(written, name)
        assert back.replace("β", "z").replace("{", "").replace("}", "") == plain.text()


def test_the_order_of_nodes_does_not_matter() -> None:
    for names in ("wrxy", "yxrw", "rywx"):
        effect = answered(graph_of(names, "wr rx xy", "wx wy"), "y", "x")
        assert effect.text() == "P(y | do(x)) = [Σ_w P(x, y | w, r) P(w)] / [Σ_w P(x | w, r) P(w)]"


def test_latex() -> None:
    front = answered(graph_of("xzy", "xz zy", "xy"), "y", "x")
    assert front.latex() == (
        r"P(y \mid \operatorname{do}(x)) = \sum_{z} P(z \mid x)\, \sum_{x'} P(y \mid x', z)\, P(x')"
    )
    assert answered(NAPKIN, "y", "x").latex().partition(" = ")[2] == (
        r"\frac{\sum_{w} P(x, y \mid w, r)\, P(w)}{\sum_{w} P(x \mid w, r)\, P(w)}"
    )
    row = Notation().row(Probability(frozenset({"α", "x_1", "50 %_a", "a, b"})))
    assert latex(row) == r"P(\text{``50 \%\_a''}, \text{``a, b''}, x_{1}, \alpha)"
    assert text(row) == 'P("50 %_a", "a, b", x_1, α)'


def test_words() -> None:
    assert answered(graph_of("zxy", "zx zy xy"), "y", "x").words() == (
        "Take y among the rows with each value of x and z, then average over z as it is in all rows."
    )
    assert answered(graph_of("xzy", "xz zy", "xy"), "y", "x").words() == (
        "Take the average of (the average of y given x′ and z, over x′ as it is in all rows), over z as it is given x."
    )
    napkin = answered(NAPKIN, "y", "x")
    assert napkin.words().endswith("It is the same for every value of r.")
    assert napkin.any_value == ("r",)
    assert answered(BOW, "y", "x").sentence() == (
        "The effect of x on y is not identified: the hidden cause of x and y cannot be told from the effect."
    )
    assert answered(graph_of("xy", "yx"), "y", "x").sentence() == "x has no effect on y."
    assert any("summed over z" in step for step in answered(graph_of("zxy", "zx zy xy"), "y", "x").steps)


def test_what_would_help() -> None:
    effect = answered(BOW, "y", "x")
    remedy, = remedies(BOW, effect)
    assert remedy.sentence() == "Measure the common cause of x and y"
    assert answered(remedy.applied(BOW), "y", "x").verification.passed
    latent = graph_of("uvxy", "ux uy xy vy", latent="uv")
    assert [one.latent for one in remedies(latent, answered(latent, "y", "x"))] == ["u"]
    twice = graph_of("uxy", "ux uy xy", "xy", latent="u")
    assert remedies(twice, answered(twice, "y", "x")) == ()


def test_selected_rows_are_seen_through_or_said() -> None:
    by_cause = answered(graph_of("xys", "xy xs", selected="s"), "y", "x")
    assert by_cause.verification.passed
    assert by_cause.sentence() == "The effect of x on y is identified, also from the rows that s selects."
    by_effect = answered(graph_of("xys", "xy ys", selected="s"), "y", "x")
    assert by_effect.verdict is Verdict.UNDECIDED
    assert by_effect.formula is None
    assert "selected by s" in by_effect.sentence()
    fake = replace(by_effect, verdict=Verdict.IDENTIFIED, estimand=p("y", "x"))
    assert verified(fake, graph_of("xys", "xy ys", selected="s")).formula is None
    lost = answered(graph_of("xys", "xy ys", "xy", selected="s"), "y", "x")
    assert lost.verdict is Verdict.NOT_IDENTIFIED


def test_what_cannot_be_asked_is_refused() -> None:
    for graph, query, said in [
        (graph_of("xyz", "xy yz zx"), "y x", "cycle"),
        (Graph((Node("x"), Node("y")), (undirected("x", "y"),)), "y x", "no clear direction"),
        (graph_of("xy", "xy"), "x x", "two sides"),
        (graph_of("xy", "xy"), "y q", "no node q"),
        (graph_of("uxy", "ux uy xy", latent="u"), "y u", "u is latent"),
        (graph_of("xys", "xy xs", selected="s"), "s x", "s selects the rows"),
        (graph_of("xyz", "xy"), "y x x", "two sides"),
    ]:
        with pytest.raises(Refusal, match=said):
            identify_effect(graph, *(tuple(part) for part in query.split()))
    with pytest.raises(Refusal, match="Nothing is set"):
        identify_effect(graph_of("xy", "xy"), "y", ())
    with pytest.raises(Refusal, match="no outcome"):
        identify_effect(graph_of("xy", "xy"), (), "x")


def test_what_is_too_large_or_late_is_said_and_not_shown() -> None:
    names = [f"z{i:02}" for i in range(24)]
    wide = Graph.of(["x", "y", *names], [("x", "y"), *((name, end) for name in names for end in "xy")])
    large = answered(wide, "y", "x", fuse=Fuse(60))
    assert large.verdict is Verdict.IDENTIFIED
    assert large.formula is None
    assert large.verification.sentence() == (
        "The formula could not be verified: its tables are too large. It is not shown."
    )
    late = verified(identify_effect(NAPKIN, "y", "x"), NAPKIN, Fuse(-1))
    assert late.formula is None
    assert "the time was up" in late.verification.sentence()
    with pytest.raises(Burnt):
        identify_effect(BOW, "y", "x", fuse=Fuse(-1))


def test_expressions_keep_themselves_short() -> None:
    assert product([p("y", "xz"), product([]), p("z", "x")]) == p("yz", "x")
    assert total("y", p("yz", "x")) == p("z", "x")
    assert total("yz", p("yz", "x")) == Product()
    assert ratio(p("yz", "x"), p("z", "x")) == p("y", "xz")
    assert ratio(product([p("a"), p("b", "c")]), p("a")) == p("b", "c")
    assert total("z", product([p("y", "x"), p("w", "z"), p("z")])) == product([p("y", "x"), p("w")])
    with pytest.raises(ValueError, match="does not speak"):
        total("q", p("y", "x"))
