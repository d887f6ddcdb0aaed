"""What is asked for: targets that predictions must reach, limits of columns, objectives beside; as text and as values.

The text is a list of clauses, one a line or parted by semicolons::

    price 20..30            at least 20 and at most 30; either end may be left out
    class in good, fair     the predicted level is one of these
    class prefers good      good is predicted to be likelier than every other level
    minimise cost           as low as possible; "minimise cost toward 5" counts what lies beyond 5 for less
    style like quiet, old   as like this text, or this picture's path, as possible: see `likeness`
    age locked              it stays
    income up               it may only rise; "down": only fall
    income 10..40           within this range;   job in clerk, nurse: one of these

A text that begins with a brace is JSON: the value of the control, a mapping of columns to their words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engines.abilities import Feature, Target
from engines.refusals import Refusal

GRAMMAR = "Write clauses such as: price 20..30; class in good, fair; class prefers good; age locked; income up."
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


@dataclass(frozen=True)
class Limit:
    """What a column that may be changed must keep to."""

    lock: bool = False
    low: float | None = None
    high: float | None = None
    direction: str = ""
    allowed: tuple[str, ...] = ()

    def within(self, other: Limit) -> bool:
        """Whether it allows nothing that the other does not."""
        return self == other or self.lock or (
            not other.lock and other.direction in ("", self.direction) and _inside(self, other)
            and (not other.allowed or (bool(self.allowed) and set(self.allowed) <= set(other.allowed)))
        )


@dataclass(frozen=True)
class Aim:
    """What a prediction must reach: a range, accepted levels, or levels of which one must be likelier than others."""

    low: float | None = None
    high: float | None = None
    allowed: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()

    def said(self) -> str:
        """In words, after the target's name."""
        if self.preferred:
            return f"likelier to be {' or '.join(self.preferred)} than anything else"
        if self.allowed:
            return f"in {', '.join(self.allowed)}"
        if self.low is None:
            return f"at most {self.high:g}"
        return f"at least {self.low:g}" if self.high is None else f"from {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Bonus:
    """An objective beside: a predicted number as low (`sign` 1) or as high (-1) as possible.

    With a `goal`, what goes beyond it counts less: `alpha` and `beta` of the design-target score.
    """

    name: str
    sign: int = 1
    goal: float | None = None
    alpha: float = 1.0
    beta: float = 4.0


@dataclass(frozen=True)
class Like:
    """An objective beside: a column of texts or pictures as like a wish as possible; `distances` by level, cosine."""

    column: str
    wish: str
    distances: tuple[float, ...]

    @property
    def name(self) -> str:
        """What is made small."""
        return f"unlikeness of {self.column}"


@dataclass(frozen=True)
class Wishes:
    """Everything that is asked for. A column without a limit is free, a target without an aim may come out anyhow."""

    aims: Mapping[str, Aim] = field(default_factory=dict)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    bonuses: tuple[Bonus, ...] = ()
    likes: tuple[Like, ...] = ()

    @property
    def beside(self) -> tuple[str, ...]:
        """Names of the objectives beside, in their order."""
        return (*(bonus.name for bonus in self.bonuses), *(like.name for like in self.likes))

    def value(self) -> dict[str, dict[str, Any]]:
        """As the value of the control, without the objectives beside."""
        told: dict[str, dict[str, Any]] = {}
        for name, one in (*self.aims.items(), *self.limits.items()):
            told[name] = {
                word: list(said) if isinstance(said, tuple) else said for word, said in vars(one).items()
                if said is not None and said is not False and said not in ("", ())
            }
        return told

    def within(self, other: Wishes) -> bool:
        """Whether whatever meets these meets the other's as well."""
        aims = all(
            name in self.aims and (self.aims[name] == aim or (
                bool(self.aims[name].allowed) == bool(aim.allowed) and self.aims[name].preferred == aim.preferred
                and set(self.aims[name].allowed) <= set(aim.allowed) and _inside(self.aims[name], aim)
            )) for name, aim in other.aims.items()
        )
        return aims and all(self.limits.get(name, Limit()).within(limit) for name, limit in other.limits.items())


def wishes_from(
    value: Mapping[str, Mapping[str, Any]], features: Sequence[Feature], targets: Sequence[Target],
    bonuses: tuple[Bonus, ...] = (), likes: tuple[Like, ...] = (),
) -> Wishes:
    """From the value of the control, checked.

    Raises:
        Refusal: for an unknown column, level or word, a range that holds nothing, or no target at all.
    """
    by_feature, by_target = {f.name: f for f in features}, {t.name: t for t in targets}
    aims: dict[str, Aim] = {}
    limits: dict[str, Limit] = {}
    for name, words in value.items():
        one = by_target.get(name) or by_feature.get(name)
        if one is None:
            raise Refusal(f"The model has no column {name}.",
                          f"It reads {', '.join(by_feature)} and predicts {', '.join(by_target)}.", about=(name,))
        settled = _settled(one, words)
        if isinstance(settled, Aim):
            if settled != Aim():
                aims[name] = settled
        elif settled != Limit():
            limits[name] = settled
    for bonus in bonuses:
        if bonus.name not in by_target or by_target[bonus.name].levels:
            raise Refusal(f"{bonus.name} is no number that the model predicts.",
                          "Only a predicted number can be minimised or maximised.", about=(bonus.name,))
    if len({bonus.name for bonus in bonuses}) < len(bonuses):
        raise Refusal("A prediction is to be minimised or maximised twice.", "Leave one of them out.")
    if not aims:
        raise Refusal("No target is set, so that there is nothing to reach.",
                      f"The model predicts {', '.join(by_target)}: set a range or levels for one of them.")
    return Wishes(aims, limits, bonuses, likes)


def parsed(
    targets_text: str, limits_text: str, features: Sequence[Feature], targets: Sequence[Target]
) -> tuple[dict[str, dict[str, Any]], tuple[Bonus, ...]]:
    """The value of the control, not yet checked, and the objectives beside, from the texts of the settings.

    Raises:
        Refusal: quoting the clause that cannot be read, or naming a column that stands in two.
    """
    value: dict[str, dict[str, Any]] = {}
    bonuses: list[Bonus] = []
    for text, columns in ((targets_text, list(targets)), (limits_text, list(features))):
        names = [one.name for one in columns]
        for name, words in (_json(text).items() if text.lstrip().startswith("{") else ()):
            if name not in names:
                raise Refusal(f"There is no {'target' if columns and columns[0] in targets else 'column'} {name}.",
                              f"There are {', '.join(names)}.", about=(name,))
            value[name] = dict(words)
        if text.lstrip().startswith("{"):
            continue
        for clause in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
            if text is targets_text and (bonus := _bonus(clause, names)):
                bonuses.append(bonus)
                continue
            name, words = _clause(clause, names)
            doubled = set(words) & set(value.get(name, {}))
            if doubled or (text is targets_text and name in value):
                raise Refusal(f"{name} stands in two clauses.", "Say all of it in one.", about=(name,))
            value.setdefault(name, {}).update(words)
    return value, tuple(bonuses)


def _json(text: str) -> dict[str, Mapping[str, Any]]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Refusal("The targets or limits begin with a brace and are not JSON.", f"{error}.") from error
    if not isinstance(found, dict) or not all(isinstance(words, dict) for words in found.values()):
        raise Refusal("The JSON of targets or limits must map each column to a mapping.", '{"price": {"low": 20}}')
    return found


def _clause(clause: str, names: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """One clause as a column and its words."""
    name = _name(clause, names)
    rest = clause[len(name):].strip()
    if match := re.fullmatch(rf"({NUMBER})?\s*\.\.\s*({NUMBER})?", rest):
        ends = {word: float(end) for word, end in zip(("low", "high"), match.groups(), strict=True) if end}
        if ends:
            return name, ends
    if match := re.fullmatch(rf"(>=|<=)\s*({NUMBER})", rest):
        return name, {"low" if match[1] == ">=" else "high": float(match[2])}
    if match := re.fullmatch(r"(in|prefers)\s+(.+)", rest):
        levels = [level.strip() for level in match[2].split(",") if level.strip()]
        return name, {"allowed" if match[1] == "in" else "preferred": levels}
    if rest in ("locked", "up", "down"):
        return name, {"lock": True} if rest == "locked" else {"direction": rest}
    raise Refusal(f"“{clause}” cannot be read.", GRAMMAR, about=(name,))


def _bonus(clause: str, names: Sequence[str]) -> Bonus | None:
    """“minimise cost”, “maximise safety toward 3 alpha 1 beta 4”."""
    match = re.fullmatch(
        rf"(minimi[sz]e|maximi[sz]e)\s+(.+?)(?:\s+toward\s+({NUMBER}))?(?:\s+alpha\s+({NUMBER}))?"
        rf"(?:\s+beta\s+({NUMBER}))?", clause)
    if not match or clause.split()[0] in names:
        return None
    name = _name(match[2], names)
    if name != match[2]:
        raise Refusal(f"“{clause}” cannot be read.", "Write for example: minimise cost toward 5.", about=(name,))
    goal, alpha, beta = (None if part is None else float(part) for part in match.groups()[2:])
    if (goal is not None and goal <= 0) or (alpha is not None and alpha <= 0) or (beta is not None and beta <= 0):
        raise Refusal(f"Goal, alpha and beta of {name} must be above 0.", "The score divides by them.", about=(name,))
    sign = 1 if match[1].startswith("mini") else -1
    return Bonus(name, sign, goal, 1.0 if alpha is None else alpha, 4.0 if beta is None else beta)


def _name(clause: str, names: Sequence[str]) -> str:
    """The longest name that the clause begins with."""
    for name in sorted(names, key=len, reverse=True):
        if clause.startswith(name) and not clause[len(name):len(name) + 1].isalnum():
            return name
    raise Refusal(f"“{clause}” begins with no column that is known here.", f"There are {', '.join(names)}.")


def _settled(one: Feature | Target, words: Mapping[str, Any]) -> Aim | Limit:
    """The checked words of one column."""
    known = {"low", "high", "allowed", *(("preferred",) if isinstance(one, Target) else ("lock", "direction"))}
    fitting = known - ({"low", "high", "direction"} if one.levels else {"allowed", "preferred"})
    for word, said in words.items():
        if word not in fitting:
            kind = f"a category ({', '.join(one.levels)})" if one.levels else "a number"
            raise Refusal(f"{one.name} cannot have “{word}”: it is {kind}.",
                          f"It takes {', '.join(sorted(fitting))}.", about=(one.name,))
        if word in ("low", "high") and said is not None and not _is_number(said):
            raise Refusal(f"The {word} end of {one.name} must be a number, not {said!r}.", about=(one.name,))
    levels = {}
    for word in {"allowed", "preferred"} & set(words):
        levels[word] = tuple(str(level) for level in words[word])
        for level in levels[word]:
            if level not in one.levels:
                raise Refusal(f"{one.name} has no level {level}.", f"Its levels are {', '.join(one.levels)}.",
                              about=(one.name,))
    ends = {word: None if words.get(word) is None else float(words[word]) for word in ("low", "high")}
    low, high = ends["low"], ends["high"]
    if low is not None and high is not None and low >= high:
        raise Refusal(f"The range of {one.name} runs from {low:g} to {high:g}.",
                      "Its low end must be below its high end; to keep one value, lock the column."
                      if isinstance(one, Feature) else "Its low end must be below its high end.", about=(one.name,))
    if isinstance(one, Target):
        if len(levels) == 2:
            raise Refusal(f"{one.name} cannot be both in some levels and prefer some.", "Say one of the two.",
                          about=(one.name,))
        return Aim(low, high, **levels)
    if words.get("direction") not in (None, "", "up", "down"):
        raise Refusal(f"The direction of {one.name} is up or down, not {words['direction']!r}.", about=(one.name,))
    return Limit(bool(words.get("lock")), low, high, str(words.get("direction") or ""), **levels)


def _is_number(said: Any) -> bool:
    return isinstance(said, int | float) and not isinstance(said, bool) and abs(said) < float("inf")


def _inside(one: Limit | Aim, other: Limit | Aim) -> bool:
    """Whether one's range lies in the other's."""
    return (other.low is None or (one.low is not None and one.low >= other.low)) and (
        other.high is None or (one.high is not None and one.high <= other.high))
