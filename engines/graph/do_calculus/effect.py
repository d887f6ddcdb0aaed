"""The effect of an intervention: whether the drawn graph and the observed distribution determine it, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from engines.graph.do_calculus.admg import Admg
from engines.graph.do_calculus.derivation import derivation
from engines.graph.do_calculus.expressions import Expression, Names, cost, probabilities, spoken_of
from engines.graph.do_calculus.hedge import Hedge, narrowest
from engines.graph.do_calculus.notation import Notation, Row, latex, named, text
from engines.graph.do_calculus.search import Stuck, conditional
from engines.graph.do_calculus.sparing import shorter
from engines.graph.do_calculus.verification import Verification
from engines.graph.do_calculus.words import Words, listed
from engines.graph.fuse import Fuse
from engines.graph.graph import Graph, Mark
from engines.graph.separation import checked
from engines.refusals import Refusal


class Verdict(StrEnum):
    """Whether the effect can be computed from what is observed, if the graph is right."""

    IDENTIFIED = "identified"
    NOT_IDENTIFIED = "not identified"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Effect:
    """The answer to a query P(outcomes | do(do), given).

    Attributes:
        outcomes, do, given: The query.
        verdict: Whether it is identified; undecided where rows are selected in a way that is not seen through.
        estimand: The formula as it was derived. Show `formula`, which is None before it was verified.
        order: The observed nodes, causes first.
        steps: How it was derived, a sentence a step.
        hedge: Without identification, the witness.
        selected: Nodes that select the rows.
        verification: What came of the verification; None before it.
    """

    outcomes: tuple[str, ...]
    do: tuple[str, ...]
    given: tuple[str, ...]
    verdict: Verdict
    estimand: Expression | None = None
    order: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    hedge: Hedge | None = None
    selected: tuple[str, ...] = ()
    verification: Verification | None = None

    @property
    def formula(self) -> Expression | None:
        """The estimand, if it was verified."""
        return self.estimand if self.verification is not None and self.verification.passed else None

    @property
    def affected(self) -> bool:
        """Whether the intervention matters to the outcome at all."""
        return self.estimand is None or bool(self.estimand.free & frozenset(self.do))

    @property
    def measured(self) -> tuple[str, ...]:
        """The nodes that must be measured, in the order of causes."""
        names = spoken_of(self.estimand) if self.estimand is not None else frozenset()
        return tuple(name for name in self.order if name in names)

    @property
    def any_value(self) -> tuple[str, ...]:
        """Variables of the formula besides those of the query: it gives the same for every value of them."""
        asked = {*self.outcomes, *self.do, *self.given}
        return tuple(name for name in self.order if self.estimand and name in self.estimand.free and name not in asked)

    def notation(self) -> Notation:
        return Notation(self.order, (*self.do, *self.given), frozenset((*self.outcomes, *self.do, *self.given)))

    def query_row(self) -> Row:
        """The query, as pieces to draw."""
        return self.notation().query(self.outcomes, self.do, self.given)

    def formula_row(self) -> Row:
        """The verified formula, as pieces to draw; empty without one."""
        return self.notation().row(self.formula) if self.formula is not None else ()

    def text(self) -> str:
        """Query and verified formula in Unicode; the query alone without one."""
        formula = self.formula_row()
        return f"{text(self.query_row())} = {text(formula)}" if formula else text(self.query_row())

    def latex(self) -> str:
        """Query and verified formula in LaTeX; the query alone without one."""
        formula = self.formula_row()
        return f"{latex(self.query_row())} = {latex(formula)}" if formula else latex(self.query_row())

    def words(self) -> str:
        """The verified formula as one or two sentences; empty without one."""
        if self.formula is None:
            return ""
        told = Words(self.notation()).told(self.formula)
        if self.any_value:
            told += f" It is the same for every value of {listed([named(name) for name in self.any_value])}."
        return told

    def subject(self) -> str:
        """The query in words: the effect of x on y given z."""
        told = f"the effect of {_named(self.do)} on {_named(self.outcomes)}"
        return f"{told} given {_named(self.given)}" if self.given else told

    def sentence(self) -> str:
        """The verdict in words, under the condition that the graph is right."""
        subject = self.subject()
        subject = subject[0].upper() + subject[1:]
        if self.verdict is Verdict.UNDECIDED:
            return (
                f"{subject} is not settled: the rows were selected by {_named(self.selected)}, and what they show "
                f"differs from what all rows would show."
            )
        if self.hedge is not None:
            return f"{subject} is not identified: {self.hedge.sentence()}"
        if not self.affected:
            cause, outcome = _named(self.do), _named(self.outcomes)
            if self.given:
                return f"Given {_named(self.given)}, setting {cause} changes nothing of {outcome}."
            return f"{cause} {'have' if len(self.do) > 1 else 'has'} no effect on {outcome}."
        if self.selected:
            return f"{subject} is identified, also from the rows that {_named(self.selected)} selects."
        return f"{subject} is identified."


def identify_effect(
    graph: Graph, outcomes: Iterable[str], do: Iterable[str], given: Iterable[str] = (), fuse: Fuse | None = None
) -> Effect:
    """Find the formula of P(outcomes | do(do), given) in the observed distribution, or the hedge that excludes one.

    Latent nodes are projected out, bidirected edges are hidden causes. The formula is the shortest of those that are
    found over as few observed nodes as will do. It is not verified yet.

    Raises:
        Refusal: for a graph with a cycle or with edges of no clear direction, and for a query without outcome or
            intervention, with a name twice, or with a node that is not there, latent or selected.
        Burnt: when the time is up before anything is found.
    """
    fuse = fuse or Fuse()
    query = tuple(outcomes), tuple(do), tuple(given)
    asked(graph, *query)
    y, x, z = map(frozenset, query)
    selected = _marked(graph, Mark.SELECTED)
    seen = Admg.of(graph).without(_marked(graph, Mark.LATENT))
    open_to = seen.without(selected)
    effect = Effect(*query, Verdict.IDENTIFIED, order=seen.order, selected=selected)
    try:
        first = conditional(open_to, y, x, z, fuse)
    except Stuck as stuck:
        return _lost(effect, seen, stuck, (y, x, z), fuse)
    found = [(first, open_to), *shorter(open_to, (y, x, z), fuse)]
    found = [(formula, world) for formula, world in found if _seen_through(seen, formula, selected)]
    if not found:
        return replace(effect, verdict=Verdict.UNDECIDED)
    formula, world = min(found, key=lambda one: (cost(one[0]), len(one[1].order)))
    return replace(effect, estimand=formula, steps=derivation(open_to, world, y, x, z, effect.notation()))


def asked(graph: Graph, outcomes: tuple[str, ...], do: tuple[str, ...], given: tuple[str, ...]) -> None:
    """Refuse a query that cannot be asked of a graph, and a graph of which nothing can be asked.

    Raises:
        Refusal: see `identify_effect`.
    """
    names = (*outcomes, *do, *given)
    checked(graph, names)
    graph.order()
    if not outcomes or not do:
        raise Refusal(
            "There is no outcome to ask for." if not outcomes else "Nothing is set, so there is no effect to ask for.",
            "Mark an exposure and an outcome.",
        )
    for name in names:
        if names.count(name) > 1:
            raise Refusal(f"{name} stands on two sides of the question.", about=(name,))
        if Mark.LATENT in graph.node(name).marks:
            raise Refusal(f"{name} is latent, so nothing can be read of it.", about=(name,))
        if Mark.SELECTED in graph.node(name).marks:
            raise Refusal(f"{name} selects the rows, so it has one value in all of them.", about=(name,))


def _lost(effect: Effect, seen: Admg, stuck: Stuck, query: tuple[Names, Names, Names], fuse: Fuse) -> Effect:
    """Not identified, unless selected nodes would have helped, of which the rows show a single value."""
    if effect.selected:
        try:
            conditional(seen, *query, fuse)
        except Stuck as again:
            stuck = again
        else:
            return replace(effect, verdict=Verdict.UNDECIDED)
    hedge = narrowest(stuck.graph, stuck.part, stuck.do)
    return replace(effect, verdict=Verdict.NOT_IDENTIFIED, hedge=hedge)


def _seen_through(graph: Admg, formula: Expression, selected: tuple[str, ...]) -> bool:
    """Whether every part of a formula is the same among the rows that are selected."""
    chosen = frozenset(selected)
    return all(graph.separated(one.of, chosen, one.given) for one in probabilities(formula))


def _marked(graph: Graph, mark: Mark) -> tuple[str, ...]:
    return tuple(node.name for node in graph.nodes if mark in node.marks)


def _named(names: tuple[str, ...]) -> str:
    return listed([named(name) for name in names])

