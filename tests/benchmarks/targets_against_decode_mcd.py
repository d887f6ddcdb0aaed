"""Our search for counterfactuals beside PyPI `decode-mcd`, on the same rows, predictor and query.

    python -m venv ELSEWHERE && ELSEWHERE/bin/pip install decode-mcd==2024.2.20 "pandas<3" pymoo scikit-learn
    .venv/bin/python tests/benchmarks/targets_against_decode_mcd.py ELSEWHERE/bin/python [--seeds 3]

The peer does not resolve beside the lock: it runs in an environment of its own, as a child that gives its candidates
back. Both search with a population of 100 for 50 generations, ours for 150 as well, which still takes less time. The
volumes of both (reference 1.1 each in distance, share changed, distance from data) are computed here by one measure,
with all rows of the data as references. CPU seconds are of the process, search and choice apart; loading libraries
is not counted.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

POPULATION, GENERATIONS, LONGER, CHOSEN = 100, 50, 150, 10
CASES = ("five regions", "breast cancer")


def circle_and_arcs(rows):
    """(n,) 1 inside one of the five regions, else 0."""
    x, y = rows.T
    arcs = (((x - y) ** 6 - 1) ** 2 + ((x + y) ** 6 - 1) ** 2) ** 2 < 0.99
    return ((np.hypot(x - 0.3, y - 0.3) < 0.1) | arcs).astype(float)


def case(name, seed):
    """Rows (n, d), the query (d,), and the predictor (n, d) -> (n, o): of classes, the second is wanted."""
    if name == CASES[0]:
        rows = np.random.default_rng(seed).uniform(-1.1, 1.1, (2000, 2))
        return rows, np.zeros(2), lambda x: circle_and_arcs(x)[:, None]
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier

    rows, classes = load_breast_cancer(return_X_y=True)
    forest = RandomForestClassifier(100, random_state=seed).fit(rows, classes)
    query = rows[int(np.argmax(forest.predict(rows) == 0))]
    return rows, query, forest.predict_proba


def ours(name, seed, generations):
    """Feasible candidates, CPU seconds of the search, and of a choice."""
    from engines.abilities import Feature, Target
    from engines.counterfactual_tables.multi_objective_counterfactuals.distances import Gower
    from engines.counterfactual_tables.multi_objective_counterfactuals.problem import Problem
    from engines.counterfactual_tables.multi_objective_counterfactuals.search import Search
    from engines.counterfactual_tables.multi_objective_counterfactuals.selection import Weights, scores, select
    from engines.counterfactual_tables.multi_objective_counterfactuals.space import Space
    from engines.counterfactual_tables.multi_objective_counterfactuals.wishes import Aim, Wishes

    rows, query, predict = case(name, seed)
    features = tuple(Feature(f"x{j}") for j in range(rows.shape[1]))
    target, aim = (Target("inside"), Aim(low=0.5)) if name == CASES[0] else (
        Target("class", ("malignant", "benign")), Aim(preferred=("benign",)))
    generator = np.random.default_rng(seed)
    began = time.process_time()
    gower, wishes = Gower.of(features, rows), Wishes({target.name: aim})
    space = Space.of(features, query, (rows.min(axis=0), rows.max(axis=0)), {})
    width = max(1, len(target.levels))
    references = gower.encode(rows[generator.choice(len(rows), min(1000, len(rows)), replace=False)])
    problem = Problem(space, wishes, (target,), np.zeros(width), np.ones(width), gower, references, predict)
    search = Search(problem, problem.evaluated(rows), POPULATION, generator)
    for _ in range(generations):
        search.step()
    pool = search.pool
    good = pool.at(problem.met(pool))
    searched = time.process_time() - began
    began = time.process_time()
    select(gower.encode(good.rows), scores(problem.objectives(good), Weights()), Weights(count=CHOSEN))
    return good.rows, searched, time.process_time() - began


def theirs(name, seed):
    """The same of the peer; runs in its own environment."""
    import pandas as pd
    from decode_mcd import counterfactuals_generator, data_package, design_targets, multi_objective_problem
    from pymoo.core.variable import Real

    rows, query, predict = case(name, seed)
    np.random.seed(seed)  # noqa: NPY002 - the peer draws from it
    outputs = predict(rows)
    targets = design_targets.DesignTargets(
        continuous_targets=[design_targets.ContinuousTarget(0, 0.5, 1.5)]) if name == CASES[0] else (
        design_targets.DesignTargets(probability_targets=[design_targets.ProbabilityTarget((0, 1), (1,))]))
    began = time.process_time()
    data = data_package.DataPackage(
        pd.DataFrame(rows), pd.DataFrame(outputs), pd.DataFrame(query[None]), targets,
        [Real(bounds=(float(a), float(b))) for a, b in zip(rows.min(axis=0), rows.max(axis=0))],
    )
    problem = multi_objective_problem.MultiObjectiveProblem(
        data, lambda x: predict(np.asarray(x, dtype=float)), [])
    made = counterfactuals_generator.CounterfactualsGenerator(problem, POPULATION, True, verbose=False)
    made.generate(GENERATIONS, seed=seed + 1)
    found, _ = made._initialize_and_filter_all_cfs(True)
    searched = time.process_time() - began
    began = time.process_time()
    made.sample_with_weights(CHOSEN, 0.5, 0.3, 1.0, 0.3, include_dataset=True, num_dpp=len(found))
    return np.asarray(found, dtype=float), searched, time.process_time() - began


def volume(name, seed, found):
    """Of feasible candidates (n, d), by one measure for both; how many of the five regions they lie in."""
    from engines.abilities import Feature
    from engines.counterfactual_tables.multi_objective_counterfactuals.distances import Gower, changed, realism
    from engines.counterfactual_tables.multi_objective_counterfactuals.sorting import Front, hypervolume

    rows, query, predict = case(name, seed)
    told = predict(found)
    found = found[told[:, 0] >= 0.5 if name == CASES[0] else told[:, 1] > told[:, 0]]
    gower = Gower.of([Feature(str(j)) for j in range(rows.shape[1])], rows)
    codes = gower.encode(rows)
    front = Front()
    front.add(np.column_stack([gower.to(found, query), changed(found, query), realism(gower.encode(found), codes)]))
    regions = set()
    if name == CASES[0]:
        circle = np.hypot(found[:, 0] - 0.3, found[:, 1] - 0.3) < 0.1
        arms = np.round(np.arctan2(found[:, 1], found[:, 0]) / (np.pi / 2)).astype(int) % 4
        regions = set(np.where(circle, 4, arms).tolist())
    return hypervolume(front.points, np.full(3, 1.1)), len(found), len(regions)


def main():
    """Print a row for each case, seed and side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", help="The Python of the environment that holds decode-mcd.")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--side", nargs=3, metavar=("CASE", "SEED", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        name, seed, file = options.side
        found, searched, chosen = theirs(name, int(seed))
        np.savez(file, found=found, seconds=[searched, chosen])
        return
    sys.path.insert(0, str(Path(__file__).parents[2]))
    print("| case | seed | who | hypervolume | feasible | regions | CPU s, search | CPU s, choice of 10 |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in CASES:
            for seed in range(options.seeds):
                file = Path(folder) / "found.npz"
                command = [options.peer, __file__, options.peer, "--side", name, str(seed), str(file)]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                with np.load(file) as kept:
                    peer = kept["found"], *kept["seconds"]
                for who, (found, searched, chosen) in (
                    ("ours", ours(name, seed, GENERATIONS)), (f"ours, {LONGER} generations", ours(name, seed, LONGER)),
                    ("decode-mcd", peer),
                ):
                    told, count, regions = volume(name, seed, found)
                    print(f"| {name} | {seed} | {who} | {told:.4f} | {count:,} | {regions or ''} | {searched:.2f} | "
                          f"{chosen:.3f} |", flush=True)


if __name__ == "__main__":
    main()
