"""The fields of a protocol-buffers message, without its schema: enough to look into a stranger's ONNX file."""

from __future__ import annotations

from collections.abc import Iterator


def fields(data: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    """Number and content of each field: bytes of one that has a length, else the number; fixed widths are passed over.

    Raises:
        IndexError, ValueError: where the message is cut off or is none.
    """
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        match tag & 7:
            case 0:
                value, at = _varint(data, at)
                yield tag >> 3, value
            case 1:
                at += 8
            case 2:
                length, at = _varint(data, at)
                if at + length > len(data):
                    raise ValueError("cut off")
                yield tag >> 3, data[at : at + length]
                at += length
            case 5:
                at += 4
            case kind:
                raise ValueError(f"a field of kind {kind}")


def parts(data: memoryview, number: int) -> Iterator[memoryview]:
    """What the fields of that number hold, of those that have a length.

    Raises:
        IndexError, ValueError: as `fields`.
    """
    for found, content in fields(data):
        if found == number and isinstance(content, memoryview):
            yield content


def text(data: memoryview, number: int) -> str:
    """The text in the field of that number; the last one counts, none is empty.

    Raises:
        IndexError, ValueError: as `fields`.
    """
    last = b""
    for content in parts(data, number):
        last = bytes(content)
    return last.decode("utf-8", "replace")


def whole(data: memoryview, number: int) -> int | None:
    """The whole number in the field of that number; the last one counts, None without one.

    Raises:
        IndexError, ValueError: as `fields`.
    """
    last = None
    for found, content in fields(data):
        if found == number and isinstance(content, int):
            last = content
    return last


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if not byte & 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number without end")
