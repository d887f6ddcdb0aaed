"""The signature interaction, point by point, with mouse and keys: grab, drag, release, checks, back."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from widgets.graph.values import How, cut_edges

LEFT = Qt.MouseButton.LeftButton


class Desk:
    """What the tests look at in the window, by the words of the design."""

    def __init__(self, analyst) -> None:
        self.exploration, self.history = analyst.desk.exploration, analyst.desk.history
        self.question = analyst.window.question
        self.panel = analyst.window.homes.panel("Counterfactual")
        self.canvas = analyst.window.homes.panel("Graph").canvas
        self.tile = self.panel._triptych.counterfactual

    def row(self, name: str):
        return self.panel._rows.row(name)

    def node(self, name: str):
        return self.canvas.showing().state(name)

    def cut(self) -> set[tuple[str, str]]:
        graph = self.canvas.graph()
        return {graph.edges[i].pair for i in cut_edges(graph, self.canvas.showing())}

    def on_groove(self, name: str, value: float) -> QPoint:
        groove = self.row(name)._groove
        line = groove._line()
        return QPoint(round(line.left() + groove.state().share(value) * line.width()), round(line.center().y()))

    def press(self, name: str, value: float) -> None:
        QTest.mousePress(self.row(name)._groove, LEFT, pos=self.on_groove(name, value))

    def move(self, name: str, value: float) -> None:
        QTest.mouseMove(self.row(name)._groove, self.on_groove(name, value))

    def let_go(self, name: str, value: float) -> None:
        QTest.mouseRelease(self.row(name)._groove, LEFT, pos=self.on_groove(name, value))


async def opened(analyst) -> Desk:
    exploration = analyst.desk.exploration
    await analyst.open_sample("morpho_digits")
    await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
    await analyst.answered()
    return Desk(analyst)


def says_the_same(desk: Desk, name: str) -> str:
    """The value that sentence, node, row and value box show without a turn of the loop in between."""
    row = desk.row(name)
    shown = desk.node(name).counterfactual
    assert f"{name} = {shown}" in desk.question.sentence()
    assert row._box.value() == row.state().value
    assert shown.split("\N{NO-BREAK SPACE}")[0] == f"{row.state().value:.{row.state().decimals}f}"
    return shown


def test_the_grab_cuts_and_the_drag_moves_everything_in_one_frame(analyst, finish):
    async def story() -> None:
        desk = await opened(analyst)
        factual = desk.exploration.factual("intensity")
        assert desk.node("intensity").how is How.FREE
        assert desk.node("intensity").noise is not None
        assert desk.cut() == set()

        desk.press("intensity", factual)                    # mouse-down on the knob
        assert desk.row("intensity").state().how in ("do", "held")
        assert desk.node("intensity").how is How.SET        # do tag, tint, two strokes through the noise
        assert desk.cut() == {("thickness", "intensity")}   # every edge into it, and no other
        assert desk.exploration.selected == "intensity"
        assert desk.canvas.selection() == ("intensity",)

        shown = []
        for value in (120.0, 150.0, 180.0):
            desk.move("intensity", value)
            shown.append(says_the_same(desk, "intensity"))
        assert len(set(shown)) == 3
        desk.let_go("intensity", 180.0)
        await analyst.answered()
        assert desk.row("thickness").state().status == "not affected"
        assert desk.node("thickness").how is How.UNAFFECTED
        assert desk.node("image").how is How.FOLLOWS

        desk.panel._reset.click()
        desk.press("thickness", desk.exploration.factual("thickness"))
        assert desk.node("thickness").how is How.SET
        assert desk.cut() == set()                          # a root has nothing to cut: its noise stub tells
        desk.let_go("thickness", desk.exploration.factual("thickness"))

    finish(story(), 60)


def test_the_knob_on_the_node_is_the_knob_of_the_row(analyst, finish):
    async def story() -> None:
        desk = await opened(analyst)
        canvas, view = desk.canvas, desk.canvas.viewport()
        groove = canvas.geometry_of_graph().groove("thickness")
        share = desk.node("thickness").slider.position
        at = groove.topLeft() + QPoint(round(share * groove.width()), round(groove.height() / 2))
        end = at + QPoint(24, 0)
        steps = desk.history.count()
        QTest.mousePress(view, LEFT, pos=canvas.mapFromScene(at))
        QTest.mouseMove(view, canvas.mapFromScene(end))
        assert desk.row("thickness").state().how == "do"
        says_the_same(desk, "thickness")
        QTest.mouseRelease(view, LEFT, pos=canvas.mapFromScene(end))
        assert desk.history.count() == steps + 1
        await analyst.answered()
        assert desk.row("thickness").state().value > desk.exploration.factual("thickness")
        says_the_same(desk, "thickness")

    finish(story(), 60)


def test_captions_and_progress_tell_the_way_and_a_picture_always_stays(analyst, finish):
    async def story() -> None:
        desk = await opened(analyst)
        seen: list[tuple[str, float | None]] = []

        def note(*_: object) -> None:
            assert desk.tile.picture() is not None
            assert desk.tile._states.isHidden()             # no sentence and no blank in the picture's place
            seen.append((desk.tile._note, desk.tile._progress))

        desk.exploration.answered.connect(note)
        desk.exploration.wish_changed.connect(note)
        before = desk.tile.picture().copy()
        desk.press("thickness", desk.exploration.factual("thickness"))
        desk.move("thickness", 3.4)
        assert np.array_equal(desk.tile.picture(), before)  # the last picture, till the next one is there
        await analyst.until(lambda: any(note == "preview" for note, _ in seen), desk.exploration.answered)
        assert not np.array_equal(desk.tile.picture(), before)
        desk.let_go("thickness", 3.4)
        await analyst.answered()
        notes = [note for note, _ in seen]
        last = len(notes) - 1
        assert notes[last].startswith("refined in ")
        assert desk.tile._progress is None
        steps = [(note, done) for note, done in seen if note.startswith("step ")]
        assert steps
        assert all(f" of {desk.exploration.answer.total}" in note and 0 < done < 1 for note, done in steps)
        assert [done for _, done in steps] == sorted(done for _, done in steps)
        assert notes.index("preview") < notes.index(steps[0][0]) < last

        measured, verdict = desk.exploration.answer.measured, desk.tile._measured.verdict
        good = all(abs(m.counterfactual - m.wanted) <= m.tolerance for m in measured)
        assert measured
        assert verdict == ("ok" if good else "off")
        assert desk.tile._measured.text.startswith("measured ")
        assert measured[0].predictor in desk.tile._measured.tip
        assert ("off by" in desk.tile._measured.tip) is not good
        recorded = desk.panel._triptych.factual._measured
        assert recorded.text.startswith("measured ")
        assert recorded.verdict == ""

        follower = desk.row("intensity").state()
        assert follower.how == "follows"
        assert follower.status == "follows thickness"
        assert desk.node("intensity").change == desk.row("intensity").change() != ""

    finish(story(), 60)


def test_back_by_key_and_arrow_the_padlock_holds_and_undo_has_one_named_step(analyst, finish):
    async def story() -> None:
        desk = await opened(analyst)
        steps = desk.history.count()
        desk.press("thickness", desk.exploration.factual("thickness"))
        for value in (2.6, 3.0, 3.4):
            desk.move("thickness", value)
        desk.let_go("thickness", 3.4)
        await analyst.answered()
        assert desk.history.count() == steps + 1               # a drag is one step
        value = desk.row("thickness").state().value
        assert desk.history.undo_text() == f"Set thickness to {value:.2f}\N{NO-BREAK SPACE}px"
        desk.history.undo()
        assert desk.exploration.wish.do == {}
        desk.history.redo()
        assert desk.exploration.wish.do == {"thickness": value}

        desk.row("thickness").typed.emit(3.4)
        assert desk.history.undo_text() == "Set thickness to 3.40\N{NO-BREAK SPACE}px"

        desk.row("thickness")._groove.setFocus()
        QTest.keyClick(desk.row("thickness")._groove, Qt.Key.Key_Backspace)
        await analyst.answered()
        assert desk.exploration.wish.do == {}
        assert desk.node("thickness").how is How.FREE

        desk.row("intensity").typed.emit(150.0)
        await analyst.answered()
        assert desk.cut() == {("thickness", "intensity")}
        QTest.mouseClick(desk.row("intensity")._tool, LEFT)     # the round arrow
        await analyst.answered()
        assert desk.exploration.wish.do == {}
        assert desk.cut() == set()                          # healed

        desk.row("thickness").typed.emit(3.4)
        await analyst.answered()
        assert desk.row("intensity").change() != ""
        QTest.mouseClick(desk.row("intensity")._tool, LEFT)     # the padlock of a follower
        await analyst.answered()
        assert desk.row("intensity").state().how == "held"
        assert desk.row("intensity").change() == ""
        assert desk.exploration.wish.do["intensity"] == desk.exploration.factual("intensity")
        assert desk.node("intensity").how is How.SET
        assert desk.cut() == {("thickness", "intensity")}
        QTest.mouseClick(desk.row("intensity")._tool, LEFT)
        await analyst.answered()
        assert desk.row("intensity").state().how == "follows"

    finish(story(), 60)
