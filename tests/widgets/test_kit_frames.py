"""Panel frames, states, messages, the drop zone, the focus ring, the progress bar."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from tests.widgets.kit_samples import recognise
from widgets.kit import (
    Action,
    Button,
    DropZone,
    EmptyOr,
    ErrorBar,
    FocusRing,
    PanelFrame,
    ProgressBar,
    QuestionCard,
    ScrollColumn,
    State,
    StateView,
    paint_histogram,
)
from widgets.theme import Theme


def shown(qtbot, widget, width=400, height=300):
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


def test_a_frame_has_a_header_of_40_and_shows_where_the_keyboard_is(qtbot, dressed):
    place = QWidget()
    column = QVBoxLayout(place)
    frame, field, outside = PanelFrame("Graph"), QLineEdit(), QLineEdit()
    frame.set_body(field)
    column.addWidget(frame)
    column.addWidget(outside)
    shown(qtbot, place)
    assert frame.header.height() == 40
    outside.setFocus()
    assert not frame.is_held()
    field.setFocus()
    qtbot.waitUntil(frame.is_held)
    image = frame.grab().toImage()
    assert image.pixelColor(0, image.height() // 2) == Theme.current().strong


def test_a_body_that_paints_to_the_edge_keeps_the_corners_round(qtbot, dressed):
    body = QLabel()
    body.setStyleSheet("background: black")
    frame = PanelFrame("Plot")
    frame.set_body(body)
    shown(qtbot, frame)
    image = frame.grab().toImage()
    low = image.height() - 1
    for x in (0, image.width() - 1):
        assert image.pixelColor(x, low).lightness() > 200
    assert image.pixelColor(image.width() // 2, low - 4) == QColor("black")


def test_body_and_footer_can_be_replaced(qtbot, dressed):
    frame = shown(qtbot, PanelFrame("Graph"))
    first, second, foot = QLabel("first"), QLabel("second"), QLabel("foot")
    frame.set_body(first)
    frame.set_body(second)
    qtbot.addWidget(first)
    assert frame.body() is second
    assert first.parent() is None
    frame.set_footer(foot)
    assert foot.isVisible()
    frame.set_footer(None)
    qtbot.addWidget(foot)
    assert not foot.isVisible()


@pytest.mark.parametrize("menu", [True, False])
@pytest.mark.parametrize("place", ["add_tool", "add_head"])
def test_a_tool_that_was_added_hidden_is_seen_as_soon_as_it_is_shown(qtbot, dressed, place, menu):
    frame, tool, other = PanelFrame("Graph"), Button("Choose"), Button("Also")
    tool.hide()
    getattr(frame, place)(tool)
    frame.add_tool(other)
    if menu:
        frame.header.menu()
    shown(qtbot, frame)
    assert not tool.isVisible()
    tool.show()
    assert tool.isVisible()
    assert tool.mapTo(frame, QPoint()).x() >= 0
    tool.hide()
    assert not tool.parentWidget().isVisible(), "an empty place takes no room"
    for _ in range(3):                          # again and again, without an event in between
        tool.hide()
        tool.show()
        assert tool.isVisible()
    other.hide()
    assert tool.isVisible()


def test_a_state_says_its_sentence_and_offers_the_next_step(qtbot, dressed):
    done = []
    view = shown(qtbot, StateView(State("Nothing is queued.", actions=(Action("Train", lambda: done.append(1)),))))
    assert view.accessibleName() == "Nothing is queued."
    qtbot.mouseClick(view.findChild(Button), Qt.MouseButton.LeftButton)
    assert done == [1]
    view.set_state(State("Reading", kind="busy", fraction=None))
    assert [button for button in view.findChildren(Button) if button.isVisible()] == []
    assert view.findChild(ProgressBar).isVisible()


def test_states_stay_within_420(qtbot, dressed):
    view = shown(qtbot, StateView(State("A sentence " * 30)), 900, 400)
    label = next(label for label in view.findChildren(QLabel) if label.text().startswith("A sentence"))
    assert label.width() <= 420
    assert abs(label.mapTo(view, label.rect().center()).x() - 450) <= 2


def test_content_takes_the_place_of_the_state(qtbot, dressed):
    content = QLabel("content")
    pages = shown(qtbot, EmptyOr(content, State("Pick a column to see its values.")))
    assert not content.isVisible()
    pages.show_content()
    assert content.isVisible()
    pages.show_state(State("The file is cut off.", kind="refused"))
    assert not content.isVisible()
    assert not pages.shows_content()


def test_an_error_stays_till_it_is_closed(qtbot, dressed):
    place = QWidget()
    column = QVBoxLayout(place)
    bar = ErrorBar()
    column.addWidget(bar)
    shown(qtbot, place)
    assert not bar.isVisible()
    bar.show_message("Run 16 stopped at step 412.", "The loss is not a number.", [Action("Show log", int)])
    assert bar.isVisible()
    assert "412" in bar.accessibleName()
    with qtbot.waitSignal(bar.closed):
        qtbot.mouseClick(bar._close, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    with qtbot.assertNotEmitted(bar.closed):
        bar.show_message("Again.")
        bar.clear()


def test_a_narrow_message_puts_its_buttons_below(qtbot, dressed):
    place = QWidget()
    column = QVBoxLayout(place)
    bar = ErrorBar()
    column.addWidget(bar)
    bar.show_message("It stopped.", "", [Action("Show log", int)])
    shown(qtbot, place, 900, 200)
    button = bar.findChild(Button)

    def top() -> int:
        return button.mapTo(place, QPoint()).y() - bar.y()

    wide = top()
    place.resize(380, 200)
    qtbot.waitUntil(lambda: top() > wide + 10)


def test_the_steps_of_a_narrow_message_have_its_whole_width(qtbot, dressed):
    place = QWidget()
    column = QVBoxLayout(place)
    column.setContentsMargins(0, 0, 0, 0)
    bar = ErrorBar()
    column.addWidget(bar)
    words = ("Reverse it", "Make it bidirected", "Do not add")
    bar.show_message("The edge recovery → age closes a cycle.", "", [Action(text, int) for text in words])
    shown(qtbot, place, 400, 200)
    buttons = [one for one in bar.findChildren(Button) if one.text() in words]
    qtbot.waitUntil(lambda: all(one.width() >= one.sizeHint().width() for one in buttons))


def mime(*paths: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return data


def enter(zone: DropZone, data: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(
        QPoint(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(zone, event)
    return event


def drop(zone: DropZone, data: QMimeData) -> QDropEvent:
    event = QDropEvent(
        QPointF(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(zone, event)
    return event


def test_a_hovering_file_is_recognised_and_dropped(qtbot, dressed):
    zone = shown(qtbot, DropZone("Drop a file", "CSV", recognise), 372, 238)
    assert zone.height() == 238
    data = mime("/data/cells.csv")
    assert enter(zone, data).isAccepted()
    assert zone.hovering().sentence == "Table, about 7,500 rows"
    assert zone.grab().toImage().pixelColor(zone.width() // 2, 0) == Theme.current().ink
    with qtbot.waitSignal(zone.dropped) as told:
        drop(zone, data)
    assert told.args == [[Path("/data/cells.csv")]]
    assert zone.hovering() is None


def test_what_cannot_be_read_is_refused_in_the_hover_and_handed_on_so_that_the_reason_stays(qtbot, dressed):
    zone = shown(qtbot, DropZone("Drop a file", "CSV", recognise), 372, 238)
    data = mime("/data/model.pkl")
    enter(zone, data)
    assert "pickle" in zone.hovering().sentence
    with qtbot.waitSignal(zone.dropped):
        drop(zone, data)


def test_a_drag_without_files_is_ignored_and_a_leaving_one_forgotten(qtbot, dressed):
    zone = shown(qtbot, DropZone("Drop a file", "CSV", recognise), 372, 238)
    text = QMimeData()
    text.setText("words")
    assert not enter(zone, text).isAccepted()
    assert zone.hovering() is None
    data = mime("/data/cells.csv")
    enter(zone, data)
    QApplication.sendEvent(zone, QDragLeaveEvent())
    assert zone.hovering() is None


def test_both_ways_to_choose_are_offered_to_the_keyboard(qtbot, dressed):
    zone = shown(qtbot, DropZone("Drop a file", "CSV"), 372, 238)
    file, folder = zone.findChildren(Button)
    with qtbot.waitSignal(zone.file_asked):
        qtbot.keyClick(file, Qt.Key.Key_Return)
    with qtbot.waitSignal(zone.folder_asked):
        qtbot.keyClick(folder, Qt.Key.Key_Return)


@pytest.fixture
def ring(dressed):
    ring = FocusRing(dressed)
    yield ring
    ring.setParent(None)
    ring.deleteLater()


def test_the_ring_is_ink_at_one_pixel_round_what_has_the_keyboard(qtbot, ring):
    place = QWidget()
    column = QVBoxLayout(place)
    column.setContentsMargins(20, 20, 20, 20)
    buttons = [Button("one", height=32), Button("two", height=32)]
    for button in buttons:
        column.addWidget(button)
    shown(qtbot, place)
    for button in buttons:
        button.setFocus()
        assert QApplication.focusWidget() is button
        image = place.grab().toImage()
        box: QRect = button.geometry()
        middle = box.center().y()
        theme = Theme.current()
        assert image.pixelColor(box.left() - 2, middle) == theme.ink
        assert image.pixelColor(box.left() - 3, middle) == theme.ink
        assert image.pixelColor(box.left() - 1, middle) != theme.ink
        assert image.pixelColor(box.left() - 4, middle) != theme.ink
    moved = buttons[1].geometry().translated(30, 0)
    buttons[1].setGeometry(moved)
    assert place.grab().toImage().pixelColor(moved.left() - 2, moved.center().y()) == Theme.current().ink


def test_the_ring_goes_with_a_scrolled_away_control_and_with_its_window(qtbot, ring):
    area = ScrollColumn()
    for index in range(30):
        area.column.addWidget(Button(f"button {index}"))
    shown(qtbot, area, 200, 150)
    first = area.findChildren(Button)[0]
    first.setFocus()
    assert ring._ring.isVisible()
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: not ring._ring.isVisible())
    area.verticalScrollBar().setValue(0)
    qtbot.waitUntil(lambda: ring._ring.isVisible())


def test_a_card_takes_the_ring_and_says_what_is_missing(qtbot, dressed):
    card = shown(qtbot, QuestionCard("image", "What would this image be if …?", "Needs images with labels"), 392, 76)
    assert card.height() == 76
    card.set_missing("This table has no images")
    assert card.is_faded()
    assert card.accessibleDescription() == "This table has no images"
    card.set_missing("")
    assert card.accessibleDescription() == "Needs images with labels"


def test_progress_fills_in_the_colour_of_the_run(qtbot, dressed):
    bar = shown(qtbot, ProgressBar(), 200, 6)
    colour = Theme.current().series(2).colour
    bar.set_colour(colour)
    bar.set_fraction(0.5)
    image = bar.grab().toImage()
    assert image.pixelColor(50, 3) == colour
    assert image.pixelColor(150, 3) == Theme.current().bg4
    assert (bar.minimum(), bar.maximum(), bar.value()) == (0, 1000, 500)
    bar.set_fraction(7)
    assert bar.fraction() == 1


def test_an_unknown_total_moves_only_while_it_is_seen(qtbot, dressed):
    bar = shown(qtbot, ProgressBar(), 200, 6)
    bar.set_fraction(None)
    assert bar.maximum() == 0
    assert bar._round.state() == bar._round.State.Running
    bar.hide()
    assert bar._round.state() == bar._round.State.Stopped


def test_the_histogram_fills_its_box_and_keeps_small_bins(qtbot, dressed):
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter

    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint_histogram(painter, QRectF(0, 0, 40, 20), [0, 1, 1000, 500], QColor("black"))
    painter.end()

    def height(x: int) -> int:
        return sum(image.pixelColor(x, y) == QColor("black") for y in range(20))

    assert [height(5), height(12), height(24), height(34)] == [0, 1, 20, 10]
    assert height(29) == 0
