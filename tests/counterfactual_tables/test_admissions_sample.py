"""The sample Admissions: what its model decides, in the true other world of the simulator that made it."""

from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from engines import models
from engines.checks.sequential_counterfactual_fairness import SOURCES, judged, of_model
from engines.counterfactual_tables.sequential_counterfactual_fairness import method
from engines.simulators.drifting_fairness import Drifting, drifting

FOLDER = Path(str(resources.files("resources"))) / "samples" / "admissions"


@pytest.fixture(scope="module")
def shipped():
    return models.load(FOLDER / "model", method)


@pytest.fixture(scope="module")
def applicants(shipped) -> Drifting:
    """In the units of the sample, to the rounding of its file."""
    drawn = drifting(0)
    told = np.genfromtxt(FOLDER / "admissions.csv", delimiter=",", skip_header=1, usecols=range(2, 9))
    scale, middle = np.array([np.polyfit(x, y, 1) for x, y in zip(drawn.x.T, told.T, strict=True)]).T
    return Drifting(drawn.period, drawn.a, drawn.y, told, middle + scale * drawn.otherwise)


def test_it_keeps_the_promise_of_the_method_on_terms_that_it_never_saw(shipped, applicants):
    assert shipped.sources == SOURCES
    told = judged(of_model(shipped), applicants)
    assert told["accuracy"] >= 0.73
    assert told["effect"] <= 0.15
    assert told["flips"] <= 0.2
