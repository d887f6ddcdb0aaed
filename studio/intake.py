"""Data that come in: read in worker threads, with a card each while they are read or when they are refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engines.data.kinds import ColumnType, DataSet
from engines.data.reading import read, recognise, refer, renewed
from engines.data.reference import DataReference
from engines.data.refusing import READ_AGAIN, accept, lists_of
from engines.refusals import Refusal
from studio.workspace import OpenData, Workspace

_BETWEEN = 0.1          # s between two figures of progress


class ReadingStopped(Exception):
    """The analyst stopped the reading of a file."""


@dataclass
class Reading:
    """A file that is being read; `fraction` None until something is known."""

    name: str
    fraction: float | None = None
    stopped: bool = False


@dataclass(frozen=True, eq=False)
class RefusedFile:
    """A file that could not be read, why, and the reference to try again with (None: it is not even there)."""

    path: Path
    reference: DataReference | None
    refusal: Refusal


class Intake(QObject):
    """Reads data sets into the workspace and prepares the one that is looked at.

    Attributes:
        reading: Files that are being read, by path.
        refused: Files that were refused, by path.
    """

    changed = Signal()                      # `reading` or `refused`
    taken = Signal()                        # a data set is in the workspace
    lists_wished = Signal(object)           # mapping of heading to names: what "Show both lists" shows

    def __init__(
        self,
        workspace: Workspace,
        start: Callable[[Coroutine[Any, Any, None]], None],
        ready: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """`start`: goes on with a coroutine in the loop and tells of refusals; `ready`: called before data are kept."""
        super().__init__(parent)
        self._workspace, self._start, self._ready = workspace, start, ready
        self.reading: dict[str, Reading] = {}
        self.refused: dict[str, RefusedFile] = {}

    def clear(self) -> None:
        """As in a new project."""
        self.refused.clear()
        self.changed.emit()

    # files

    async def take(self, paths: Sequence[Path]) -> None:
        """Read what was dropped: one data set, perhaps with a file of labels.

        Raises:
            Refusal: when it cannot be read; its card stays.
        """
        found = await asyncio.to_thread(recognise, paths)
        path, labels = found.data or paths[0], found.labels
        try:
            reference = await asyncio.to_thread(refer, path, labels)
        except Refusal as refusal:
            self.refuse(path, None, refusal)
            raise
        await self.read_in(reference)

    async def read_in(self, reference: DataReference) -> None:
        """Read a data set and make it the one that is looked at.

        Raises:
            Refusal: when it cannot be read; its card stays.
        """
        path = Path(reference.path)
        self.refused.pop(str(path), None)
        try:
            data = await self._read(reference)
        except ReadingStopped:
            return
        except Refusal as refusal:
            self.refuse(path, reference, refusal)
            raise
        self._ready()
        self._workspace.add_data(OpenData(reference, data))
        self.taken.emit()

    async def _read(self, reference: DataReference) -> DataSet:
        key = reference.path
        card = self.reading[key] = Reading(Path(key).name)
        self.changed.emit()
        loop, last = asyncio.get_running_loop(), time.monotonic()

        def watch(done: int, whole: int) -> None:
            nonlocal last
            if card.stopped:
                raise ReadingStopped
            if whole and time.monotonic() - last > _BETWEEN:
                last = time.monotonic()
                card.fraction = done / whole
                loop.call_soon_threadsafe(self.changed.emit)

        try:
            return await asyncio.to_thread(read, reference, watch)
        finally:
            self.reading.pop(key, None)
            self.changed.emit()

    def stop(self, key: str) -> None:
        """Stop reading a file."""
        if (card := self.reading.get(key)) is not None:
            card.stopped = True

    def refuse(self, path: Path, reference: DataReference | None, refusal: Refusal) -> None:
        """Keep a card of a file that was refused."""
        self.refused[str(path)] = RefusedFile(path, reference, refusal)
        self.changed.emit()

    def take_offer(self, key: str, offer: str) -> None:
        """A way out of a refused file: show its lists, or read it again with the step that the offer stands for."""
        found = self.refused.get(key)
        if found is None:
            return
        if lists := lists_of(found.refusal, offer):
            self.lists_wished.emit(lists)
        elif found.reference is None:
            self._start(self.take([found.path]))
        elif offer == READ_AGAIN:
            self._start(self._afresh(found.reference))
        elif (changed := accept(found.reference, found.refusal, offer)) is not None:
            self._start(self.read_in(changed))

    async def _afresh(self, reference: DataReference) -> None:
        """Read a file that has changed, under its new fingerprint."""
        await self.read_in(await asyncio.to_thread(renewed, reference))

    def dismiss(self, key: str) -> None:
        """Forget a refused file."""
        if self.refused.pop(key, None) is not None:
            self.changed.emit()

    # preparation of the data set that is looked at

    def prepare(self, step: Mapping[str, Any], text: str) -> None:
        """Add a step to its preparation; an undo step named `text`."""
        if (opened := self._workspace.data) is not None:
            steps = (*opened.reference.steps, dict(step))
            self._start(self._again(opened, replace(opened.reference, steps=steps), text))

    def retype(self, column: str, wanted: ColumnType) -> None:
        """Read a column as another type; an undo step."""
        if (opened := self._workspace.data) is not None:
            types = {**opened.reference.types, column: str(wanted)}
            text = self.tr("Read {} as {}").format(column, wanted)
            self._start(self._again(opened, replace(opened.reference, types=types), text))

    def prepare_again(self, reference: DataReference) -> None:
        """Read a data set of the workspace as it was prepared before; an undo step asks for it."""
        self._start(self._prepare_again(reference))

    async def _prepare_again(self, reference: DataReference) -> None:
        self._workspace.take_reading(OpenData(reference, await self.read_again(reference)))

    async def read_again(self, reference: DataReference) -> DataSet:
        """A data set of the project, read as it was prepared.

        Raises:
            Refusal: when it cannot be read any more.
        """
        return await asyncio.to_thread(read, reference)

    async def _again(self, opened: OpenData, reference: DataReference, text: str) -> None:
        data = await asyncio.to_thread(read, reference)
        if self._workspace.data is opened:
            self._workspace.replace_data(OpenData(reference, data), text)
