"""The check of the average effect in full: the claim holds, and every fake is rejected."""

import pytest

from engines.checks import Outcome
from engines.runtime.checking import measured

pytestmark = pytest.mark.reproductions


def test_the_claim_holds_and_every_fake_is_rejected() -> None:
    pytest.importorskip("doubleml", reason="DoubleML is not installed; it comes with the extra estimation")
    from engines.checks.average_effect import FAKES

    report = measured("average_effect")
    assert report.verdict.outcome is Outcome.PASSED, report.verdict.sentence
    assert set(report.verdict.unmasked) == set(FAKES)
    assert all(report.verdict.unmasked.values())
