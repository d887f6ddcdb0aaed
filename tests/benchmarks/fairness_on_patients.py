"""The fair classifier on real rows, beside classifiers without fairness: 442 patients, scikit-learn's diabetes data
(Efron, Hastie, Johnstone, Tibshirani, "Least angle regression", 2004).

    python tests/benchmarks/fairness_on_patients.py [--out FILE.csv]

Periods are four groups of age, of which the oldest is later; the attribute is sex as coded there, the label whether the
disease went further than in half of the patients. No true other world is known: the effect is in the method's own, and
says how a classifier answers there, not how fair it is.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from engines.contract import Inputs
from engines.counterfactual_tables.sequential_counterfactual_fairness import method
from engines.counterfactual_tables.sequential_counterfactual_fairness.mathematics import Fairness, fairness
from engines.counterfactual_tables.sequential_counterfactual_fairness.parameters import Parameters
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.data.roles import Role
from engines.runtime import local

SEEDS, PERIODS = (0, 1, 2), 4


def patients() -> Table:
    """Rows with roles."""
    found = load_diabetes(scaled=False)
    columns = dict(zip(found.feature_names, found.data.T, strict=True))
    age, sex = columns.pop("age"), columns.pop("sex")
    group = np.searchsorted(np.quantile(age, [0.25, 0.5, 0.75]), age)
    return table_of("patients", [
        number_column("age group", group + 1.0, role=Role.TIME),
        category_column("sex", np.where(sex > sex.min(), "second", "first"), role=Role.SENSITIVE),
        *(number_column(name, values) for name, values in columns.items()),
        category_column("worse", np.where(found.target > np.median(found.target), "yes", "no"), role=Role.LABEL),
    ])


def told(name: str, seconds: float, found: list[Fairness]) -> dict[str, object]:
    """A line of the table: means, and the spread of the accuracy."""
    def mean(figure: str) -> float:
        return round(float(np.mean([getattr(one, figure) for one in found])), 3)

    return {"": name, "accuracy": mean("accuracy"),
            "spread": round(float(np.std([one.accuracy for one in found])), 3), "parity gap": mean("parity"),
            "odds gap": mean("odds"), "effect, own world": mean("effect"), "flips, own world": mean("flips"),
            "seconds": round(seconds, 1)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the table, to be opened in the studio, and stop")
    options = parser.parse_args()
    table = patients()
    if options.out is not None:
        with options.out.open("w", newline="", encoding="utf-8") as file:
            lines = csv.writer(file)
            lines.writerow(table.names)
            lines.writerows([column.label(i) for column in table.columns] for i in range(len(table)))
        return
    later = table.rows(np.flatnonzero(table["age group"].values == PERIODS))
    source = table.rows(np.flatnonzero(table["age group"].values < PERIODS))
    figures: dict[str, list[Fairness]] = {}
    spent: dict[str, float] = {}
    for seed in SEEDS:
        for name, settings in (("CDSAE", {}), ("without fairness (LSSAE-like)",
                                               {"fairness": 0, "invariance": 0, "independence": 0})):
            began = time.process_time()
            model = local.fit(method, Inputs(table), Parameters(sources=PERIODS - 1, **settings), seed=seed).model
            spent[name] = time.process_time() - began
            worlds = model.worlds(later)
            figures.setdefault(name, []).append(
                fairness(model.encoding.y(later), worlds.a, worlds.chance, worlds.other_chance))
            if settings:
                continue
            x = np.column_stack([model.encoding.raw(source), model.encoding.a(source)])
            y, now = model.encoding.y(source), np.column_stack([worlds.x, worlds.a])
            then = np.column_stack([worlds.other_x, worlds.other_a])
            for peer, fitted in (
                ("logistic regression", make_pipeline(StandardScaler(), LogisticRegression())),
                ("gradient boosting", HistGradientBoostingClassifier(max_depth=3, random_state=seed)),
            ):
                began = time.process_time()
                fitted.fit(x, y)
                spent[peer] = time.process_time() - began
                figures.setdefault(peer, []).append(fairness(
                    model.encoding.y(later), worlds.a, fitted.predict_proba(now)[:, 1],
                    fitted.predict_proba(then)[:, 1]))
    rows = [told(name, spent[name], found) for name, found in figures.items()]
    print(" | ".join(rows[0]))
    for row in rows:
        print(" | ".join(str(value) for value in row.values()))


if __name__ == "__main__":
    main()
