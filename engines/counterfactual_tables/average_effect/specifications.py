"""Which sets are adjusted for, and by which instruments: from the drawn graph, or from the roles without one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engines.data.kinds import Table
from engines.data.roles import Role
from engines.graph.adjustment import adjustments
from engines.graph.fuse import Fuse
from engines.graph.graph import Graph, Mark
from engines.graph.identification import adjusts
from engines.graph.instruments import instruments
from engines.refusals import Refusal

NO_GRAPH = "if the covariates are all common causes of both and no effect of either"
GRAPH = "if the graph is right"


@dataclass(frozen=True)
class Specification:
    """A set to adjust for; with an instrument it is by that instrument, given the set."""

    adjust: tuple[str, ...]
    instrument: str = ""

    def __str__(self) -> str:
        given = ", ".join(self.adjust) if self.adjust else "nothing"
        return f"{self.instrument} given {given}" if self.instrument else given


def specifications(table: Table, graph: Graph | None, most: int) -> tuple[Specification, ...]:
    """All that the graph allows, up to `most` of each sort, adjustment first; without a graph what the roles say.

    A set that is marked as adjusted and serves comes first.

    Raises:
        Refusal: when the graph lacks treatment or outcome, says that there is no effect, or that nothing identifies it
            by adjustment or an instrument; without a graph when there is neither covariate nor instrument.
    """
    treatment, outcome = (table.having(role)[0].name for role in (Role.TREATMENT, Role.OUTCOME))
    if graph is None or not graph.nodes:
        covariates = tuple(column.name for column in table.having(Role.COVARIATE))
        tools = [column.name for column in table.having(Role.INSTRUMENT)]
        return (Specification(covariates), *(Specification(covariates, name) for name in tools[:most]))
    for name, role in ((treatment, "treatment"), (outcome, "outcome")):
        if name not in graph:
            raise Refusal(
                f"The {role} {name} is no node of the graph.", "Add it to the graph, or clear the graph to adjust for "
                "all covariates.", about=(name,),
            )
    asked_of = _measured(graph, table)
    found = adjustments(asked_of, [treatment], [outcome], Fuse())
    if not found.effect:
        raise Refusal(found.sentence(), "Draw the way that you suppose, or ask about another outcome.",
                      about=(treatment, outcome))
    by = instruments(asked_of, treatment, outcome, Fuse())
    by_hand = tuple(node.name for node in graph.nodes if Mark.ADJUSTED in node.marks and node.name in table)
    sets = found.sets[:most]
    if by_hand and by_hand not in sets and adjusts(asked_of, treatment, outcome, by_hand):
        sets = (by_hand, *sets)
    chosen = [Specification(one) for one in sorted(sets, key=lambda one: one != by_hand)]
    chosen += [Specification(one.given, one.name) for one in by.found[:most]]
    if not chosen:
        raise Refusal(
            found.sentence(), f"{by.sentence()} Measure what is hidden, or find an instrument.",
            ("Show where",), (treatment, outcome),
        )
    return tuple(chosen)


def _measured(graph: Graph, table: Table) -> Graph:
    """The graph in which nodes that are no columns of the table are latent; marks of another query are taken off."""
    nodes = []
    for node in graph.nodes:
        marks = node.marks & {Mark.LATENT, Mark.SELECTED}
        nodes.append(replace(node, marks=marks if node.name in table else marks | {Mark.LATENT}))
    return replace(graph, nodes=tuple(nodes))
