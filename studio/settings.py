"""The analyst's own settings: the look, and how many threads a run may use. Kept by QSettings, outside any project."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal

from widgets.theme import appearance

AUTOMATIC = 0
"""As many threads as the machine has physical cores, less one."""


def stored() -> QSettings:
    """Where settings are kept: a plain file in the user's configuration folder."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "otherwise", "otherwise")


class Settings(QObject):
    """Reads what was kept, applies it, and keeps every change as it is made."""

    threads_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stored = stored()

    def apply(self) -> None:
        """Dress the application as it was left; values that make no sense are passed over."""
        look = appearance()
        look.set_scheme(self._one_of("look/scheme", ("system", "light", "dark")))
        look.set_motion(self._one_of("look/motion", ("system", "on", "reduced")))
        look.set_contrast(self._one_of("look/contrast", ("system", "normal", "high")))
        look.set_text_scale(self._number("look/text_scale", 100))

    def set_scheme(self, scheme: Any) -> None:
        """"system", "light" or "dark"."""
        appearance().set_scheme(scheme)
        self._keep("look/scheme", scheme)

    def set_motion(self, motion: Any) -> None:
        """"system", "on" or "reduced"."""
        appearance().set_motion(motion)
        self._keep("look/motion", motion)

    def set_contrast(self, contrast: Any) -> None:
        """"system", "normal" or "high"."""
        appearance().set_contrast(contrast)
        self._keep("look/contrast", contrast)

    def set_text_scale(self, percent: int) -> None:
        """Held within 90 and 150."""
        appearance().set_text_scale(percent)
        self._keep("look/text_scale", appearance().text_scale())

    @property
    def threads(self) -> int:
        """Threads for a run; AUTOMATIC (0) follows the machine."""
        return max(self._number("compute/threads", AUTOMATIC), AUTOMATIC)

    def set_threads(self, threads: int) -> None:
        if threads != self.threads:
            self._keep("compute/threads", threads)
            self.threads_changed.emit(threads)

    def _keep(self, key: str, value: object) -> None:
        self._stored.setValue(key, value)
        self._stored.sync()

    def _one_of(self, key: str, allowed: tuple[str, ...]) -> Any:
        value = self._stored.value(key, allowed[0])
        return value if value in allowed else allowed[0]

    def _number(self, key: str, default: int) -> int:
        try:
            return int(str(self._stored.value(key, default)))
        except ValueError:
            return default
