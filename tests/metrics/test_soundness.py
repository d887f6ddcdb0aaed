"""Composition, effectiveness, minimality, truth and reversibility, against models whose faults are known."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from engines.contract import Answer, Budget, Choice, FactorValue, How, Model, Query, Reading, Slider
from engines.data.kinds import Images, category_column, number_column, table_of
from engines.data.reading import read, refer
from engines.data.roles import Role
from engines.metrics.gauges import WIDTH, calibrated
from engines.metrics.known_truth import known_truth
from engines.refusals import Refusal
from engines.results import ImageGridResult, TableResult
from engines.runtime import measuring, wire
from engines.runtime.measuring import Figure
from engines.simulators.morpho import EVEN, MorphoDigits, scikit_learn_digits

SAMPLE = Path(str(resources.files("resources"))) / "samples" / "morpho_digits" / "morpho_digits.npz"


@dataclass(frozen=True)
class Lamp(Model):
    """Pictures that are `level` bright throughout, with a "side" that nobody sees; faulty as a test asks for.

    Attributes:
        leak: Grey levels that an answer to an empty `do` is off by.
        misses: By how much a set level is missed.
        spills: Setting the level changes what is read as the side.
    """

    leak: float = 0.0
    misses: float = 0.0
    spills: bool = False

    def controls(self):
        return Slider("level", 10, 200, (0, 255)), Choice("side", ("left", "right"), do=True)

    def answer(self, query: Query) -> Iterator[Answer]:
        data = query.factual
        before = data.attributes.select(["level", "side"])
        level = before["level"].values.copy()
        if "level" in query.do:
            level[:] = query.do["level"]
        after = before.with_column(replace(before["level"], values=level))
        shown = level + self.leak + (self.misses if query.do else 0.0)
        pixels = np.broadcast_to(np.rint(shown)[:, None, None, None], data.pixels.shape).astype(np.uint8).copy()
        pixels[:, 0, 0] = data.pixels[:, 0, 0] ^ (1 if self.spills and query.do else 0)     # where the side is read
        how = How.SET if "level" in query.do else How.UNAFFECTED
        yield Answer(
            Budget.FINAL,
            (ImageGridResult("p", "", pixels), TableResult("f", "", after, factual=before)),
            (FactorValue("level", 1.0, 1.0, how), FactorValue("side", "left", "left", How.UNAFFECTED)),
        )

    def readings(self, pixels):
        side = np.where(pixels[:, 0, 0, 0] & 1, "right", "left").astype(object)
        return (
            Reading("level", pixels[:, 1:].reshape(len(pixels), -1).mean(axis=1), 3.0, "a photometer"),
            Reading("side", side, 0.0, "a photometer"),
        )


@pytest.fixture
def lamps() -> Images:
    levels = np.array([40.0, 80.0, 120.0, 160.0])
    pixels = np.broadcast_to(levels[:, None, None, None], (4, 8, 8, 1)).astype(np.uint8).copy()
    pixels[:, 0, 0, 0] = [0, 1, 0, 1]
    columns = (number_column("level", levels), category_column("side", ["left", "right", "left", "right"]))
    return Images("lamps", pixels, table_of("lamps", columns))


def figures(model: Model, data: Images, do=None) -> dict[tuple[str, str], Figure]:
    *between, last = measuring.measures_of(model, data, None).of(Query(data, do or {}))
    assert all(not answer.results for answer in between)
    assert wire.encode(wire.decode(wire.encode(last))) == wire.encode(last)
    return {(f.check, f.factor): f for f in measuring.summarised([last.results[0].table])}


def test_a_faultless_model_has_no_distance_anywhere(lamps):
    found = figures(Lamp(), lamps, {"level": 100.0})
    assert found["composition", ""].mean == pytest.approx(0, abs=0.02)       # the corner holds the side
    assert found["effectiveness", "level"].mean == 0
    assert found["effectiveness", "level"].within == 1
    assert found["effectiveness", "level"].predictor == "a photometer"
    assert found["effectiveness", "level"].independent is False
    assert found["minimality", "side"].mean == 1
    assert found["minimality", "side"].choice
    assert found["reversibility", ""].mean == 0
    assert {f.count for f in found.values()} == {4}


def test_each_fault_shows_in_its_own_check(lamps):
    leaking, missing, spilling = (
        figures(model, lamps, {"level": 100.0}) for model in (Lamp(leak=7), Lamp(misses=9), Lamp(spills=True))
    )
    assert leaking["composition", ""].mean == pytest.approx(7, abs=0.2)
    assert missing["composition", ""].mean == pytest.approx(0, abs=0.02)
    assert missing["effectiveness", "level"].mean == pytest.approx(9)
    assert missing["effectiveness", "level"].within == 0
    assert missing["reversibility", ""].mean > 8
    assert spilling["minimality", "side"].mean == 0
    assert spilling["effectiveness", "level"].within == 1


def test_nothing_set_measures_composition_alone(lamps):
    assert set(figures(Lamp(leak=2), lamps)) == {("composition", "")}


def test_rows_are_refused(lamps):
    with pytest.raises(Refusal, match="holds no pictures"):
        list(measuring.measures_of(Lamp(), None, None).of(Query(lamps.attributes)))


def test_the_plan_sets_each_factor_in_turn_to_values_of_the_data(lamps):
    plan = measuring.in_turn((1, 2, 3, 4, 5), Lamp().controls(), lamps, seed=3)
    assert [(batch.items, set(batch.do)) for batch in plan] == [
        ((1, 2, 3, 4), {"level"}), ((5,), {"level"}), ((1, 2, 3, 4), {"side"}), ((5,), {"side"}),
    ]
    assert all(batch.do["level"] in (40.0, 80.0, 120.0, 160.0) for batch in plan[:2])
    assert measuring.in_turn((1, 2, 3, 4, 5), Lamp().controls(), lamps, seed=3) == plan


def test_held_out_pictures_are_those_that_the_data_mark(lamps):
    ids, what = measuring.held_out(lamps, None)
    assert (len(ids), what) == (4, measuring.SEEN)
    split = category_column("split", ["train", "test", "train", "test"], Role.SPLIT)
    ids, what = measuring.held_out(replace(lamps, attributes=lamps.attributes.with_column(split)), None)
    assert (ids.tolist(), what) == ([2, 4], measuring.HELD_OUT)
    assert measuring.spread_over(np.arange(100), 3) == (0, 49, 99)


def test_a_picture_counts_once_over_several_batches(lamps):
    measures = measuring.measures_of(Lamp(leak=4), lamps, None)
    tables = [last.results[0].table for do in ({"level": 50.0}, {"level": 90.0})
              for *_, last in [measures.of(Query(lamps, do))]]
    found = {(f.set, f.check, f.factor): f.count for f in measuring.summarised(tables)}
    assert found["", "composition", ""] == 4
    assert found["level", "effectiveness", "level"] == 4


def calibration(data: Images):
    work = calibrated(data)
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def test_strokes_are_read_by_geometry_where_that_tells_the_factor():
    digits = MorphoDigits.sample(*scikit_learn_digits(160), EVEN, seed=0)
    luck = np.random.default_rng(1).random(160)
    columns = (number_column("thickness", digits.thickness, "px"), number_column("luck", luck))
    data = Images("digits", digits.images()[..., None], table_of("digits", columns))
    gauges = calibration(data)
    reading = next(r for r in gauges.readings(data.pixels[:20]) if r.factor == "thickness")
    assert reading.predictor == WIDTH
    assert reading.independent
    assert np.abs(reading.values - digits.thickness[:20]).mean() < reading.tolerance
    assert "luck" not in {gauge.factor for gauge in gauges.all}
    colours = Images("colours", np.zeros((3, 8, 8, 3), np.uint8), table_of("t", (number_column("x", [1, 2, 3]),)))
    assert calibration(colours).all == ()


def test_the_generator_of_the_sample_is_recognised_by_what_it_draws(tmp_path):
    reference = refer(SAMPLE)
    data = read(reference)
    known = known_truth(data, reference)
    pictures, factors = known.counterfactual(np.array([5594]), {"thickness": 3.4})
    assert pictures.shape == (1, 28, 28, 1)
    assert factors["thickness"].tolist() == [3.4]
    assert known.counterfactual(np.array([5594]), {"digit": "3"}) is None
    assert known_truth(replace(data, pixels=255 - data.pixels), reference) is None      # other pictures
    assert known_truth(data, replace(reference, path=str(tmp_path / "elsewhere.npz"))) is None
