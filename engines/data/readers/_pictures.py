"""Picture files to pixels: decoded, brought to one number of channels and one size, with a word for each that fails."""

from __future__ import annotations

import io
import os
import struct
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engines.data.limits import check_memory, fits, in_words
from engines.data.readers import Wishes, _png
from engines.data.refusing import READ_AGAIN, DataRefusal
from engines.refusals import Refusal

if TYPE_CHECKING:
    from PIL.Image import Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".pgm", ".ppm", ".jp2")
MOST_PIXELS = 50_000_000
"""A single picture with more is taken for a decompression bomb."""

_LEAST_SIDE = 16                    # px; smaller than that no picture is offered to be made

_LARGE = 16_384                     # values in a picture from which threads pay

_SMALL = 4_096                      # values up to which `_png` is quicker than pillow

_BLOCK = 1_000                      # small pictures that are decoded side by side

_GREY = {"1", "L", "LA", "La", "I", "F", "I;16", "I;16B", "I;16L"}


@dataclass(frozen=True)
class Source:
    """One picture file: its name for the analyst, its size in bytes, and how to get the bytes."""

    name: str
    size: int
    content: Callable[[], bytes]


def is_picture(name: str) -> bool:
    """Whether a file name has the ending of a picture; hidden files have not."""
    last = name.rsplit("/", 1)[-1]
    return last.lower().endswith(SUFFIXES) and not last.startswith(".") and "__MACOSX" not in name


def gathered(where: str, sources: Sequence[Source], wishes: Wishes) -> tuple[np.ndarray, list[int], bool]:
    """(n, h, w, c) uint8 of all pictures, the position of each among the sources, and whether 16 bits were rounded.

    Raises:
        DataRefusal: for pictures that cannot be read, with "Leave it out"; for several sizes, with "Resize to ...".
        Refusal: too large for memory.
    """
    kept = [
        i for i, source in enumerate(sources)
        if source.name not in wishes.leave_out and (not wishes.only or source.name in wishes.only)
    ]
    if not kept:
        raise Refusal(f"{where} holds no pictures.", "All of them are left out.", about=(where,))
    pictures: list[np.ndarray] = []
    deep: list[str] = []
    bad: dict[str, str] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")                # what pillow has to say about odd headers is not the analyst's
        for done, (i, pixels) in enumerate(zip(kept, _all_decoded(kept, sources, wishes))):
            wishes.watch(done, len(kept))
            if isinstance(pixels, _Unreadable):
                bad[sources[i].name] = str(pixels)
                continue
            if isinstance(pixels, _Deep):
                deep.append(sources[i].name)
            if not pictures:
                _check_room(where, pixels, len(kept))
            pictures.append(pixels)
    if bad:
        raise _unreadable(where, bad, len(kept) - len(bad))
    shapes = Counter(pixels.shape[:2] for pixels in pictures)
    if len(shapes) > 1:
        raise several_sizes(shapes, {sources[i].name: p.shape[:2] for i, p in zip(kept, pictures)})
    names = [sources[i].name for i in kept]
    if len({pixels.shape[2] for pixels in pictures}) > 1:
        raise _grey_and_colour([name for name, p in zip(names, pictures) if p.shape[2] == 1], names)
    if 0 < len(deep) < len(kept) and not wishes.eight_bits:
        raise _two_depths(deep, names)
    return np.asarray(np.stack(pictures)), kept, bool(deep)


def decoded(content: bytes, wishes: Wishes) -> np.ndarray:
    """(h, w, c) uint8 of one picture; c is 1 for grey files and 3 for others unless the wishes say otherwise."""
    from PIL import Image, UnidentifiedImageError

    if not content:
        raise _Unreadable("is empty")
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _Unreadable(f"claims {image.width:,} × {image.height:,} pixels in {in_words(len(content))}")
            return _pixels(image, wishes)
    except UnidentifiedImageError as error:
        raise _Unreadable("is not a picture, or its beginning is damaged") from error
    except Image.DecompressionBombError as error:
        raise _Unreadable(f"claims more pixels than {in_words(len(content))} can hold") from error
    except (OSError, SyntaxError, ValueError, EOFError, zlib.error, struct.error, IndexError, OverflowError) as error:
        text = str(error).lower()
        cut = "truncated" in text or "unexpected" in text or "not enough" in text or "incomplete" in text
        raise _Unreadable(f"is cut off after {in_words(len(content))}" if cut else "is damaged") from error


def _all_decoded(
    kept: Sequence[int], sources: Sequence[Source], wishes: Wishes
) -> Iterator[np.ndarray | _Unreadable]:
    """Each picture, or why it cannot be read, in order.

    Large ones are decoded in threads: pillow lets go of the interpreter while it unpacks, which pays from some ten
    thousand pixels on. Small ones are decoded in blocks.
    """
    first = _decoded(sources[kept[0]].content(), wishes)
    yield first
    if isinstance(first, np.ndarray) and first.size < _LARGE:
        for start in range(1, len(kept), _BLOCK):
            yield from _block([sources[i].content() for i in kept[start : start + _BLOCK]], wishes)
        return
    pool = ThreadPoolExecutor(min(os.cpu_count() or 1, 4))
    try:
        yield from pool.map(lambda i: _decoded(sources[i].content(), wishes), kept[1:])
    finally:
        pool.shutdown(cancel_futures=True)      # who stops asking does not wait for the rest


def _block(contents: list[bytes], wishes: Wishes) -> list[np.ndarray | _Unreadable]:
    """Plain small PNG of one shape side by side, all others one by one."""
    shapes: dict[tuple[int, int, int], list[int]] = {}
    lines = [_png.lines_of(content, _SMALL) for content in contents]
    for place, found in enumerate(lines):
        if found is not None and wishes.channels in (None, found.channels) and (
            wishes.size in (None, (found.height, found.width))
        ):
            shapes.setdefault((found.height, found.width, found.values), []).append(place)
    done: dict[int, np.ndarray | _Unreadable] = {}
    for places in shapes.values():
        pixels = _png.pixels_of([found for place in places if (found := lines[place]) is not None])
        if pixels is not None:
            done.update(zip(places, pixels))
    return [done[i] if i in done else _decoded(content, wishes) for i, content in enumerate(contents)]


def _decoded(content: bytes, wishes: Wishes) -> np.ndarray | _Unreadable:
    try:
        return decoded(content, wishes)
    except _Unreadable as reason:
        return reason


def resized(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """(n, h, w, c) to (n, *size, c): area average where it shrinks, bicubic where it grows."""
    from PIL import Image

    if pixels.shape[1:3] == size:
        return pixels
    result = np.empty((len(pixels), *size, pixels.shape[3]), np.uint8)
    for i, picture in enumerate(pixels):
        flat = picture[..., 0] if picture.shape[2] == 1 else picture
        result[i] = np.asarray(_sized(Image.fromarray(np.ascontiguousarray(flat)), size)).reshape(result.shape[1:])
    return result


def converted(pixels: np.ndarray, channels: int) -> np.ndarray:
    """(n, h, w, c) to (n, h, w, channels): ITU-R 601 luma to grey, grey repeated to colour."""
    if channels not in (1, 3):
        raise Refusal(f"Pictures have 1 or 3 channels, not {channels}.")
    if pixels.shape[3] == channels:
        return pixels
    if channels == 3:
        return np.repeat(pixels, 3, axis=3)
    return np.rint(pixels @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)[..., None]


def several_sizes(shapes: Counter[Any], by_name: dict[str, Any]) -> DataRefusal:
    """The refusal of mixed sizes: it offers the commonest one."""
    height, width = shapes.most_common(1)[0][0]
    return DataRefusal(
        f"The images have {len(shapes)} sizes; the method needs one.",
        f"{shapes[height, width]:,} of {shapes.total():,} are {width} × {height}.",
        ("Show the sizes",),
        tuple(by_name)[:20],
        remedies={f"Resize to {width} × {height}": {"step": "resize_images", "height": height, "width": width}},
        lists={
            f"{w} × {h} ({count:,})": tuple(name for name, shape in by_name.items() if shape == (h, w))[:1000]
            for (h, w), count in shapes.most_common(50)
        },
    )


def _check_room(where: str, picture: np.ndarray, count: int) -> None:
    """Refuse so many pictures of this size when they do not fit into memory, with a size that does."""
    try:
        check_memory(where, 2 * picture.nbytes * count)
    except Refusal as refusal:
        height, width = picture.shape[:2]
        smaller = [(height // k, width // k) for k in (2, 4, 8) if min(height, width) // k >= _LEAST_SIDE]
        for high, wide in smaller:
            if fits(2 * high * wide * picture.shape[2] * count):
                step = {"step": "resize_images", "height": high, "width": wide}
                remedies = {f"Resize to {wide} × {high}": step}
                raise DataRefusal(
                    refusal.sentence, refusal.cause, about=refusal.about, remedies=remedies
                ) from refusal
        raise


def _grey_and_colour(grey: list[str], names: list[str]) -> DataRefusal:
    greys = frozenset(grey)
    return DataRefusal(
        "The images mix grey and colour; the method needs one of them.",
        f"{len(grey):,} of {len(names):,} are grey.",
        ("Show both lists",),
        tuple(grey[:20]),
        remedies={
            "Use colour": {"step": "convert_images", "channels": 3},
            "Use grey": {"step": "convert_images", "channels": 1},
        },
        lists={
            f"Grey ({len(grey):,})": tuple(grey[:1000]),
            f"Colour ({len(names) - len(grey):,})": tuple(name for name in names if name not in greys)[:1000],
        },
    )


def _two_depths(deep: list[str], names: list[str]) -> DataRefusal:
    return DataRefusal(
        f"{len(deep):,} of {len(names):,} images hold 16 bits a value, the others 8.",
        "With 8 bits their lightest value becomes 255.",
        ("Show them",),
        tuple(deep[:20]),
        remedies={"Use 8 bits": {"step": "eight_bits"}, "Leave them out": {"step": "leave_out_files", "files": deep}},
        lists={f"16 bits ({len(deep):,})": tuple(deep[:1000])},
    )


class _Deep(np.ndarray):
    """The pixels of a picture that held more than 8 bits a value."""


class _Unreadable(Exception):
    """Why one picture cannot be read, as the end of a sentence that begins with its name."""


def _unreadable(where: str, bad: dict[str, str], good: int) -> DataRefusal:
    first, reason = next(iter(bad.items()))
    others = "No other image can be read." if not good else (
        "The other image is fine." if good == 1 else f"The other {good:,} images are fine."
    )
    one = len(bad) == 1
    step = {"step": "leave_out_files", "files": list(bad)}
    return DataRefusal(
        f"{first} {reason}." if one else f"{len(bad):,} images in {where} cannot be read; {first} {reason}.",
        others,
        (READ_AGAIN,) if one else (READ_AGAIN, "Show them"),
        tuple(bad)[:20],
        remedies={("Leave it out" if one else "Leave them out"): step} if good else {},
        lists={} if one else {"Images that cannot be read": tuple(f"{name} {why}" for name, why in bad.items())},
    )


def _pixels(image: Image, wishes: Wishes) -> np.ndarray:
    grey = image.mode in _GREY if wishes.channels is None else wishes.channels == 1
    is_deep = image.mode in ("I;16", "I;16B", "I;16L", "I")
    if is_deep:
        deep = np.asarray(image, dtype=np.float64)
        image = _eight_bit(deep, 65535.0 if deep.max(initial=0) > 255 else 255.0)
    elif image.mode == "F":
        values = np.asarray(image)
        image = _eight_bit(values, 1.0 if values.max(initial=0) <= 1 else 255.0)
    wanted = "L" if grey else "RGB"
    if image.mode != wanted:
        image = image.convert(wanted)
    if wishes.size is not None and (image.height, image.width) != wishes.size:
        image = _sized(image, wishes.size)
    pixels = np.asarray(image)
    pixels = pixels[..., None] if grey else pixels
    return pixels.view(_Deep) if is_deep else pixels


def _eight_bit(values: np.ndarray, white: float) -> Image:
    from PIL import Image as pillow

    return pillow.fromarray(np.rint(np.clip(np.nan_to_num(values) / white, 0, 1) * 255).astype(np.uint8))


def _sized(image: Image, size: tuple[int, int]) -> Image:
    from PIL import Image as pillow

    shrinks = size[0] < image.height and size[1] < image.width
    how = pillow.Resampling.BOX if shrinks else pillow.Resampling.BICUBIC
    return image.resize((size[1], size[0]), how)


