"""What an analyst can set of the estimation of an average effect."""

from __future__ import annotations

from typing import Literal

from engines.contract import MethodParameters, parameter

Learner = Literal["linear", "boosting", "forest"]


class Parameters(MethodParameters):
    """The learners behind the estimates, how they are cross-fitted, and what is tried against them."""

    learner: Learner = parameter(
        "boosting", help="What predicts treatment and outcome from the covariates, for weighting and double robustness."
    )
    folds: int = parameter(5, ge=2, le=20, help="Rows are predicted by learners that never saw them, in so many parts.")
    repetitions: int = parameter(
        1, ge=1, le=50, help="Cross-fitting is repeated with other parts, and the median is taken.", advanced=True
    )
    trim: float = parameter(
        0.01, gt=0, lt=0.5, help="Chances of the treatment are kept this far from 0 and 1.", advanced=True
    )
    most_sets: int = parameter(
        6, ge=1, le=50, help="So many sets of the graph that may be adjusted for are tried side by side.", advanced=True
    )
    refutations: int = parameter(
        4, ge=0, le=200, help="How often each refutation is drawn; 0 leaves them out."
    )
