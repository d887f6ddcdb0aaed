"""Dialogs for files. They are opened, never executed: the loop goes on while one is on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_files(parent: QWidget, title: str, take: Callable[[list[Path]], object]) -> QFileDialog:
    """Ask for one or more files."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return _opened(dialog, take)


def ask_folder(parent: QWidget, title: str, take: Callable[[list[Path]], object]) -> QFileDialog:
    """Ask for a folder."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    return _opened(dialog, take)


def ask_target(
    parent: QWidget, title: str, filters: Sequence[str], suffix: str, take: Callable[[Path], object]
) -> QFileDialog:
    """Ask where to write; the dialog itself asks before a file would be overwritten."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(filters))
    dialog.setDefaultSuffix(suffix)
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(chosen.rpartition("*.")[2].rstrip(")")))
    return _opened(dialog, lambda paths: take(paths[0]))


def _opened(dialog: QFileDialog, take: Callable[[list[Path]], object]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.filesSelected.connect(lambda names: take([Path(name) for name in names]))
    dialog.open()
    return dialog
