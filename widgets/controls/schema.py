"""Fields of a form out of a method's parameter schema, and what may stand in them. No widgets here."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QCoreApplication

from widgets.numbers import format_number, parse_number

Kind = Literal["whole", "number", "numbers", "choice", "toggle", "text", "json"]


@dataclass(frozen=True)
class Field:
    """One parameter as the schema announces it.

    Attributes:
        name: Its key. title: What the analyst reads. help: One line.
        low, high: Bounds, or None; with open_low or open_high the bound itself is not allowed.
        options: Of a choice. optional: Empty means none.
    """

    name: str
    title: str
    kind: Kind
    default: Any = None
    help: str = ""
    unit: str = ""
    advanced: bool = False
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    open_high: bool = False
    options: tuple[Any, ...] = ()
    optional: bool = False

    def text(self, value: Any) -> str:
        """How a value is written into the field."""
        if value is None:
            return ""
        match self.kind:
            case "whole":
                return format_number(value, "", 0)
            case "number":
                return plain(value)
            case "numbers":
                return "; ".join(plain(part) for part in value)
            case "json":
                return json.dumps(value)
        return str(value)

    def about(self) -> str:
        """Its help in full, as Markdown: what it does, what may stand in it, what it is at first, its name."""
        allowed = self.allowed()
        if self.options:
            allowed = _tr("One of {}.").format(", ".join(str(option) for option in self.options))
        first = _tr("At first {}.").format(self.text(self.default) or _tr("none"))
        if self.unit:
            allowed = f"{allowed} {_tr('In {}.').format(self.unit)}".strip()
        return f"# {self.title}\n\n{self.help}\n\n{f'{allowed} {first}'.strip()}\n\n`--set {self.name}=…`"

    def read(self, text: str) -> Any:
        """The value that was typed.

        Raises:
            ValueError: with the sentence that stands under the field.
        """
        bare = text.strip()
        if not bare and self.optional:
            return None
        match self.kind:
            case "whole" | "number":
                return self._number(bare)
            case "numbers":
                parts = [part for part in bare.replace(";", " ").split() if part]
                return [self._number(part) for part in parts]
            case "json":
                try:
                    return json.loads(bare)
                except json.JSONDecodeError as error:
                    raise ValueError(_tr("Type JSON, such as [1, 2].")) from error
        return text

    def _number(self, text: str) -> float | int:
        value = parse_number(text, self.unit)
        if value is None:
            raise ValueError(_tr("Type a number.") if text else _tr("A number is needed."))
        if self.kind == "whole" and value != round(value):
            raise ValueError(_tr("Type a whole number."))
        below = self.low is not None and (value <= self.low if self.open_low else value < self.low)
        above = self.high is not None and (value >= self.high if self.open_high else value > self.high)
        if below or above:
            raise ValueError(self.allowed())
        return round(value) if self.kind == "whole" else value

    def allowed(self) -> str:
        """The range in words."""
        low = "" if self.low is None else self._end(self.low)
        high = "" if self.high is None else self._end(self.high)
        if low and high and not self.open_low and not self.open_high:
            return _tr("From {} to {}.").format(low, high)
        parts = []
        if low:
            parts.append((_tr("more than {}") if self.open_low else _tr("at least {}")).format(low))
        if high:
            parts.append((_tr("less than {}") if self.open_high else _tr("at most {}")).format(high))
        text = _tr(" and ").join(parts)
        return f"{text[:1].upper()}{text[1:]}." if text else ""

    def _end(self, value: float) -> str:
        return format_number(value, "", 0) if value == round(value) else plain(value)


def fields_of(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a JSON schema of an object, in order."""
    shared = schema.get("$defs", {})
    return tuple(_field(name, rule, shared) for name, rule in schema.get("properties", {}).items())


def plain(value: float) -> str:
    """A number with as many digits as it has, the decimal mark by locale."""
    if value != 0 and not 1e-6 <= abs(value) < 1e15:
        return f"{value:g}"
    shortest = repr(float(value))
    decimals = 0
    if "e" in shortest:
        head, _, power = shortest.partition("e")
        decimals = max(len(head.partition(".")[2].rstrip("0")) - int(power), 0)
    else:
        decimals = len(shortest.partition(".")[2].rstrip("0"))
    return format_number(value, "", decimals)


def _field(name: str, rule: Mapping[str, Any], shared: Mapping[str, Any]) -> Field:
    inner, optional = _resolved(rule, shared)
    title = rule.get("title", "") or name
    if title == name.replace("_", " ").title():      # what pydantic makes of the name; the analyst reads sentence case
        title = name.replace("_", " ").capitalize()
    items = inner.get("items", {})
    bounds = items if inner.get("type") == "array" else inner
    return Field(
        name=name, title=title, kind=_kind(inner), default=rule.get("default"), help=rule.get("description", ""),
        unit=rule.get("unit", ""), advanced=bool(rule.get("advanced", False)),
        low=_bound(bounds, "minimum", "exclusiveMinimum"), high=_bound(bounds, "maximum", "exclusiveMaximum"),
        open_low="exclusiveMinimum" in bounds, open_high="exclusiveMaximum" in bounds,
        options=tuple(inner.get("enum", ())) or ((inner["const"],) if "const" in inner else ()), optional=optional,
    )


def _resolved(rule: Mapping[str, Any], shared: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """The rule behind references and "or nothing"."""
    if "$ref" in rule:
        return _resolved(shared.get(str(rule["$ref"]).rpartition("/")[2], {}), shared)
    branches = rule.get("anyOf") or rule.get("allOf")
    if branches:
        kept = [branch for branch in branches if branch.get("type") != "null"]
        inner, optional = _resolved(kept[0], shared) if kept else ({}, True)
        return {**rule, **inner}, optional or len(kept) < len(branches)
    return rule, False


def _kind(rule: Mapping[str, Any]) -> Kind:
    if "enum" in rule or "const" in rule:
        return "choice"
    if rule.get("type") == "array" and rule.get("items", {}).get("type") in ("number", "integer"):
        return "numbers"
    kinds: dict[str, Kind] = {"integer": "whole", "number": "number", "boolean": "toggle", "string": "text"}
    return kinds.get(str(rule.get("type")), "json")


def _bound(rule: Mapping[str, Any], name: str, exclusive: str) -> float | None:
    value = rule.get(name, rule.get(exclusive))
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("schema", text)
