"""Many small plain PNG files at once: inflated one by one, their lines unfiltered side by side.

Plain means 8 bits a value, grey or colour with or without opacity, not interlaced, whole, with checksums that hold.
It is a quick way beside pillow, not a replacement: what is not plain is for pillow, which has the words for damage.

Source: PNG specification, third edition (W3C 2025), sections 5 (chunks) and 9 (filters).
Symbols: n pictures, h x w pixels, c values a pixel (with opacity); a line is 1 filter type and w c filtered values.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_VALUES = {0: 1, 2: 3, 4: 2, 6: 4}          # values a pixel by colour type
_PASSED = frozenset({b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"tEXt", b"zTXt", b"iTXt", b"tIME", b"bKGD"})
_HEADER = struct.Struct(">II5B")
_CHUNK = struct.Struct(">I4s")
_CHECK = struct.Struct(">I")


@dataclass(frozen=True)
class Lines:
    """The unpacked lines of one picture, still filtered."""

    height: int
    width: int
    values: int
    data: bytes

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colour; opacity is dropped."""
        return 1 if self.values < 3 else 3


def lines_of(content: bytes, most: int) -> Lines | None:
    """The lines of a plain PNG of at most `most` values, or None."""
    if not content.startswith(SIGNATURE):
        return None
    packed, head, at = b"", None, len(SIGNATURE)
    try:
        while True:
            length, kind = _CHUNK.unpack_from(content, at)
            body = content[at + 8 : at + 8 + length]
            (check,) = _CHECK.unpack_from(content, at + 8 + length)
            if zlib.crc32(body, zlib.crc32(kind)) != check:
                return None
            at += 12 + length
            if kind == b"IDAT":
                packed += body
            elif kind == b"IHDR":
                head = _HEADER.unpack(body)
            elif kind == b"IEND":
                break
            elif kind not in _PASSED:
                return None
    except struct.error:
        return None
    return _inflated(head, packed, most)


def _inflated(head: tuple[int, ...] | None, packed: bytes, most: int) -> Lines | None:
    if head is None:
        return None
    width, height, bits, colour, *ways = head
    values = _VALUES.get(colour, 0)
    if bits != 8 or any(ways) or not 0 < width * height * values <= most:
        return None
    size = height * (1 + width * values)
    try:
        data = zlib.decompressobj().decompress(packed, size + 1)
    except zlib.error:
        return None
    return Lines(height, width, values, data) if len(data) == size else None


def pixels_of(pictures: list[Lines]) -> np.ndarray | None:
    """(n, h, w, 1 or 3) uint8 of pictures of one shape; None when one has a filter type that does not exist."""
    first = pictures[0]
    shape = (len(pictures), first.height, first.width, first.values)
    lines = np.frombuffer(b"".join(picture.data for picture in pictures), np.uint8).reshape(*shape[:2], -1)
    kinds = lines[..., 0]
    if kinds.max() > 4:
        return None
    values = lines[..., 1:].reshape(shape)
    pixels = np.empty((*shape[1:3], shape[0], shape[3]), np.uint8)      # h x w x n x c: neighbours far, pictures near
    above = np.zeros(pixels.shape[1:], np.uint8)
    for y in range(shape[1]):
        row = pixels[y]
        row[:] = values[:, y].swapaxes(0, 1)
        for kind in range(1, 5):
            which = np.flatnonzero(kinds[:, y] == kind)
            if len(which) == shape[0]:
                row[:] = _UNFILTER[kind](row, above)
            elif len(which):
                row[:, which] = _UNFILTER[kind](row[:, which], above[:, which])
        above = row
    return np.ascontiguousarray(np.moveaxis(pixels[..., : first.channels], 2, 0))


def _sub(line: np.ndarray, _above: np.ndarray) -> np.ndarray:
    return np.add.accumulate(line, axis=0, dtype=np.uint8)


def _up(line: np.ndarray, above: np.ndarray) -> np.ndarray:
    return line + above


def _average(line: np.ndarray, above: np.ndarray) -> np.ndarray:
    left = np.zeros_like(line[0])
    for here, up in zip(line, above):
        here += (left >> 1) + (up >> 1) + (left & up & 1)
        left = here
    return line


def _paeth(line: np.ndarray, above: np.ndarray) -> np.ndarray:
    left = corner = np.zeros(line.shape[1:], np.int16)
    for here, up in zip(line, above.astype(np.int16)):
        a, b = up - corner, left - corner                        # distances of the estimate from left and from above
        to_left, to_up, to_corner = np.abs(a), np.abs(b), np.abs(a + b)
        guess = np.where(to_up <= to_corner, up, corner)
        guess = np.where((to_left <= to_up) & (to_left <= to_corner), left, guess)
        here += guess.astype(np.uint8)
        left, corner = here.astype(np.int16), up
    return line


_UNFILTER = {1: _sub, 2: _up, 3: _average, 4: _paeth}
