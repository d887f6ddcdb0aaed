"""Animated figures as GIF: one frame a step, the caption under each, sentence and recipe in the file's comment."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from widgets.export import Figure, figure_bytes
from widgets.pictures.pixels import Picture, fitted
from widgets.pictures.strip import Look, PictureStrip, StripItem
from widgets.theme import Theme

FRAME_SECONDS = 0.4
_SIDE = 168


@dataclass(frozen=True, eq=False)
class Frame:
    """Pictures side by side, each with the text under it; `asked` says what they share."""

    pictures: tuple[Picture, ...]
    captions: tuple[str, ...]
    asked: str
    look: Look = "current"


def animation_bytes(frames: Sequence[Frame], sentence: str = "", recipe: Mapping[str, Any] | None = None) -> bytes:
    """A GIF that goes through the frames, `FRAME_SECONDS` each, and begins again for ever."""
    images = [Image.open(io.BytesIO(figure_bytes(_figure(frame), "png"))).convert("RGB") for frame in frames]
    palette = images[len(images) // 2].quantize(256)
    shown = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    comment = json.dumps({"sentence": sentence, **(recipe or {})}, ensure_ascii=False, default=str)
    buffer = io.BytesIO()
    shown[0].save(
        buffer, "GIF", save_all=True, append_images=shown[1:], duration=round(1000 * FRAME_SECONDS), loop=0,
        comment=comment.encode(), optimize=False,
    )
    return buffer.getvalue()


def _figure(frame: Frame) -> Figure:
    """One frame as a still figure."""
    strip = PictureStrip(_SIDE)
    size = frame.pictures[0].shape[:2]
    square = fitted((int(size[0]), int(size[1])), _SIDE)
    strip.set_side(round(max(square.width(), square.height())))
    strip.set_items([
        StripItem(picture, caption, frame.look) for picture, caption in zip(frame.pictures, frame.captions, strict=True)
    ])
    width, height = strip.figure_size()

    def paint(painter: QPainter, rect: QRectF, theme: Theme) -> None:
        strip.paint(painter, rect, theme)

    return Figure(paint, max(width, 320.0), height, frame.asked)
