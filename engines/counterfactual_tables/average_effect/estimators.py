"""The estimators of an average effect, each with the influence of every row, from which intervals come.

Symbols as in `table`: t (n,), y (n,), X (n, p), z (n,) an instrument; m(X) = P(t = 1 | X), g(X) = E[y | X].
Sources: robust errors White 1980 with n / (n - p) (HC1, finite where few rows decide); weighting Hajek, Lunceford and
Davidian 2004; AIPW Robins, Rotnitzky, Zhao 1994, cross-fitted: Chernozhukov et al. 2018 (DoubleML: IRM, PLR, PLIV;
median over repetitions).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.counterfactual_tables.average_effect.learners import classifier, regressor
from engines.counterfactual_tables.average_effect.parameters import Parameters
from engines.counterfactual_tables.average_effect.table import Array

NORMAL_975 = 1.959963984540054
DIFFERENCE, REGRESSION, WEIGHTING, ROBUST, INSTRUMENT, ROBUST_INSTRUMENT = (
    "difference of means", "regression", "weighting", "doubly robust", "two-stage least squares",
    "doubly robust, instrument",
)
WEAK = 10.0
"""F below which an instrument is weak."""

Folds = tuple[tuple[np.ndarray, ...], ...]
"""By repetition, the numbers of the rows of each part."""


@dataclass(frozen=True)
class Estimate:
    """An effect with its standard error; for a binary treatment the mean difference, else for one unit more."""

    effect: float
    error: float

    @property
    def low(self) -> float:
        return self.effect - NORMAL_975 * self.error

    @property
    def high(self) -> float:
        return self.effect + NORMAL_975 * self.error


@dataclass(frozen=True, eq=False)
class Given:
    """What an estimator sees. `z` is None without an instrument; `folds` cut the rows, one array of numbers a part."""

    t: Array
    y: Array
    X: Array
    z: Array | None
    binary: bool
    parameters: Parameters
    folds: Folds


def estimators(given: Given) -> dict[str, Callable[[Given], Estimate]]:
    """Those that fit the question, in the order in which they are run."""
    if given.z is not None:
        return {INSTRUMENT: two_stage, ROBUST_INSTRUMENT: partially_linear}
    return {
        REGRESSION: regression, **({WEIGHTING: weighting} if given.binary and given.X.size else {}),
        **({ROBUST: interactive if given.binary else partially_linear} if given.X.size else {}),
    }


def difference(given: Given) -> Estimate:
    """What the data show without any adjustment."""
    return regression(Given(given.t, given.y, given.X[:, :0], None, given.binary, given.parameters, given.folds))


def regression(given: Given) -> Estimate:
    """Least squares on treatment and covariates; for a binary treatment also on their products (Lin 2013)."""
    from statsmodels.regression.linear_model import OLS

    centred = given.X - given.X.mean(axis=0)
    products = centred * given.t[:, None] if given.binary else centred[:, :0]
    with _quiet():
        fitted = OLS(given.y, np.column_stack([np.ones(len(given.y)), given.t, centred, products])).fit(cov_type="HC1")
        return Estimate(float(fitted.params[1]), float(fitted.bse[1]))


def weighting(given: Given) -> Estimate:
    """Each arm's mean, weighted by the inverse of the cross-fitted chance of being in it (Hajek)."""
    chance = propensities(given)
    t, y = given.t, given.y
    w1, w0 = t / chance, (1 - t) / (1 - chance)
    mean1, mean0 = np.sum(w1 * y) / w1.sum(), np.sum(w0 * y) / w0.sum()
    influence = w1 * (y - mean1) / w1.mean() - w0 * (y - mean0) / w0.mean()
    return Estimate(float(mean1 - mean0), float(influence.std(ddof=1) / np.sqrt(len(y))))


def propensities(given: Given) -> Array:
    """Cross-fitted chance of the treatment, kept `trim` away from 0 and 1. Returns (n,)."""
    chance = np.empty(len(given.t))
    for part in given.folds[0]:
        rest = np.setdiff1d(np.arange(len(given.t)), part)
        learnt = classifier(given.parameters.learner).fit(given.X[rest], given.t[rest])
        chance[part] = learnt.predict_proba(given.X[part])[:, 1]
    return np.clip(chance, given.parameters.trim, 1 - given.parameters.trim)


def interactive(given: Given) -> Estimate:
    """AIPW with cross-fitting, for a binary treatment."""
    return _estimate(fitted_interactive(given))


def fitted_interactive(given: Given) -> Any:
    """DoubleML's interactive regression model, fitted on the given parts."""
    import doubleml

    model = doubleml.DoubleMLIRM(
        _data(given), _outcome_learner(given), classifier(given.parameters.learner), n_rep=len(given.folds),
        n_folds=len(given.folds[0]), draw_sample_splitting=False,
        ps_processor_config=doubleml.utils.PSProcessorConfig(clipping_threshold=given.parameters.trim),
    )
    return _fit(model, given)


def partially_linear(given: Given) -> Estimate:
    """Robinson's partialling out with cross-fitting, for a treatment in units; with an instrument its analogue."""
    return _estimate(fitted_partially_linear(given))


def fitted_partially_linear(given: Given) -> Any:
    """DoubleML's partially linear model, with an instrument where there is one."""
    import doubleml

    learner = given.parameters.learner
    kind = doubleml.DoubleMLPLR if given.z is None else doubleml.DoubleMLPLIV
    parts = [regressor(learner) for _ in range(2 if given.z is None else 3)]
    model = kind(
        _data(given), *parts, n_rep=len(given.folds), n_folds=len(given.folds[0]), draw_sample_splitting=False
    )
    return _fit(model, given)


def two_stage(given: Given) -> Estimate:
    """Two-stage least squares with covariates, errors robust to unequal spread."""
    from statsmodels.sandbox.regression.gmm import IV2SLS

    assert given.z is not None
    others = np.column_stack([np.ones(len(given.y)), given.X])
    first, tools = np.column_stack([given.t, others]), np.column_stack([given.z, others])
    with _quiet():
        fitted = IV2SLS(given.y, first, tools).fit()
    left = given.y - first @ fitted.params
    stage = tools @ np.linalg.lstsq(tools, first, rcond=None)[0]
    bread = np.linalg.pinv(stage.T @ stage)
    meat = (stage * left[:, None] ** 2).T @ stage
    share = len(left) / max(len(left) - first.shape[1], 1)
    return Estimate(float(fitted.params[0]), float(np.sqrt(share * (bread @ meat @ bread)[0, 0])))


def strength(given: Given) -> float:
    """F of the instrument in the regression of the treatment on it and the covariates, robust to unequal spread.

    Source: Staiger and Stock 1997: below `WEAK` two-stage estimates lean towards the unadjusted one, and their
    intervals are too narrow.
    """
    from statsmodels.regression.linear_model import OLS

    assert given.z is not None
    with _quiet():
        fitted = OLS(given.t, np.column_stack([np.ones(len(given.t)), given.z, given.X])).fit(cov_type="HC1")
        return float((fitted.params[1] / fitted.bse[1]) ** 2)


def _outcome_learner(given: Given) -> Any:
    two = np.array_equal(np.unique(given.y), [0.0, 1.0])
    return classifier(given.parameters.learner) if two else regressor(given.parameters.learner)


def _data(given: Given) -> Any:
    import doubleml

    with _quiet():
        X = given.X if given.X.size else np.zeros((len(given.y), 1))
        return doubleml.DoubleMLData.from_arrays(X, given.y, given.t, z=given.z)


def _fit(model: Any, given: Given) -> Any:
    rows = np.arange(len(given.y))
    with _quiet():
        model.set_sample_splitting(
            [[(np.setdiff1d(rows, part), part) for part in folds] for folds in given.folds]
        )
        return model.fit()


def _estimate(model: Any) -> Estimate:
    return Estimate(float(model.coef[0]), float(model.se[0]))


@contextmanager
def _quiet() -> Iterator[None]:
    """DoubleML, statsmodels and pandas warn of each other's coming versions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
