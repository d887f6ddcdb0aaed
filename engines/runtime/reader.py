"""The process that reads one data set for the window, so that the window's own interpreter is free meanwhile.

`python -m engines.runtime.reader`: a DataReference comes in on standard input. Frames go out on standard output: how
far it is, then either the refusal, or the reference and the data, whose pixels follow as raw bytes. It ends with its
standard input, whatever it does, so that nothing of it outlives the window.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any

import numpy as np

from engines.data.kinds import DataSet, Images
from engines.data.reading import opened
from engines.data.reference import DataReference
from engines.data.refusing import DataRefusal
from engines.refusals import Refusal
from engines.runtime.frames import FrameWriter, read_message

DONE, DATA, REFUSED = "done", "data", "refused"
_BETWEEN = 0.05         # s between two figures of progress


def take_data(stream: IO[bytes], message: Any) -> tuple[DataReference, DataSet]:
    """The window's side: the reference and the data set of a message DATA, its pixels read from the stream.

    Raises:
        EOFError: when the stream ends before.
    """
    _, reference, data, shape = message
    if not isinstance(data, Images):
        return reference, data
    pixels = np.empty(shape, np.uint8)
    room = memoryview(pixels.reshape(-1).data)
    while len(room):
        count = stream.readinto(room)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        room = room[count:]
    return reference, replace(data, pixels=pixels)


def refusal_of(plain: Mapping[str, Any]) -> Refusal:
    """The window's side: the refusal in a message REFUSED."""
    words = (plain["sentence"], plain["cause"])
    if plain["remedies"] is None:
        return Refusal(*words, plain["offers"], plain["about"])
    others = tuple(offer for offer in plain["offers"] if offer not in plain["remedies"])
    return DataRefusal(*words, others, plain["about"], plain["remedies"], plain["lists"])


def _told(refusal: Refusal) -> dict[str, Any]:
    own = refusal if isinstance(refusal, DataRefusal) else None
    return {
        "sentence": refusal.sentence, "cause": refusal.cause, "offers": refusal.offers, "about": refusal.about,
        "remedies": None if own is None else own.remedies, "lists": None if own is None else own.lists,
    }


def main() -> None:
    """Read what standard input names."""
    out = sys.stdout.buffer
    sys.stdout = sys.stderr
    reference = read_message(sys.stdin.buffer)
    if not isinstance(reference, DataReference):
        return
    threading.Thread(target=_end_with_input, daemon=True).start()
    writer, last = FrameWriter(out), 0.0

    def watch(done: int, whole: int) -> None:
        nonlocal last
        if time.monotonic() - last > _BETWEEN:
            last = time.monotonic()
            writer.send((DONE, done, whole))

    try:
        reference, data = opened(reference, watch)
    except Refusal as refusal:
        writer.send((REFUSED, _told(refusal)))
        return
    if not isinstance(data, Images):
        writer.send((DATA, reference, data, ()))
        return
    pixels = np.ascontiguousarray(data.pixels)
    writer.send((DATA, reference, replace(data, pixels=pixels[:0]), pixels.shape))
    out.write(pixels.reshape(-1).data)
    out.flush()


def _end_with_input() -> None:
    sys.stdin.buffer.read(1)
    os._exit(0)


if __name__ == "__main__":
    main()
