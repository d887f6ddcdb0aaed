"""The settings of the look and the theme that follows from them, for the whole application."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from widgets.theme.fonts import font
from widgets.theme.icons import icon_svg
from widgets.theme.motion import system_reduces_motion
from widgets.theme.palette import palette
from widgets.theme.stylesheet import SIGNS, stylesheet
from widgets.theme.value import Scheme, Theme

SchemeChoice = Literal["system", "light", "dark"]
MotionChoice = Literal["system", "on", "reduced"]
ContrastChoice = Literal["system", "normal", "high"]

LEAST_SCALE, MOST_SCALE = 90, 150


class Appearance(QObject):
    """Scheme, contrast, text scale and motion as chosen, and the theme that results.

    After `install` a change reaches palette, style sheet and every widget at once; `changed` tells those that keep
    something made from the theme (sizes, fonts, pictures).
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scheme: SchemeChoice = "system"
        self._motion: MotionChoice = "system"
        self._contrast: ContrastChoice = "system"
        self._scale = 100
        self._signs: QTemporaryDir | None = None
        self._application: QApplication | None = None
        self._theme = self._resolved()

    def theme(self) -> Theme:
        return self._theme

    def install(self, application: QApplication) -> None:
        """Dress the application and follow the system from now on. A second call does nothing."""
        if self._application is application:
            return
        self._application = application
        self._signs = QTemporaryDir()
        application.setStyle("Fusion")
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow)
        self._theme = self._resolved()
        self._dress()

    def scheme(self) -> SchemeChoice:
        return self._scheme

    def set_scheme(self, scheme: SchemeChoice) -> None:
        self._scheme = scheme
        if self._application is not None:
            schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
            self._application.styleHints().setColorScheme(schemes.get(scheme, Qt.ColorScheme.Unknown))
        self._follow()

    def motion(self) -> MotionChoice:
        return self._motion

    def set_motion(self, motion: MotionChoice) -> None:
        self._motion = motion
        self._follow()

    def contrast(self) -> ContrastChoice:
        return self._contrast

    def set_contrast(self, contrast: ContrastChoice) -> None:
        self._contrast = contrast
        self._follow()

    def text_scale(self) -> int:
        """Percent."""
        return self._scale

    def set_text_scale(self, percent: int) -> None:
        """Size of all text, percent; held within 90 and 150."""
        self._scale = min(max(percent, LEAST_SCALE), MOST_SCALE)
        self._follow()

    def _follow(self) -> None:
        theme = self._resolved()
        if theme == self._theme:
            return
        self._theme = theme
        if self._application is not None:
            self._dress()
        self.changed.emit()

    def _resolved(self) -> Theme:
        scheme: Scheme = "light"
        if self._scheme != "system":
            scheme = self._scheme
        elif _hints_dark():
            scheme = "dark"
        high = self._contrast == "high" or (self._contrast == "system" and _hints_high_contrast())
        still = self._motion == "reduced" or (self._motion == "system" and system_reduces_motion())
        return Theme.of(scheme, scale=self._scale / 100, motion=not still, high_contrast=high)

    def _dress(self) -> None:
        application = self._application
        assert application is not None
        colours, face = palette(self._theme), font("body")
        sheet = stylesheet(self._theme, self._sign_files())
        # Each of the three makes Qt dress every widget anew, which takes a second with all panels.
        if application.palette() != colours:
            application.setPalette(colours)
        if application.font() != face:
            application.setFont(face)
        if application.styleSheet() != sheet:
            application.setStyleSheet(sheet)
        if "pyqtgraph" in sys.modules:
            from widgets.theme.plots import configure_pyqtgraph

            configure_pyqtgraph(self._theme)
        for widget in application.topLevelWidgets():
            _repaint(widget)

    def _sign_files(self) -> dict[str, str]:
        """Style sheets take pictures from files only: the few signs in them are written once for each look."""
        assert self._signs is not None
        theme = self._theme
        files = {}
        for sign, (name, role) in SIGNS.items():
            colour = theme.colour(role)
            file = Path(self._signs.path()) / f"{name}-{colour.rgba():08x}.svg"
            if not file.exists():
                file.write_bytes(icon_svg(name, colour))
            files[sign] = file.as_posix()
        return files


def _repaint(widget: QWidget) -> None:
    widget.update()
    for child in widget.findChildren(QWidget):
        child.update()


def _hints_dark() -> bool:
    if QGuiApplication.instance() is None:
        return False
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _hints_high_contrast() -> bool:
    if QGuiApplication.instance() is None:
        return False
    hints = QGuiApplication.styleHints()          # held: PySide lets the part below go with its parent's wrapper
    return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


_appearance: Appearance | None = None


def appearance() -> Appearance:
    """The application's one appearance."""
    global _appearance
    if _appearance is None:
        _appearance = Appearance()
    return _appearance
