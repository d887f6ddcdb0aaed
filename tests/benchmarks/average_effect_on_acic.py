"""The average effect on ACIC 2016, where it is known: error and interval of each estimator, and coverage over draws.

    .venv/bin/python tests/benchmarks/average_effect_on_acic.py ../shared/data --draws 40 --learner boosting

The files hold both outcomes of each of 4,802 units and their means. First the two files as they are. Then draws with
the same covariates: treatments from the chances that boosted trees find in the file, outcomes from its means with
normal noise of the size found there; each draw is estimated anew, and it is counted how often the 95 % interval holds
the truth. Printed as a table; the difference without adjustment is the line to beat.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import polars as pl

from engines.counterfactual_tables.average_effect.estimators import Estimate, Given, difference, estimators
from engines.counterfactual_tables.average_effect.learners import classifier
from engines.counterfactual_tables.average_effect.parameters import Parameters


def covariates(folder: Path) -> np.ndarray:
    """The 58 covariates, the three categories as one column a level but the first."""
    table = pl.read_csv(folder / "acic2016_covariates.csv", infer_schema_length=None)
    wide = table.to_dummies([name for name in ("x_2", "x_21", "x_24") if name in table.columns], drop_first=True)
    return wide.to_numpy().astype(float)


def given(X: np.ndarray, t: np.ndarray, y: np.ndarray, parameters: Parameters, seed: int) -> Given:
    """The question with parts of its own."""
    order = np.random.default_rng(seed).permutation(len(t))
    order = order[np.argsort(t[order], kind="stable")]
    folds = (tuple(np.sort(order[k :: parameters.folds]) for k in range(parameters.folds)),)
    return Given(t, y, X, None, True, parameters, folds)


def estimated(question: Given) -> dict[str, Estimate]:
    """Every estimator, and the plain difference."""
    found = {name: estimate(question) for name, estimate in estimators(question).items()}
    return {"difference of means": difference(question), **found}


def main() -> None:
    """Read, estimate, draw, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--rows", type=int, default=4802, help="so many rows of each draw")
    parser.add_argument("--learner", default="boosting", choices=["linear", "boosting", "forest"])
    options = parser.parse_args()
    parameters = Parameters(learner=options.learner, folds=5)
    X = covariates(options.folder)
    for number in (1, 2):
        table = pl.read_csv(options.folder / f"acic2016_outcomes_{number}.csv")
        z, y0, y1, mu0, mu1 = (table[name].to_numpy().astype(float) for name in ("z", "y0", "y1", "mu0", "mu1"))
        truth = float(np.mean(mu1 - mu0))
        print(f"outcomes_{number}: true mean effect {truth:.4f}, {int(z.sum())} of {len(z)} treated, {options.learner}")
        start = time.process_time()
        for name, one in estimated(given(X, z, np.where(z == 1, y1, y0), parameters, 0)).items():
            holds = "holds" if one.low <= truth <= one.high else "misses"
            print(f"  {name:22} {one.effect:8.4f}  error {one.effect - truth:8.4f}  "
                  f"[{one.low:.4f}, {one.high:.4f}] {holds}")
        print(f"  {time.process_time() - start:.1f} CPU s", flush=True)
        chance = np.clip(classifier("boosting").fit(X, z).predict_proba(X)[:, 1], 0.02, 0.98)
        sigma = float(np.std(np.concatenate([y0 - mu0, y1 - mu1])))
        errors, held, widths = defaultdict(list), defaultdict(list), defaultdict(list)
        for draw in range(options.draws):
            generator = np.random.default_rng(1000 * number + draw)
            rows = np.sort(generator.permutation(len(z))[: options.rows])
            t = (generator.random(len(rows)) < chance[rows]).astype(float)
            mean = np.where(t == 1, mu1[rows], mu0[rows])
            question = given(X[rows], t, mean + sigma * generator.normal(size=len(rows)), parameters, draw)
            aim = float(np.mean((mu1 - mu0)[rows]))
            for name, one in estimated(question).items():
                errors[name].append(one.effect - aim)
                held[name].append(one.low <= aim <= one.high)
                widths[name].append(one.high - one.low)
        for name in errors:
            size = np.sqrt(np.mean(np.square(errors[name])))
            print(f"  {options.draws} draws of {options.rows}, {name:22} mean error {np.mean(errors[name]):8.4f}  "
                  f"root mean square {size:.4f}  coverage {np.mean(held[name]):.2f}  "
                  f"width {np.mean(widths[name]):.3f}", flush=True)


if __name__ == "__main__":
    main()
