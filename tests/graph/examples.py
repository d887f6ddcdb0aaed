"""Graphs from the papers that DAGitty shows as its examples: edges, and what is marked."""

from __future__ import annotations

from engines.graph.graph import Graph, Mark, Node

_SEBASTIANI = """
ANXA2.12: ANXA2.11 ANXA2.13 ANXA2.5 ANXA2.7
ANXA2.13: ANXA2.11
ANXA2.7: ANXA2.11 ANXA2.5
ANXA2.8: ADCY9.8 ANXA2.13 BMP6 CAT ECE1.12 EDN1.3 EDNI1.6
BMP6: BMP6.10
BMP6.10: BMP6.11 BMP6.13
BMP6.11: BMP6.9
BMP6.13: BMP6.12 BMP6.9
BMP6.14: BMP6.12
CAT: MET.5
CSF2.3: CSF2.4
ECE1.12: ECE1.13
ECE1.13: SELP.17
EDN1.10: EDNI1.7
EDN1.3: ANXA2.12 EDNI1.7
EDN1.9: BMP6.14 EDN1.10 EDN1.3
EDNI1.6: EDN1.10 EDNI1.7
MET.5: MET.6 SELP.14 TGFBR3.7
MET.6: SELP.12
SELP.17: SELP.22
Stroke: ADCY9.8 BMP6.10 BMP6.11 BMP6.12 BMP6.13 CSF2.4 ECE1.12 ECE1.13 MET.5 MET.6 SELP.12 SELP.14 SELP.22
Stroke: TGFBR3.10 TGFBR3.8
TGFBR3.10: TGFBR3.2 TGFBR3.9
TGFBR3.2: TGFBR3.9
TGFBR3.7: CSF2.3 TGFBR3.10
TGFBR3.8: TGFBR3.2 TGFBR3.9
"""


_SHRIER = """
Coach: FitnessLevel TeamMotivation
ConnectiveTissueDisorder: NeuromuscularFatigue TissueWeakness
ContactSport: IntraGameProprioception PreviousInjury
FitnessLevel: NeuromuscularFatigue PreGameProprioception
Genetics: ConnectiveTissueDisorder FitnessLevel NeuromuscularFatigue
IntraGameProprioception: Injury
NeuromuscularFatigue: Injury IntraGameProprioception
PreGameProprioception: WarmUpExercises
TeamMotivation: PreviousInjury WarmUpExercises
TissueWeakness: Injury
WarmUpExercises: IntraGameProprioception
"""


def _graph(lines: str, exposure: str, outcome: str) -> Graph:
    pairs = [
        (cause, effect)
        for cause, _, effects in (line.partition(":") for line in lines.split("\n") if line)
        for effect in effects.split()
    ]
    graph = Graph.of(sorted({name for pair in pairs for name in pair}), pairs)
    marked = graph.with_node(Node(exposure, frozenset({Mark.EXPOSURE})))
    return marked.with_node(Node(outcome, frozenset({Mark.OUTCOME})))


def sebastiani() -> Graph:
    """Stroke in sickle cell anaemia, 36 nodes (Sebastiani et al. 2005)."""
    return _graph(_SEBASTIANI, "EDN1.3", "EDNI1.7")


def shrier() -> Graph:
    """Warming up and injuries, 13 nodes (Shrier and Platt 2008)."""
    return _graph(_SHRIER, "WarmUpExercises", "Injury")
