"""A model of lamps that is asked by the panels: the engine keeps what it was asked, and answers when the test says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from engines.contract import Answer, Budget, Choice, FactorValue, How, Slider
from engines.data.kinds import Column, ColumnType, Images, Table, category_column, number_column, table_of
from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.results import ImageGridResult, TableResult
from engines.runtime.measuring import COLUMNS
from engines.runtime.messages import Answered, Ask, ModelOpened, Refused
from studio.exploration.exploration import Exploration, Subject
from studio.project.history import History

CONTROLS = (
    Slider("level", 10, 250, (0, 255), unit="lx", decimals=0), Choice("side", ("left", "right"), do=True),
)


class AskedEngine(QObject):
    """The engine as panels see it. Every answer is a picture as bright as the level that was set, or 100."""

    answered = Signal(object)
    refused = Signal(object)
    model_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Ask] = []
        self.opened: list[str] = []
        self.closed: list[str] = []

    def ask(
        self, view, model, items=(), *, do=None, values=None, seed=0, budget=Budget.FINAL, yields=False, measure=False
    ) -> int:
        number = 1 + sum(ask.view == view for ask in self.asked)
        self.asked.append(
            Ask(view, number, model, tuple(items), dict(do or {}), dict(values or {}), seed, budget, yields, measure)
        )
        return number

    def open_model(self, model, folder, data=None, threads=1) -> None:
        self.opened.append(model)

    def close_model(self, model) -> None:
        self.closed.append(model)

    def newest(self, view: str) -> Ask:
        return [ask for ask in self.asked if ask.view == view][-1]

    def open(self, model: str, controls=CONTROLS) -> None:
        """A model that was to be opened is there."""
        self.model_opened.emit(ModelOpened(model, "lamp", controls, None, {}))

    def answer(self, start: str = "", shade: float = 0.0) -> int:
        """Answer what waits of the views whose names begin so; how many."""
        newest = {ask.view: ask for ask in self.asked if ask.view.startswith(start)}
        for ask in newest.values():
            self.answered.emit(Answered(ask.view, ask.number, answer_to(ask, shade), 0.2))
        return len(newest)

    def refuse(self, view: str, sentence: str) -> None:
        self.refused.emit(Refused(view, self.newest(view).number, sentence, "Because."))


def answer_to(ask: Ask, shade: float = 0.0) -> Answer:
    """A picture and its factors; where it is to be measured, one line of figures an item."""
    if ask.measure:
        return Answer(Budget.FINAL, (figures(ask),))
    level = float(ask.do.get("level", 100.0))
    pixels = np.full((1, 8, 8, 1), np.clip(level + shade, 0, 255), np.uint8)
    how = How.SET if "level" in ask.do else How.UNAFFECTED
    factors = (
        FactorValue("level", 100.0, level, how, (level - 2, level + 2)),
        FactorValue("side", "left", str(ask.do.get("side", "left")), How.SET if "side" in ask.do else How.UNAFFECTED),
    )
    return Answer(Budget.FINAL, (ImageGridResult("counterfactual", "", pixels),), factors)


def figures(ask: Ask) -> TableResult:
    """Composition 1.5 of 255, and the level read 4 lx too high by a gauge that allows 5."""
    rows = []
    for item in ask.items:
        rows.append((float(item), "", "composition", "", 1.5, "", "", "", np.nan, "of 255", "the pixels", 1.0))
        if "level" in ask.do:
            level = float(ask.do["level"])
            rows.append((float(item), "level", "effectiveness", "level", 4.0, "100.0", str(level), str(level + 4), 5.0,
                         "lx", "a photometer", 0.0))
    columns = tuple(
        number_column(name, values) if isinstance(values[0], float)
        else Column(name, ColumnType.TEXT, np.array(values, dtype=object))
        for name, values in zip(COLUMNS, zip(*rows, strict=True), strict=True)
    )
    return TableResult("checks", "Checks", Table("checks", columns, np.arange(1, len(rows) + 1)))


def lamps(model: str = "lamp", count: int = 20) -> Subject:
    """Lamps of one shade each."""
    levels = np.linspace(20, 240, count)
    pixels = np.broadcast_to(levels[:, None, None, None], (count, 8, 8, 1)).astype(np.uint8).copy()
    sides = ["left", "right"] * (count // 2)
    columns = (number_column("level", levels, "lx"), category_column("side", sides))
    data = Images("lamps", pixels, table_of("lamps", columns))
    graph = Graph.of(["level", "side"])
    return Subject(model, "Lamp", "lamp", CONTROLS, graph, {}, DataReference("/lamps.npz"), data)


def explored(engine: AskedEngine, subject: Subject | None = None, item: int = 3) -> Exploration:
    """An exploration of the lamps."""
    exploration = Exploration(engine, History())
    engine.answered.connect(exploration.take)
    engine.refused.connect(exploration.take)
    exploration.open(subject or lamps(), item)
    return exploration


OTHER = Path("/models/other")
