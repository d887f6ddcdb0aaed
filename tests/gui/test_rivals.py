"""Models side by side in pictures: picked in the Models panel, asked the same, and what happens to one that fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui.figures import read_svg

SAMPLE = Path(__file__).parents[2] / "resources" / "samples" / "morpho_digits" / "model"


def press(button) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))


async def shelved(analyst, folder: Path) -> None:
    """Import a copy of the model of the sample."""
    shutil.copytree(SAMPLE, folder)
    exploration = analyst.desk.exploration
    analyst.window.rooms.models.import_model(folder)
    await analyst.until(
        lambda: exploration.subject is not None and exploration.subject.model == str(folder),
        exploration.subject_changed,
    )
    await analyst.answered()


async def three(analyst, tmp_path: Path) -> list[Path]:
    """The sample with its model, and two copies of that."""
    desk = analyst.desk
    await analyst.open_sample("morpho_digits")
    await analyst.until(lambda: desk.exploration.subject is not None, desk.exploration.subject_changed)
    await analyst.answered()
    folders = [Path(desk.exploration.subject.model), tmp_path / "second", tmp_path / "third"]
    for folder in folders[1:]:
        await shelved(analyst, folder)
    return folders


def set_to(answer, name: str) -> float | None:
    """The value of a factor in an answer."""
    known = {} if answer is None else {factor.name: factor.counterfactual for factor in answer.factors}
    return known.get(name)


def pick(analyst, folders: list[Path]):
    """Pick models and put them side by side; the button that asks them all."""
    analyst.window.show_panel("Models")
    acts = analyst.window.rooms.models.acts
    for folder in folders:
        acts.pick(folder)
    acts.compare()
    assert acts.pages.currentWidget() is acts.comparison
    return acts.comparison.pictures


@pytest.mark.robustness
def test_models_are_asked_the_same_and_stand_side_by_side(analyst, tmp_path, finish):
    async def story() -> None:
        desk, window = analyst.desk, analyst.window
        exploration, panel = desk.exploration, window.rooms.counterfactual
        folders = await three(analyst, tmp_path)
        exploration.set("thickness", 3.4)
        await analyst.answered()
        wish = exploration.wish
        press(pick(analyst, folders))
        comparison = panel.comparison
        await analyst.until(
            lambda: len(comparison.rivals) == 2 and all(rival.answer for rival in comparison.rivals),
            comparison.answered, comparison.changed,
        )
        await analyst.answered()
        assert exploration.subject.model == str(folders[0])
        assert [Path(rival.model) for rival in comparison.rivals] == folders[1:]
        assert panel.isVisible()
        assert exploration.wish.item == wish.item
        tiles = panel._side.comparison.tiles
        assert panel._side.currentWidget() is panel._side.comparison

        exploration.set("thickness", 4.2)                       # a wish goes to all of them
        await analyst.answered()
        await analyst.until(
            lambda: all(set_to(rival.answer, "thickness") == pytest.approx(4.2) for rival in comparison.rivals),
            comparison.answered,
        )
        assert len(tiles.counterfactuals) == 3
        first = tiles.counterfactuals[0]
        await analyst.until(                                    # copies of one model give one answer
            lambda: all(np.array_equal(tile.picture(), first.picture()) for tile in tiles.counterfactuals),
            comparison.answered, exploration.answered,
        )
        window.export_view(panel.figure(), tmp_path / "rivals.svg")
        drawn = read_svg(tmp_path / "rivals.svg")
        assert drawn.pictures >= 5, "factual, three answers, the difference"
        assert sum("Causal" in text for text in drawn.texts) >= 3

    finish(story(), 60)


def test_a_model_that_is_gone_or_damaged_is_named_and_the_others_are_asked(analyst, tmp_path, finish):
    async def story() -> None:
        desk, window = analyst.desk, analyst.window
        exploration, panel = desk.exploration, window.rooms.counterfactual
        first, second, third = await three(analyst, tmp_path)
        comparison, refused = panel.comparison, []
        comparison.refused.connect(lambda refusal: refused.append(str(refusal.sentence)))

        button = pick(analyst, [first, second, third])          # one is damaged after it was shelved
        tensors = next(second.glob("*.safetensors"))
        tensors.write_bytes(tensors.read_bytes()[:100])
        press(button)
        await analyst.until(
            lambda: bool(refused) and len(comparison.rivals) == 1, comparison.refused, comparison.changed
        )
        assert refused == [sentence for sentence in refused if sentence.endswith("second could not be opened.")]
        assert [rival.model for rival in comparison.rivals] == [str(third)]
        assert "could not be opened" in panel._error.sentence()

        window.rooms.models.acts.end_comparison()
        button = pick(analyst, [third, first, second])          # the first and another one are gone
        shutil.rmtree(second)
        shutil.rmtree(third)
        press(button)
        assert "cannot be asked: its files are gone." in window.notice.sentence()
        assert exploration.subject.model == str(first), "what was asked before is asked still"
        await analyst.answered()

    finish(story(), 60)
