"""Reading one data set without holding up the window: what is large is read in a process of its own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from engines.data.files import below, size_of
from engines.data.kinds import DataSet
from engines.data.reading import opened
from engines.data.reference import DataReference
from engines.data.summary import summaries
from engines.refusals import Refusal
from engines.runtime.frames import FrameWriter, read_message
from engines.runtime.reader import DATA, DONE, refusal_of, take_data

_MANY = 400                     # files in a folder, and
_LARGE = 2_000_000              # bytes in a file, from which a process pays
_LAST_SECONDS = 5.0


class ReadingStopped(Exception):
    """The analyst stopped the reading of a file."""


class Reader:
    """Reads what a reference names, in whatever thread calls `read`; any other may stop it."""

    def __init__(self, reference: DataReference, watch: Callable[[int, int], None]) -> None:
        """`watch`: called with (rows or pictures done, all of them), in the thread that reads."""
        self._reference, self._watch = reference, watch
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def read(self) -> tuple[DataReference, DataSet]:
        """The data set, and its reference with the fingerprint; blocks.

        Raises:
            Refusal: when it cannot be read.
            ReadingStopped: after `stop`.
        """
        if self._stopped:
            raise ReadingStopped
        reference, data = self._read()
        summaries(data)                                 # they are kept: the window will ask for them
        return reference, data

    def _read(self) -> tuple[DataReference, DataSet]:
        if not _is_long(self._reference):
            return opened(self._reference, self._look_up)
        with subprocess.Popen(
            [sys.executable, "-m", "engines.runtime.reader"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            self._process = process
            try:
                if self._stopped:
                    raise ReadingStopped
                return self._listened(process)
            finally:
                self._process = None
                process.kill()

    def stop(self) -> None:
        """End the reading; nothing of it is left."""
        self._stopped = True
        if (process := self._process) is not None:
            process.kill()

    def _look_up(self, done: int, whole: int) -> None:
        if self._stopped:
            raise ReadingStopped
        self._watch(done, whole)

    def _listened(self, process: subprocess.Popen[bytes]) -> tuple[DataReference, DataSet]:
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):              # it has ended already: that is heard below
            FrameWriter(process.stdin).send(self._reference)
        while (message := read_message(process.stdout)) is not None:
            match message:
                case (str(kind), int(done), int(whole)) if kind == DONE:
                    self._look_up(done, whole)
                case (str(kind), *_) if kind == DATA:
                    with contextlib.suppress(EOFError):
                        return take_data(process.stdout, message)
                case (_, told):
                    raise refusal_of(told)
        if self._stopped:
            raise ReadingStopped
        raise self._ended(process.wait(_LAST_SECONDS))

    def _ended(self, code: int) -> Refusal:
        name = Path(self._reference.path).name
        cause = _tr("It may have needed more memory than there is.") if code == -9 else _tr("It ended with {}.")
        return Refusal(
            _tr("{} could not be read: the process that read it has ended.").format(name), cause.format(code),
            about=(name,),
        )


def _is_long(reference: DataReference) -> bool:
    path = Path(reference.path)
    try:
        if path.is_dir():
            return sum(1 for _ in islice(below(path), _MANY)) == _MANY
        return size_of(reference.path) > _LARGE
    except OSError:
        return False                    # what is wrong is said in the reading


def _tr(text: str) -> str:
    return QCoreApplication.translate("reader", text)
