"""Data that come in: read beside the window, with a card each while they are read or when they are refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engines.data.kinds import ColumnType, DataKind, DataSet, Images
from engines.data.labels import OF_FOLDERS, names_pictures
from engines.data.reading import Recognised, recognise
from engines.data.reference import DataReference
from engines.data.refusing import READ_AGAIN, DataRefusal, accept, lists_of
from engines.data.step_words import said
from engines.refusals import Refusal
from studio.intake.reader import Reader, ReadingStopped
from studio.runs.time_left import TimeLeft
from studio.workspace import OpenData, Workspace

_BETWEEN = 0.1          # s between two figures of progress
_LONG = 0.4             # s after which a reading is shown


@dataclass
class Reading:
    """A file that is being read: `done` of `whole` rows or pictures, None until something is known."""

    name: str
    kind: DataKind | None
    reader: Reader | None = None
    done: int = 0
    whole: int | None = None
    left: TimeLeft = field(default_factory=TimeLeft)

    @property
    def fraction(self) -> float | None:
        return self.done / self.whole if self.whole else None


@dataclass(frozen=True, eq=False)
class RefusedFile:
    """A file that could not be read, why, and the reference to try again with (None: it is not even there).

    `instead`: the open data set whose other preparation was refused, and the name of that step.
    """

    path: Path
    reference: DataReference | None
    refusal: Refusal
    instead: tuple[OpenData, str] | None = None


class Intake(QObject):
    """Reads data sets into the workspace and prepares the one that is looked at.

    Attributes:
        reading: Files that are being read, by path.
        refused: Files that were refused, by path.
    """

    changed = Signal()                      # `reading` or `refused`
    progressed = Signal()                   # how far the files are that are being read
    lingers = Signal()                      # a reading takes long enough to be looked at
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
        """As in a new project; what is being read is stopped."""
        for key in list(self.reading):
            self.stop(key)
        self.refused.clear()
        self.changed.emit()

    # files

    async def take(self, paths: Sequence[Path]) -> None:
        """Read what was dropped: one data set, perhaps with a file of labels; or labels of the pictures that are open.

        Raises:
            Refusal: when it cannot be read; its card stays.
        """
        found = await asyncio.to_thread(recognise, paths)
        path = found.data or paths[0]
        if found.refusal is not None:
            self.refuse(path, None, found.refusal)
            raise found.refusal
        reference = DataReference(str(path.absolute()), labels=_whole(found.labels), steps=found.steps)
        if not await self._is_label_file(path, found):
            await self.read_in(reference, found.kind)

    async def read_in(self, reference: DataReference, kind: DataKind | None = None) -> None:
        """Read a data set and make it the one that is looked at.

        Raises:
            Refusal: when it cannot be read; its card stays.
        """
        path = Path(reference.path)
        self.refused.pop(str(path), None)
        try:
            opened = await self.data_of(reference, kind, lingers=True)
        except ReadingStopped:
            return
        except Refusal as refusal:
            self.refuse(path, reference, refusal)
            raise
        self._ready()
        self._workspace.add_data(opened)
        await asyncio.sleep(0)                          # the window may move in between
        self.taken.emit()

    async def data_of(
        self, reference: DataReference, kind: DataKind | None = None, *, lingers: bool = False
    ) -> OpenData:
        """What a reference names, read with a card that tells how far it is; `lingers`: told when it takes long.

        Raises:
            Refusal: when it cannot be read.
            ReadingStopped: by the analyst's hand.
        """
        key = reference.path
        card = Reading(Path(key).name, kind)
        loop, last = asyncio.get_running_loop(), time.monotonic()

        def watch(done: int, whole: int) -> None:
            nonlocal last
            if time.monotonic() - last > _BETWEEN:
                last = time.monotonic()
                loop.call_soon_threadsafe(self._note, card, done, whole, last)

        reader = card.reader = Reader(reference, watch)
        self.reading[key] = card
        self.changed.emit()
        lingering = loop.call_later(_LONG, self.lingers.emit) if lingers else None
        try:
            return OpenData(*await asyncio.to_thread(reader.read))
        except asyncio.CancelledError:
            reader.stop()
            raise
        finally:
            if lingering is not None:
                lingering.cancel()
            if self.reading.get(key) is card:
                del self.reading[key]
            self.changed.emit()

    def _note(self, card: Reading, done: int, whole: int, now: float) -> None:
        card.done, card.whole = done, whole or None
        card.left.step(now, done, whole or None)
        self.progressed.emit()

    def stop(self, key: str) -> None:
        """Stop reading a file; nothing of it is left."""
        if (card := self.reading.get(key)) is not None and card.reader is not None:
            card.reader.stop()

    def refuse(
        self, path: Path, reference: DataReference | None, refusal: Refusal,
        instead: tuple[OpenData, str] | None = None,
    ) -> None:
        """Keep a card of a file that was refused."""
        self.refused[str(path)] = RefusedFile(path, reference, refusal, instead)
        self.changed.emit()

    def has_card(self, refusal: Refusal) -> bool:
        """Whether this refusal stands on a card already."""
        return any(file.refusal is refusal for file in self.refused.values())

    def take_offer(self, key: str, offer: str) -> None:
        """A way out of a refused file: show its lists, or read it again with the step that the offer stands for."""
        found = self.refused.get(key)
        if found is None:
            return
        if lists := lists_of(found.refusal, offer):
            self.lists_wished.emit(lists)
        elif found.reference is None:
            self._start(self.take([found.path]))
        elif (changed := accept(found.reference, found.refusal, offer)) is not None:
            if found.instead is None:
                self._start(self.read_in(changed))
            else:
                self._start(self._again(*found.instead, changed, found.path))

    def dismiss(self, key: str) -> None:
        """Forget a refused file."""
        if self.refused.pop(key, None) is not None:
            self.changed.emit()

    # labels of the pictures that are looked at

    async def _is_label_file(self, path: Path, found: Recognised) -> bool:
        """Whether what was dropped is a table that belongs to the open pictures; then it is used as their labels."""
        opened = self._workspace.data
        if opened is None or found.kind is not DataKind.TABLE or not isinstance(opened.data, Images):
            return False
        if path.absolute() == Path(opened.reference.path):
            return False
        try:
            table = await self.data_of(DataReference(str(path.absolute())), found.kind)
        except (Refusal, ReadingStopped):
            return False                                # it is refused under its own name
        if not names_pictures(opened.data, table.data.attributes):
            return False
        await self._label(opened, path)
        return True

    def use_labels(self, path: Path) -> None:
        """Use a table as the labels of the pictures that are looked at; an undo step."""
        if (opened := self._workspace.data) is not None and isinstance(opened.data, Images):
            self._start(self._label(opened, path))

    def drop_labels(self) -> None:
        """Look at the pictures without the table of labels again; an undo step."""
        if (opened := self._workspace.data) is not None and opened.reference.labels:
            bare = replace(_of_pictures(opened.reference), labels="", fingerprint="")
            self._start(self._again(opened, self.tr("Take the labels away"), bare))

    def match_in_order(self, on: bool) -> None:
        """Match labels and pictures in their order, or by name again; an undo step."""
        if (opened := self._workspace.data) is not None and opened.reference.labels:
            steps = (*_unmatched(opened.reference), *(({"step": "match_in_order"},) if on else ()))
            text = self.tr("Match in order") if on else self.tr("Match by name")
            changed = replace(opened.reference, steps=steps)
            self._start(self._again(opened, text, changed, Path(opened.reference.labels)))

    async def _label(self, opened: OpenData, path: Path) -> None:
        reference = replace(_of_pictures(opened.reference), labels=str(path.absolute()), fingerprint="")
        await self._again(opened, self.tr("Use {} as labels").format(path.name), reference, path)

    # preparation of the data set that is looked at

    def prepare(self, step: Mapping[str, Any], text: str) -> None:
        """Add a step to its preparation; an undo step named `text`."""
        if (opened := self._workspace.data) is not None:
            steps = (*opened.reference.steps, dict(step))
            self._start(self._again(opened, text, replace(opened.reference, steps=steps)))

    def take_back(self, place: int) -> None:
        """Leave one step of the preparation out again; an undo step."""
        if (opened := self._workspace.data) is not None:
            steps = opened.reference.steps
            text = self.tr("Take back: {}").format(said(steps[place]))
            changed = replace(opened.reference, steps=(*steps[:place], *steps[place + 1 :]))
            self._start(self._again(opened, text, changed, Path(opened.reference.path)))

    def retype(self, column: str, wanted: ColumnType) -> None:
        """Read a column as another type; an undo step."""
        if (opened := self._workspace.data) is not None:
            types = {**opened.reference.types, column: str(wanted)}
            text = self.tr("Read {} as {}").format(column, wanted)
            self._start(self._again(opened, text, replace(opened.reference, types=types)))

    def prepare_again(self, reference: DataReference) -> None:
        """Read a data set of the workspace as it was prepared before; an undo step asks for it."""
        self._start(self._prepare_again(reference))

    async def _prepare_again(self, reference: DataReference) -> None:
        self._workspace.take_reading(OpenData(reference, await self.read_again(reference)))

    async def read_again(self, reference: DataReference) -> DataSet:
        """A data set of the project, read as it was prepared.

        Raises:
            Refusal: when it cannot be read any more, or the analyst stops it.
        """
        try:
            return (await self.data_of(reference)).data
        except ReadingStopped:
            name = Path(reference.path).name
            raise DataRefusal(self.tr("{} was not read to its end.").format(name), "", (READ_AGAIN,), (name,)) from None

    async def _again(self, opened: OpenData, text: str, reference: DataReference, about: Path | None = None) -> None:
        """Read a data set under another reference and put it in the place of `opened`.

        `about`: the file that a refusal is about; its card then stays.
        """
        if about is not None:
            self.refused.pop(str(about), None)
        try:
            after = await self.data_of(reference, opened.data.kind)
        except ReadingStopped:
            return
        except Refusal as refusal:
            if about is not None:
                self.refuse(about, reference, refusal, (opened, text))
            raise
        if self._workspace.data is opened:
            self._workspace.replace_data(after, text)
            if about is not None:
                self.taken.emit()


def _whole(path: Path | None) -> str:
    return "" if path is None else str(path.absolute())


def _unmatched(reference: DataReference) -> tuple[Mapping[str, Any], ...]:
    """The steps without those that say how labels are matched."""
    return tuple(step for step in reference.steps if step.get("step") not in ("use_matching", "match_in_order"))


def _of_pictures(reference: DataReference) -> DataReference:
    """What was said of the pictures, without what was said of the columns of their labels."""
    return replace(
        reference,
        roles={name: role for name, role in reference.roles.items() if name in OF_FOLDERS},
        types={name: kind for name, kind in reference.types.items() if name in OF_FOLDERS},
        steps=tuple(step for step in _unmatched(reference) if "columns" not in step),
    )
