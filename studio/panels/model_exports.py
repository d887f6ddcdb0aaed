"""What the Models panel writes: the menu of formats, the question where to, and bars that say how it goes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from engines import model_formats
from engines.refusals import Refusal
from studio.exports.model_files import NETWORKS, export_model, taken
from studio.exports.script import SUFFIXES as SCRIPTS
from studio.exports.script import write_script
from studio.folders import show_folder
from studio.models.export import ModelExport
from studio.models.shelf import ShelvedModel
from studio.panels.inset import Inset
from studio.recipes.files import recipe_in
from widgets.kit.action import Action
from widgets.kit.menu import Menu
from widgets.kit.message_bar import MessageBar

_NAMES = {
    "safetensors": "Safetensors folder", "onnx": "Networks as ONNX", "torch_export": "Networks as torch.export",
    "sh": "Script that repeats it", "dot": "Graph as DOT", "graphml": "Graph as GraphML", "json": "Graph as JSON",
}
_ROOM = (16, 12, 16, 0)


class ModelExports(QWidget):
    """Bars over the cards: how far an export is, and where it lies when it is done."""

    refused = Signal(object)                # Refusal: nothing was written
    began = Signal()                        # what was said of an earlier one is out of date

    def __init__(self, work: ModelExport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._title = ""
        self._menu = Menu("", self)
        self._busy, self._said = MessageBar("info", closable=False), MessageBar("ok")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in (self._busy, self._said):
            column.addWidget(Inset(bar, _ROOM))
        work.progressed.connect(self._progress)
        work.written.connect(self._written)
        work.refused.connect(self._take_refusal)
        work.stopped.connect(self._busy.clear)

    def menu(self, model: ShelvedModel | None) -> Menu:
        """The formats; those that cannot be written are off and say why."""
        self._menu.clear()
        if model is None:
            return self._menu
        for to in _NAMES:
            self._menu.add(
                self.tr(_NAMES[to]), partial(self.ask, model, to), off_because=self._why_not(model, to)
            )
        return self._menu

    def ask(self, model: ShelvedModel, to: str) -> None:
        """Ask where to; the dialog is opened, not executed. A folder that is taken is refused, a file asked about."""
        folder = to == "safetensors" or to in NETWORKS
        dialog = QFileDialog(self, self.tr("Export the model"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, folder)
        dialog.selectFile(f"{model.title} {model.name}{'' if folder else f'.{to}'}")
        dialog.filesSelected.connect(lambda names: self.export(model, to, Path(names[0])))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def export(self, model: ShelvedModel, to: str, out: Path) -> None:
        """Write a model; networks are written by a process of their own."""
        self.clear()
        self.began.emit()
        try:
            if (to == "safetensors" or to in NETWORKS) and taken(out):
                raise Refusal(
                    self.tr("{} is not empty.").format(out.name),
                    self.tr("Choose another name; nothing is overwritten."),
                )
            if to in NETWORKS:
                self._title = model_formats.FORMATS[to].title
                self._work.start(model.folder, to, out)
                self._say_busy(self.tr("Exporting to {}").format(self._title))
            else:
                written = self._script(model, out) if to == "sh" else export_model(model.folder, to, out)
                self._written(out if to == "safetensors" else written[0])
        except Refusal as refusal:
            self.refused.emit(refusal)
        except OSError as error:
            self.refused.emit(Refusal(self.tr("The model could not be written."), str(error)))

    def clear(self) -> None:
        """What was said is out of date."""
        self._said.clear()

    def _script(self, model: ShelvedModel, out: Path) -> list[Path]:
        """The commands that train the model again."""
        recipe = recipe_in(model.folder)
        assert recipe is not None
        return write_script(recipe, out if out.suffix in SCRIPTS else out.with_name(f"{out.name}.sh"))

    def _why_not(self, model: ShelvedModel, to: str) -> str:
        if to in NETWORKS:
            if self._work.busy:
                return self.tr("Another model is being exported.")
            needs = self.tr('Needs the extra {0}: pip install "otherwise-studio[{0}]"')
            return needs.format(extra) if (extra := model_formats.missing_extra(to)) else ""
        graph = to not in {"safetensors", "sh"}
        return self.tr("This model has no graph.") if graph and model.graph is None else ""

    def _progress(self, done: int, total: int) -> None:
        self._say_busy(self.tr("Exporting to {}, {} of {} parts").format(self._title, done, total))

    def _say_busy(self, sentence: str) -> None:
        self._busy.show_message(sentence, "", (Action(self.tr("Stop"), self._work.stop, "plain", "square"),))

    def _written(self, where: Path) -> None:
        self._busy.clear()
        self._said.show_message(
            self.tr("Exported to {}.").format(where.name), str(where.parent),
            (Action(self.tr("Show the folder"), partial(show_folder, where), "plain", "folder-open"),),
        )

    def _take_refusal(self, refusal: Refusal) -> None:
        self._busy.clear()
        self.refused.emit(refusal)
