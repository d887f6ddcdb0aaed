"""Columns, inspector, pictures, list and footer: gestures tell, setters do not, closed views die."""

import gc
import weakref

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListView

from engines.data.kinds import ColumnType, Images, Table, category_column, number_column, table_of
from engines.data.roles import Role
from engines.data.summary import column_summary, linear_bins, logarithmic_bins, summaries
from widgets.data import (
    BusyCard,
    ColumnInspector,
    ColumnsView,
    DataCard,
    DataFooter,
    DataSetList,
    DataTableView,
    ImageGridView,
    ListsView,
    PairsView,
    RefusedCard,
    card_of,
)
from widgets.data.columns_view import fields
from widgets.data.distribution import place, ticks
from widgets.kit.switch import Switch
from widgets.theme import appearance


def trial() -> Table:
    draw = np.random.default_rng(0)
    return table_of("trial", [
        number_column("dose", draw.lognormal(2, 1, 200), unit="mg"),
        category_column("arm", [["placebo", "drug"][i % 2] for i in range(200)]),
        number_column("count", np.arange(200.0)),
    ])


def digits(count: int = 40) -> Images:
    pixels = np.random.default_rng(1).integers(0, 256, (count, 28, 28, 1), np.uint8)
    labels = category_column("label", [str(i % 10) for i in range(count)])
    return Images("digits", pixels, table_of("digits", [labels]))


@pytest.fixture
def shown(qtbot, dressed):
    def show(widget, width=700, height=500):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return show


def button(widget, text: str) -> QAbstractButton:
    return next(b for b in widget.findChildren(QAbstractButton) if b.text() == text and not b.isHidden())


# ------------------------------------------------------------------------------------------------------- columns


def test_columns_are_chosen_and_given_roles_by_key(qtbot, shown):
    view = shown(ColumnsView())
    table = trial()
    with qtbot.assertNotEmitted(view.column_chosen):
        view.set_table(table, summaries(table))
        view.set_column("dose")
    rows = view.findChild(QListView)
    with qtbot.waitSignal(view.column_chosen) as told:
        qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert told.args == ["arm"]
    with qtbot.waitSignal(view.role_chosen) as told:
        qtbot.keyClick(rows, "4")
    assert told.args == ["arm", Role.COVARIATE]
    with qtbot.waitSignal(view.type_chosen) as told:
        qtbot.keyClick(rows, "t")
    assert told.args == ["arm", ColumnType.TEXT]


def test_a_column_stays_chosen_when_the_table_is_set_anew(shown):
    view = shown(ColumnsView())
    table = trial()
    view.set_table(table, summaries(table))
    view.set_column("count")
    view.set_table(table.with_role("count", Role.OUTCOME), summaries(table))
    assert view.column() == "count"


def test_fields_give_way_from_the_range_on(dressed):
    from PySide6.QtCore import QRectF

    assert "range" in fields(QRectF(0, 0, 1000, 48))
    assert "range" not in fields(QRectF(0, 0, 760, 48))
    assert {"name", "strip", "missing", "role"} <= set(fields(QRectF(0, 0, 400, 48)))


# ----------------------------------------------------------------------------------------------------- inspector


@pytest.fixture
def inspector(shown):
    view = shown(ColumnInspector(), 336, 720)
    table = trial()
    view.set_column(table["dose"], column_summary(table["dose"], 48), 1, 3)
    return view


def test_the_inspector_opens_long_tails_on_a_logarithmic_axis(qtbot, inspector):
    assert (inspector.heading(), inspector.note()) == ("dose", "column 1 of 3")
    assert inspector._distribution.bins().log
    with qtbot.assertNotEmitted(inspector.role_chosen):
        qtbot.mouseClick(button(inspector, "Linear"), Qt.MouseButton.LeftButton)
    assert not inspector._distribution.bins().log
    table = trial()
    inspector.set_column(table["dose"], column_summary(table["dose"], 48), 1, 3)
    assert not inspector._distribution.bins().log                     # the choice stays while the column does


def test_the_inspector_gives_roles_by_click_and_by_digit(qtbot, inspector):
    with qtbot.waitSignal(inspector.role_chosen) as told:
        qtbot.mouseClick(button(inspector, "outcome"), Qt.MouseButton.LeftButton)
    assert told.args == ["dose", Role.OUTCOME]
    assert button(inspector, "factor").isChecked()                    # until the role is set
    with qtbot.waitSignal(inspector.role_chosen) as told:
        qtbot.keyClick(inspector, "5")
    assert told.args == ["dose", Role.DOMAIN]
    with qtbot.assertNotEmitted(inspector.role_chosen):
        table = trial().with_role("dose", Role.DOMAIN)
        inspector.set_column(table["dose"], column_summary(table["dose"]), 1, 3)
    assert button(inspector, "domain").isChecked()


def test_the_inspector_takes_a_unit_and_asks_for_the_next_type(qtbot, inspector):
    field = inspector.findChild(QLineEdit)
    assert field.text() == "mg"
    field.setText("g")
    with qtbot.waitSignal(inspector.unit_chosen) as told:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told.args == ["dose", "g"]
    with qtbot.waitSignal(inspector.type_chosen) as told:
        qtbot.keyClick(inspector, "t")
    assert told.args == ["dose", ColumnType.CATEGORY]


def test_whole_numbers_can_only_be_asked_of_whole_numbers(qtbot, inspector):
    switch = inspector.findChild(Switch)
    assert not switch.isEnabled()
    table = trial()
    with qtbot.assertNotEmitted(inspector.whole_chosen):
        inspector.set_column(table["count"], column_summary(table["count"]), 3, 3)
    assert switch.isEnabled()
    assert switch.isChecked()
    with qtbot.waitSignal(inspector.whole_chosen) as told:
        qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert told.args == ["count", False]


def test_a_category_shows_its_levels_and_no_axis(inspector):
    table = trial()
    inspector.set_column(table["arm"], column_summary(table["arm"]), 2, 3)
    assert inspector._distribution.bins() is None
    assert not inspector._scale.isVisible()
    assert "placebo 100" in inspector._distribution.accessibleDescription()


def test_ticks_are_round_and_lie_where_they_should():
    values = np.array([1.0, 3.0, 8896.0])
    log = logarithmic_bins(values, 10)
    assert ticks(log) == [1, 10, 100, 1000]
    assert place(log, np.sqrt(8896.0)) == pytest.approx(0.5)
    line = linear_bins(np.array([0.0, 1.0, 7.3]), 10)
    assert ticks(line) == [0, 2, 4, 6]
    assert place(line, 0.0) == 0


# ------------------------------------------------------------------------------------------------------ pictures


def test_pictures_are_chosen_by_click_ctrl_and_shift(qtbot, shown):
    view = shown(ImageGridView())
    view.set_images(digits())
    left = Qt.MouseButton.LeftButton
    with qtbot.waitSignals([view.rows_chosen, view.current_chosen]):
        qtbot.mouseClick(view.viewport(), left, pos=view.cell(2).center())
    assert view.rows().tolist() == [3]
    qtbot.mouseClick(view.viewport(), left, Qt.KeyboardModifier.ControlModifier, view.cell(5).center())
    assert view.rows().tolist() == [3, 6]
    qtbot.mouseClick(view.viewport(), left, Qt.KeyboardModifier.ShiftModifier, view.cell(8).center())
    assert view.rows().tolist() == [6, 7, 8, 9]
    with qtbot.waitSignal(view.opened) as told:
        qtbot.mouseDClick(view.viewport(), left, pos=view.cell(1).center())
    assert told.args == [2]


def test_pictures_are_walked_by_key(qtbot, shown):
    view = shown(ImageGridView())
    view.set_images(digits())
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.rows().tolist() == [2]
    with qtbot.waitSignal(view.current_chosen) as told:
        qtbot.keyClick(view, Qt.Key.Key_End)
    assert told.args == [40]
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(view.rows()) == 40
    with qtbot.waitSignal(view.opened) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [40]


def test_setting_pictures_says_nothing_and_the_same_pixels_keep_the_choice(qtbot, shown):
    view = shown(ImageGridView())
    images = digits()
    for signal in (view.rows_chosen, view.current_chosen):
        with qtbot.assertNotEmitted(signal):
            view.set_images(images)
            view.set_caption("label")
            view.set_rows([12])
            view.set_images(images.with_role("label", Role.LABEL))
    assert view.rows().tolist() == [12]


def test_a_picture_is_shown_pixel_by_pixel(shown):
    view = shown(ImageGridView())
    images = digits()
    view.set_images(images)
    picture = view.viewport().grab().toImage()
    cell = view.cell(0)
    factor = 84 // 28
    left = cell.left() + (cell.width() - 84) // 2
    got = np.array([[picture.pixelColor(left + x * factor + 1, cell.top() + y * factor + 1).red()
                     for x in range(28)] for y in range(28)])
    assert np.array_equal(got, images.pixels[0, ..., 0])


def test_seventy_thousand_pictures_draw_only_what_is_seen(shown, monkeypatch):
    import widgets.data.image_grid as module

    drawn = []
    plain = module.image_of
    monkeypatch.setattr(module, "image_of", lambda picture: drawn.append(1) or plain(picture))
    view = shown(ImageGridView())
    view.set_images(Images("many", np.zeros((70_000, 28, 28, 1), np.uint8), table_of("m", [
        number_column("a", np.arange(70_000.0))])))
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    drawn.clear()
    view.viewport().grab()
    assert 0 < len(drawn) < 100
    assert view.cell(69_999).bottom() <= view.viewport().height()


# ---------------------------------------------------------------------------------------------------------- list

CARDS = (
    DataCard("a", "sachs_cytometry", "Table, 7,466 rows, 11 columns"),
    BusyCard("b", "large.csv", "Read 1.2 of 4.0 million rows", 0.3),
    RefusedCard("c", "digit_labels.csv", "digit_labels.csv: 12 labels have no image and 3 images have no label.",
                "They are matched by the column file.", ("Use the 9,997 that match", "Show both lists")),
    DataCard("d", "digit_scans", "Images, 28 × 28, 10,000", "images"),
)


def test_cards_are_chosen_by_click_and_arrow(qtbot, shown):
    view = DataSetList()
    with qtbot.assertNotEmitted(view.chosen):
        view.set_cards(CARDS)
        view.set_current("a")
    shown(view, 272, 700)
    with qtbot.waitSignal(view.chosen) as told:
        qtbot.mouseClick(button(view, "digit_scans"), Qt.MouseButton.LeftButton)
    assert told.args == ["d"]
    with qtbot.waitSignal(view.chosen) as told:
        qtbot.keyClick(button(view, "digit_scans"), Qt.Key.Key_Up)
    assert told.args == ["a"]
    with qtbot.waitSignal(view.remove_asked) as told:
        qtbot.keyClick(button(view, "sachs_cytometry"), Qt.Key.Key_Delete)
    assert told.args == ["a"]


def test_a_refused_card_offers_its_ways_out(qtbot, shown):
    view = shown(DataSetList(), 272, 700)
    view.set_cards(CARDS)
    with qtbot.waitSignal(view.offer_chosen) as told:
        qtbot.mouseClick(button(view, "Use the 9,997 that match"), Qt.MouseButton.LeftButton)
    assert told.args == ["c", "Use the 9,997 that match"]
    with qtbot.waitSignal(view.offer_chosen) as told:
        qtbot.mouseClick(button(view, "Show both lists"), Qt.MouseButton.LeftButton)
    assert told.args == ["c", "Show both lists"]
    closers = [b for b in view.findChildren(QAbstractButton) if b.accessibleName() == "Close"]
    with qtbot.waitSignal(view.dismissed) as told:
        qtbot.mouseClick(closers[0], Qt.MouseButton.LeftButton)
    assert told.args == ["c"]


def test_a_card_that_is_being_read_can_be_stopped(qtbot, shown):
    view = shown(DataSetList(), 272, 700)
    view.set_cards(CARDS)
    stop = next(b for b in view.findChildren(QAbstractButton) if b.accessibleName() == "Stop")
    with qtbot.waitSignal(view.stop_asked) as told:
        qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert told.args == ["b"]


def test_more_can_be_dropped_below(qtbot, shown, tmp_path):
    view = shown(DataSetList(), 272, 700)
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    zone = view.drop_zone()
    action, held = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    QApplication.sendEvent(zone, QDragEnterEvent(QPoint(5, 5), action, data, held, Qt.KeyboardModifier.NoModifier))
    with qtbot.waitSignal(view.dropped) as told:
        QApplication.sendEvent(zone, QDropEvent(QPointF(5, 5), action, data, held, Qt.KeyboardModifier.NoModifier))
    assert told.args == [[path]]


def test_the_card_of_a_data_set_says_what_it_is(dressed):
    assert card_of("k", trial()) == DataCard("k", "trial", "Table, 200 rows, 3 columns", "table-2")
    assert card_of("k", digits()) == DataCard("k", "digits", "Images, 28 × 28, 40", "images")


# ------------------------------------------------------------------------------------------------- pairs and lists


def test_pairs_are_chosen_by_click_and_arrow(qtbot, shown):
    view = PairsView()
    table = trial()
    with qtbot.assertNotEmitted(view.column_chosen):
        view.set_table(table, summaries(table))
        view.set_column("dose")
    shown(view)
    assert view.names() == ("dose", "arm", "count")
    with qtbot.waitSignal(view.column_chosen) as told:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.cell(2, 2).center().toPoint())
    assert told.args == ["count"]
    with qtbot.waitSignal(view.column_chosen) as told:
        qtbot.keyClick(view, Qt.Key.Key_Left)
    assert told.args == ["arm"]


def test_pairs_bring_the_chosen_column_in(shown):
    draw = np.random.default_rng(5)
    table = table_of("wide", [number_column(f"c{i}", draw.normal(size=30)) for i in range(20)])
    view = PairsView()
    view.set_table(table, summaries(table))
    shown(view)
    assert view.names() == tuple(f"c{i}" for i in range(8))
    view.set_column("c15")
    assert "c15" in view.names()
    assert len(view.names()) == 8


def test_lists_are_copied_one_name_a_line(qtbot, shown):
    view = ListsView()
    view.set_lists({"Labels without an image": ("a.png", "b.png"), "Images without a label": ("c.png",)})
    shown(view)
    first = view.findChildren(QListView)[0]
    assert first.accessibleName() == "Labels without an image, 2"
    qtbot.keyClick(first, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(first, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "a.png\nb.png"


# -------------------------------------------------------------------------------------------------------- footer


def test_the_footer_says_what_was_read_and_can_stop_a_reading(qtbot, shown):
    view = shown(DataFooter(), 700, 34)
    view.set_read("Read whole: no missing values, no constant columns", "9c41e07b00112233")
    assert view._mark.text() == "fingerprint 9c41 e07b"
    assert not button_or_none(view, "Stop")
    view.set_reading("Read 1.2 of 4.0 million rows, 8 s left", 0.3)
    with qtbot.waitSignal(view.stop_asked):
        qtbot.mouseClick(button(view, "Stop"), Qt.MouseButton.LeftButton)


def button_or_none(widget, text: str) -> list[QAbstractButton]:
    return [b for b in widget.findChildren(QAbstractButton) if b.text() == text and b.isVisible()]


# ---------------------------------------------------------------------------------------------------- every view


def filled(kind: type):
    view = kind()
    table = trial()
    match view:
        case DataTableView() | ColumnsView() | PairsView():
            view.set_table(table, summaries(table))
            view.set_column("dose")
        case ColumnInspector():
            view.set_column(table["dose"], column_summary(table["dose"]), 1, 3)
        case ImageGridView():
            view.set_images(digits())
        case DataSetList():
            view.set_cards(CARDS)
        case ListsView():
            view.set_lists({"Labels without an image": ("a.png", "b.png"), "Images without a label": ("c.png",)})
        case DataFooter():
            view.set_read("Read whole", "9c41e07b")
    return view


EVERY = [
    DataTableView, ColumnsView, ColumnInspector, ImageGridView, DataSetList, DataFooter, PairsView, ListsView,
]


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_views_follow_the_theme(kind, shown):
    view = shown(filled(kind))
    light = view.grab().toImage()
    appearance().set_scheme("dark")
    assert view.grab().toImage() != light


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_views_have_a_name_and_grow_with_the_text(kind, shown):
    view = shown(filled(kind))
    assert (view.focusProxy() or view).accessibleName()
    appearance().set_text_scale(150)
    assert not view.grab().isNull()


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_views_hold_no_cycle_that_would_delay_their_end(kind, qtbot, dressed):
    gc.collect()
    gc.disable()
    try:
        dead = weakref.ref(kind())
        assert dead() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_closed_views_die(kind, qtbot, dressed):
    view = filled(kind)
    view.show()
    qtbot.waitExposed(view)
    dead = weakref.ref(view)
    view.close()
    shiboken6.delete(view)
    del view
    gc.collect()
    assert dead() is None
