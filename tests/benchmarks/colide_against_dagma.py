"""CoLiDE beside the published DAGMA on the same data: distance to the truth, objective, and processor seconds.

    python tests/benchmarks/colide_against_dagma.py [--schedule quick|standard|published] [--seeds 3]
        [--sizes 20:2 50:4] [--bootstraps 10] [--skip CoLiDE-NV]

Every fit uses one BLAS thread; imports are not timed. Both sides get the same stages, rates, most iterations and times
of the test for stopping; how little the objective must move is fixed at 1e-6 in DAGMA. "Same objective" runs our solver
with DAGMA's own score, so that the two final objectives can be compared; CoLiDE's objective is another one. Bootstrap
fits are timed on resampled rows of the first seed. Columns: SHD after the cut at 0.3; paired = mean difference of SHD
to DAGMA and its standard error; l2 objective = DAGMA's, of the last stage.
"""

import argparse
import os
import platform
import time
from collections.abc import Callable
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from io import StringIO

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from engines.discovery.colide import method, refit_samples
from engines.discovery.colide.bootstrap import resampled
from engines.discovery.colide.mathematics import acyclic_edges, covariance
from engines.discovery.colide.solver import Problem, Schedule, State, central_path
from engines.metrics.graphs import compare
from engines.runtime.local import bare_run
from engines.simulators.linear_sem import random_sem

PENALTY, THRESHOLD, ROWS = 0.05, 0.3, 1000
SCHEDULES = {
    "quick": method.presets["Quick"].schedule(),
    "standard": method.presets["Standard"].schedule(),
    "published": method.presets["As published"].schedule(),
}


@dataclass
class Row:
    """What one method did over the seeds."""

    distances: list[int] = field(default_factory=list)
    objectives: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


def timed(work: Callable[[], object]) -> tuple[object, float, float]:
    """What `work` returns, its processor seconds and its wall seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.process_time() - cpu, time.perf_counter() - wall


def dagma(X: np.ndarray, schedule: Schedule) -> np.ndarray:
    """The peer, with the schedule of ours."""
    from dagma.linear import DagmaLinear

    with redirect_stderr(StringIO()):
        return DagmaLinear("l2").fit(
            X.copy(), lambda1=PENALTY, w_threshold=0.0, T=len(schedule.widths), s=list(schedule.widths),
            warm_iter=schedule.warm, max_iter=schedule.last, lr=schedule.rate, checkpoint=schedule.check_every,
        )


def ours(X: np.ndarray, schedule: Schedule, levels: str) -> State:
    """One fit from the table, covariance included."""
    problem = Problem.of(covariance(X)[None], PENALTY, levels)
    state = State.initial(problem, schedule)
    for _ in central_path(problem, schedule, state):
        pass
    return state


def least_squares_objective(X: np.ndarray, W: np.ndarray, schedule: Schedule) -> float:
    """DAGMA's objective in the last stage."""
    problem = Problem.of(covariance(X)[None], PENALTY, "fixed")
    last = len(schedule.widths) - 1
    return problem.objective(W[None], np.ones((1, 1)), schedule.mu(last), np.array(schedule.widths[-1:]))[0]


def compare_fits(d: int, k: int, seeds: int, schedule: Schedule, skipped: list[str]) -> dict[str, Row]:
    """All methods but those skipped, on the same simulated tables."""
    peer = "DAGMA (PyPI)"
    methods: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        peer: lambda X: dagma(X, schedule),
        "ours, same objective": lambda X: ours(X, schedule, "fixed").W[0],
        "CoLiDE-EV": lambda X: ours(X, schedule, "equal").W[0],
        "CoLiDE-NV": lambda X: ours(X, schedule, "separate").W[0],
    }
    if schedule == SCHEDULES["published"]:
        methods["CoLiDE-EV, standard schedule"] = lambda X: ours(X, SCHEDULES["standard"], "equal").W[0]
    methods = {name: fit for name, fit in methods.items() if name not in skipped}
    rows = {name: Row() for name in methods}
    for seed in range(seeds):
        generator = np.random.default_rng(seed)
        sem = random_sem(d, k, generator)
        X = sem.sample(ROWS, generator)
        for name, fit in methods.items():
            W, cpu, wall = timed(lambda fit=fit, X=X: fit(X))
            rows[name].distances.append(compare(sem.W != 0, acyclic_edges(W, THRESHOLD)).shd)
            rows[name].objectives.append(least_squares_objective(X, W, schedule))
            rows[name].cpu.append(cpu)
            rows[name].wall.append(wall)
    return rows


def compare_bootstraps(d: int, k: int, count: int, schedule: Schedule) -> tuple[list[float], list[float]]:
    """Seconds and mean distances of `count` resampled fits: DAGMA one by one, ours with the full fit before them."""
    generator = np.random.default_rng(0)
    sem = random_sem(d, k, generator)
    X = sem.sample(ROWS, generator)
    same_rows = np.random.default_rng(1)
    picks = [same_rows.integers(ROWS, size=ROWS) for _ in range(count)]
    peer, peer_cpu, _ = timed(lambda: [dagma(X[pick], schedule) for pick in picks])

    def all_of_ours() -> np.ndarray:
        problem = Problem.of(covariance(X)[None], PENALTY, "equal")
        state = ours(X, schedule, "equal")
        resamples = resampled(X, count, np.random.default_rng(1))
        return refit_samples(bare_run(), problem, schedule, state, resamples, {})

    mine, my_cpu, _ = timed(all_of_ours)
    shd = [np.mean([compare(sem.W != 0, acyclic_edges(W, THRESHOLD)).shd for W in fits]) for fits in (peer, mine)]
    return [peer_cpu, my_cpu], shd


def main() -> None:
    """Print one table a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schedule", choices=SCHEDULES, default="standard")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sizes", nargs="+", default=["20:2", "50:4", "100:4"], help="d:k")
    parser.add_argument("--bootstraps", type=int, default=10, help="0: none")
    parser.add_argument("--skip", nargs="+", default=[], help="methods to leave out, by name")
    options = parser.parse_args()
    schedule = SCHEDULES[options.schedule]
    with threadpool_limits(1):
        kernels = sorted({f"{i['internal_api']} {i['version']} {i['architecture']}" for i in threadpool_info()
                          if i["user_api"] == "blas"})
        print(f"{platform.machine()}, {os.cpu_count()} processors; BLAS: {'; '.join(kernels)}; 1 thread a fit")
        print(f"schedule {options.schedule}: {schedule}; {options.seeds} seeds; n = {ROWS}; penalty {PENALTY}\n")
        for size in options.sizes:
            d, k = (int(part) for part in size.split(":"))
            show(d, k, compare_fits(d, k, options.seeds, schedule, options.skip))
            if options.bootstraps:
                (theirs, mine), shd = compare_bootstraps(d, k, options.bootstraps, schedule)
                print(
                    f"  {options.bootstraps} bootstrap fits: DAGMA {theirs:.2f} CPU s (SHD {shd[0]:.1f}); ours, the "
                    f"full fit included, {mine:.2f} CPU s (SHD {shd[1]:.1f}): {theirs / mine:.2f} x faster\n",
                    flush=True,
                )


def show(d: int, k: int, rows: dict[str, Row]) -> None:
    """One size as a table."""
    peer = next(iter(rows.values()))
    print(f"ER{k}, d = {d}")
    head = ("method", "SHD", "paired", "l2 objective", "CPU s", "wall s", "speed")
    print("  {:32} {:>8} {:>16} {:>14} {:>8} {:>8} {:>7}".format(*head))
    for name, row in rows.items():
        gaps = np.subtract(row.distances, peer.distances)
        error = gaps.std(ddof=1) / np.sqrt(len(gaps)) if len(gaps) > 1 else float("nan")
        print(
            f"  {name:32} {np.mean(row.distances):8.2f} {gaps.mean():+8.2f} ± {error:5.2f} "
            f"{np.mean(row.objectives):14.6f} {np.mean(row.cpu):8.2f} {np.mean(row.wall):8.2f} "
            f"{np.mean(peer.cpu) / np.mean(row.cpu):6.2f}x",
            flush=True,
        )


if __name__ == "__main__":
    main()
