"""Predictors in the Models panel: what they are and how well they do, on the card and side by side."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from engines.abilities import Ability
from engines.runtime.messages import RunState
from studio.models.predictors import card_lines, split_words
from studio.panels.models import ModelsPanel
from studio.runs.comparing import compare_models
from tests.studio.stand_ins import Bench, StandInDesk, write_model

LINEAR = {"held-out right, sold": 0.9, "held-out cross-entropy, sold": 0.31, "loss, sold": 0.2}
FOREIGN = {"held-out right, sold": 0.8, "held-out cross-entropy, sold": 0.52}


@pytest.fixture
def panel(bench: Bench, tmp_path: Path, on_show: Callable[..., QWidget]) -> ModelsPanel:
    return on_show(ModelsPanel(StandInDesk(bench, tmp_path / "state")))  # type: ignore[arg-type]


def finish(bench: Bench, sort: str, figures: dict[str, float], *, gradients: bool, features: tuple[str, ...]) -> Path:
    """A run that ended with a predictor of sold, trained on 100 rows."""
    info = bench.start("plain_predictor", "Plain predictor")
    path = write_model(info.model, with_graph=False, method="plain_predictor", run=info.number) / "model.json"
    document = json.loads(path.read_text())
    able = [Ability.PREDICTOR, *([Ability.GRADIENTS] if gradients else [])]
    document["card"]["predictor"] = {"abilities": able, "features": features, "targets": ["sold"], "sort": sort}
    document["card"]["figures"] = figures
    document["card"]["data"]["items"] = 100
    document["card"]["parameters"] = {"held_out": 0.2}
    path.write_text(json.dumps(document))
    bench.engine.end(info.number, RunState.DONE)
    return info.model


def test_the_card_tells_kind_inputs_gradients_and_the_held_out_measure(panel: ModelsPanel, bench: Bench) -> None:
    finish(bench, "linear model", LINEAR, gradients=True, features=("a", "b"))
    folder = finish(bench, "from another program", FOREIGN, gradients=False, features=("a",))
    newest, oldest = panel.shelf().all()
    panel.choose(folder)
    assert card_lines(oldest) == ["sold: right 0.900", "2 inputs", "gradients"]
    assert card_lines(newest) == ["sold: right 0.800", "1 input", "no gradients"]
    assert panel.card(folder).accessibleDescription() == (
        "from another program, sachs_cytometry, 12 May; sold: right 0.800; 1 input; no gradients")
    assert split_words(newest) == "20\N{NO-BREAK SPACE}% of 100 rows, drawn with seed 3"
    made = dict(panel.page().facts()["Made of"])
    assert made["Judged by"] == split_words(newest)
    assert "no gradients" in panel.page()._limits.text()


def test_two_predictors_stand_side_by_side(panel: ModelsPanel, bench: Bench) -> None:
    finish(bench, "linear model", LINEAR, gradients=True, features=("a", "b"))
    finish(bench, "from another program", FOREIGN, gradients=False, features=("a",))
    sections = {section.title: section for section in compare_models(panel.shelf().all())}
    rows = {row.name: row.values for row in sections["As predictors"].rows}
    assert rows["Kind"] == ("from another program", "linear model")
    assert rows["Gradients"] == ("no", "yes")
    assert rows["Inputs"] == ("1", "2")
    assert rows["sold: right"] == ("0.800", "0.900")
    assert rows["sold: cross-entropy"] == ("0.520", "0.310")
    assert [row.name for row in sections["Figures"].rows] == ["loss, sold"], "they stand once"


def test_models_that_predict_nothing_have_no_such_section(panel: ModelsPanel, bench: Bench) -> None:
    for _ in range(2):
        info = bench.start()
        write_model(info.model, run=info.number)
        bench.engine.end(info.number, RunState.DONE)
    assert "As predictors" not in [section.title for section in compare_models(panel.shelf().all())]
