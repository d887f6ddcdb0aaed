"""Ways into the report: what each panel adds to it, the drawer that shows it, and writing it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engines.refusals import Refusal
from engines.results import Result
from studio.desk import Desk
from studio.models.shelf import ShelvedModel
from studio.panels.models import ModelsPanel
from studio.panels.report import ReportDrawer
from studio.panels.results import ResultsPanel
from studio.report.contents import FOLDER
from studio.runs.runs import RunInfo
from studio.window import MainWindow


class Reports(QObject):
    """Bound to the desk's report."""

    def __init__(self, window: MainWindow, desk: Desk, results: ResultsPanel, models: ModelsPanel) -> None:
        super().__init__(window)
        self._window, self._desk, self._results, self._models = window, desk, results, models
        self.drawer = ReportDrawer(desk.reporting, window)
        self.drawer.write_wished.connect(self.write)
        results.report_wished.connect(self.add_result)
        models.report_wished.connect(self.add_model)
        desk.reporting.changed.connect(self._tell)
        desk.closed.connect(self.drawer.clear)

    def add_result(self, info: RunInfo, result: Result) -> None:
        """A result of a run; the drawer is shown for one that is in the report already."""
        if self._has_result(info, result):
            self.drawer.open_drawer()
            return
        announced = self._desk.catalogue.find(info.request.method)
        question = announced.question.sentence if announced is not None else info.title
        data = Path(info.request.data.path).stem
        self._desk.reporting.add_result(info.number, result, self.tr("{} In {}.").format(question, data))

    def _has_result(self, info: RunInfo, result: Result) -> bool:
        """Whether a result stands in the report."""
        entries = self._desk.reporting.entries()
        return any(e.kind == "result" and (e.run, e.result) == (info.number, result.name) for e in entries)

    def add_model(self, model: ShelvedModel) -> None:
        """The card of a model; the drawer is shown for one that is in the report already."""
        if model.folder in self._desk.reporting.models():
            self.drawer.open_drawer()
            return
        sentence = model.announced.sentence if model.announced is not None else ""
        self._desk.reporting.add_model(model.folder, f"{model.title}, {model.name}", sentence)

    def add_counterfactual(self, view: QWidget, sentence: str) -> None:
        """The counterfactual as it is seen, with the answer behind it."""
        answer = self._desk.exploration.answer
        results = answer.results if answer is not None else ()
        self._window.guarded(
            lambda: self._desk.reporting.add_figure(view, sentence, self._desk.recipe(), results)
        )
        self.drawer.open_drawer()

    def add_view(self, view: QWidget) -> None:
        """Any other view as it is seen."""
        runs = [info.number for info in self._desk.runs.all()]
        recipe = {"project": self._desk.workspace.name, "runs": runs}
        self._window.guarded(
            lambda: self._desk.reporting.add_figure(view, view.accessibleName(), recipe)
        )
        self.drawer.open_drawer()

    def write(self, title: str) -> None:
        """Write the report into a new folder of the project."""
        from studio.exports.report import Sources, write_report

        project = self._desk.project
        if project is None:
            return
        sources = Sources(project.name, project.folder, project.store, self._desk.catalogue)
        out = _free(project.folder / FOLDER / (_file_name(title) or "Report"))
        try:
            page = write_report(self._desk.reporting.entries(), sources, out, title)
        except Refusal as refusal:
            self.drawer.tell_refused(refusal)
        else:
            self.drawer.tell_written(page)

    def _tell(self) -> None:
        entries = self._desk.reporting.entries()
        self._results.set_reported({(e.run, e.result) for e in entries if e.kind == "result"})
        self._models.set_reported(self._desk.reporting.models())


def _file_name(title: str) -> str:
    """A title as a folder's name on every system."""
    return "".join(c if c.isalnum() or c in " -_.,()" else "-" for c in title).strip(" .")[:80]


def _free(path: Path) -> Path:
    found, number = path, 2
    while found.exists():
        found = path.with_name(f"{path.name} {number}")
        number += 1
    return found
