"""Effects by ID and IDC: sixteen known graphs, all small graphs against brute force, and y0 beside it. A script.

    .venv/bin/python tests/benchmarks/identified.py [--nodes 4]

Four nodes take some minutes. For each effect the verdict is held against derivatives of random binary models with
explicit hidden causes, the formula against enumeration, the hedge against its definition; y0's formula as ours.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engines.graph.do_calculus.admg import Admg  # noqa: E402
from engines.graph.do_calculus.answer import answered, verified  # noqa: E402
from engines.graph.do_calculus.effect import Effect, Verdict, identify_effect  # noqa: E402
from engines.graph.do_calculus.notation import Notation, text  # noqa: E402
from engines.graph.do_calculus.search import conditional  # noqa: E402
from engines.graph.do_calculus.verification import Verification, verify  # noqa: E402
from engines.graph.fuse import Fuse  # noqa: E402
from engines.graph.graph import Graph  # noqa: E402
from tests.graph import y0_peer  # noqa: E402
from tests.graph.brute_force import Point, ordered_graphs  # noqa: E402
from tests.graph.hedges import complaints  # noqa: E402
from tests.graph.sixteen_graphs import SIXTEEN  # noqa: E402


def beside(graph: Graph, effect: Effect) -> tuple[str, Verification | None]:
    """What y0 says of the same effect, and whether its formula is right."""
    theirs = y0_peer.formula(graph, effect.outcomes[0], effect.do[0])
    if theirs is None:
        return "not identified", None
    return "identified", verify(graph, theirs, frozenset(effect.outcomes), frozenset(effect.do))


def sixteen() -> None:
    """The table of known graphs."""
    print("\n| graph | nodes | verdict | right | measured besides | error | ms | y0 | y0's formula |")
    print("|---|---|---|---|---|---|---|---|---|")
    for known in SIXTEEN:
        graph, began = known.graph, time.process_time()
        effect = answered(graph, known.outcome, known.exposure)
        spent = 1000 * (time.process_time() - began)
        error = f"{effect.verification.error:.0e}" if effect.verification is not None else ""
        used = ", ".join(name for name in effect.measured if name not in {*known.exposure, *known.outcome})
        if any(node.marks & {"latent", "selected"} for node in graph.nodes):
            theirs, judged = "", ""                         # it is given no hidden or selected nodes here
        else:
            theirs, checked = beside(graph, effect)
            judged = "" if checked is None else _judged(checked)
        right = "yes" if effect.verdict == known.verdict else "NO"
        print(f"| {known.name} | {len(graph.nodes)} | {effect.verdict} | {right} | {used} | {error} | {spent:.0f} | "
              f"{theirs} | {judged} |", flush=True)


def small(nodes: int) -> None:
    """Every graph of so many nodes, up to the order of causes."""
    names = "abcd"[:nodes]
    counts = dict.fromkeys(
        ("effects", "identified", "formula verified", "not identified", "hedge valid", "verdict as brute force",
         "y0's verdict the same", "y0's formula wrong", "a quotient by plain ID", "of these y0's wrong"), 0,
    )
    worst, wrong = 0.0, []
    for seed, graph in enumerate(ordered_graphs(names)):
        point = Point(graph, seed)
        for x, y in combinations(names, 2):
            effect = verified(identify_effect(graph, [y], [x]), graph)
            identified = effect.verdict is Verdict.IDENTIFIED
            counts["effects"] += 1
            counts["identified" if identified else "not identified"] += 1
            counts["verdict as brute force"] += identified == point.determined(x, y)
            if effect.verification is not None:
                counts["formula verified"] += effect.verification.passed
                worst = max(worst, effect.verification.error)
            else:
                counts["hedge valid"] += not complaints(graph, effect)
            theirs, checked = beside(graph, effect)
            counts["y0's verdict the same"] += (theirs == "identified") == identified
            quotient = identified and _quotient(graph, x, y)
            counts["a quotient by plain ID"] += quotient
            if checked is not None and checked.models and not checked.passed:
                counts["of these y0's wrong"] += quotient
                counts["y0's formula wrong"] += 1
                wrong.append(f"{x} on {y} in {'; '.join(map(_shown, graph.edges))}: by {checked.error:.2g}")
    print(f"\n{nodes} nodes, {seed + 1:,} graphs: " + ", ".join(f"{what} {count:,}" for what, count in counts.items()))
    print(f"largest error of a formula {worst:.1e}")
    print("\n".join(f"  y0 wrong, {said}" for said in wrong), flush=True)


def _quotient(graph: Graph, x: str, y: str) -> bool:
    """Whether the formula over all nodes, not shortened, divides one sum by another."""
    formula = conditional(Admg.of(graph), frozenset({y}), frozenset({x}), frozenset(), Fuse())
    return "] / [" in text(Notation().row(formula))


def _judged(checked: Verification) -> str:
    if checked.why_not:
        return f"not judged: {checked.why_not}"
    return "verified" if checked.passed else f"wrong by {checked.error:.2g}"


def _shown(edge: object) -> str:
    return f"{edge.source}{'↔' if edge.bidirected else '→'}{edge.target}"  # type: ignore[attr-defined]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=3, choices=(2, 3, 4))
    asked = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    began = time.process_time()
    sixteen()
    for nodes in range(2, asked.nodes + 1):
        small(nodes)
    print(f"\n{time.process_time() - began:.0f} CPU s")


if __name__ == "__main__":
    main()
