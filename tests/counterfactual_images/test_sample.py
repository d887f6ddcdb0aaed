"""The shipped sample: its data are what the simulator draws, and its model answers as the truth does."""

import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from engines import models
from engines.contract import Budget, Query
from engines.counterfactual_images.causal_diffae import method
from engines.counterfactual_images.causal_diffae.model import CausalDiffAE
from engines.data.kinds import ColumnType, Images
from engines.data.reading import read, refer
from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.metrics.counterfactual_images import StrokeMeter, composition, follows
from engines.runtime.local import answered
from engines.simulators.morpho import LEGIBLE, MorphoDigits, stored_skeletons

FOLDER = Path(str(resources.files("resources"))) / "samples" / "morpho_digits"
TRAINED = 5400
SOME = np.arange(TRAINED, TRAINED + 24)


@pytest.fixture(scope="module")
def images() -> Images:
    data = read(refer(FOLDER / "morpho_digits.npz"))
    assert isinstance(data, Images)
    return data


@pytest.fixture(scope="module")
def digits() -> MorphoDigits:
    skeletons, digit = stored_skeletons(FOLDER / "skeletons.npz")
    with np.load(FOLDER / "skeletons.npz") as archive:
        return MorphoDigits(skeletons, digit, archive["thickness"], archive["noise"], LEGIBLE)


@pytest.fixture(scope="module")
def model() -> CausalDiffAE:
    loaded = models.load(FOLDER / "model", method)
    assert isinstance(loaded, CausalDiffAE)
    return loaded


def test_the_data_are_drawn_by_the_simulator(images: Images, digits: MorphoDigits) -> None:
    assert len(images) == len(digits) == 6000
    assert np.array_equal(images.pixels[SOME, ..., 0], digits[SOME].images())
    assert np.allclose(images.attributes["thickness"].values, digits.thickness, atol=6e-4)
    assert np.allclose(images.attributes["intensity"].values, digits.intensity, atol=0.06)
    digit = images.attributes["digit"]
    assert (digit.type, digit.levels, digit.role) == (ColumnType.CATEGORY, tuple("0123456789"), Role.FACTOR)
    assert images.attributes["split"].role is Role.SPLIT
    assert images.attributes["thickness"].unit == "px"


def test_it_is_small_and_says_where_it_comes_from() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 8e6
    assert "CC BY-SA 3.0" in (FOLDER / "LICENCE.md").read_text("utf-8")
    assert "held-out R2 thickness" in (FOLDER / "TRAINED.md").read_text("utf-8")


def test_data_and_graph_fit_the_method(images: Images, model: CausalDiffAE) -> None:
    graph = Graph.from_json(json.loads((FOLDER / "graph.json").read_text("utf-8")))
    assert (graph.names, graph.edges) == (model.graph.names, model.graph.edges)
    assert graph.parents("intensity") == ("thickness",)
    assert [c.name for c in model.controls() if c.do] == ["thickness", "intensity", "digit"]


def test_its_counterfactuals_are_near_the_true_ones(images: Images, digits: MorphoDigits, model: CausalDiffAE) -> None:
    known, some, asked = digits[slice(0, 300)], digits[SOME], images.rows(SOME)
    meter = StrokeMeter.calibrated(known.images(), known.thickness, known.intensity)
    targets, seen = [], []
    for target in (2.0, 2.8, 3.6):
        pixels, values = model.counterfactual(asked.pixels, asked.attributes, {"thickness": target})
        true, factors = some.counterfactual({"thickness": target})
        measured = meter.measure(pixels[..., 0])
        targets.append(np.full(len(SOME), target))
        seen.append(measured["thickness"])
        assert np.abs(measured["intensity"] - factors["intensity"]).mean() < 14
        assert np.abs(values[:, 1] - factors["intensity"]).mean() < 14             # the number that the analyst reads
        assert composition(true, pixels[..., 0]) < 0.5 * composition(true, some.images())
    assert follows(np.concatenate(targets), np.concatenate(seen)) > 0.93


def test_nothing_set_gives_the_factual_back(images: Images, model: CausalDiffAE) -> None:
    asked = images.rows(SOME)
    unchanged, _ = model.counterfactual(asked.pixels, asked.attributes, {})
    assert composition(asked.pixels, unchanged) < 3
    assert composition(asked.pixels, unchanged) <= model.claims_identity()


def test_another_digit_in_the_same_hand(images: Images, model: CausalDiffAE) -> None:
    asked = images.rows(SOME)
    for level in ("0", "7"):
        pixels, values = model.counterfactual(asked.pixels, asked.attributes, {"digit": level})
        read_off = model.measure(pixels)
        assert (read_off[:, 2] == int(level)).mean() > 0.8
        assert np.abs(read_off[:, 0] - values[:, 0]).mean() < 0.25


def test_a_combination_that_does_not_occur_is_said_to_be_at_the_edge(images: Images, model: CausalDiffAE) -> None:
    answer = answered(model, Query(images.rows([5593]), {"thickness": 1.9, "intensity": 250.0}, budget=Budget.VALUES))
    assert "No training image has thickness 1.9 and intensity 250 together" in answer.support_note
