"""The data table: what a hand can do, what a setter does not say, and what is painted."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QMenu

from engines.data.kinds import ColumnType, Table, category_column, number_column, table_of
from engines.data.roles import Role
from engines.data.summary import summaries
from widgets.data import DataTableView
from widgets.data.cells import MISSING, cell_text, decimals_of
from widgets.theme import Theme


def made() -> Table:
    draw = np.random.default_rng(0)
    dose = draw.lognormal(2, 1, 60).round(2)
    dose[4] = np.nan
    return table_of("trial", [
        number_column("dose", dose, unit="mg"),
        category_column("arm", [["placebo", "drug"][i % 2] for i in range(60)]),
        number_column("count", np.arange(60.0)),
        number_column("batch", np.full(60, 3.0)),
    ]).rows(np.arange(59, -1, -1))


@pytest.fixture
def view(qtbot, dressed) -> DataTableView:
    result = DataTableView()
    qtbot.addWidget(result)
    table = made()
    result.set_table(table, summaries(table))
    result.resize(700, 500)
    result.show()
    qtbot.waitExposed(result)
    return result


def head_point(view: DataTableView, name: str, y: int) -> QPoint:
    head = view.horizontalHeader()
    return QPoint(head.sectionViewportPosition(view.table().names.index(name)) + 20, y)


def test_a_click_on_a_head_chooses_the_column(qtbot, view):
    with qtbot.waitSignal(view.column_chosen) as told:
        qtbot.mouseClick(view.horizontalHeader().viewport(), Qt.MouseButton.LeftButton, pos=head_point(view, "arm", 20))
    assert told.args == ["arm"]
    assert view.column() == "arm"
    assert len(view.rows()) == 0


def test_a_click_on_a_cell_chooses_column_and_row(qtbot, view):
    spot = view.visualRect(view.model().index(3, 2)).center()
    with qtbot.waitSignals([view.column_chosen, view.rows_chosen]):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert view.column() == "count"
    assert view.rows().tolist() == [57]                        # row ids, not places


def test_setters_say_nothing(qtbot, view):
    signals = (view.column_chosen, view.rows_chosen, view.role_chosen, view.type_chosen)
    for signal in signals:
        with qtbot.assertNotEmitted(signal):
            view.set_column("batch")
            view.set_rows([57, 12, 99_999])
            view.set_table(view.table().with_role("dose", Role.OUTCOME), summaries(view.table()))
            view.set_changed(None)
    assert view.column() == "batch"
    assert sorted(view.rows().tolist()) == [12, 57]


def test_a_new_role_leaves_selection_and_place(view):
    view.set_column("count")
    view.set_rows([40])
    view.set_table(view.table().with_role("count", Role.OUTCOME), ())
    assert view.column() == "count"
    assert view.rows().tolist() == [40]
    assert "outcome" in view.model().headerData(2, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize(("key", "role"), [("2", Role.TREATMENT), ("3", Role.OUTCOME), ("6", Role.LEFT_OUT)])
def test_digits_give_the_role(qtbot, view, key, role):
    view.set_column("arm")
    with qtbot.waitSignal(view.role_chosen) as told:
        qtbot.keyClick(view, key)
    assert told.args == ["arm", role]


def test_a_digit_for_the_role_it_has_says_nothing(qtbot, view):
    view.set_column("arm")
    with qtbot.assertNotEmitted(view.role_chosen):
        qtbot.keyClick(view, "1")


def test_t_asks_for_the_next_type(qtbot, view):
    view.set_column("arm")
    with qtbot.waitSignal(view.type_chosen) as told:
        qtbot.keyClick(view, "t")
    assert told.args == ["arm", ColumnType.TEXT]


def test_arrows_move_from_column_to_column(qtbot, view):
    view.set_column("dose")
    with qtbot.waitSignal(view.column_chosen) as told:
        qtbot.keyClick(view, Qt.Key.Key_Right)
    assert told.args == ["arm"]


def test_the_chip_opens_the_roles_and_one_is_chosen(qtbot, view):
    chip = view.horizontalHeader().chip(0).center()
    qtbot.mouseClick(view.horizontalHeader().viewport(), Qt.MouseButton.LeftButton, pos=chip)
    menu = view.findChild(QMenu)
    qtbot.waitUntil(menu.isVisible)
    ticked = [action.text().split("\t")[0] for action in menu.actions() if action.isChecked()]
    assert ticked == ["factor"]
    outcome = next(action for action in menu.actions() if action.text().startswith("outcome"))
    with qtbot.waitSignal(view.role_chosen) as told:
        outcome.trigger()
    assert told.args == ["dose", Role.OUTCOME]
    menu.close()


def test_ctrl_f_asks_to_find_and_finding_goes_round(qtbot, view):
    with qtbot.waitSignal(view.find_asked):
        qtbot.keyClick(view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert view.find_text("drug")
    assert view.column() == "arm"
    first = view.currentIndex().row()
    assert view.find_text("drug")
    assert view.currentIndex().row() == first + 2
    assert view.find_text("batch")
    assert view.column() == "batch"
    assert not view.find_text("nowhere")


def test_cells_read_as_the_analyst_writes_them(dressed):
    table = made()
    dose = table["dose"]
    assert decimals_of(dose) == 2
    assert cell_text(dose, 55, 2) == MISSING                   # the fifth row of the file, from the end
    assert decimals_of(table["count"]) == 0
    assert cell_text(table["arm"], 0, 0) == "drug"
    assert decimals_of(number_column("p", [0.00012345, 0.0002, 0.00034567])) == 6


def test_changed_cells_wear_the_accent_and_say_what_they_were(view):
    table = view.table()
    changed = np.zeros((60, 4), dtype=bool)
    changed[1, 2] = True
    before = table.with_column(number_column("count", np.full(60, 7.0)))
    view.set_changed(changed, before)
    index = view.model().index(1, 2)
    assert view.model().data(index, Qt.ItemDataRole.ToolTipRole) == "7 before"
    theme = Theme.current()
    box = view.visualRect(index)
    shown = view.viewport().grab().toImage()
    assert shown.pixelColor(box.left() + 3, box.top() + 4) == theme.acc_tint
    other = view.visualRect(view.model().index(2, 2))
    assert shown.pixelColor(other.left() + 3, other.top() + 4) != theme.acc_tint
    view.set_changed(None)
    assert view.viewport().grab().toImage().pixelColor(box.left() + 3, box.top() + 4) != theme.acc_tint


def test_the_selected_head_is_outlined_in_ink(view):
    view.set_column("count")
    head = view.horizontalHeader()
    left = head.sectionViewportPosition(2)
    shown = head.viewport().grab().toImage()
    assert shown.pixelColor(left + 1, 60) == Theme.current().ink
    assert shown.pixelColor(head.sectionViewportPosition(1) + 1, 60) != Theme.current().ink


def test_a_million_rows_are_shown_without_copying_them(qtbot, dressed):
    values = np.arange(1_000_000.0)
    table = table_of("large", [number_column("x", values)])
    view = DataTableView()
    qtbot.addWidget(view)
    view.set_table(table)
    view.resize(400, 300)
    view.show()
    view.set_rows([999_999])
    assert view.model().table.columns[0].values is table.columns[0].values
    assert view.rowAt(view.viewport().height() - 2) >= 999_900


def test_heights_are_those_of_the_look(view):
    assert view.horizontalHeader().height() == 132
    assert view.rowHeight(0) == 28


def test_a_screen_reader_hears_the_cell(view):
    interface = QAccessible.queryAccessibleInterface(view)
    assert interface.text(QAccessible.Text.Name) == "trial"
    index = view.model().index(55, 0)
    assert view.model().data(index, Qt.ItemDataRole.AccessibleTextRole) == "missing"
