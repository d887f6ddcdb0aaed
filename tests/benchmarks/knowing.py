"""What follows from a graph of 36 nodes (Sebastiani et al. 2005), each answer by itself and all together.

    .venv/bin/python tests/benchmarks/knowing.py [--rounds N]

All that is shown while an analyst draws must be there in 100 ms. Behind it the same for random graphs of more nodes,
and how long a part lasts under a short fuse. Medians; CPU time beside wall time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "graph"))
from asked import Figure, tell
from examples import sebastiani

from engines.graph.adjustment import adjustments, direct_adjustments
from engines.graph.front_door import front_doors
from engines.graph.fuse import Fuse
from engines.graph.graph import Graph
from engines.graph.identification import identify
from engines.graph.implications import implications
from engines.graph.instruments import instruments
from engines.graph.ways import ways

Part = Callable[[Graph, str, str, Fuse], object]
PARTS: dict[str, Part] = {
    "line under the graph": identify,
    "all minimal adjustment sets": lambda g, x, y, f: adjustments(g, [x], [y], f),
    "the same, direct effect": lambda g, x, y, f: direct_adjustments(g, x, y, f),
    "front doors": lambda g, x, y, f: front_doors(g, x, y, f),
    "instruments": lambda g, x, y, f: instruments(g, x, y, f),
    "200 paths, open and blocked": lambda g, x, y, f: ways(g, [x], [y], [], f),
    "testable implications": lambda g, x, y, f: implications(g, f),
}


def taken(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Medians of wall and CPU milliseconds."""
    wall, cpu = [], []
    for _ in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        work()
        wall.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - worked))
    return statistics.median(wall), statistics.median(cpu)


def on_a_new_graph(part: Part, graph: Graph, x: str, y: str) -> object:
    """As after an edit: nothing is known of the graph yet."""
    return part(graph.placed({}), x, y, Fuse())


def hurried(part: Part, graph: Graph) -> object:
    return part(graph, "v5", "v190", Fuse(0.2))


def random_graph(nodes: int, seed: int) -> Graph:
    """Acyclic, with on average three edges for two nodes."""
    rng = np.random.default_rng(seed)
    names = [f"v{i}" for i in range(nodes)]
    share = 1.5 * nodes / (nodes * (nodes - 1) / 2)
    return Graph.of(names, [pair for pair in combinations(names, 2) if rng.random() < share])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    print(f"threads: {os.environ.get('OMP_NUM_THREADS', 'as usual')}")
    graph, x, y = sebastiani(), "EDN1.3", "EDNI1.7"
    print(f"{'36 nodes':34} {'wall ms':>9} {'CPU ms':>9}")
    total_wall = total_cpu = 0.0
    for name, part in PARTS.items():
        wall, cpu = taken(partial(on_a_new_graph, part, graph, x, y), rounds)
        total_wall, total_cpu = total_wall + wall, total_cpu + cpu
        print(f"{name:34} {wall:9.2f} {cpu:9.2f}")
    print(f"{'all of it':34} {total_wall:9.2f} {total_cpu:9.2f}")
    for nodes in (50, 100, 200):
        big = random_graph(nodes, 1)
        pair = "v5", next(reversed(big.descendants("v5")), "v6")
        told = ", ".join(
            f"{name} {taken(partial(part, big, *pair, Fuse()), 1)[1]:.0f}" for name, part in PARTS.items()
        )
        print(f"{nodes} nodes, {len(big.edges)} edges, CPU ms: {told}")
    big = random_graph(200, 2)
    late = max(taken(partial(hurried, part, big), 1)[0] for part in PARTS.values())
    tell(
        Figure("all that is shown while drawing, 36 nodes, CPU", total_cpu, "ms", most=100),
        Figure("line under the graph, 36 nodes, CPU", taken(lambda: identify(graph, x, y), rounds)[1], "ms"),
        Figure("longest part of 200 nodes under a fuse of 200 ms, wall", late, "ms"),
    )


if __name__ == "__main__":
    main()
