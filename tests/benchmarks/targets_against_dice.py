"""Ten counterfactuals of ours beside ten of PyPI `dice-ml` (method "genetic"), on the same rows, predictor and query.

    python -m venv ELSEWHERE && ELSEWHERE/bin/pip install dice-ml==0.12
    .venv/bin/python tests/benchmarks/targets_against_dice.py ELSEWHERE/bin/python [--seeds 3]

The peer runs in an environment of its own, as a child that gives its rows back, at its own settings. It gives a set, no
pool, so that sets are compared: how many do meet the target when they are asked again, how near, how sparse, how like
the data and how unlike one another they are, by one measure for both. CPU seconds are of search and choice.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from targets_against_decode_mcd import CASES, CHOSEN, GENERATIONS, case, ours


def theirs(name, seed):
    """Rows that the peer shows (k, d), and its CPU seconds; runs in its own environment."""
    import random

    import dice_ml
    import pandas as pd

    rows, query, predict = case(name, seed)
    names = [f"x{j}" for j in range(rows.shape[1])]
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - the peer draws from it

    class Model:
        """The predictor as scikit-learn has it."""

        classes_ = np.array([0, 1])

        def predict_proba(self, frame):
            told = predict(np.asarray(frame, dtype=float))
            return told if told.shape[1] == 2 else np.column_stack([1 - told, told])

        def predict(self, frame):
            return self.predict_proba(frame).argmax(axis=1)

    frame = pd.DataFrame(rows, columns=names).assign(outcome=Model().predict(rows))
    began = time.process_time()
    data = dice_ml.Data(
        dataframe=frame, continuous_features=names, outcome_name="outcome",
        continuous_features_precision=dict.fromkeys(names, 6))
    explainer = dice_ml.Dice(data, dice_ml.Model(model=Model(), backend="sklearn"), method="genetic")
    told = explainer.generate_counterfactuals(
        pd.DataFrame(query[None], columns=names), total_CFs=CHOSEN, desired_class=1, verbose=False)
    found = told.cf_examples_list[0].final_cfs_df[names].to_numpy(dtype=float)
    return found, time.process_time() - began


def chosen(name, seed):
    """The rows that ours shows at its own weights, and CPU seconds."""
    from engines.abilities import Feature
    from engines.counterfactual_tables.multi_objective_counterfactuals.distances import Gower, changed, realism
    from engines.counterfactual_tables.multi_objective_counterfactuals.selection import Weights, scores, select

    rows, query, _ = case(name, seed)
    good, searched, chose = ours(name, seed, GENERATIONS)
    gower = Gower.of([Feature(str(j)) for j in range(rows.shape[1])], rows)
    codes = gower.encode(good)
    objectives = np.column_stack([gower.to(good, query), changed(good, query), realism(codes, gower.encode(rows))])
    return good[select(codes, scores(objectives, Weights()), Weights(count=CHOSEN)).places], searched + chose


def figures(name, seed, found):
    """Valid, distance, share changed, distance from the data, pairs apart; means over the rows (k, d)."""
    from engines.abilities import Feature
    from engines.counterfactual_tables.multi_objective_counterfactuals.distances import Gower, changed, gaps, realism

    rows, query, predict = case(name, seed)
    told = predict(found)
    valid = told[:, 0] >= 0.5 if name == CASES[0] else told[:, 1] > told[:, 0]
    gower = Gower.of([Feature(str(j)) for j in range(rows.shape[1])], rows)
    codes = gower.encode(found)
    apart = gaps(codes, codes)[np.triu_indices(len(found), 1)].mean()
    return (f"{valid.sum()} of {len(found)}", gower.to(found, query).mean(), changed(found, query).mean(),
            realism(codes, gower.encode(rows)).mean(), apart)


def main():
    """Print a row for each case, seed and side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", help="The Python of the environment that holds dice-ml.")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--side", nargs=3, metavar=("CASE", "SEED", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        name, seed, file = options.side
        found, seconds = theirs(name, int(seed))
        np.savez(file, found=found, seconds=seconds)
        return
    sys.path.insert(0, str(Path(__file__).parents[2]))
    print("| case | seed | who | target met | distance | share changed | distance from data | pairs apart | CPU s |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in CASES:
            for seed in range(options.seeds):
                file = Path(folder) / "found.npz"
                command = [options.peer, __file__, options.peer, "--side", name, str(seed), str(file)]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                with np.load(file) as kept:
                    peer = kept["found"], float(kept["seconds"])
                for who, (found, seconds) in (("ours", chosen(name, seed)), ("dice-ml", peer)):
                    met, *rest = figures(name, seed, found)
                    print(f"| {name} | {seed} | {who} | {met} | {' | '.join(f'{one:.3f}' for one in rest)} | "
                          f"{seconds:.2f} |", flush=True)


if __name__ == "__main__":
    main()
