"""The Methods panel: what fits and why not, the form, presets, the button, and its two homes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engines.contract import Need
from engines.data.kinds import Column, ColumnType, Table
from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.questions import Question
from studio.bars.help import ABOUT
from studio.catalogue import Announced, Catalogue
from studio.models.changes import ModelChanges
from studio.panels.methods import MethodsPanel
from studio.project.history import History
from studio.question.explaining import Explaining
from studio.runs.checks import CheckRuns
from studio.runs.costs import RunCosts
from studio.runs.estimates import Work
from studio.runs.verdicts import Verdict
from studio.workspace import OpenData, Workspace
from tests.studio.stand_ins import Bench, verdict, words
from widgets.kit.button import Button
from widgets.theme import appearance

SCHEMA = {
    "type": "object",
    "properties": {
        "penalty": {
            "type": "number", "title": "Penalty", "description": "Larger gives fewer edges.", "default": 0.05,
            "minimum": 0, "maximum": 10, "unit": "", "advanced": False,
        },
        "steps": {
            "type": "integer", "title": "Steps", "description": "Steps at most.", "default": 1000, "minimum": 1,
            "maximum": 100000, "unit": "steps", "advanced": False,
        },
    },
}
PRESETS = {"standard": {"penalty": 0.05, "steps": 1000}, "quick": {"penalty": 0.05, "steps": 100}}


class Shelf(Catalogue):
    """A catalogue of made-up methods: one on tables that fits, two beside it, one on images."""

    def __init__(self, state: Path) -> None:
        super().__init__(state)
        colide, diffae = self.get("colide"), self.get("causal_diffae")
        plain = replace(
            colide, id="plain", title="Plain", parameters=SCHEMA, presets=PRESETS,
            verdict=Verdict.from_json(verdict("passed")),
        )
        other = replace(plain, id="other", title="Other", sentence="Another one.", verdict=None)
        pictures = replace(diffae, id="pictures", title="Pictures", question=Question.CAUSES)
        self._methods: dict[str, Announced] = {a.id: a for a in (plain, other, pictures)}


def data(rows: int = 400) -> OpenData:
    values = np.random.default_rng(0).normal(size=(rows, 3))
    columns = tuple(Column(name, ColumnType.NUMBER, values[:, i].copy()) for i, name in enumerate("abc"))
    return OpenData(DataReference("/data/cells.csv"), Table("cells", columns, np.arange(1, rows + 1)))


@pytest.fixture
def workspace() -> Workspace:
    return Workspace(History())


@pytest.fixture
def panel(workspace: Workspace, bench: Bench, tmp_path: Path, on_show: Callable[..., QWidget]) -> MethodsPanel:
    shelf = Shelf(tmp_path / "state")
    costs = RunCosts(bench.runs, workspace, shelf.estimates, lambda: 1, bench.engine)
    checks = CheckRuns(shelf, lambda: 1, bench.engine)
    changes = ModelChanges(workspace.history, bench.runs, shelf)
    explaining = Explaining(bench.runs, changes, bench.engine, workspace.history)
    return on_show(MethodsPanel(workspace, shelf, costs, checks, explaining), 504, 368)


@pytest.fixture
def asked(panel: MethodsPanel, workspace: Workspace) -> MethodsPanel:
    """With data and a question."""
    workspace.add_data(data())
    workspace.set_question(Question.CAUSES)
    return panel


def sentences(panel: QWidget) -> list[str]:
    return [w.accessibleName() for w in panel.findChildren(QWidget) if w.isVisible() and w.accessibleName()]


def offered(panel: QWidget) -> list[str]:
    """What the state in the panel's place offers."""
    return [b.text() for b in panel.findChildren(Button) if b.isVisible()]


def button(panel: QWidget, text: str) -> Button:
    (found,) = [b for b in panel.findChildren(Button) if b.text() == text and b.isVisible()]
    return found


def type_into(panel: MethodsPanel, name: str, text: str, qtbot: QtBot) -> None:
    """Type into a field of the form and leave it with Enter."""
    view = panel.form().field(name)
    assert view is not None
    field = view.findChildren(QLineEdit)[0]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_without_a_question_it_offers_the_methods_that_fit(
    panel: MethodsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    workspace.add_data(data())
    assert "Pick a question first" in sentences(panel)
    best = ["Plain", "Other"]                       # the one for images does not fit a table
    qtbot.waitUntil(lambda: offered(panel) == [*best, "See the questions"])
    qtbot.mouseClick(button(panel, "Plain"), Qt.MouseButton.LeftButton)
    assert workspace.question is Question.CAUSES
    assert workspace.method == "plain"


def test_the_recommended_one_is_first_and_says_why(asked: MethodsPanel, workspace: Workspace) -> None:
    assert asked.list().methods() == ["plain", "other"]
    assert workspace.method == "plain"
    assert "Recommended. Its claim was checked on this machine (12 May 2026)." in words(asked)


def test_the_keyboard_comes_in_at_the_chosen_one(asked: MethodsPanel, workspace: Workspace) -> None:
    workspace.set_method("other")
    asked.setFocus()
    assert asked.list().row("other").hasFocus()


def test_those_that_do_not_fit_are_folded_with_why(asked: MethodsPanel, qtbot: QtBot) -> None:
    fold = asked.list().fold()
    assert fold.text() == "1 does not fit"
    assert asked.list().reasons() == [
        "Pictures", "cells holds rows; this method needs images. Choose another data set or another method.",
    ]
    title = next(w for w in asked.list().findChildren(QWidget) if getattr(w, "text", str)() == "Pictures")
    assert not title.isVisible()
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert title.isVisible()


def test_a_click_and_the_arrow_keys_choose(asked: MethodsPanel, workspace: Workspace, qtbot: QtBot) -> None:
    qtbot.mouseClick(asked.list().row("other"), Qt.MouseButton.LeftButton)
    assert workspace.method == "other"
    qtbot.keyClick(asked.list().row("other"), Qt.Key.Key_Up)
    assert workspace.method == "plain"
    assert asked.list().row("plain").hasFocus()
    qtbot.keyClick(asked.list().row("plain"), Qt.Key.Key_Up)
    assert workspace.method == "plain"


def test_a_setting_is_an_undo_step_and_the_form_follows_it(
    asked: MethodsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    type_into(asked, "penalty", "0.2", qtbot)
    assert workspace.settings("plain") == {"penalty": 0.2}
    assert asked.parameters() == {"penalty": 0.2, "steps": 1000}
    workspace.history.undo()
    assert workspace.settings("plain") == {}
    assert asked.form().values() == {"penalty": 0.05, "steps": 1000}
    workspace.history.redo()
    assert asked.form().values()["penalty"] == 0.2


def test_a_preset_sets_its_values_and_changes_are_counted(
    asked: MethodsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    quick = next(w for w in asked.presets().findChildren(QWidget) if getattr(w, "text", str)() == "Quick")
    qtbot.mouseClick(quick, Qt.MouseButton.LeftButton)
    assert workspace.settings("plain") == {"steps": 100}
    assert asked.presets().current() == 1
    type_into(asked, "penalty", "0.3", qtbot)
    assert workspace.settings("plain") == {"steps": 100, "penalty": 0.3}
    assert asked.presets().current() == 1
    assert "1 changed" in words(asked)
    qtbot.mouseClick(asked._page.reset, Qt.MouseButton.LeftButton)
    assert workspace.settings("plain") == {"steps": 100}
    assert not asked._page.reset.isVisible()


def test_a_value_that_cannot_be_stands_in_the_button(asked: MethodsPanel, workspace: Workspace, qtbot: QtBot) -> None:
    type_into(asked, "steps", "-5", qtbot)
    assert asked.train_button().text() == "1 value to correct"
    assert not asked.train_button().isEnabled()
    assert not asked.commit()
    assert workspace.settings("plain") == {}
    type_into(asked, "steps", "50", qtbot)
    assert asked.train_button().text() == "Train"
    assert asked.train_button().isEnabled()


def test_train_takes_what_is_still_being_typed(asked: MethodsPanel, workspace: Workspace, qtbot: QtBot) -> None:
    view = asked.form().field("penalty")
    assert view is not None
    field = view.findChildren(QLineEdit)[0]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.4")
    with qtbot.waitSignal(asked.train_wished):
        qtbot.mouseClick(asked.train_button(), Qt.MouseButton.LeftButton)
    assert workspace.settings("plain") == {"penalty": 0.4}


def test_a_busy_engine_queues(asked: MethodsPanel, qtbot: QtBot) -> None:
    asked.set_busy(True)
    assert asked.train_button().text() == "Add to queue"
    asked.list().row("plain").setFocus()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(asked.train_wished):
        qtbot.keyClick(asked.list().row("plain"), Qt.Key.Key_Return, both)
    asked.set_busy(False)
    assert asked.train_button().text() == "Train"


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("passed", "checked 12 May"), ("failed", "check failed 12 May"), ("incomplete", "check incomplete 12 May")],
)
def test_the_badge_tells_the_check(asked: MethodsPanel, workspace: Workspace, outcome: str, said: str) -> None:
    catalogue = asked._catalogue
    catalogue.note_check("plain", verdict(outcome))
    workspace.set_method("other")
    assert asked.badge().text() == "not checked here"
    workspace.set_method("plain")
    assert asked.badge().text() == said
    assert asked.badge().accessibleName() == said


def test_a_row_says_which_data_it_takes_and_how_its_check_stands(asked: MethodsPanel) -> None:
    assert asked.list().row("plain").accessibleDescription().endswith("checked 12 May, table.")
    assert asked.list().row("other").accessibleDescription().endswith("not checked here, table.")
    asked._catalogue.note_check("other", verdict("failed"))
    asked._checks.changed.emit("other")
    assert asked.list().row("other").accessibleDescription().endswith("check failed 12 May, table.")


def test_the_badge_offers_to_run_the_check_and_to_show_it(asked: MethodsPanel, qtbot: QtBot) -> None:
    qtbot.mouseClick(asked.badge(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(asked.badge().menu().isVisible)
    run, show = asked.badge().menu().actions()
    assert run.text().replace("\N{NO-BREAK SPACE}", " ") == "Run the check, about 35 s"
    with qtbot.waitSignal(asked.check_wished) as shown:
        show.trigger()
    asked.badge().menu().close()
    assert shown.args == ["plain"]


def test_the_estimate_follows_the_form_and_the_runs(
    asked: MethodsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    assert asked.estimate() == "no run of this method yet; CPU, 1 thread"
    opened = workspace.data
    assert opened is not None
    for steps, seconds in ((1000, 60.0), (10, 3.0)):
        work = Work.on(opened.data, {"penalty": 0.05, "steps": steps})
        asked._catalogue.estimates.note("plain", work, seconds, 1_100_000_000)
    asked._costs.changed.emit()
    said = asked.estimate().replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("about 60 s, ")
    assert "1.1 of " in said
    type_into(asked, "steps", "10", qtbot)
    assert asked.estimate().replace("\N{NO-BREAK SPACE}", " ").startswith("about 3 s, ")


def test_the_button_is_the_next_step_that_is_missing(
    panel: MethodsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    workspace.set_question(Question.CAUSES)
    assert panel.train_button().text() == "Choose data"
    with qtbot.waitSignal(panel.data_wished):
        qtbot.mouseClick(panel.train_button(), Qt.MouseButton.LeftButton)
    plain = panel._catalogue.get("plain")
    panel._catalogue._methods["plain"] = replace(plain, accepts=replace(plain.accepts, graph=Need.REQUIRED))
    workspace.add_data(data())
    assert panel.train_button().text() == "Draw the graph"
    assert not panel.sweep_button().isEnabled()
    with qtbot.waitSignal(panel.graph_wished):
        qtbot.mouseClick(panel.train_button(), Qt.MouseButton.LeftButton)
    workspace.set_graph(Graph.of(["a", "b"], [("a", "b")]), "Draw")
    assert panel.train_button().text() == "Train"
    assert panel.sweep_button().isEnabled()


def test_what_does_not_fit_has_a_way_out(asked: MethodsPanel, workspace: Workspace, qtbot: QtBot) -> None:
    qtbot.mouseClick(asked.list().fold(), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(asked.data_wished):
        qtbot.mouseClick(button(asked.list(), "Choose data"), Qt.MouseButton.LeftButton)
    opened = data()
    constant = opened.data.with_column(Column("a", ColumnType.NUMBER, np.zeros(400)))
    workspace.add_data(OpenData(opened.reference, constant))
    qtbot.waitUntil(lambda: "Show the columns" in offered(asked._right))
    with qtbot.waitSignal(asked.columns_wished):
        qtbot.mouseClick(button(asked._right, "Show the columns"), Qt.MouseButton.LeftButton)


def test_a_missing_extra_is_copied_as_the_line_that_installs_it(
    asked: MethodsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    methods = asked._catalogue._methods
    methods["pictures"] = replace(methods["pictures"], missing=("language",))
    asked._refresh()
    qtbot.mouseClick(asked.list().fold(), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button(asked.list(), "Copy the line that installs it"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == 'pip install "otherwise-studio[language]"'


def test_a_field_says_what_it_is_for_help(asked: MethodsPanel) -> None:
    view = asked.form().field("steps")
    assert view is not None
    about = view.property(ABOUT)
    assert about.startswith("# Steps\n\nSteps at most.")
    assert "In steps. At first 1" in about


def test_data_that_nothing_fits_says_what_is_missing(panel: MethodsPanel, workspace: Workspace) -> None:
    workspace.add_data(data(rows=2))
    few = data(rows=400)
    constant = few.data.with_column(Column("a", ColumnType.NUMBER, np.zeros(400)))
    workspace.add_data(OpenData(few.reference, constant))
    workspace.set_question(Question.CAUSES)
    assert panel.list().methods() == []
    assert "No method fits cells" in sentences(panel)
    assert any("a never varies" in reason for reason in panel.list().reasons())


def test_a_question_without_methods_leads_to_another(panel: MethodsPanel, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.set_question(Question.MOTION)
    assert "No method answers this question yet" in sentences(panel)
    qtbot.waitUntil(lambda: offered(panel) == ["Pick another question"])
    with qtbot.waitSignal(panel.question_wished):
        qtbot.mouseClick(button(panel, "Pick another question"), Qt.MouseButton.LeftButton)


def test_where_it_is_low_the_words_give_way_to_the_form(asked: MethodsPanel, qtbot: QtBot) -> None:
    assert asked._catalogue.get("plain").sentence in words(asked)
    asked.resize(504, 312)
    qtbot.waitUntil(lambda: asked._catalogue.get("plain").sentence not in words(asked))
    assert asked.estimate() in words(asked)
    asked.resize(504, 240)
    qtbot.waitUntil(lambda: asked.estimate() not in words(asked))
    assert asked.train_button().toolTip() == asked.estimate()


@pytest.mark.parametrize("scale", [100, 150])
@pytest.mark.parametrize("size", [(504, 368), (424, 312), (1424, 752)])
def test_it_holds_in_its_homes(asked: MethodsPanel, size: tuple[int, int], scale: int, qtbot: QtBot) -> None:
    appearance().set_text_scale(scale)
    asked.resize(*size)
    qtbot.waitUntil(lambda: asked.size().toTuple() == size)
    train = asked.train_button()
    qtbot.waitUntil(lambda: asked.rect().contains(train.mapTo(asked, QPoint(train.width(), train.height()))))
    qtbot.waitUntil(lambda: train.width() >= train.sizeHint().width())
    assert asked.list().isVisible() == (size[0] >= 4.8 * scale)
    assert asked.chooser().isVisible() == (not asked.list().isVisible())
    if asked.list().isVisible():
        assert asked.list().width() == round((300 if size[0] >= 8.6 * scale else 172) * scale / 100)
    for part in (asked.form(), asked.presets()):
        assert part.mapTo(asked, QPoint(part.width(), 0)).x() <= asked.width()


def test_where_there_is_no_room_a_menu_stands_for_the_list(
    asked: MethodsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    asked.resize(424, 312)
    qtbot.waitUntil(asked.chooser().isVisible)
    qtbot.mouseClick(asked.chooser(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(asked._menu.isVisible)
    actions = {action.text(): action for action in asked._menu.actions()}
    assert [action.isEnabled() for action in actions.values()] == [True, True, False]
    assert actions["Plain"].isChecked()
    assert "needs images" in actions["Pictures"].toolTip()
    actions["Other"].trigger()
    asked._menu.close()
    assert workspace.method == "other"
    assert asked.chooser().text() == "Other"
