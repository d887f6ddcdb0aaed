"""What is to stand in the report: results, figures and models in an order, each with a note by the analyst.

One plain document of the project, named "report"; each change of it is an undo step. A result is named by its run, so
that it is drawn again when the report is written; a figure of a view is drawn when it is added, and kept in the
project with the data behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from engines.refusals import Refusal
from engines.results import Result
from studio.project import Kind
from studio.project.history import History

EntryKind = Literal["result", "figure", "model"]

REPORT = "report"
FOLDER = "reports"
"""Where reports lie in a project, each in a folder of its own."""


@dataclass(frozen=True)
class Entry:
    """One thing in the report.

    Attributes:
        kind: "result": of a run, by number and name. "figure": drawn files in a folder. "model": a model's folder.
        sentence: The question that it answers.
        note: What the analyst wrote under it.
        run, result: Of a result.
        folder: Of a figure or a model; within the project where it lies there.
        recipe: What made it, as plain JSON.
    """

    id: int
    kind: EntryKind
    title: str
    sentence: str = ""
    note: str = ""
    run: int = 0
    result: str = ""
    folder: str = ""
    recipe: Mapping[str, Any] = field(default_factory=dict)


class Reporting(QObject):
    """The report of the open project."""

    changed = Signal()

    def __init__(self, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self._entries: tuple[Entry, ...] = ()
        self._folder: Path | None = None
        history.register(Kind.REPORT, REPORT, self._show)

    def use(self, folder: Path) -> None:
        """Another project, that lies there; `History.show_all` brings its report."""
        self._folder, self._entries = folder, ()
        self.changed.emit()

    def entries(self) -> tuple[Entry, ...]:
        return self._entries

    def models(self) -> set[Path]:
        """Folders of the models whose cards stand in it."""
        return {(self._folder or Path()) / entry.folder for entry in self._entries if entry.kind == "model"}

    # by the analyst: undo steps

    def add_result(self, run: int, result: Result, sentence: str) -> None:
        """A result of a run; one that stands there already is not added twice."""
        if not any(e.kind == "result" and (e.run, e.result) == (run, result.name) for e in self._entries):
            entry = Entry(self._next(), "result", result.title, sentence, run=run, result=result.name)
            self._add(entry)

    def add_figure(
        self, view: QWidget, sentence: str, recipe: Mapping[str, Any], results: Iterable[Result] = ()
    ) -> None:
        """A view as it stands now, drawn and kept, with the results behind it as data files.

        Raises:
            Refusal: when it cannot be written.
        """
        if self._folder is None:
            return
        from studio.exports.data_files import write_result
        from studio.exports.figures import export_view

        made = f"{datetime.now():%Y%m%d-%H%M%S}"
        folder = _free(self._folder / "media" / f"report-{made}")
        try:
            folder.mkdir(parents=True)
            for suffix in ("svg", "png"):
                export_view(view, folder / f"figure.{suffix}", sentence, recipe)
            (folder / "data").mkdir()
            for result in results:
                write_result(result, folder / "data")
        except OSError as error:
            raise Refusal(self.tr("The figure could not be kept for the report."), str(error)) from error
        within = folder.relative_to(self._folder).as_posix()
        self._add(Entry(self._next(), "figure", view.accessibleName(), sentence, folder=within, recipe=dict(recipe)))

    def add_model(self, folder: Path, title: str, sentence: str) -> None:
        """The card of a model; one that stands there already is not added twice."""
        if folder not in self.models():
            home = self._folder
            within = home is not None and folder.is_relative_to(home)
            kept = folder.relative_to(home).as_posix() if home is not None and within else str(folder)
            self._add(Entry(self._next(), "model", title, sentence, folder=kept))

    def move(self, id: int, by: int) -> None:
        """Further up (negative) or down."""
        entries = list(self._entries)
        at = self._place(id)
        to = min(max(at + by, 0), len(entries) - 1)
        if to != at:
            entries.insert(to, entries.pop(at))
            self._change(tuple(entries), self.tr("Move {} in the report").format(entries[to].title))

    def set_note(self, id: int, note: str) -> None:
        """What stands under it."""
        at = self._place(id)
        if note != self._entries[at].note:
            entries = (*self._entries[:at], replace(self._entries[at], note=note), *self._entries[at + 1 :])
            self._change(entries, self.tr("Note on {}").format(self._entries[at].title))

    def remove(self, id: int) -> None:
        at = self._place(id)
        text = self.tr("Remove {} from the report").format(self._entries[at].title)
        self._change((*self._entries[:at], *self._entries[at + 1 :]), text)

    # private

    def _next(self) -> int:
        return max((entry.id for entry in self._entries), default=0) + 1

    def _place(self, id: int) -> int:
        return next(place for place, entry in enumerate(self._entries) if entry.id == id)

    def _add(self, entry: Entry) -> None:
        self._change((*self._entries, entry), self.tr("Add {} to the report").format(entry.title))

    def _change(self, entries: tuple[Entry, ...], text: str) -> None:
        self._history.change(text, Kind.REPORT, REPORT, to_plain(self._entries), to_plain(entries))

    def _show(self, _name: str, plain: Any) -> None:
        self._entries = from_plain(plain)
        self.changed.emit()


def to_plain(entries: tuple[Entry, ...]) -> list[dict[str, Any]] | None:
    """The report as a plain document; None when nothing stands in it."""
    return [asdict(entry) for entry in entries] or None


def from_plain(plain: list[dict[str, Any]] | None) -> tuple[Entry, ...]:
    """The inverse of `to_plain`."""
    return tuple(Entry(**entry) for entry in plain or ())


def _free(path: Path) -> Path:
    found, number = path, 2
    while found.exists():
        found = path.with_name(f"{path.name}-{number}")
        number += 1
    return found
