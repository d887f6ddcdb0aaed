"""Controls: what the analyst can set of a model's answers. A closed set; each has one widget and one flag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


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


Control = Slider | Stepper | Choice | Toggle | Constraints
