"""The models that are at hand: of finished runs, and those that were opened from a sample or a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from engines import models
from engines.abilities import Ability, Carded
from engines.graph.graph import Graph
from engines.questions import Question
from engines.refusals import Refusal
from engines.runtime.messages import ModelOpened, RunState
from studio.catalogue import Announced, Catalogue
from studio.exports.model_files import graph_of
from studio.models.abilities import abilities_in_words
from studio.runs.runs import RunInfo, Runs

if TYPE_CHECKING:
    from studio.engine import Engines


@dataclass(frozen=True, eq=False)
class ShelvedModel:
    """A model as its card describes it.

    Attributes:
        folder: Where it lies.
        name: "run 15", what the analyst calls it, or the folder's name.
        run: Number of its run in this project, 0 for none.
        method: Id of its method; `announced` when the method is installed.
        card: What it was made of; see `engines.runtime.execution.card`.
    """

    folder: Path
    name: str
    method: str
    announced: Announced | None
    graph: Graph | None
    card: Mapping[str, Any]
    run: int = 0

    @property
    def title(self) -> str:
        """Name of the method, as its paper has it."""
        return self.announced.title if self.announced is not None else self.method

    @property
    def question(self) -> Question | None:
        return self.announced.question if self.announced is not None else None

    @property
    def data_name(self) -> str:
        return str(self.card.get("data", {}).get("name", ""))

    @property
    def items(self) -> int | None:
        """Rows or images that it was trained on."""
        return self.card.get("data", {}).get("items")

    @property
    def carded(self) -> Carded:
        """What others can ask of it."""
        return Carded.from_json(self.title, self.card.get("predictor") or {})

    @property
    def can_do(self) -> str:
        """The same in words, such as "Predicts risk, with gradients"; empty: nothing."""
        return abilities_in_words(self.carded)

    @property
    def has_gradients(self) -> bool:
        return Ability.GRADIENTS in self.carded.abilities

    @property
    def explains(self) -> str:
        """The model that it explains; empty: none."""
        reference = self.card.get("model")
        return str(reference.get("title", "")) if isinstance(reference, Mapping) else ""

    @property
    def is_predictor(self) -> bool:
        """Whether it was made to predict; one that explains another only keeps that one's predictions."""
        return bool(self.can_do) and not self.explains

    @property
    def made(self) -> datetime | None:
        """When it was trained, in local time."""
        try:
            return datetime.fromisoformat(str(self.card["made"])).astimezone()
        except (KeyError, ValueError):
            return None

    @property
    def figures(self) -> dict[str, float]:
        """The run's last scalars by name."""
        found = self.card.get("figures", {})
        return {name: float(value) for name, value in found.items() if isinstance(value, (int, float))}


class ModelShelf(QObject):
    """Finds the models and tells when there is another one. The newest comes first."""

    changed = Signal()

    def __init__(self, runs: Runs, engine: Engines, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs, self._catalogue = runs, catalogue
        self._models: dict[Path, ShelvedModel] = {}
        self._away: set[Path] = set()
        runs.added.connect(self._take_run)
        runs.ended.connect(self._take_run)
        runs.renamed.connect(self._take_name)
        engine.model_opened.connect(self._take_opened)
        for info in runs.all():
            self._take_run(info)

    def all(self) -> tuple[ShelvedModel, ...]:
        return tuple(model for model in reversed(self._models.values()) if model.folder not in self._away)

    def find(self, folder: Path) -> ShelvedModel | None:
        return None if folder in self._away else self._models.get(folder)

    def set_away(self, folders: Iterable[Path]) -> None:
        """Models that are not to be seen."""
        self._away = set(folders)
        self.changed.emit()

    def clear(self) -> None:
        """None, as in a new project."""
        self._models = {}
        self.changed.emit()

    @Slot(object)
    def _take_run(self, info: RunInfo) -> None:
        if info.state is RunState.DONE:
            self._put(info.model, self._name_of(info), info.number)
            self._take_name(info)

    @Slot(object)
    def _take_name(self, info: RunInfo) -> None:
        if info.model in self._models and self._models[info.model].name != self._name_of(info):
            self._models[info.model] = replace(self._models[info.model], name=self._name_of(info))
            self.changed.emit()

    def _name_of(self, info: RunInfo) -> str:
        """"run 15", or what the analyst calls it."""
        announced = self._catalogue.find(info.request.method)
        own = announced.title if announced is not None else info.request.method
        return info.name if info.title in (own, info.request.method) else info.title

    @Slot(object)
    def _take_opened(self, opened: ModelOpened) -> None:
        folder = Path(opened.model)
        if folder not in self._models:
            self._put(folder, folder.parent.name if folder.name == "model" else folder.name)
        elif self._models[folder].graph is None and opened.graph is not None:
            self._models[folder] = replace(self._models[folder], graph=opened.graph)
            self.changed.emit()

    def _put(self, folder: Path, name: str, run: int = 0) -> None:
        try:
            document = models.read_card(folder)
        except Refusal:
            return          # a run without a model, or one whose files are gone
        method = str(document["method"])
        self._models.pop(folder, None)
        self._models[folder] = ShelvedModel(
            folder, name, method, self._catalogue.find(method), graph_of(folder, document), document.get("card", {}),
            run,
        )
        self.changed.emit()
