"""What the Graph panel tells of the graph beside drawing it: one module a page, listed in the order of the tray.

A page is a widget that is made when it is first opened. It follows the project by itself, and lights things up on the
canvas; nobody else sets anything in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from studio.exploration.exploration import Exploration
from studio.identifying.identifying import Identifying
from studio.panels.graph_against import Against
from studio.workspace import Workspace
from widgets.graph.canvas import GraphCanvas


@dataclass(frozen=True)
class Around:
    """What a page works with. `estimate`: called to estimate the effect that is marked."""

    workspace: Workspace
    exploration: Exploration
    canvas: GraphCanvas
    against: Against
    identifying: Identifying
    estimate: Callable[[], None]


@dataclass(frozen=True)
class Page:
    """A page of the tray: a stable id, its title and how it is made."""

    id: str
    title: str
    make: Callable[[Around], QWidget]


def pages() -> tuple[Page, ...]:
    """All pages in their order; each is imported when it is made."""
    return (
        Page("effect", _said("Effect"), _effect),
        Page("formula", _said("Formula"), _formula),
        Page("implied", _said("Implications"), _implied),
        Page("separation", _said("Separation"), _separation),
        Page("knowledge", _said("Knowledge"), _knowledge),
        Page("compare", _said("Compare"), _compare),
        Page("frequencies", _said("Frequencies"), _frequencies),
        Page("text", _said("Text"), _text),
        Page("list", _said("List"), _neighbours),
    )


def _effect(around: Around) -> QWidget:
    from studio.panels.graph_pages.effect import EffectPage

    return EffectPage(around)


def _implied(around: Around) -> QWidget:
    from studio.panels.graph_pages.implied import ImpliedPage

    return ImpliedPage(around)


def _separation(around: Around) -> QWidget:
    from studio.panels.graph_pages.separation import SeparationPage

    return SeparationPage(around)


def _formula(around: Around) -> QWidget:
    from studio.panels.graph_pages.formula import FormulaPage

    return FormulaPage(around)


def _knowledge(around: Around) -> QWidget:
    from studio.panels.graph_pages.knowledge import KnowledgePage

    return KnowledgePage(around)


def _compare(around: Around) -> QWidget:
    from studio.panels.graph_pages.compare import ComparePage

    return ComparePage(around)


def _frequencies(around: Around) -> QWidget:
    from studio.panels.graph_pages.frequencies import FrequenciesPage

    return FrequenciesPage(around)


def _text(around: Around) -> QWidget:
    from studio.panels.graph_pages.text import TextPage

    return TextPage(around)


def _neighbours(around: Around) -> QWidget:
    from studio.panels.graph_pages.neighbours import NeighboursPage

    return NeighboursPage(around)


def _said(text: str) -> str:
    return QCoreApplication.translate("GraphPages", text)
