"""Frames on a pipe: 8 bytes length, then the frame of `wire`."""

from __future__ import annotations

import struct
import threading
from typing import IO, Any

from engines.runtime import wire

_LENGTH = struct.Struct("<Q")
_LONGEST = 1 << 36


class FrameWriter:
    """Writes messages to a pipe, from any thread, one at a time."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: Any) -> None:
        """Write one message.

        Raises:
            OSError, ValueError: when the pipe is broken or closed.
        """
        frame = wire.encode(message)
        with self._lock:
            self._stream.write(_LENGTH.pack(len(frame)))
            self._stream.write(frame)
            self._stream.flush()


def read_message(stream: IO[bytes]) -> Any | None:
    """The next message, or None at the end of the stream, also when it ends inside a message.

    Raises:
        ValueError: when what comes is not a message.
    """
    head = _exactly(stream, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _LONGEST:
        raise ValueError(f"A message of {length} bytes was announced: this is not a stream of messages.")
    frame = _exactly(stream, length)
    return None if frame is None else wire.decode(frame)


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    """`size` bytes, or None when the stream ends before. The stream is a buffered one, whose read waits for all."""
    data = stream.read(size)
    return data if len(data) == size else None
