"""Figures as files, drawn by the painters of the screen: from a view in the window, or from results without one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from engines.results import ImageGridResult, Result, TextResult
from widgets.export import figure_of, figure_of_result, save


def export_view(view: QWidget, path: Path, sentence: str, recipe: Mapping[str, Any]) -> None:
    """Write a view as PNG, SVG or PDF, by the suffix, with the sentence as caption and the recipe in the metadata.

    Raises:
        Refusal: for another suffix.
    """
    save(figure_of(view, sentence, recipe), path)


def draw_results(
    results: Iterable[Result], folder: Path, sentence: str = "", recipe: Mapping[str, Any] | None = None
) -> list[Path]:
    """Write a PNG beside the data files of each result that is a drawing; starts Qt without a screen when needed.

    Returns:
        The files written.
    """
    application = offscreen()
    written = []
    for result in results:
        if isinstance(result, (TextResult, ImageGridResult)):
            continue                                    # these are files of their own already
        path = folder / f"{result.name}.png"
        folder.mkdir(parents=True, exist_ok=True)
        save(figure_of_result(result, sentence, recipe), path)
        written.append(path)
    del application
    return written


def offscreen() -> QGuiApplication:
    """The application that runs, or one without a screen."""
    running = QApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    return QApplication(["otherwise"])
