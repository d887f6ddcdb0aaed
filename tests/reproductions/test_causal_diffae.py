"""The check of CausalDiffAE at the size of its card: the method passes, every fake is rejected."""

import json

import pytest

from engines.checks import Outcome
from engines.runtime import checking

pytestmark = pytest.mark.reproductions


def test_causal_diffae() -> None:
    report = checking.measured("causal_diffae", seed=0, threads=1)
    print(json.dumps({"ours": dict(report.evidence.ours), "spread": dict(report.evidence.spread),
                      "baselines": dict(report.evidence.baselines), "fakes": dict(report.evidence.fakes),
                      "unmasked": dict(report.verdict.unmasked), "seconds": report.seconds}, indent=1))
    assert report.verdict.outcome is Outcome.PASSED, report.verdict.sentence
    assert set(report.verdict.unmasked) == {
        "reversed graph", "code set after the mechanisms", "no abduction", "denoiser deaf to the codes",
        "targets by batch position", "no mechanism"}
