"""A figure made here and dropped back on the window brings back what made it; what is missing is said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from engines.questions import Question
from engines.runtime.messages import RunState
from studio.exploration.exploration import Wish
from studio.intake.kinds import recognised
from studio.recipes.files import recipe_in
from studio.recipes.recipes import Recipe
from studio.workspace import OpenData
from widgets.kit.button import Button

SEED = 31


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A small table in a place of the test's own."""
    import numpy as np

    generator = np.random.default_rng(0)
    a = generator.normal(size=200)
    b = 2 * a + generator.normal(size=200)
    path = tmp_path / "chain.csv"
    np.savetxt(path, np.column_stack([a, b]), delimiter=",", header="a,b", comments="", fmt="%.6f")
    return path


async def learned(analyst, table: Path) -> None:
    """Data, a learned graph, and a question put to it."""
    desk = analyst.desk
    await analyst.read([table])
    desk.choose_question(Question.CAUSES)
    desk.workspace.change_settings("colide", {"bootstraps": 0})
    desk.train()
    await analyst.trained(1)
    assert desk.runs.run(1).state is RunState.DONE
    desk.exploration.apply(Wish(12, {"a": 1.5}, {"threshold": 0.4}, SEED))
    await analyst.answered()


def exported(analyst, folder: Path, view=None) -> dict[str, Path]:
    """The view of the counterfactual in all three formats."""
    paths = {suffix: folder / f"figure.{suffix}" for suffix in ("png", "svg", "pdf")}
    for path in paths.values():
        analyst.window.export_view(view or analyst.window.rooms.counterfactual.figure(), path)
    return paths


def bar_buttons(analyst) -> dict[str, Button]:
    window = analyst.window
    bar = window.start.error if window.page() == "Start" else window.notice
    return {button.text(): button for button in bar.findChildren(Button) if button.isVisibleTo(bar)}


def test_a_figure_leads_back_to_its_project_its_model_and_what_was_asked(analyst, table, tmp_path, finish):
    async def story() -> None:
        desk = analyst.desk
        await learned(analyst, table)
        paths = exported(analyst, tmp_path)
        first, sentence = desk.project.folder, analyst.window.question.sentence()
        assert analyst.window.said.sentence() == "Exported to figure.pdf."
        told = recipe_in(paths["png"])
        assert told is not None
        assert (told.project, Path(told.folder), told.run, told.method) == (first.stem, first, 1, "colide")
        assert told.data is not None
        assert told.data.fingerprint == desk.workspace.data.reference.fingerprint
        assert (told.item, told.do, told.values, told.seed) == (12, {"a": 1.5}, {"threshold": 0.4}, SEED)
        assert told.sentence == sentence
        assert told.view == "Counterfactual"
        assert told.versions["numpy"]
        for suffix, path in paths.items():
            assert recipe_in(path).do == told.do, suffix
            assert recognised([path]).sentence == f"Figure made by Otherwise: {sentence[0].lower()}{sentence[1:]}"

        panels = analyst.window.rooms
        takers = (analyst.window.take_paths, panels.data.dropped.emit, lambda some: panels.models.import_model(some[0]))
        for path, take in zip(paths.values(), takers, strict=True):     # dropped on the window, on Data, on Models
            desk.new_project("Something else")
            assert desk.exploration.subject is None
            take([path])
            await analyst.until(lambda: desk.exploration.subject is not None, desk.exploration.subject_changed)
            await analyst.answered()
            assert desk.project.folder == first
            assert desk.exploration.wish == Wish(12, {"a": 1.5}, {"threshold": 0.4}, SEED)
            assert analyst.window.question.sentence() == sentence

    finish(story(), 90)


def test_without_its_project_the_data_and_settings_come_back_and_the_model_can_be_trained_again(
    analyst, table, tmp_path, finish
):
    async def story() -> None:
        desk = analyst.desk
        await learned(analyst, table)
        path = exported(analyst, tmp_path)["svg"]
        first, before = desk.project.folder, desk.exploration.answer
        desk.new_project("Something else")
        shutil.rmtree(first)
        lacked: list[str] = []
        desk.reopening.lacking.connect(lambda _recipe, refusal: lacked.append(refusal.sentence))
        analyst.window.take_paths([path])
        await analyst.until(lambda: bool(lacked), desk.reopening.lacking)
        assert lacked == ["The model that made this is not here."]
        assert desk.project.folder.stem.startswith(first.stem.rstrip("0123456789 "))
        assert desk.workspace.data.reference.path == str(table)
        assert desk.workspace.method == "colide"
        bar_buttons(analyst)["Train it again"].click()
        await analyst.trained(1)
        again = desk.runs.run(1).request
        assert again.parameters["bootstraps"] == 0
        desk.exploration.apply(Wish(12, {"a": 1.5}, {"threshold": 0.4}))
        await analyst.answered()
        assert desk.exploration.answer.factors == before.factors, "the same settings, seed and data: the same numbers"

    finish(story(), 90)


def test_lost_data_are_named_the_recipe_is_shown_and_the_data_can_be_chosen(analyst, table, tmp_path, finish):
    async def story() -> None:
        desk, window = analyst.desk, analyst.window
        await learned(analyst, table)
        path = exported(analyst, tmp_path)["pdf"]
        first = desk.project.folder
        moved = tmp_path / "moved.csv"
        table.rename(moved)
        desk.new_project("Something else")
        shutil.rmtree(first)
        lacked: list[str] = []
        desk.reopening.lacking.connect(lambda _recipe, refusal: lacked.append(refusal.sentence))
        window.take_paths([path])
        await analyst.until(lambda: bool(lacked), desk.reopening.lacking)
        assert lacked == ["The data chain that made this are not here."]
        assert desk.project.name == "Something else", "nothing was opened"
        bar_buttons(analyst)["Show the recipe"].click()
        shown = dict(window.rooms.reopened.view.facts.rows())
        assert shown["File"] == str(table)
        assert shown["Set"] == "a = 1.5"
        assert shown["Method"] == "colide"
        other = tmp_path / "other.csv"
        other.write_text("a,b\n1,2\n3,4\n")
        refused: list[str] = []
        desk.refused.connect(lambda refusal: refused.append(refusal.sentence))
        desk.reopening.take_data(other)
        await analyst.until(lambda: bool(refused), desk.refused)
        assert refused == ["other.csv holds other data than the recipe names."]
        desk.reopening.take_data(moved)
        await analyst.until(lambda: desk.workspace.data is not None, desk.workspace.data_changed)
        assert desk.workspace.data.reference.path == str(moved)

    finish(story(), 90)


def test_what_does_not_fit_the_model_is_said_and_not_asked(analyst, table, tmp_path, finish):
    async def story() -> None:
        desk = analyst.desk
        await learned(analyst, table)
        recipe = Recipe.from_json({**desk.recipe(), "do": {"no such factor": 3.0}}, "figure.png")
        lacked: list[str] = []
        desk.reopening.lacking.connect(lambda _recipe, refusal: lacked.append(refusal.sentence))
        desk.start(desk.reopening.reopen(recipe))
        await analyst.until(lambda: bool(lacked), desk.reopening.lacking)
        assert lacked == ["What was asked does not fit the model that is here."]
        assert "no such factor" not in desk.exploration.wish.do
        assert isinstance(desk.workspace.data, OpenData)

    finish(story(), 90)


def test_pictures_of_others_stay_pictures_and_hostile_recipes_are_refused(analyst, tmp_path, finish):
    async def story() -> None:
        desk = analyst.desk
        image = QImage(40, 40, QImage.Format.Format_RGB32)
        image.fill(0x808080)
        image.setText("recipe", json.dumps({"nodes": [1, 2]}))
        foreign = tmp_path / "photo.png"
        image.save(str(foreign))
        assert recipe_in(foreign) is None
        assert "is one PNG picture" in recognised([foreign]).sentence
        image.setText("recipe", json.dumps({"made_by": "Otherwise", "format": 1, "folder": "//host/share/x.otherwise"}))
        hostile = tmp_path / "figure.png"
        image.save(str(hostile))
        assert not recognised([hostile]).accepted
        refused: list[str] = []
        desk.refused.connect(lambda refusal: refused.append(refusal.sentence))
        analyst.window.take_paths([hostile])
        await analyst.until(lambda: bool(refused), desk.refused)
        assert refused == ["The recipe in figure.png is damaged, or not from Otherwise: nothing was opened."]
        assert desk.project is None

    finish(story(), 90)
