"""The comment that a GIF carries, found without decoding a picture."""

from __future__ import annotations

_EXTENSION, _IMAGE, _COMMENT = 0x21, 0x2C, 0xFE
_HEAD = 13              # bytes: signature and screen
_LONGEST = 10_000_000


def gif_comment(data: bytes) -> bytes:
    """The first comment of a GIF; empty where there is none, or what is there is none or is cut off."""
    if data[:6] not in (b"GIF87a", b"GIF89a") or len(data) < _HEAD:
        return b""
    at = _HEAD + _table(data[10])
    try:
        while data[at] in (_EXTENSION, _IMAGE):
            if data[at] == _IMAGE:
                _, at = _blocks(data, at + 11 + _table(data[at + 9]))
                continue
            is_comment = data[at + 1] == _COMMENT
            content, at = _blocks(data, at + 2)
            if is_comment:
                return content
    except IndexError:
        pass
    return b""


def _table(packed: int) -> int:
    """Bytes of the colour table that a packed field announces."""
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _blocks(data: bytes, at: int) -> tuple[bytes, int]:
    """The content of the blocks that begin at a place, each after its length, and where they end.

    What is longer than a comment may be is passed over.

    Raises:
        IndexError: where they are cut off.
    """
    parts, whole = [], 0
    while length := data[at]:
        if whole <= _LONGEST:
            parts.append(data[at + 1 : at + 1 + length])
            whole += length
        at += 1 + length
    return b"".join(parts), at + 1
