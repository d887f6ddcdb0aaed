"""Controls: what the analyst can set of a model's answers. A closed set; each has one widget and one flag."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engines.refusals import Refusal


@dataclass(frozen=True)
class Slider:
    """A number. With `do`, the factor of that name is set; else the query's value of that name.

    Attributes:
        low, high: The range of the data (0.5 % to 99.5 %), raw units.
        bounds: How far it may go at all; beyond low..high is beyond the data.
        default: None for a factor: its factual value.
        live: Acts while dragged; else on release.
        neutral: Why moving it need not change any result; empty if it must.
    """

    kind: ClassVar[str] = "slider"
    name: str
    low: float
    high: float
    bounds: tuple[float, float]
    do: bool = True
    default: float | None = None
    unit: str = ""
    decimals: int = 2
    live: bool = True
    help: str = ""
    neutral: str = ""


@dataclass(frozen=True)
class Stepper:
    """A whole number."""

    kind: ClassVar[str] = "stepper"
    name: str
    low: int
    high: int
    default: int
    do: bool = False
    unit: str = ""
    live: bool = False
    help: str = ""
    neutral: str = ""


@dataclass(frozen=True)
class Choice:
    """One of a few options. default None for a factor: its factual value."""

    kind: ClassVar[str] = "choice"
    name: str
    options: tuple[str, ...]
    default: str | None = None
    do: bool = False
    live: bool = True
    help: str = ""
    neutral: str = ""


@dataclass(frozen=True)
class Toggle:
    """On or off."""

    kind: ClassVar[str] = "toggle"
    name: str
    default: bool
    do: bool = False
    live: bool = True
    help: str = ""
    neutral: str = ""


@dataclass(frozen=True)
class Limits:
    """A column that may be constrained.

    Attributes:
        low, high: The range in the data, raw units; None for a category.
        levels: Of a category.
        target: A prediction that is to reach something; else a column that may be changed.
    """

    name: str
    low: float | None = None
    high: float | None = None
    levels: tuple[str, ...] = ()
    unit: str = ""
    whole: bool = False
    target: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """What may be said of the column in a value of `Constraints`."""
        if self.target:
            return ("allowed", "preferred") if self.levels else ("low", "high")
        return ("lock", "allowed") if self.levels else ("lock", "low", "high", "direction")

    def checked(self, said: Any) -> dict[str, Any]:
        """What is said of the column, without what says nothing.

        Raises:
            Refusal: naming the column and what is allowed.
        """
        if not isinstance(said, Mapping):
            raise self._refused(f"Column {self.name} cannot be constrained by {said!r}.")
        for word in said:
            if word not in self.words:
                raise self._refused(f"Column {self.name} takes no {word!r}.")
        found = {word: self._value(word, value) for word, value in said.items() if value is not None}
        if "low" in found and "high" in found and found["low"] > found["high"]:
            raise self._refused(f"Column {self.name} cannot be from {found['low']:g} to {found['high']:g}.")
        return {word: value for word, value in found.items() if value is not False}

    def _value(self, word: str, value: Any) -> Any:
        if word == "lock" and isinstance(value, bool):
            return value
        if word == "direction" and value in ("up", "down"):
            return value
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if word in ("low", "high") and is_number and math.isfinite(value):
            return value
        if word in ("allowed", "preferred") and isinstance(value, (list, tuple)) and value:
            if all(level in self.levels for level in value):
                return list(value)
            level = next(level for level in value if level not in self.levels)
            raise self._refused(f"Column {self.name} has no level {level}.")
        raise self._refused(f"Column {self.name}: {word} cannot be {value!r}.")

    def _refused(self, sentence: str) -> Refusal:
        """A refusal that says what is allowed."""
        levels = f"some of the levels {', '.join(self.levels)}"
        meanings = {
            "lock": "lock (true or false)", "direction": 'direction ("up" or "down")', "low": "low (a number)",
            "high": "high (a number, not below low)", "allowed": f"allowed ({levels})",
            "preferred": f"preferred ({levels}, one of which is to be likelier than all others)",
        }
        return Refusal(sentence, f"It takes {', '.join(meanings[word] for word in self.words)}.", about=(self.name,))


@dataclass(frozen=True)
class Constraints:
    """What each column must keep to, and what each target is to reach: a row of settings a column.

    The value maps a column to a mapping of these words, all of them optional. Of a column that may be changed:
    `lock` (true: it stays), `low`, `high` (raw units), `direction` ("up" or "down" from the factual), `allowed`
    (a list of levels). Of a target: `low`, `high`, `allowed`, or `preferred` (levels one of which must be likelier
    than all others). A column that is absent is free; a target that is absent may come out as it likes.

    Attributes:
        default: Such a mapping.
    """

    kind: ClassVar[str] = "constraints"
    name: str
    columns: tuple[Limits, ...]
    default: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    do: bool = False
    live: bool = False
    help: str = ""
    neutral: str = ""

    def checked(self, value: Any) -> dict[str, dict[str, Any]]:
        """A value of this control without what says nothing.

        Raises:
            Refusal: naming the column and what is allowed.
        """
        known = {column.name: column for column in self.columns}
        if not isinstance(value, Mapping):
            said = f"{self.name} cannot be {value!r}."
            raise Refusal(said, 'It maps columns to what they keep to, such as {"age": {"lock": true}}.')
        for name in value:
            if name not in known:
                raise Refusal(
                    f"{self.name} names a column {name}, which is not among those that can be constrained.",
                    f"They are {', '.join(known)}.", about=(str(name),),
                )
        found = {name: known[name].checked(said) for name, said in value.items()}
        return {name: said for name, said in found.items() if said}


Control = Slider | Stepper | Choice | Toggle | Constraints
