"""CausalDiffAE as a whole on bars of 8 x 8 pixels: does do move what it should, and nothing else?"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engines import models
from engines.contract import Budget, How, Inputs, Query, Support
from engines.counterfactual_images.causal_diffae import method
from engines.counterfactual_images.causal_diffae.model import FORGET, CausalDiffAE
from engines.counterfactual_images.causal_diffae.trial import TRIAL_PARAMETERS, trial_inputs
from engines.data.kinds import Images, number_column, table_of
from engines.graph.graph import Graph
from engines.refusals import Refusal
from engines.results import ImageGridResult, MatrixResult, TableResult
from engines.runtime.local import answered, answers, fit
from engines.simulators.pendulum import EDGES, FACTORS, Pendulums

LEARNS = TRIAL_PARAMETERS.model_copy(
    update={"steps": 300, "batch": 32, "rate": 5e-3, "average": 0.98, "warm_up": 30, "ramp": 100, "latent_weight": 0.3})


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return trial_inputs(600)


@pytest.fixture(scope="module")
def fitted(inputs: Inputs):
    return fit(method, inputs, LEARNS)


@pytest.fixture(scope="module")
def model(fitted) -> CausalDiffAE:
    return fitted.model


@pytest.fixture
def one(inputs: Inputs) -> Images:
    assert isinstance(inputs.data, Images)
    return inputs.data.rows([5])


def picture(answer) -> np.ndarray:
    return next(r for r in answer.results if isinstance(r, ImageGridResult)).pictures


def test_it_learns_codes_and_interventions(fitted) -> None:
    told = fitted.figures
    assert told["held-out R2 width"] > 0.9
    assert told["held-out R2 brightness"] > 0.9
    assert told["held-out Spearman width"] > 0.75
    assert told["held-out accuracy direction"] > 0.95
    assert told["held-out class kept by do direction"] > 0.9


def test_every_announced_result_and_curve_is_there(fitted) -> None:
    assert set(fitted.results) == {produced.name for produced in method.produces}
    for produced in method.produces:
        assert fitted.results[produced.name].kind == produced.kind
    curves = {"noise MSE", "label term", "noise term", "latent weight", "R2 width", "R2 brightness",
              "gradient norm, autoencoder"}
    assert curves <= set(fitted.figures)
    effectiveness = fitted.results["effectiveness"]
    assert isinstance(effectiveness, MatrixResult)
    assert effectiveness.values.shape == (3, 3)
    assert np.isfinite(effectiveness.values).all()


def test_answers_come_better_and_better(model: CausalDiffAE, one: Images) -> None:
    told = list(answers(model, Query(one, {"width": 4.0})))
    assert [a.stage for a in told] == [Budget.VALUES] * 7 + [Budget.PREVIEW] * 5 + [Budget.FINAL]
    assert [a.step for a in told[8:]] == [5, 10, 15, 20, 25]
    assert told[0].results == ()
    assert {r.name for r in told[-1].results} == {p.name for p in method.answers}
    assert told[0].factors == told[-1].factors


def test_many_images_are_answered_in_parts_as_they_are_one_by_one(model: CausalDiffAE, inputs: Inputs) -> None:
    assert isinstance(inputs.data, Images)
    told = list(answers(model, Query(inputs.data.rows(np.arange(300)), {"width": 4.0})))
    assert len(told) > 3 * 5                                # chances to stop between parts
    alone = picture(answered(model, Query(inputs.data.rows([299]), {"width": 4.0})))
    assert np.abs(picture(told[-1])[299].astype(int) - alone[0]).max() <= 1


def test_set_follows_and_unaffected(model: CausalDiffAE, one: Images) -> None:
    width, brightness, direction = answered(model, Query(one, {"width": 4.5}, budget=Budget.VALUES)).factors
    assert (width.how, width.counterfactual) == (How.SET, pytest.approx(4.5))
    assert brightness.how is How.FOLLOWS
    assert (direction.how, direction.counterfactual) == (How.UNAFFECTED, direction.factual)
    assert width.factual == pytest.approx(one.attributes["width"].values[0], abs=1e-5)
    held = answered(model, Query(one, {"brightness": 100.0}, budget=Budget.VALUES)).factors
    assert [f.how for f in held] == [How.UNAFFECTED, How.SET, How.UNAFFECTED]
    assert held[0].counterfactual == held[0].factual


def test_brightness_follows_width_through_the_mechanism(model: CausalDiffAE, inputs: Inputs) -> None:
    assert isinstance(inputs.data, Images)
    some = inputs.data.rows(np.arange(40))
    _, low = model.counterfactual(some.pixels, some.attributes, {"width": 1.5})
    _, high = model.counterfactual(some.pixels, some.attributes, {"width": 4.5})
    own = some.attributes["brightness"].values - 30 * some.attributes["width"].values    # 40 + its own noise
    assert (high[:, 1] - low[:, 1]).mean() == pytest.approx(90, rel=0.25)                # 30 for each pixel of width
    assert np.corrcoef(high[:, 1], own)[0, 1] > 0.7                                      # the noise is kept


def test_do_of_a_level_turns_the_bar(model: CausalDiffAE, one: Images) -> None:
    other = "lying" if one.attributes["direction"].label(0) == "standing" else "standing"
    turned = picture(answered(model, Query(one, {"direction": other})))[0, ..., 0].astype(float)
    was = one.pixels[0, ..., 0].astype(float)
    assert np.corrcoef(turned.ravel(), was.T.ravel())[0, 1] > 0.8 > np.corrcoef(turned.ravel(), was.ravel())[0, 1]


def test_an_empty_do_gives_the_factual_back(model: CausalDiffAE, inputs: Inputs) -> None:
    assert isinstance(inputs.data, Images)
    some = inputs.data.rows(np.arange(20))
    answer = answered(model, Query(some))
    gap = np.abs(picture(answer).astype(float) - some.pixels).mean()
    assert gap <= model.claims_identity()
    assert model.claims_identity() < 12
    assert all(f.counterfactual == f.factual for f in answer.factors)
    table = next(r for r in answer.results if isinstance(r, TableResult))
    assert table.changed is not None
    assert not table.changed.any()


def test_the_same_query_has_the_same_answer_and_leaves_nothing_behind(model: CausalDiffAE, one: Images) -> None:
    query = Query(one, {"width": 3.0})
    first, second = (picture(answered(model, query)) for _ in range(2))
    fresh = replace(model)
    assert np.array_equal(first, second)
    assert np.array_equal(first, picture(answered(fresh, query)))           # with or without a kept inversion


def test_seed_and_start(model: CausalDiffAE, one: Images) -> None:
    def painted(start: str, seed: int) -> np.ndarray:
        return picture(answered(model, Query(one, {"width": 3.0}, {"start": start}, seed)))

    assert np.array_equal(painted(FORGET, 1), painted(FORGET, 1))
    assert not np.array_equal(painted(FORGET, 1), painted(FORGET, 2))


def test_guidance_of_nothing_ignores_what_is_set(model: CausalDiffAE, one: Images) -> None:
    thin, wide = (picture(answered(model, Query(one, {"width": w}, {"guidance": 0.0}))) for w in (1.5, 4.5))
    assert np.array_equal(thin, wide)
    thin, wide = (picture(answered(model, Query(one, {"width": w}))) for w in (1.5, 4.5))
    assert wide.astype(float).sum() > 1.5 * thin.astype(float).sum()


def test_the_heat_is_the_difference(model: CausalDiffAE, one: Images) -> None:
    grid = next(r for r in answered(model, Query(one, {"width": 4.5})).results if isinstance(r, ImageGridResult))
    assert grid.heat is not None
    assert np.allclose(grid.heat[0] * 255, grid.pictures[0, ..., 0].astype(float) - one.pixels[0, ..., 0], atol=1e-3)


def test_a_wish_beyond_the_data_is_said_to_be_outside(model: CausalDiffAE, one: Images) -> None:
    assert answered(model, Query(one, {"width": 3.0}, budget=Budget.VALUES)).support is Support.INSIDE
    beyond = answered(model, Query(one, {"width": 5.8}, budget=Budget.VALUES))
    assert beyond.support is Support.OUTSIDE
    assert "width = 5.8 px is outside the data" in beyond.support_note


def test_measured_by_a_named_reader_within_its_error(model: CausalDiffAE, one: Images) -> None:
    measured = answered(model, Query(one, {"width": 4.0})).measured
    assert [m.name for m in measured] == ["width", "brightness"]
    assert measured[0].unit == "px"
    assert measured[0].wanted == pytest.approx(4)
    assert measured[0].factual == pytest.approx(one.attributes["width"].values[0], abs=2 * measured[0].tolerance)
    assert "trained on the same images" in measured[0].predictor


def test_saved_and_loaded_it_answers_the_same(model: CausalDiffAE, one: Images, tmp_path: Path) -> None:
    models.save(model, tmp_path / "model", method="causal_diffae")
    loaded = models.load(tmp_path / "model", method)
    query = Query(one, {"width": 2.0, "direction": "lying"})
    ours, theirs = answered(model, query), answered(loaded, query)
    assert np.array_equal(picture(ours), picture(theirs))
    assert ours.factors == theirs.factors
    assert ours.measured == theirs.measured
    assert loaded.controls() == model.controls()


def test_what_cannot_be_asked_is_refused(model: CausalDiffAE, one: Images) -> None:
    with pytest.raises(Refusal, match="There is no factor weight"):
        answered(model, Query(one, {"weight": 1.0}))
    with pytest.raises(Refusal, match="direction has no level tilted"):
        answered(model, Query(one, {"direction": "tilted"}))
    big = trial_inputs(2, side=10).data
    with pytest.raises(Refusal, match="are 10 × 10 with 1 channels; this model was trained on 8 × 8"):
        answered(model, Query(big, {"width": 1.0}))
    with pytest.raises(Refusal, match="is a table"):
        answered(model, Query(one.attributes, {"width": 1.0}))


def test_unlabelled_images_can_be_asked_about(model: CausalDiffAE, one: Images) -> None:
    bare = replace(one, attributes=one.attributes.select(("direction",)))
    width = answered(model, Query(bare, {"brightness": 150.0}, budget=Budget.VALUES)).factors[0]
    assert width.factual == pytest.approx(one.attributes["width"].values[0], abs=0.6)


@pytest.mark.parametrize("sentence", list(method.trial.refusals))
def test_refusals_before_the_run(sentence: str) -> None:
    with pytest.raises(Refusal) as caught:
        method.check(method.trial.refusals[sentence](), TRIAL_PARAMETERS)
    assert str(caught.value).startswith(sentence)


def test_a_cycle_is_spelled_out(inputs: Inputs) -> None:
    pairs = (("width", "brightness"), ("brightness", "direction"), ("direction", "width"))
    cyclic = replace(inputs, graph=Graph.of(("width", "brightness", "direction"), pairs))
    with pytest.raises(Refusal, match="The graph has a cycle: width → brightness → direction → width"):
        method.check(cyclic, TRIAL_PARAMETERS)


@pytest.mark.parametrize("changes", [
    {"design": "no mechanism"}, {"design": "aligned autoencoder"}, {"design": "autoencoder"}, {"design": "labels only"},
    {"mechanism": "official"}, {"prediction": "noise", "schedule": "linear", "clip": True}, {"labelled": 0.3},
])
def test_every_design_trains_and_answers(changes: dict[str, object], one: Images) -> None:
    own = fit(method, trial_inputs(), TRIAL_PARAMETERS.model_copy(update={**changes, "steps": 5})).model
    final = answered(own, Query(one, {"width": 4.0}))
    assert final.factors[0].counterfactual == pytest.approx(4)
    follows = final.factors[1].how is How.FOLLOWS
    assert follows == ("design" not in changes)


def test_only_nodes_of_the_graph_are_factors(inputs: Inputs, one: Images) -> None:
    alone = fit(method, replace(trial_inputs(), graph=Graph.of(("width",))), TRIAL_PARAMETERS).model
    assert [c.name for c in alone.controls() if c.do] == ["width"]
    assert len(answered(alone, Query(one, {"width": 2.0})).factors) == 1


def test_the_order_of_rows_does_not_matter(inputs: Inputs, one: Images) -> None:
    small = trial_inputs()
    assert isinstance(small.data, Images)
    shuffled = replace(small, data=small.data.rows(np.random.default_rng(1).permutation(96)))
    first, second = (fit(method, i, TRIAL_PARAMETERS).model for i in (small, shuffled))
    assert np.array_equal(*(picture(answered(m, Query(one, {"width": 2.0}))) for m in (first, second)))


def test_colour_pictures_and_a_graph_of_four() -> None:
    every = Pendulums.grid()
    scenes = every[np.arange(0, len(every), 60)]
    columns = tuple(number_column(name, values) for name, values in scenes.factors().items())
    images = Images("pendulum", scenes.images(side=24), table_of("pendulum", columns))
    own = fit(method, Inputs(images, Graph.of(FACTORS, EDGES)), TRIAL_PARAMETERS.model_copy(update={"steps": 5})).model
    final = answered(own, Query(images.rows([3]), {"light": 80.0}))
    assert [f.how for f in final.factors] == [How.UNAFFECTED, How.SET, How.FOLLOWS, How.FOLLOWS]
    assert picture(final).shape == (1, 24, 24, 3)
