"""The bar that says that the disk is full, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from studio.runs.room import DiskRoom
from widgets.kit.action import Action
from widgets.kit.message_bar import MessageBar
from widgets.numbers import format_bytes


class RoomBar(MessageBar):
    """Comes when what trains was held for lack of room; goes when it goes on."""

    move_wished = Signal()          # "Move the project"

    def __init__(self, room: DiskRoom, parent: QWidget | None = None) -> None:
        super().__init__("err", parent, closable=False)
        self._room = room
        self._told = ""
        room.scarce.connect(self._tell)
        room.enough.connect(self.clear)

    @Slot(object)
    def _tell(self, left: int) -> None:
        said = self.tr(
            "The disk is full: {} left where the project lies. Training is paused, not lost."
        ).format(format_bytes(left))
        if self.isHidden() or said != self._told:
            self._told = said
            self.show_message(said, self.tr("Make room, then resume."), [
                Action(self.tr("Resume"), self._room.go_on), Action(self.tr("Move the project"), self.move_wished.emit),
            ])
