"""CoLiDE's check in full: the claim holds, and every fake is rejected. Its measured row stands in RESULTS.md."""

import pytest

from engines.checks import Outcome
from engines.checks.colide import FAKES
from engines.runtime.checking import measured

pytestmark = pytest.mark.reproductions


def test_the_claim_holds_and_every_fake_is_rejected():
    pytest.importorskip("dagma", reason="the peer dagma is not installed; it comes with the extra checks")
    report = measured("colide")
    assert report.verdict.outcome is Outcome.PASSED, report.verdict.sentence
    assert set(report.verdict.unmasked) == set(FAKES)
    assert all(report.verdict.unmasked.values())
