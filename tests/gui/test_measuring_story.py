"""Measuring with real lanes: the picture's checks, the set, and a slider that overtakes both."""

from __future__ import annotations

from engines.runtime.measuring import HELD_OUT
from widgets.kit.segmented import Segmented


def turn_to(panel, name: str) -> None:
    """Click a mode of the panel."""
    modes: Segmented = panel._modes
    modes._group.button(modes.options().index(name)).click()


def test_the_picture_and_the_set_are_measured_while_the_slider_goes_on(analyst, finish):
    window, desk = analyst.window, analyst.desk
    exploration, engine = desk.exploration, desk.engine

    async def story() -> None:
        await analyst.open_sample("morpho_digits")
        await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
        await analyst.answered()
        panel = window.rooms.counterfactual
        exploration.set("thickness", 3.4)
        await analyst.answered()
        turn_to(panel, "Checks")
        picture = panel._checks.picture
        await analyst.until(picture.shows_content, picture.currentChanged)
        names = [line[0].text for line in picture._table.lines()]
        assert names == [
            "Composition, nothing set", "Effectiveness, thickness", "Effectiveness, intensity", "Minimality, digit",
            "Distance to the truth", "Reversibility, do and back",
        ]
        assert "thickness by stroke width along the centre line, by geometry, independent" in picture._predictor.text()
        assert "digit by a small network" in picture._predictor.text()
        assert "not independent of the model" in picture._predictor.text()

        # many pictures in one query: a wish that comes after it is answered before it
        measured: list[str] = []
        engine.answered.connect(lambda told: measured.append(told.view) if told.answer.results else None)
        ids = tuple(int(item) for item in exploration.subject.data.row_ids[-32:])
        engine.ask("a long one", exploration.subject.model, ids, do={"thickness": 3.0}, yields=True, measure=True)
        exploration.set("thickness", 2.6)
        await analyst.answered()
        assert "counterfactual" in measured
        assert "a long one" not in measured
        turn_to(panel, "Side by side")
        engine.ask("a long one", exploration.subject.model, ids[:1], yields=True, measure=True)

        checks = panel._checks.set
        checks.measurement.start(dict(exploration.wish.do), pictures=4)
        assert checks.measurement.what == HELD_OUT
        await analyst.until(lambda: not checks.measurement.is_running, checks.measurement.changed)
        figures = {(figure.check, figure.factor): figure for figure in checks.measurement.figures()}
        assert figures["effectiveness", "thickness"].count == 4
        assert figures["effectiveness", "thickness"].mean < 0.4
        assert figures["truth", ""].mean < 12

    finish(story(), 240)
