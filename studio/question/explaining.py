"""The model that a method explains: which models of the project can be, by their cards, and which one is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from engines import models
from engines.abilities import Ability, Carded
from engines.data.kinds import DataSet
from engines.refusals import Refusal
from engines.runtime import explained
from engines.runtime.messages import ModelOpened, ModelReference, RunState
from studio.models.changes import ModelChanges
from studio.project import Kind
from studio.project.history import History
from studio.runs.runs import RunInfo, Runs

if TYPE_CHECKING:
    from studio.engine import Engines


_CHOSEN = "explained"


@dataclass(frozen=True)
class Explainable:
    """A model by its card: where it lies and what it can do."""

    folder: Path
    carded: Carded

    @property
    def title(self) -> str:
        return self.carded.title


class Explaining(QObject):
    """Knows the models of finished runs and those that were opened; reads cards, never a model."""

    changed = Signal()                      # there are other models, or another one is chosen

    def __init__(
        self, runs: Runs, changes: ModelChanges, engine: Engines, history: History, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runs, self._changes, self._history = runs, changes, history
        self._cards: dict[Path, Carded | None] = {}
        self._opened: list[Path] = []
        self._wanted: Path | None = None
        runs.opened.connect(self._begin)
        runs.ended.connect(self._take_run)
        runs.renamed.connect(self._take_run)
        changes.changed.connect(self.changed)
        engine.model_opened.connect(self._take_opened)
        history.register(Kind.MODEL, _CHOSEN, self._show, self._why_not)

    def found(self, asked: Ability, data: DataSet | None) -> tuple[Explainable, ...]:
        """The models that can do what is asked and read columns of these data, the newest first."""
        return tuple(one for one in self._all() if self._refusal(one, asked, data) is None)

    def why_none(self, asked: Ability, data: DataSet | None) -> str:
        """Why there is no such model."""
        for one in self._all():
            if one.carded.abilities and (refusal := self._refusal(one, asked, data)) is not None:
                return refusal.sentence
        return self.tr("No model of this project predicts a column yet.")

    def chosen(self, asked: Ability, data: DataSet | None) -> Explainable | None:
        """The model that is to be explained: the analyst's choice while it fits, else the newest."""
        found = self.found(asked, data)
        return next((one for one in found if one.folder == self._wanted), found[0] if found else None)

    def choose(self, folder: Path) -> None:
        """Explain this model from now on; an undo step."""
        if folder != self._wanted:
            title = next((one.title for one in self._all() if one.folder == folder), _named(folder))
            text = self.tr("Explain {}").format(title)
            self._history.change(text, Kind.MODEL, _CHOSEN, self._plain(self._wanted), self._plain(folder))

    def reference(self, asked: Ability, data: DataSet | None) -> ModelReference:
        """The chosen model as a run takes it.

        Raises:
            Refusal: when there is none, or its files are gone.
        """
        chosen = self.chosen(asked, data)
        if chosen is None:
            said = self.tr("There is no model to explain.")
            raise Refusal(said, self.why_none(asked, data), (self.tr("Train a predictor"),))
        return explained.refer(chosen.folder, chosen.title)

    def _all(self) -> Iterator[Explainable]:
        away = set(self._changes.removed)
        done = [info for info in self._runs.all() if info.state is RunState.DONE]
        places = {info.model: f"{info.title}, {info.name}" for info in reversed(done)}
        places |= {folder: _named(folder) for folder in reversed(self._opened) if folder not in places}
        for folder, title in places.items():
            if folder not in away and (carded := self._card(folder, title)) is not None:
                yield Explainable(folder, carded)

    def _card(self, folder: Path, title: str) -> Carded | None:
        if folder not in self._cards:
            self._cards[folder] = _read(folder, title)
        return self._cards[folder]

    def _refusal(self, one: Explainable, asked: Ability, data: DataSet | None) -> Refusal | None:
        if data is None:
            return None if one.carded.has(asked) else Refusal("")
        try:
            one.carded.check(asked, data.attributes)
        except Refusal as refusal:
            return refusal
        return None

    def _plain(self, folder: Path | None) -> dict[str, Any] | None:
        """A run's model by the number of its run, which stays when the project is moved."""
        if folder is None:
            return None
        run = next((info.number for info in self._runs.all() if info.model == folder), None)
        return {"folder": str(folder)} if run is None else {"run": run}

    def _folder(self, plain: Any) -> Path | None:
        if plain is None:
            return None
        if "folder" in plain:
            return Path(plain["folder"])
        return next((info.model for info in self._runs.all() if info.number == plain["run"]), None)

    def _show(self, _name: str, plain: Any) -> None:
        self._wanted = self._folder(plain)
        if self._wanted is not None and "folder" in plain and self._wanted not in self._opened:
            self._opened.append(self._wanted)       # from outside the project: it is known again after a restart
        self.changed.emit()

    def _why_not(self, _name: str, plain: Any) -> str:
        folder = self._folder(plain)
        if plain is None or (folder is not None and folder.is_dir()):
            return ""
        return self.tr("The model that was to be explained is gone.")

    @Slot()
    def _begin(self) -> None:
        """Another project."""
        self._cards, self._opened, self._wanted = {}, [], None
        self.changed.emit()

    @Slot(object)
    def _take_run(self, info: RunInfo) -> None:
        self._cards.pop(info.model, None)
        self.changed.emit()

    @Slot(object)
    def _take_opened(self, opened: ModelOpened) -> None:
        folder = Path(opened.model)
        if all(folder != info.model for info in self._runs.all()) and folder not in self._opened:
            self._opened.append(folder)
            self.changed.emit()


def _named(folder: Path) -> str:
    return folder.parent.name if folder.name == "model" else folder.name


def _read(folder: Path, title: str) -> Carded | None:
    """What stands in the card; None where there is none."""
    try:
        return Carded.from_json(title, models.read_card(folder).get("card", {}).get("predictor") or {})
    except (Refusal, ValueError, TypeError, AttributeError):
        return None
