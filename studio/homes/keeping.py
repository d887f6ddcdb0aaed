"""Keeping the arrangement of the panels, and the page that is looked at, in the project."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from engines.refusals import Refusal
from studio.desk import Desk
from studio.homes.arrangement import Arrangement
from studio.homes.homes import Homes
from studio.project import Kind

_NAME = "layout"
_REST = 200             # ms without a change before it is written; a splitter in the hand moves all the time


class LayoutKeeper(QObject):
    """Writes the layout as it changes, and arranges the panels when another project takes the place."""

    refused = Signal(object)                # Refusal: it could not be written

    def __init__(self, homes: Homes, desk: Desk, page: Callable[[], str], parent: QObject | None = None) -> None:
        """`page` tells which page is seen: Start, Data or Desk."""
        super().__init__(parent)
        self._homes, self._desk, self._page = homes, desk, page
        self._kept = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self.write)
        homes.kept_changed.connect(self.note)
        desk.closed.connect(self._open)

    def page(self) -> str:
        """The page that the project had when it was left, Data or Desk; empty when it kept none. Tells it once."""
        kept, self._kept = self._kept, ""
        return kept

    def note(self) -> None:
        """The page has changed, or the arrangement."""
        self._rest.start()

    def write(self) -> None:
        """Write what has changed, now."""
        self._rest.stop()
        project, page = self._desk.project, self._page()
        if project is None or project.read_only or page == "Start":
            return
        try:
            project.store.put(Kind.LAYOUT, _NAME, {**self._homes.arrangement().to_plain(), "page": page})
        except Refusal as refusal:
            self.refused.emit(refusal)

    def close(self) -> None:
        """The window closes: write what is still to be written."""
        if self._rest.isActive():
            self.write()

    def _open(self) -> None:
        """The layout of the project that takes the place; the design's, when it has none."""
        project = self._desk.project
        plain = project.store.get(Kind.LAYOUT, _NAME) if project is not None else None
        design = self._homes.design()
        self._homes.arrange(design if plain is None else Arrangement.from_plain(plain, design))
        page = plain.get("page") if isinstance(plain, dict) else ""
        self._kept = page if page in ("Data", "Desk") else ""
        self._rest.stop()
