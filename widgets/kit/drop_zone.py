"""Where files and folders are dropped. It says already while they hover what it recognised, or why it refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.kit.button import Button
from widgets.kit.follow import follow_theme
from widgets.kit.label import Label
from widgets.kit.painting import painter_on, rounded
from widgets.theme import Theme, draw_icon


@dataclass(frozen=True)
class Recognised:
    """What hovers: "Table, about 7,500 rows", or the sentence why it cannot be read."""

    sentence: str
    accepted: bool = True


Recogniser = Callable[[Sequence[Path]], Recognised]


class DropZone(QWidget):
    """Dashed box with the words of the place and, unless compact, two buttons. Takes drops of local files."""

    dropped = Signal(list)              # list of Path, never empty
    file_asked = Signal()
    folder_asked = Signal()

    def __init__(
        self, title: str, note: str, recognise: Recogniser | None = None, parent: QWidget | None = None, *,
        compact: bool = False,
    ) -> None:
        super().__init__(parent)
        self._words = (title, note)
        self._recognise = recognise
        self._hovering: Recognised | None = None
        self._compact = compact
        self.setAcceptDrops(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(note)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tile = _Tile(compact)
        self._title = Label(title, "title" if compact else "section", wrap=True)
        self._note = Label(note, "second", "t2", wrap=True)
        for label in (self._title, self._note):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4 if compact else 8)
        column.addWidget(self._title)
        column.addWidget(self._note)
        if not compact:
            column.addSpacing(16)
            column.addLayout(self._ways())
        column.addStretch(1)
        follow_theme(self._restyle)

    def set_recogniser(self, recognise: Recogniser | None) -> None:
        """What tells at a glance, from the paths alone, whether they can be read."""
        self._recognise = recognise

    def hovering(self) -> Recognised | None:
        return self._hovering

    def show_hover(self, recognised: Recognised | None) -> None:
        """Show that something hovers, here or anywhere in the window; None when it has gone."""
        self._hovering = recognised
        title, note = self._words
        self._title.setText(title if recognised is None else recognised.sentence)
        refused = recognised is not None and not recognised.accepted
        self._tile.set_refused(refused)
        self._note.setText(note)
        self.update()

    def recognise(self, data: QMimeData) -> Recognised | None:
        """What a drag carries; None without local files."""
        paths = local_paths(data)
        if not paths:
            return None
        if self._recognise is None:
            return Recognised(paths[0].name if len(paths) == 1 else self.tr("{} files").format(len(paths)))
        return self._recognise(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        recognised = self.recognise(event.mimeData())
        if recognised is None:
            event.ignore()
            return
        self.show_hover(recognised)
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.show_hover(None)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self.show_hover(None)
        paths = local_paths(event.mimeData())
        if not paths:
            event.ignore()
            return
        event.acceptProposedAction()
        self.dropped.emit(paths)            # also what is refused: whoever takes it says why, and that stays

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        box = QRectF(self.rect())
        painter = painter_on(self)
        if self._hovering is None:
            ground = None if self._compact else theme.bg2
            rounded(painter, box, 10, ground, theme.strong, 1.5 * theme.border, dash=(8, 5))
        elif self._hovering.accepted:
            rounded(painter, box, 10, theme.bg2, theme.ink, 2)
        else:
            rounded(painter, box, 10, theme.errt, theme.err, 2)

    def _restyle(self) -> None:
        self.setFixedHeight(Theme.current().px(112 if self._compact else 238))

    def _ways(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for text, icon, signal in (
            (self.tr("Choose file"), "file-plus", self.file_asked),
            (self.tr("Choose folder"), "folder", self.folder_asked),
        ):
            button = Button(text, "plain", icon, self, height=32)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        return row


class _Tile(QWidget):
    def __init__(self, compact: bool) -> None:
        super().__init__()
        self._compact = compact
        self._refused = False
        self.setFixedSize(*((24, 24) if compact else (48, 48)))

    def set_refused(self, refused: bool) -> None:
        self._refused = refused
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        box = QRectF(self.rect())
        if not self._compact:
            rounded(painter, box, 10, theme.bg1, theme.line, theme.border)
        name, colour = ("circle-alert", theme.err) if self._refused else ("download", theme.t1)
        draw_icon(painter, name, box.center(), colour if not self._compact or self._refused else theme.t2, 22)


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders of this machine that a drag carries."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
