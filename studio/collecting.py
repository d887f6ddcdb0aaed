"""Reference cycles are collected in the thread of the window, and in no other.

Python collects in whichever thread happens to allocate. A cycle that holds a widget would then be destroyed outside the
thread of the window, and Qt would crash at some later time.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY = 500        # ms


class Collector(QObject):
    """Takes the place of Python's own collection while the loop runs, by the same thresholds."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._clock = QTimer(self)
        self._clock.setInterval(_EVERY)
        self._clock.timeout.connect(self.collect)
        self._clock.start()

    @Slot()
    def collect(self) -> None:
        """The oldest generation whose time has come, with the younger ones."""
        due = [generation for generation, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold()))
               if count > most > 0]
        if due:
            gc.collect(due[-1])
