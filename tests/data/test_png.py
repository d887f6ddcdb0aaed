"""The quick way of small PNG files gives what pillow gives, and leaves to pillow what is not plain."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from engines.data.readers import Wishes, _png
from engines.data.readers._pictures import Source, gathered

MOST = 4_096


def filtered(picture: np.ndarray, kinds: list[int]) -> bytes:
    """A PNG of (h, w, c) uint8 whose lines have the given filter types; value by value, after the specification."""
    height, width, values = picture.shape
    lines = bytearray()
    for y in range(height):
        lines.append(kinds[y])
        for x in range(width):
            for c in range(values):
                left = int(picture[y, x - 1, c]) if x else 0
                up = int(picture[y - 1, x, c]) if y else 0
                corner = int(picture[y - 1, x - 1, c]) if x and y else 0
                estimate = left + up - corner
                nearest = min((left, up, corner), key=lambda value: abs(estimate - value))
                guess = (0, left, up, (left + up) // 2, nearest)[kinds[y]]
                lines.append((int(picture[y, x, c]) - guess) % 256)
    return packed(width, height, {1: 0, 2: 4, 3: 2, 4: 6}[values], bytes(lines))


def packed(width: int, height: int, colour: int, lines: bytes, interlaced: int = 0) -> bytes:
    head = struct.pack(">II5B", width, height, 8, colour, 0, 0, interlaced)
    body = zlib.compress(lines)
    half = len(body) // 2
    chunks = ((b"IHDR", head), (b"tEXt", b"a\0b"), (b"IDAT", body[:half]), (b"IDAT", body[half:]), (b"IEND", b""))
    return _png.SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def pillows(content: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(content))
    pixels = np.asarray(image.convert("L" if image.mode in ("1", "L", "LA") else "RGB"))
    return pixels.reshape(*pixels.shape[:2], -1)


@pytest.mark.parametrize("values", [1, 2, 3, 4])
def test_every_filter_is_undone(values: int) -> None:
    draw = np.random.default_rng(values)
    pictures = draw.integers(0, 256, (12, 10, 7, values), np.uint8)
    contents = [filtered(picture, draw.integers(0, 5, 10).tolist()) for picture in pictures]
    lines = [found for content in contents if (found := _png.lines_of(content, MOST)) is not None]
    assert len(lines) == 12
    pixels = _png.pixels_of(lines)
    assert pixels is not None
    assert np.array_equal(pixels, pictures[..., : lines[0].channels])
    assert np.array_equal(pixels, np.stack([pillows(content) for content in contents]))


def test_what_is_not_plain_is_left_to_pillow() -> None:
    whole = filtered(np.zeros((4, 4, 1), np.uint8), [0] * 4)
    wrong_sum = bytearray(whole)
    wrong_sum[-20] ^= 1
    palette = io.BytesIO()
    Image.new("P", (4, 4)).save(palette, "PNG")
    deep = io.BytesIO()
    Image.new("I;16", (4, 4)).save(deep, "PNG")
    others = (
        whole[:-15], bytes(wrong_sum), palette.getvalue(), deep.getvalue(), b"", b"GIF89a",
        packed(4, 4, 0, bytes(20), interlaced=1), packed(4, 4, 0, bytes(19)), packed(4, 4, 0, bytes(21)),
        packed(400, 400, 0, bytes(400 * 401)),
    )
    assert [_png.lines_of(content, MOST) for content in others] == [None] * len(others)
    no_such_filter = _png.lines_of(packed(1, 1, 0, b"\x07\0"), MOST)
    assert no_such_filter is not None
    assert _png.pixels_of([no_such_filter]) is None


def test_pictures_of_all_sorts_keep_their_order() -> None:
    draw = np.random.default_rng(0)
    contents = []
    for i in range(40):
        stream = io.BytesIO()
        pixels = draw.integers(0, 256, (6, 6), np.uint8)
        Image.fromarray(pixels).convert(("L", "P", "LA", "1")[i % 4]).save(stream, ("PNG", "BMP")[i % 4 == 3])
        contents.append(stream.getvalue())
    greys = [content for i, content in enumerate(contents) if i % 4 != 1]
    pixels, kept, _ = gathered("mixed", [Source(str(i), 0, lambda c=c: c) for i, c in enumerate(greys)], Wishes())
    assert kept == list(range(30))
    assert np.array_equal(pixels, np.stack([pillows(content) for content in greys]))
