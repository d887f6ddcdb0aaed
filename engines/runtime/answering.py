"""The models that a lane holds open, and the answers they give."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from engines import catalogue, models
from engines.contract import Model, Query
from engines.data.kinds import DataSet
from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.refusals import Refusal
from engines.runtime.devices import hold_torch
from engines.runtime.local import answers
from engines.runtime.measuring import Measures, measures_of
from engines.runtime.messages import Answered, Ask, ModelOpened, OpenModel, Refused


@dataclass(eq=False)
class _Open:
    model: Model
    data: DataSet | None
    places: dict[int, int]
    reference: DataReference | None = None

    @cached_property
    def measures(self) -> Measures:
        """What can be measured in the model's answers, found when it is first asked for."""
        return measures_of(self.model, self.data, self.reference)

    def factual(self, items: tuple[int, ...]) -> DataSet:
        """The items by row id; none: the whole set.

        Raises:
            Refusal: when there are no data, or not those rows.
        """
        if self.data is None:
            raise Refusal("This model has no data to be asked about.", "Give it a data set.", ("Choose data",))
        if not items:
            return self.data
        missing = [item for item in items if item not in self.places]
        if missing:
            raise Refusal(f"{self.data.name} has no row {missing[0]}.", "Choose another one.", about=(self.data.name,))
        return self.data.rows(np.array([self.places[item] for item in items]))


class Models:
    """Models by id, with the data they are asked about."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}

    def open(self, message: OpenModel) -> ModelOpened | Refused:
        """Load a model and its data. Never raises."""
        try:
            return self._opened(message)
        except Exception as error:  # noqa: BLE001 - whatever a model's code raises becomes a refusal
            return refused(message.model, 0, error)

    def close(self, model: str) -> None:
        self._open.pop(model, None)

    def ask(self, ask: Ask) -> Iterator[Answered | Refused]:
        """The answers to a query, each better than the one before. Never raises."""
        began = time.perf_counter()
        try:
            held = self._held(ask.model)
            query = Query(held.factual(ask.items), ask.do, ask.values, ask.seed, ask.budget)
            given = False
            for answer in held.measures.of(query) if ask.measure else answers(held.model, query):
                given = True
                yield Answered(ask.view, ask.number, answer, time.perf_counter() - began)
            if not given:
                raise Refusal("The model gave no answer.")
        except Exception as error:  # noqa: BLE001 - whatever a model's code raises becomes a refusal
            yield refused(ask.view, ask.number, error)

    def _held(self, model: str) -> _Open:
        if model not in self._open:
            raise Refusal("This model is not open.", offers=("Open a model",))
        return self._open[model]

    def _opened(self, message: OpenModel) -> ModelOpened:
        folder = Path(message.folder)
        document = models.read_card(folder)
        method = catalogue.load(document["method"])
        model = models.load(folder, method)
        hold_torch(message.threads)
        data = None
        if message.data is not None:
            from engines.data.reading import read

            data = read(message.data)
        places = {} if data is None else {int(row): place for place, row in enumerate(data.row_ids)}
        self._open[message.model] = _Open(model, data, places, message.data)
        card = document.get("card", {})
        return ModelOpened(message.model, document["method"], model.controls(), _graph(model, card), card)


def _graph(model: Model, card: dict[str, Any]) -> Graph | None:
    """The graph that the model was given, or has learnt."""
    learnt = model.causal_graph({})
    if learnt is not None:
        return learnt
    return Graph.from_json(card["graph"]) if card.get("graph") else None


def refused(view: str, number: int, error: Exception) -> Refused:
    """The refusal that an error becomes, in the analyst's words."""
    if isinstance(error, Refusal):
        return Refused(view, number, error.sentence, error.cause, error.offers, error.about)
    return Refused(
        view,
        number,
        "The model could not answer." if number else "The model could not be opened.",
        f"{type(error).__name__}: {error}",
        ("Copy the report",),
        trace=traceback.format_exc(),
    )
