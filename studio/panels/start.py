"""The Start page: ten questions, samples that run at once, a drop zone, recent projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from engines.questions import Question
from studio.panels.inset import Inset
from studio.panels.recovery import RecoveryView
from studio.samples.samples import Sample
from widgets.kit.button import Button
from widgets.kit.drop_zone import DropZone, Recogniser
from widgets.kit.follow import follow_theme
from widgets.kit.label import Label
from widgets.kit.message_bar import ErrorBar
from widgets.kit.question_card import QuestionCard
from widgets.kit.recent_row import RecentRow
from widgets.kit.sample_card import Drawing, SampleCard
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.state_view import Sign
from widgets.kit.surface import Surface
from widgets.theme import Theme

ICONS = {
    Question.IMAGE_IF: "image", Question.CAUSES: "waypoints", Question.ROW_IF: "table-2", Question.TARGETS: "target",
    Question.LABELS: "tag", Question.RELIANCE: "scan-search", Question.TEXT_IF: "file-text",
    Question.MOTION: "activity", Question.ROBUST: "shield-check", Question.THEORY: "sigma",
}
_ACROSS = 4             # sample cards in a row
_WIDTH, _LEFT, _RIGHT, _RIGHT_NARROW = 1200, 796, 372, 320
_RIGHT_WORDS = 268      # px that the words of the right column need, whatever their size
_NARROW, _LOW = 1180, 700       # px of the page; below, the right column and the cards are smaller


@dataclass(frozen=True)
class Recent:
    """A project that was opened before; `interrupted`: number of the run that it offers to resume."""

    title: str
    note: str
    path: Path
    interrupted: int | None = None
    icon: str = "folder"
    gone: bool = False


class StartPage(ScrollColumn):
    """Bound to nothing: the window gives what it shows and follows its signals."""

    question_chosen = Signal(object)        # Question
    sample_chosen = Signal(str)             # id
    recent_chosen = Signal(object)          # Path
    recent_dropped = Signal(object)         # Path: leave it out of the list
    resume_wished = Signal(object, int)     # Path, number of the run
    dropped = Signal(list)                  # list of Path
    file_asked = Signal()
    folder_asked = Signal()
    open_asked = Signal()
    keys_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=(24, 36, 24, 8))
        self._cards: dict[Question, QuestionCard] = {}
        self._samples: dict[str, SampleCard] = {}
        self._rows: dict[Path, RecentRow] = {}
        self.error = ErrorBar()
        self.recovery = RecoveryView()
        block = QWidget()
        block.setMaximumWidth(_WIDTH)
        row = QHBoxLayout(block)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(32)
        left, right = QWidget(), QWidget()
        left.setMaximumWidth(_LEFT)
        right.setFixedWidth(_RIGHT)
        self._right = right
        row.addWidget(left, 1)
        row.addWidget(right, 0, Qt.AlignmentFlag.AlignTop)
        self._lay_out_left(left)
        self._lay_out_right(right)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(block, 1000)
        centred.addStretch(1)
        self.column.addLayout(centred)
        self.column.addStretch(1)
        follow_theme(self._fit)

    def set_recogniser(self, recognise: Recogniser) -> None:
        """What tells in the hover what is about to be dropped."""
        self._zone.set_recogniser(recognise)

    def set_samples(self, samples: Sequence[Sample], drawings: dict[str, QPixmap | Drawing]) -> None:
        """The sample cards, four in a row."""
        while (item := self._sample_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._samples = {}
        for place, sample in enumerate(samples):
            card = SampleCard(sample.title, sample.subtitle, drawings.get(sample.id))
            card.clicked.connect(lambda _=False, name=sample.id: self.sample_chosen.emit(name))
            card.setMaximumWidth(190)
            self._sample_row.addWidget(card, *divmod(place, _ACROSS))
            self._samples[sample.id] = card
        for column in range(_ACROSS):
            self._sample_row.setColumnStretch(column, 1)

    def set_recent(self, recent: Sequence[Recent]) -> None:
        """Projects opened before, newest first."""
        while (item := self._recent.column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if not recent:
            empty = Label(self.tr("Projects that you open appear here."), "second", "t2")
            empty.setMargin(16)
            self._recent.column.addWidget(empty)
        self._rows = {}
        for i, project in enumerate(recent):
            action = self.tr("Resume") if project.interrupted is not None else ""
            row = RecentRow(
                project.title, project.note, project.icon, gone=project.gone, last=i == len(recent) - 1,
                action=self.tr("Remove from the list") if project.gone else action,
                warns=project.interrupted is not None,
            )
            row.acted.connect(partial(self._act, project))
            if not project.gone:
                row.clicked.connect(partial(self._open, project.path))
            self._recent.column.addWidget(row)
            self._rows[project.path] = row

    def recent_row(self, path: Path) -> RecentRow:
        """The row of a project that was opened before."""
        return self._rows[path]

    def set_opening(self, path: Path | None) -> None:
        """The project that is being opened now, if its row is here."""
        for there, row in self._rows.items():
            row.set_opening(there == path)

    def _open(self, path: Path, *_: object) -> None:
        self.set_opening(path)
        self.recent_chosen.emit(path)

    def _act(self, project: Recent) -> None:
        if project.gone:
            self.recent_dropped.emit(project.path)
        else:
            self.set_opening(project.path)
            self.resume_wished.emit(project.path, project.interrupted)

    def set_missing(self, missing: dict[Question, str]) -> None:
        """Fade the questions that the dropped data cannot answer; those that fit move up, the first gets focus."""
        order = sorted(self._cards, key=lambda q: bool(missing.get(q, "")))
        for i, question in enumerate(order):
            card = self._cards[question]
            card.set_missing(missing.get(question, ""))
            self._grid.addWidget(card, i // 2, i % 2)
        self._cards[order[0]].setFocus()

    def card(self, question: Question) -> QuestionCard:
        """The card of a question."""
        return self._cards[question]

    def sample_card(self, id: str) -> SampleCard:
        """The card of a sample."""
        return self._samples[id]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Low and narrow windows, and large text: the right column keeps its words, cards break theirs."""
        px = Theme.current().px
        low, narrow = self.height() < _LOW, self.width() < px(_NARROW)
        self._right.setFixedWidth(max(_RIGHT if self.width() >= _NARROW else _RIGHT_NARROW, px(_RIGHT_WORDS)))
        self._grid.setSpacing(8 if low else 12)
        for card in self._cards.values():
            card.set_low(low and not narrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() and event.text() in "1234567890" and not event.modifiers():
            self.question_chosen.emit(list(Question)["1234567890".index(event.text())])
        else:
            super().keyPressEvent(event)

    def _lay_out_left(self, left: QWidget) -> None:
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Label(self.tr("What do you want to know?"), "display"))
        column.addSpacing(4)
        column.addWidget(
            Label(
                self.tr("Pick a question and bring your data, or drop data first: the questions it can answer stay."),
                "card", "t2", weight=400, wrap=True,
            )
        )
        column.addSpacing(12)
        column.addWidget(self.error)
        column.addWidget(Inset(self.recovery, (0, 0, 0, 12)))
        column.addSpacing(12)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        for i, question in enumerate(Question):
            card = QuestionCard(ICONS[question], question.sentence, question.needs)
            card.clicked.connect(lambda _=False, question=question: self.question_chosen.emit(question))
            self._cards[question] = card
            self._grid.addWidget(card, i // 2, i % 2)
        column.addLayout(self._grid)
        column.addSpacing(20)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Label(self.tr("Samples that run at once"), "section"))
        head.addWidget(Label(self.tr("each opens ready to explore"), "second", "t2"))
        head.addStretch(1)
        column.addLayout(head)
        column.addSpacing(10)
        self._sample_row = QGridLayout()
        self._sample_row.setSpacing(12)
        column.addLayout(self._sample_row)

    def _lay_out_right(self, right: QWidget) -> None:
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        self._zone = DropZone(
            self.tr("Drop a file or folder anywhere"),
            self.tr("CSV, Parquet, Excel, Stata, NPZ, HDF5, image folders, ZIP, graphs and models"),
        )
        self._zone.setFixedHeight(238)
        self._zone.dropped.connect(self.dropped)
        self._zone.file_asked.connect(self.file_asked)
        self._zone.folder_asked.connect(self.folder_asked)
        column.addWidget(self._zone)
        column.addSpacing(28)
        head = QHBoxLayout()
        head.addWidget(Label(self.tr("Recent"), "section"))
        head.addStretch(1)
        open_button = Button(self.tr("Open project"), "ghost")
        open_button.clicked.connect(self.open_asked)
        head.addWidget(open_button)
        column.addLayout(head)
        column.addSpacing(8)
        self._recent = Surface()
        column.addWidget(self._recent)
        column.addSpacing(20)
        keys = QHBoxLayout()
        keys.setSpacing(10)
        keys.addWidget(Sign("keyboard", "t2", 16))
        keys.addWidget(Label(self.tr("Everything works from the keyboard."), "second", "t2", wrap=True), 1)
        see = Button(self.tr("See the keys"), "ghost")
        see.clicked.connect(self.keys_asked)
        keys.addWidget(see)
        column.addLayout(keys)
        column.addStretch(1)
        self.set_recent(())
