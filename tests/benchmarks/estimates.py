"""Time and memory of a run, estimated before it begins from the runs before it: how often within a factor of 2?

    python tests/benchmarks/estimates.py

Small real runs of CoLiDE and CausalDiffAE, with settings and sizes varied at random from a fixed seed, one after the
other in a process of their own (as a lane is), one thread. Nothing is known at the start: the first run of a method is
estimated by none and not counted. What is printed: predicted and actual seconds and peak memory of each run, its
processor seconds beside, the share within a factor of 2, and how often the range held the figure.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from asked import Figure, tell

FACTOR = 2.0
RUNS = {"colide": 24, "causal_diffae": 16}          # the second takes longer
Point = dict[str, Any]


def points(method: str, count: int) -> Iterator[Point]:
    """Settings and sizes of the runs, in order, the same every time."""
    generator = np.random.default_rng(0)
    for _ in range(count):
        if method == "colide":
            yield {
                "rows": int(generator.choice([200, 800, 3000])), "columns": int(generator.choice([5, 10, 20, 30])),
                "settings": {
                    "warm": int(generator.choice([300, 600, 1200, 2400])),
                    "last": int(generator.choice([500, 1000, 2000, 4000])),
                    "rate": float(generator.choice([1e-3, 3e-3])), "bootstraps": int(generator.choice([0, 3, 10])),
                    "noise": str(generator.choice(["equal", "separate"])),
                },
            }
        else:
            yield {
                "rows": int(generator.choice([100, 200, 400])), "columns": int(generator.choice([16, 24])),
                "settings": {
                    "steps": int(generator.choice([10, 20, 40])), "batch": int(generator.choice([8, 16, 32])),
                    "size": str(generator.choice(["tiny", "small"])), "width": int(generator.choice([4, 8])),
                },
            }


def work_of(point: Point) -> Any:
    """The point as the estimates see it."""
    from studio.runs.estimates import Work

    width = point["columns"] if point["method"] == "colide" else point["columns"] ** 2
    return Work({**point["default"], **point["settings"]}, point["rows"], width)


def ran(points_of: list[Point]) -> Iterator[Point]:
    """One process that runs the points of a method one after the other, as a warm lane does, and tells each figure."""
    child = subprocess.Popen(
        [sys.executable, __file__, "--child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
    )
    assert child.stdin is not None
    assert child.stdout is not None
    for point in points_of:
        child.stdin.write(json.dumps(point) + "\n")
        child.stdin.flush()
        line = child.stdout.readline()
        if not line:
            raise RuntimeError(f"the run of {point} ended the process")
        yield json.loads(line)
    child.stdin.close()
    child.wait()


def child() -> None:
    """Run what comes in, in this process; what goes out is seconds, processor seconds and bytes."""
    from engines.runtime import local
    from engines.runtime.messages import RunRequest

    for line in sys.stdin:
        point = json.loads(line)
        with tempfile.TemporaryDirectory() as folder:
            reference, graph = written(point, Path(folder))
            ended = local.run(
                RunRequest(1, point["method"], reference, point["settings"], 0, str(Path(folder) / "run"), graph)
            )
        if ended.state != "done":
            raise RuntimeError(f"{ended.sentence} {ended.cause}")
        told = {"seconds": ended.seconds, "cpu_seconds": ended.cpu_seconds, "memory": ended.memory}
        print(json.dumps(told), flush=True)


def written(point: Point, folder: Path) -> tuple[Any, Any]:
    """The data of a point as a file, and the graph that goes with them."""
    from engines.data.reading import refer
    from engines.graph.graph import Graph
    from engines.simulators.linear_sem import random_sem
    from engines.simulators.morpho import EVEN, MorphoDigits, stored_skeletons

    generator = np.random.default_rng(point["rows"])
    if point["method"] == "colide":
        X = random_sem(point["columns"], 2, generator, variance=1.0).sample(point["rows"], generator)
        path = folder / "data.csv"
        names = ",".join(f"x{j + 1}" for j in range(X.shape[1]))
        np.savetxt(path, X, delimiter=",", header=names, comments="", fmt="%.6g")
        return refer(path), None
    skeletons = Path(__file__).parents[2] / "resources" / "samples" / "morpho_digits" / "skeletons.npz"
    digits = MorphoDigits.sample(*stored_skeletons(skeletons), EVEN, 0)[: point["rows"]]
    pixels = digits.images()
    if point["columns"] < pixels.shape[1]:
        edge = (pixels.shape[1] - point["columns"]) // 2
        pixels = pixels[:, edge : edge + point["columns"], edge : edge + point["columns"]]
    path = folder / "digits.npz"
    np.savez(path, images=pixels, thickness=digits.thickness, intensity=digits.intensity)
    return refer(path), Graph.of(("thickness", "intensity"), (("thickness", "intensity"),))


def measure(method: str, count: int) -> list[tuple[Any, Point]]:
    """Each run's estimate (None for the first), and what it took."""
    from engines import manifest
    from studio.runs.estimates import Estimates

    (described,) = [one for one in manifest.read()["methods"] if one["id"] == method]
    default = next(iter(described["presets"].values()))
    todo = [{**point, "method": method, "default": default} for point in points(method, count)]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        estimates = Estimates(Path(folder))
        running = ran(todo)
        for point in todo:
            estimate = estimates.of(method, work_of(point))
            told = next(running)
            estimates.note(method, work_of(point), told["seconds"], told["memory"], told["cpu_seconds"])
            found.append((estimate, {**point, **told}))
            print(row(found[-1]), flush=True)
        next(running, None)
    return found


def row(one: tuple[Any, Point]) -> str:
    """One run as a line of the table."""
    estimate, point = one
    varied = ", ".join(f"{name} {value}" for name, value in point["settings"].items())
    head = f"| {point['method']} | {point['rows']} x {point['columns']}, {varied} |"
    gb = 1e9
    if estimate is None:
        took = f"{point['seconds']:.2f} | {point['cpu_seconds']:.2f}"
        return f"{head} none | {took} | none | {point['memory'] / gb:.2f} |"
    s, m = estimate.seconds, estimate.memory
    return (
        f"{head} {s.likely:.2f} ({s.low:.2f} to {s.high:.2f}) | {point['seconds']:.2f} | {point['cpu_seconds']:.2f} | "
        f"{m.likely / gb:.2f} ({m.low / gb:.2f} to {m.high / gb:.2f}) | {point['memory'] / gb:.2f} |"
    )


def within(found: list[tuple[Any, Point]], kind: str) -> list[bool]:
    """For each run that was estimated, whether it took what was said, within the factor."""
    return [1 / FACTOR <= getattr(e, kind).likely / point[kind] <= FACTOR for e, point in found if e is not None]


def summary(name: str, found: list[tuple[Any, Point]]) -> str:
    """Shares over the runs that were estimated."""
    known = [one for one in found if one[0] is not None]

    def share(holds: list[bool]) -> str:
        return f"{sum(holds)} of {len(holds)} ({100 * sum(holds) / len(holds):.0f} %)"

    def held(kind: str) -> list[bool]:
        return [getattr(e, kind).low <= point[kind] <= getattr(e, kind).high for e, point in known]

    return (
        f"| {name} | {share(within(found, 'seconds'))} | {share(held('seconds'))} | {share(within(found, 'memory'))} | "
        f"{share(held('memory'))} |"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, help=f"runs of each method (default: {RUNS})")
    options = parser.parse_args()
    if options.child:
        child()
        return
    began, cpu = time.perf_counter(), os.times()
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, 1 thread a run\n")
    print("| method | data, settings | s, estimated | s | processor s | GB, estimated | GB |")
    print("|---|---|---|---|---|---|---|")
    found = {method: measure(method, options.runs or count) for method, count in RUNS.items()}
    print("\n| | time within factor 2 | time in range | memory within factor 2 | memory in range |")
    print("|---|---|---|---|---|")
    for method, one in found.items():
        print(summary(method, one))
    both = [pair for one in found.values() for pair in one]
    print(summary("both", both))
    for kind, name in (("seconds", "time"), ("memory", "memory")):
        held = within(both, kind)
        tell(Figure(f"estimates of {name} within a factor of {FACTOR:g}", 100 * sum(held) / len(held), "%", least=80))
    after = os.times()
    spent = after.children_user + after.children_system - cpu.children_user - cpu.children_system
    print(f"\n{time.perf_counter() - began:.0f} s, {spent:.0f} processor s; load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
