"""VLUCI's check in full: the claim holds, and every fake is rejected. Its measured row stands in RESULTS.md."""

import csv

import numpy as np
import pytest

from engines.checks import Outcome
from engines.contract import Inputs
from engines.data.reading import read, refer
from engines.data.roles import Role
from engines.runtime.checking import measured
from engines.runtime.local import fit
from studio.samples.samples import sample

pytestmark = pytest.mark.reproductions


def test_the_claim_holds_and_every_fake_is_rejected():
    report = measured("vluci")
    assert report.verdict.outcome is Outcome.PASSED, report.verdict.sentence
    assert len(report.verdict.unmasked) == 4
    assert all(report.verdict.unmasked.values())


def test_the_sample_meets_the_criteria_of_the_card_with_the_standard_settings():
    chosen = sample("recovery_programme")
    table = read(refer(chosen.data))
    for name, role in chosen.roles.items():
        table = table.with_role(name, Role(role))
    with (chosen.data.parent / "hidden.csv").open() as file:
        hidden = list(csv.DictReader(file))
    effects = np.array([float(row["with programme"]) - float(row["without programme"]) for row in hidden])
    support = np.array([row["support at home"] == "yes" for row in hidden])
    model = fit("vluci", Inputs(table)).model
    told, unit = model.told(table), 40.0                # metres for one unit of the card's outcome
    assert abs(told.effect.mean() - effects.mean()) <= 0.35 * unit
    assert abs(told.effect.mean() - effects.mean()) <= 0.2 * abs(told.measured.mean() - effects.mean())
    assert np.sqrt(((told.effect - effects) ** 2).mean()) <= 0.5 * unit
    assert abs(np.corrcoef(told.u_mean, support)[0, 1]) > 0.9
    assert model.contraction > 0.8
