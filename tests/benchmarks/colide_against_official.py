"""Our CoLiDE beside the authors' code on the same data: distance to the truth, objective, noise levels, CPU seconds.

    python tests/benchmarks/colide_against_official.py CHECKOUT

CHECKOUT is a working copy of github.com/SAMiatto/colide (Apache-2.0); nothing of it is kept here. It needs tqdm. Both
sides get the quick schedule with the authors' stopping rule. Columns: SHD after the cut at 0.3 and CoLiDE's objective
in the last stage, ours / theirs; sigma = largest relative difference of the noise levels. The Sachs rows need the
shared data beside the checkout of this project.
"""

import argparse
import importlib
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from engines.discovery.colide import method
from engines.discovery.colide.mathematics import acyclic_edges, covariance
from engines.discovery.colide.solver import Problem, State, central_path
from engines.metrics.graphs import compare
from engines.simulators.linear_sem import random_sem

SCHEDULE = replace(method.presets["Quick"].schedule(), check_every=1000, tolerance=1e-6)
PENALTY, THRESHOLD = 0.05, 0.3
SACHS = Path(__file__).resolve().parents[3] / "shared" / "data"


def tables() -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Name, rows and true edges of every data set."""
    for d, k, variance, seeds in ((20, 2, 1.0, 5), (20, 2, None, 5), (50, 4, 1.0, 3)):
        for seed in range(seeds):
            generator = np.random.default_rng(seed)
            sem = random_sem(d, k, generator, variance=variance)
            yield f"ER{k} d={d} {'EV' if variance else 'NV'} seed {seed}", sem.sample(1000, generator), sem.W != 0
    if SACHS.is_dir():
        header, *lines = (SACHS / "sachs_cytometry.csv").read_text().splitlines()
        names = header.split(",")
        X = np.array([[float(value) for value in line.split(",")] for line in lines])
        truth = np.zeros((len(names), len(names)), dtype=bool)
        for line in (SACHS / "sachs_17_edges.csv").read_text().splitlines()[1:]:
            cause, effect = line.split(",")
            truth[names.index(cause), names.index(effect)] = True
        for count in (853, len(X)):
            yield f"Sachs {count} raw", X[:count], truth
            yield f"Sachs {count} log", np.log(X[:count]), truth


def ours(X: np.ndarray, levels: Any) -> tuple[np.ndarray, np.ndarray]:
    """W and sigma."""
    problem = Problem.of(covariance(X)[None], PENALTY, levels)
    state = State.initial(problem, SCHEDULE)
    for _ in central_path(problem, SCHEDULE, state):
        pass
    return state.W[0], state.sigma[0]


def theirs(official: Any, X: np.ndarray, levels: str) -> tuple[np.ndarray, np.ndarray]:
    """W and sigma."""
    solver = official.colide_ev() if levels == "equal" else official.colide_nv()
    with redirect_stderr(StringIO()):
        W, sigma = solver.fit(
            X.copy(), lambda1=PENALTY, T=4, s=list(SCHEDULE.widths), warm_iter=SCHEDULE.warm, max_iter=SCHEDULE.last,
            lr=SCHEDULE.rate,
        )
    return W, np.atleast_1d(sigma)


def main() -> None:
    """Print one line a data set and kind of noise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    sys.path.insert(0, str(parser.parse_args().checkout))
    official = importlib.import_module("model")
    last = len(SCHEDULE.widths) - 1
    print(f"{'data':24} {'noise':9} {'SHD':>9} {'objective':>23} {'sigma':>9} {'CPU s':>12}")
    with threadpool_limits(1):
        for name, X, truth in tables():
            for levels in ("equal", "separate"):
                problem = Problem.of(covariance(X)[None], PENALTY, levels)
                distances, objectives, seconds, sigmas = [], [], [], []
                for fit in (ours, partial(theirs, official)):
                    began = time.process_time()
                    W, sigma = fit(X, levels)
                    seconds.append(time.process_time() - began)
                    distances.append(compare(truth, acyclic_edges(W, THRESHOLD)).shd)
                    width = np.array(SCHEDULE.widths[-1:])
                    objectives.append(problem.objective(W[None], sigma[None], SCHEDULE.mu(last), width)[0])
                    sigmas.append(sigma)
                gap = np.abs(sigmas[0] / sigmas[1] - 1).max()
                print(
                    f"{name:24} {levels:9} {distances[0]:4d}/{distances[1]:4d} {objectives[0]:11.6f}/"
                    f"{objectives[1]:11.6f} {gap:9.1e} {seconds[0]:5.2f}/{seconds[1]:6.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
