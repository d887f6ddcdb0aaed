"""What a model can do for another method: predict columns of a table, with gradients or without.

A method asks for a model by ability, never by the name of what trained it. No torch here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from engines.data.kinds import Column, ColumnType, Table
from engines.refusals import Refusal

if TYPE_CHECKING:
    import torch


class Ability(StrEnum):
    """What a method may ask of a model; `CLASSES` and `GRADIENTS` include `PREDICTOR`. Whether a predicted column holds
    classes is for the table to say: no card lists `CLASSES`.
    """

    PREDICTOR = "predictor"
    CLASSES = "predictor of a class"
    GRADIENTS = "predictor with gradients"


@dataclass(frozen=True)
class Feature:
    """A column that a predictor reads. `levels` are empty for a number; `whole`: only whole numbers occur."""

    name: str
    levels: tuple[str, ...] = ()
    unit: str = ""
    whole: bool = False

    @staticmethod
    def of(column: Column) -> Feature:
        """The feature that a column becomes."""
        return Feature(column.name, column.levels, column.unit, column.whole)


@dataclass(frozen=True)
class Target:
    """A column that a predictor predicts. `levels` are empty for a number."""

    name: str
    levels: tuple[str, ...] = ()
    unit: str = ""


class Predictor(ABC):
    """Predicts columns of a row from others; speaks raw units in and out.

    Symbols: n rows, d features in the order of `features`, k levels of a target.
    Rows are a matrix (n, d) of float64: a number as it is, of a category the place of its level.
    """

    @property
    @abstractmethod
    def features(self) -> tuple[Feature, ...]:
        """The columns that it reads, in order."""

    @property
    @abstractmethod
    def targets(self) -> tuple[Target, ...]:
        """The columns that it predicts."""

    @abstractmethod
    def predict(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """By target: (n,) raw units for a number, (n, k) probabilities of the levels for a category."""

    @property
    def sort(self) -> str:
        """What sort of model it is, in a word or two for people; empty where that is not known."""
        return ""

    @property
    def differentiable(self) -> bool:
        """Whether `scores` can be asked."""
        return False

    def scores(self, rows: torch.Tensor) -> dict[str, torch.Tensor]:  # noqa: ARG002 - most have none
        """By target: (n,) raw units, or (n, k) logits whose softmax `predict` gives, with gradients with respect to
        the numbers among `rows` (n, d). The places of levels have none.

        Raises:
            Refusal: when the predictor has no gradients.
        """
        raise Refusal("This model has no gradients.", "Choose a method that asks for none, or another model.")

    def rows(self, table: Table) -> np.ndarray:
        """The table's rows as a matrix (n, d).

        Raises:
            Refusal: when a column is missing, is of another type, has gaps or a level that the model never saw.
        """
        return numbers_of(self.features, table)

    def target(self, name: str) -> Target:
        """The target of that name.

        Raises:
            Refusal: when there is none.
        """
        for target in self.targets:
            if target.name == name:
                return target
        known = ", ".join(t.name for t in self.targets)
        raise Refusal(f"The model does not predict {name}.", f"It predicts {known}.", about=(name,))


def numbers_of(features: Sequence[Feature], table: Table) -> np.ndarray:
    """The table's rows as a matrix (n, d), see `Predictor.rows`, which says what is refused."""
    return np.column_stack([_numbers(feature, table) for feature in features])


def _numbers(feature: Feature, table: Table) -> np.ndarray:
    """(n,) float64 of one feature."""
    if feature.name not in table:
        raise Refusal(
            f"The model reads a column {feature.name}, which {table.name} has not.",
            "Choose the data that the model was trained on, or a model of these data.", about=(feature.name,),
        )
    column = table[feature.name]
    expected = ColumnType.CATEGORY if feature.levels else ColumnType.NUMBER
    if column.type is not expected:
        raise Refusal(
            f"Column {feature.name} is {column.type}; the model reads it as {expected}.", "Change its type.",
            about=(feature.name,),
        )
    if (gaps := column.missing).any():
        raise Refusal(
            f"Column {feature.name} has {int(gaps.sum())} missing values: impute or drop them.",
            f"The first is in row {table.row_ids[int(np.argmax(gaps))]}.",
            ("Drop these rows", "Leave the column out"), (feature.name,),
        )
    if not feature.levels:
        return column.values.astype(np.float64)
    known = {level: place for place, level in enumerate(feature.levels)}
    for level in np.unique(column.values):
        if column.levels[level] not in known:
            raise Refusal(
                f"Column {feature.name} has the level {column.levels[level]}, which the model never saw.",
                f"It knows {', '.join(feature.levels)}.", ("Drop these rows",), (feature.name,),
            )
    places = np.array([known.get(level, -1) for level in column.levels], dtype=np.float64)
    return places[column.values]


def as_columns(features: Sequence[Feature], rows: np.ndarray) -> tuple[Column, ...]:
    """The inverse of `Predictor.rows`: one column a feature."""
    return tuple(
        Column(f.name, ColumnType.CATEGORY, rows[:, j].astype(np.int32), f.levels, f.unit) if f.levels
        else Column(f.name, ColumnType.NUMBER, rows[:, j].astype(np.float64), (), f.unit, whole=f.whole)
        for j, f in enumerate(features)
    )


class Able(Protocol):
    """A model, as far as other methods may know it."""

    def predictor(self) -> Predictor | None:
        """What they can explain of it."""


@dataclass(frozen=True)
class Bare:
    """A model that is nothing but its predictor; None: it has none."""

    known: Predictor | None

    def predictor(self) -> Predictor | None:
        return self.known


@dataclass(frozen=True)
class Carded:
    """A model as its card tells of it, for those who do not load it.

    Attributes:
        title: The model's name, for sentences.
        features, targets: Names of what it reads and predicts; empty when it is no predictor.
        sort: What sort of predictor it is; empty where that is not known.
    """

    title: str
    abilities: frozenset[Ability]
    features: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    sort: str = ""

    @staticmethod
    def of(title: str, predictor: Predictor | None) -> Carded:
        """What there is to tell of a model with this predictor."""
        if predictor is None:
            return Carded(title, frozenset())
        able = {Ability.PREDICTOR} | ({Ability.GRADIENTS} if predictor.differentiable else set())
        return Carded(
            title, frozenset(able), tuple(f.name for f in predictor.features), tuple(t.name for t in predictor.targets),
            predictor.sort,
        )

    def to_json(self) -> dict[str, Any]:
        """As it stands in the card, without the title."""
        return {
            "abilities": sorted(self.abilities), "features": list(self.features), "targets": list(self.targets),
            "sort": self.sort,
        }

    @staticmethod
    def from_json(title: str, plain: Mapping[str, Any]) -> Carded:
        """The inverse of `to_json`; a card from before there were abilities has none."""
        return Carded(
            title, frozenset(Ability(a) for a in plain.get("abilities", ())), tuple(plain.get("features", ())),
            tuple(plain.get("targets", ())), str(plain.get("sort", "")),
        )

    def has(self, asked: Ability) -> bool:
        """Whether it can do what is asked, as far as the card alone tells."""
        return (Ability.PREDICTOR if asked is Ability.CLASSES else asked) in self.abilities

    def check(self, asked: Ability, table: Table) -> None:
        """Refuse a model that cannot do what is asked, or reads columns that the table has not.

        Raises:
            Refusal: with what to do instead.
        """
        if not self.has(asked):
            if Ability.PREDICTOR in self.abilities:
                raise Refusal(
                    f"{self.title} has no gradients, which this method needs.",
                    "Choose a network or a linear model, or the search that asks for none.",
                )
            raise Refusal(f"{self.title} predicts no column of a table.", "Train a predictor, or choose another model.")
        for name in self.features:
            if name not in table:
                raise Refusal(
                    f"{self.title} reads a column {name}, which {table.name} has not.",
                    "Choose the data that the model was trained on, or a model of these data.", about=(name,),
                )
        if asked is Ability.CLASSES and all(name in table and not table[name].levels for name in self.targets):
            raise Refusal(
                f"{self.title} predicts no class: {', '.join(self.targets)}.",
                "Choose a model of a category, or a method that takes numbers.", about=self.targets,
            )
