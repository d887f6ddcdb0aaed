"""Finding methods: by walking the families, and the packages that entry points name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points

from engines.contract import Method
from engines.refusals import Refusal

FAMILIES = (
    "discovery",
    "counterfactual_images",
    "counterfactual_tables",
    "representation",
    "robust_training",
    "pretrained_vision",
    "language",
    "audit",
    "theory",
)
ENTRY_POINTS = "otherwise.methods"


def built_in() -> Iterator[tuple[str, str]]:
    """(id, module name) of every built-in method; nothing is imported but the family packages."""
    for family in FAMILIES:
        try:
            package = importlib.import_module(f"engines.{family}")
        except ModuleNotFoundError as error:
            if error.name != f"engines.{family}":
                raise
            continue
        yield from _walk(package.__name__, list(package.__path__))


def third_party(only: str = "") -> Iterator[tuple[str, str]]:
    """(id, module name) of every method in the packages that the entry-point group names, or in one of them."""
    points = entry_points(group=ENTRY_POINTS)
    for point in points.select(name=only) if only else points:
        package = importlib.import_module(point.value)
        if hasattr(package, "method"):
            yield point.name, package.__name__
        elif hasattr(package, "__path__"):
            yield from _walk(package.__name__, list(package.__path__))


def _walk(package: str, paths: list[str]) -> Iterator[tuple[str, str]]:
    for found in pkgutil.iter_modules(paths):
        if not found.name.startswith("_"):
            yield found.name, f"{package}.{found.name}"


def load(id: str) -> Method:
    """Import the module of a method.

    Raises:
        Refusal: when there is no such method.
    """
    for find in (built_in, third_party):
        for known, module in find():
            if known == id:
                method: Method = importlib.import_module(module).method
                return method
    names = ", ".join(name for name, _ in built_in())
    raise Refusal(f"There is no method {id}.", f"Methods are {names}.", about=(id,))
