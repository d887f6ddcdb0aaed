"""What predicts treatment and outcome from covariates: linear, boosted trees, forest. All seeded, one thread."""

from __future__ import annotations

from typing import Any

from engines.counterfactual_tables.average_effect.parameters import Learner


def regressor(kind: Learner) -> Any:
    """Predicts a number."""
    match kind:
        case "linear":
            from sklearn.linear_model import LinearRegression

            return LinearRegression()
        case "boosting":
            from sklearn.ensemble import HistGradientBoostingRegressor

            return HistGradientBoostingRegressor(
                max_iter=300, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=10, random_state=0
            )
        case "forest":
            from sklearn.ensemble import RandomForestRegressor

            return RandomForestRegressor(200, min_samples_leaf=5, max_features=0.5, n_jobs=1, random_state=0)


def classifier(kind: Learner) -> Any:
    """Predicts the chance of 1."""
    match kind:
        case "linear":
            from sklearn.linear_model import LogisticRegression
            from sklearn.pipeline import make_pipeline
            from sklearn.preprocessing import StandardScaler

            return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        case "boosting":
            from sklearn.ensemble import HistGradientBoostingClassifier

            return HistGradientBoostingClassifier(
                max_iter=80, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=20, random_state=0
            )
        case "forest":
            from sklearn.ensemble import RandomForestClassifier

            return RandomForestClassifier(200, min_samples_leaf=10, max_features=0.5, n_jobs=1, random_state=0)
