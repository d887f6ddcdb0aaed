"""The Models panel: what was trained as cards, the chosen one's page beside them; ask, export, import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from engines.models import read_card
from engines.refusals import Refusal
from studio.intake.kinds import Incoming, kind_of
from studio.models.predictors import card_lines
from studio.models.shelf import ModelShelf, ShelvedModel
from studio.panels.cards_beside import CardsBeside
from studio.panels.inset import Inset
from studio.panels.model_acts import ModelActs
from studio.panels.model_exports import ModelExports
from studio.panels.model_page import ModelPage
from studio.panels.own_keys import OwnKeys
from studio.question.wording import edge_count
from widgets.cards import ModelCard, graph_drawing, value_text
from widgets.dates import format_day
from widgets.kit.action import Action
from widgets.kit.button import Button
from widgets.kit.drop_zone import local_paths
from widgets.kit.menu import Menu
from widgets.kit.message_bar import ErrorBar
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.state_view import EmptyOr, State

if TYPE_CHECKING:
    from studio.desk import Desk

_FILES = {"model.json", "tensors.safetensors"}


class ModelsPanel(PanelFrame):
    """Bound to the desk: finished runs and opened models. Enter asks; a model dropped on the panel is imported."""

    asked = Signal()                        # the chosen model is the one that is asked already
    explain_wished = Signal(object)         # ShelvedModel: it is to be explained by another method
    report_wished = Signal(object)          # ShelvedModel: into the report, or shown there

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Models", parent)
        self._desk = desk
        self._shelf = ModelShelf(desk.runs, desk.engine, desk.catalogue, self)
        self._cards: dict[Path, ModelCard] = {}
        self._chosen: Path | None = None
        self._reported: set[Path] = set()
        self.setAcceptDrops(True)
        self.setProperty("ringRadius", -1)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._error = ErrorBar()
        self._exports = ModelExports(desk.exporting)
        self._list = ScrollColumn(margins=(16, 12, 6, 12))
        self._list.column.setSpacing(8)
        self._list.column.addStretch(1)
        self._page = ModelPage()
        self._import = Button(self.tr("Import"), "ghost", "upload")
        self._import.clicked.connect(self.choose_import)
        self.add_tool(self._import)
        self._page.ask.clicked.connect(self.ask)
        self._page.explain.clicked.connect(lambda: self.explain_wished.emit(self.chosen()))
        self._page.report.clicked.connect(self._report)
        self.acts = ModelActs(self, self._shelf, self._page, desk.changes)
        self.acts.picked.connect(self._show_picked)
        desk.changes.changed.connect(lambda: self._shelf.set_away(desk.changes.removed))
        OwnKeys(self, {
            "Ctrl+M": self.acts.compare, "F2": self.acts.begin_rename, "Delete": self.acts.ask_remove,
        })
        self._page.export.clicked.connect(lambda: self.exports().popup_under(self._page.export))
        self._exports.refused.connect(lambda refusal: self._error.show_message(refusal.sentence, refusal.cause))
        self._exports.began.connect(self._error.clear)
        self._lay_out()
        self._shelf.changed.connect(self._refresh)
        self._refresh()

    # public

    def shelf(self) -> ModelShelf:
        """The models that the panel shows."""
        return self._shelf

    def chosen(self) -> ShelvedModel | None:
        """The model whose page is open."""
        return self._shelf.find(self._chosen) if self._chosen is not None else None

    def choose(self, folder: Path) -> None:
        """Open the page of a model."""
        model = self._shelf.find(folder)
        if model is None:
            return
        self._chosen = folder
        for other, card in self._cards.items():
            card.setChecked(other == folder)
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other == folder else Qt.FocusPolicy.ClickFocus)
        self._page.set_model(model, self._desk.arrivals.data_of_model(model.folder))
        self._page.set_reported(folder in self._reported)

    def card(self, folder: Path) -> ModelCard:
        """The card of a model."""
        return self._cards[folder]

    def page(self) -> ModelPage:
        """The chosen model's page."""
        return self._page

    def ask(self) -> None:
        """Ask the chosen model from now on."""
        model = self.chosen()
        if model is None:
            return
        subject = self._desk.exploration.subject
        if subject is not None and Path(subject.model) == model.folder:
            self.asked.emit()
        else:
            self._desk.take([model.folder])

    def import_model(self, path: Path) -> None:
        """Open a model folder, or a file of one; what cannot be used is refused here, in a bar over the cards."""
        if kind_of(path) in (Incoming.RECIPE, Incoming.PREDICTOR):
            self._error.clear()
            self._desk.take([path])                 # what made it is reopened, or it was trained elsewhere
            return
        folder = path.parent if path.name in _FILES else path
        if self._guarded(lambda: read_card(folder)):
            self._desk.take([folder])

    def export_model(self, to: str, out: Path) -> None:
        """Write the chosen model in another format; bars over the cards say how it goes."""
        if (model := self.chosen()) is not None:
            self._exports.export(model, to, out)

    def set_reported(self, folders: set[Path]) -> None:
        """The models whose cards stand in the report."""
        self._reported = folders
        self._page.set_reported(self._chosen in folders)

    def _show_picked(self, folders: set[Path]) -> None:
        for folder, card in self._cards.items():
            card.set_picked(folder in folders)

    def _report(self) -> None:
        if (model := self.chosen()) is not None:
            self.report_wished.emit(model)
        self._page.set_reported(self._chosen in self._reported)

    def clear(self) -> None:
        """No models, as in a new project."""
        self._shelf.clear()

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if (step := steps.get(Qt.Key(event.key()))) is not None and self._cards:
            self._step(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.ask()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._chosen is not None:
            self._cards[self._chosen].setFocus(Qt.FocusReason.TabFocusReason)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := local_paths(event.mimeData()):
            self.import_model(paths[0])
            event.acceptProposedAction()

    # cards

    def _refresh(self) -> None:
        """Cards in the order of the shelf; those that are there are kept."""
        found = self._shelf.all()
        folders = [model.folder for model in found]
        for folder in [folder for folder in self._cards if folder not in folders]:
            card = self._cards.pop(folder)
            card.hide()
            card.deleteLater()
        for place, model in enumerate(found):
            if model.folder in self._cards:
                self._cards[model.folder].set_title(f"{model.title}, {model.name}")
            else:
                self._cards[model.folder] = self._new_card(model)
            self._list.column.insertWidget(place, self._cards[model.folder])
        self._cards = {folder: self._cards[folder] for folder in folders}
        self._beside.arrange()
        self.set_note(self.tr("{} models").format(len(found)) if len(found) > 1 else "")
        if found:
            self._pages.show_content()
            self.choose(self._chosen if self._chosen in folders else folders[0])
        else:
            self._chosen = None
            self._pages.show_state(self._empty())

    def _new_card(self, model: ShelvedModel) -> ModelCard:
        card = ModelCard(
            f"{model.title}, {model.name}", card_note(model),
            graph_drawing(model.graph) if model.graph is not None else None,
            card_lines(model) if model.is_predictor else
            [f"{name} {value_text(value)}" for name, value in model.figures.items()],
        )
        card.set_low(self._beside.is_over())
        card.clicked.connect(lambda _=False, folder=model.folder: self._click(folder))
        card.picked.connect(lambda folder=model.folder: self.acts.pick(folder))
        card.asked.connect(self.ask)
        card.stepped.connect(self._step)
        return card

    def _click(self, folder: Path) -> None:
        self.choose(folder)
        self.acts.show_page()

    def _step(self, step: int) -> None:
        folders = list(self._cards)
        place = folders.index(self._chosen) if self._chosen in folders else 0
        folder = folders[min(max(place + step, 0), len(folders) - 1)]
        self.choose(folder)
        self._cards[folder].setFocus(Qt.FocusReason.TabFocusReason)
        self._list.ensureWidgetVisible(self._cards[folder], 0, 12)

    # files

    def exports(self) -> Menu:
        """The menu of formats for the chosen model."""
        return self._exports.menu(self.chosen())

    def choose_import(self) -> None:
        """Choose the file of a model, which is then opened."""
        dialog = QFileDialog(self, self.tr("Choose a model file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Models (*.onnx *.safetensors model.json)"), self.tr("All files (*)")])
        self._open_dialog(dialog, self.import_model)

    def _open_dialog(self, dialog: QFileDialog, use: Callable[[Path], None]) -> None:
        """Dialogs never block: they are opened, not executed."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: use(Path(names[0])))
        dialog.open()

    def _guarded(self, work: Callable[[], object]) -> bool:
        """Do it; say in a bar why not. Whether it was done."""
        self._error.clear()
        self._exports.clear()
        try:
            work()
        except Refusal as refusal:
            self._error.show_message(refusal.sentence, refusal.cause)
            return False
        return True

    # construction

    def _empty(self) -> State:
        return State(
            self.tr("Models of finished runs appear here"), "", "box",
            (Action(self.tr("Import a model"), self.choose_import, "plain", "upload"),),
        )

    def _lay_out(self) -> None:
        self._beside = CardsBeside(self._list, self.acts.pages)
        self._beside.turned.connect(self._turn)
        self._pages = EmptyOr(self._beside, self._empty())
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in (self._error, self.acts.question):
            column.addWidget(Inset(bar, (16, 12, 16, 0)))
        column.addWidget(self._exports)
        column.addWidget(self._pages, 1)
        self.set_body(body)

    def _turn(self, over: bool) -> None:
        for card in self._cards.values():
            card.set_low(over)


def card_note(model: ShelvedModel) -> str:
    """The sort of a predictor, data, graph and date, in a line."""
    parts = [
        model.carded.sort if model.is_predictor else "", model.data_name,
        edge_count(model.graph) if model.graph is not None else "",
    ]
    if (made := model.made) is not None:
        parts.append(format_day(made.date()))
    return ", ".join(part for part in parts if part)
