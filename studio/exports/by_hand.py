"""What leaves the window by hand: a view as a figure or as its data, the graph, the scalars; and where it lies then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engines.graph import formats
from engines.graph.graph import Graph
from engines.refusals import Refusal
from studio.dialogs import ask_target
from studio.exports.data_files import write_result, write_scalars
from studio.exports.exhibit import Exhibit
from studio.exports.script import SUFFIXES as SCRIPTS
from studio.exports.script import write_script
from studio.folders import show_folder
from studio.question.wording import size_text
from studio.recipes.files import beside_of, write_beside
from studio.recipes.recipes import Recipe
from studio.recipes.recording import recipe_of_desk, recipe_of_run
from studio.runs.runs import RunInfo
from widgets.export import FORMATS as FIGURES
from widgets.kit.action import Action
from widgets.kit.panel_frame import PanelFrame

if TYPE_CHECKING:
    from studio.furnishing import Furniture
    from studio.window import MainWindow



class FigureExports(QObject):
    """Asks where to, writes, and says where it lies; a dialog itself asks before a file would be overwritten."""

    def __init__(self, window: MainWindow, rooms: Furniture) -> None:
        super().__init__(window)
        self._window, self._rooms = window, rooms

    def export(self, shown: QWidget | Exhibit) -> None:
        """A view as PNG, SVG or PDF, or whatever else it can be; a result also as its data."""
        exhibit = shown if isinstance(shown, Exhibit) else Exhibit(shown)
        kinds = list(exhibit.filters())
        if hasattr(exhibit.view, "result"):
            kinds.append(self.tr("Its data (*.{})").format(data_suffix(exhibit.view.result())))
        kinds += [self.tr("Script that repeats it (*.sh)"), self.tr("The same in Python (*.py)")]
        self._ask(self.tr("Export the figure"), kinds, "png", partial(self.write, exhibit))

    def write(self, shown: QWidget | Exhibit, path: Path) -> None:
        """Write what the suffix names, with the sentence as caption and the recipe of what is shown."""
        exhibit = shown if isinstance(shown, Exhibit) else Exhibit(shown)
        view: Any = exhibit.view
        sentence = exhibit.sentence or self._caption(view)
        recipe = self.recipe(view, sentence)
        if hasattr(view, "result") and path.suffix.lower() == f".{data_suffix(view.result())}":
            beside_of(path)
            write_result(replace(view.result(), name=path.stem), path.parent)
            self.say(path, write_beside(path, recipe.to_json()))
        elif path.suffix.lower() in SCRIPTS:
            write_script(recipe, path)
            self.say(path)
        else:
            self.say(path, exhibit.write(path, sentence, recipe.to_json()))

    def graph(self, graph: Graph) -> None:
        """The graph as a file that is read again, or as a figure of the canvas."""
        self._ask(self.tr("Export the graph"), graph_filters(), "dot", partial(self.write_graph, graph))

    def write_graph(self, graph: Graph, path: Path) -> None:
        """Write what the suffix names: a figure as the canvas shows it, with its recipe, or the graph itself."""
        if path.suffix.lower().removeprefix(".") in FIGURES:
            self.write(Exhibit(self._rooms.graph.canvas, sentence=size_text(graph)), path)
        else:
            self._said(path, lambda: formats.write(graph, path))

    def script(self) -> None:
        """The commands that repeat what is asked now, else the newest run."""
        kinds = (self.tr("Script that repeats it (*.sh)"), self.tr("The same in Python (*.py)"))
        rooms, desk = self._rooms, self._window.desk
        view: QWidget = rooms.counterfactual.figure() if desk.exploration.subject is not None else rooms.curves.plot
        self._ask(self.tr("Export as a script"), kinds, "sh", partial(self.write, view))

    def scalars(self) -> None:
        """The figures of the newest run."""
        if (info := self._window.desk.runs.newest) is not None:
            self._ask(
                self.tr("Export the figures of {}").format(info.name), ("CSV (*.csv)",), "csv",
                partial(self.write_scalars, info),
            )

    def write_scalars(self, info: RunInfo, path: Path) -> None:
        """All points of a run, and beside them what made them."""
        beside_of(path)
        write_scalars(path, info.points())
        self.say(path, write_beside(path, recipe_of_run(self._window.desk, info).to_json()))

    def _said(self, path: Path, write: Callable[[], None]) -> None:
        write()
        self.say(path)

    def _caption(self, view: QWidget) -> str:
        """The question that a view answers; a view of the data answers none and is called by their name.

        Lists of what does not match say themselves what they are.
        """
        if view is self._rooms.data.lists:
            return ""
        opened = self._window.desk.workspace.data
        asked = self._window.question.sentence()
        return opened.name if opened is not None and self._rooms.data.isAncestorOf(view) else asked

    def recipe(self, view: QWidget, sentence: str) -> Recipe:
        """What a view was made of: that of the run in Results and Curves, that of what is asked elsewhere."""
        desk, rooms, panel = self._window.desk, self._rooms, panel_of(view)
        number = rooms.results.run() if panel is rooms.results else None
        if panel is rooms.curves and desk.runs.newest is not None:
            number = desk.runs.newest.number
        if number is not None:
            result = rooms.results.chosen() if panel is rooms.results else ""
            found = recipe_of_run(desk, desk.runs.run(number), result, sentence)
        else:
            found = recipe_of_desk(desk, sentence)
        if view is rooms.data.lists:            # they speak of a file that is not open
            found = Recipe(project=found.project, folder=found.folder, made=found.made, versions=found.versions)
        mode = rooms.counterfactual.mode() if panel is rooms.counterfactual else found.result
        name = "Data" if rooms.data.isAncestorOf(view) else panel.accessibleName() if panel is not None else ""
        return replace(found, view=name, result=mode)

    def show(self, recipe: Recipe) -> None:
        """Bring the panel to the front from which a figure came, as it was."""
        window, rooms = self._window, self._rooms
        known = {"Data", "Graph", "Methods", "Curves", "Counterfactual", "Results", "Models"}
        if recipe.view == "Results" and recipe.run in {info.number for info in window.desk.runs.all()}:
            rooms.results.show_run(int(recipe.run or 0))
            if recipe.result in window.desk.runs.run(int(recipe.run or 0)).results:
                rooms.results.choose(recipe.result)
        elif recipe.view == "Counterfactual":
            rooms.counterfactual.show_mode(recipe.result)
        if recipe.view in known:
            window.show_panel(recipe.view)

    def say(self, path: Path, beside: Path | None = None) -> None:
        """Where it lies, and the recipe `beside` it, with the way to it."""
        said = self.tr("Exported to {}, and what made it to {}.") if beside else self.tr("Exported to {}.")
        self._window.said.show_message(
            said.format(path.name, "" if beside is None else beside.name), str(path.parent),
            (Action(self.tr("Show the folder"), partial(show_folder, path), "plain", "folder-open"),),
        )

    def _ask(self, title: str, kinds: Sequence[str], suffix: str, write: Callable[[Path], object]) -> None:
        self._window.said.clear()
        ask_target(
            self._window, title, kinds, suffix, lambda path: self._window.guarded(lambda: self._try(path, write))
        )

    def _try(self, path: Path, write: Callable[[Path], object]) -> None:
        try:
            write(path)
        except OSError as error:
            sentence = self.tr("{} could not be written to {}.").format(path.name, path.parent)
            cause = self.tr("{}. What was there before is as it was.").format(error.strerror or error)
            raise Refusal(sentence, cause, about=(str(path),)) from error


def panel_of(view: QWidget) -> PanelFrame | None:
    """The outermost panel that a view stands in."""
    found, widget = None, view.parentWidget()
    while widget is not None:
        if isinstance(widget, PanelFrame):
            found = widget
        widget = widget.parentWidget()
    return found


def graph_filters() -> tuple[str, ...]:
    """What the dialog for a graph offers: each format once, then figures."""
    endings: dict[str, list[str]] = {}
    for ending, known in formats.FORMATS.items():
        endings.setdefault(known.title, []).append(f"*{ending}")
    files = (f"{title} ({' '.join(known)})" for title, known in endings.items())
    return (*files, "SVG drawing (*.svg)", "PDF (*.pdf)", "PNG picture (*.png)")


def data_suffix(result: object) -> str:
    """The suffix of a result's data file: what `write_result` writes under the result's name."""
    kind = getattr(result, "kind", "")
    return {"graph": "json", "text": "txt"}.get(kind, "csv")
