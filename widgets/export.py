"""Figures as PNG, SVG and PDF by the painters of the screen: white ground, light colours, caption, recipe inside.

The recipe is JSON: PNG text "recipe", an SVG <metadata> element, a PDF attachment "recipe.json"; animations carry it as
the comment of the GIF. `recipe_of` reads it back. Works in an offscreen QGuiApplication.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, unescape

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QFontMetricsF, QImage, QImageReader, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from engines.refusals import Refusal
from engines.results import Result
from engines.writing import replacing
from widgets.gif import gif_comment
from widgets.kit.painting import text_in
from widgets.pdf_text import with_letters
from widgets.theme import Theme, font

Paint = Callable[[QPainter, QRectF, Theme], None]

MARGIN = 12.0
PNG_SCALE = 3
FORMATS = ("png", "svg", "pdf")
CARRIERS = (*FORMATS, "gif")
"""Suffixes of the figures that carry their recipe."""

_PX_AN_INCH = 96
_LARGEST = 256 << 20     # bytes of a file in which a recipe is looked for
_NAMESPACE = "urn:otherwise:recipe"
_SVG_RECIPE = rb'<recipe xmlns="urn:otherwise:recipe">([^<]{0,10000000})</recipe>'
_PRODUCT = "Otherwise"


@dataclass(frozen=True)
class Figure:
    """What is exported.

    Attributes:
        paint: Draws it into a rectangle in the colours of a theme.
        width, height: Its size without caption and margin, px; 321 px are 85 mm on paper.
        sentence: The caption: the question that the figure answers.
        recipe: What made it, as plain JSON.
        title: Its name, for the file's metadata.
    """

    paint: Paint
    width: float
    height: float
    sentence: str = ""
    recipe: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""


def figure_of(view: Any, sentence: str = "", recipe: Mapping[str, Any] | None = None) -> Figure:
    """A view as a figure: drawn by its own `paint` at its own `figure_size`."""
    width, height = view.figure_size()
    return Figure(view.paint, float(width), float(height), sentence, recipe or {}, view.accessibleName())


def figure_of_result(result: Result, sentence: str = "", recipe: Mapping[str, Any] | None = None) -> Figure:
    """A result as a figure, without a view of it."""
    from widgets.results import figure_size, paint_result

    def paint(painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_result(result, painter, rect, theme)

    width, height = figure_size(result)
    return Figure(paint, width, height, sentence, recipe or {}, result.title)


def save(figure: Figure, path: Path) -> None:
    """Write a figure; the suffix says which format. A crash leaves the old file or the new one, whole.

    Raises:
        Refusal: for a suffix that is no figure's.
    """
    data = figure_bytes(figure, path.suffix.removeprefix(".").lower())
    with replacing(path) as part:
        part.write_bytes(data)


def figure_bytes(figure: Figure, format: str) -> bytes:
    """The file of a figure as "png", "svg" or "pdf".

    Raises:
        Refusal: for any other format.
    """
    writers = {"png": _png, "svg": _svg, "pdf": _pdf}
    if format not in writers:
        raise Refusal(
            f"Figures cannot be written as {format or 'a file without a suffix'}.", "Choose PNG, SVG or PDF.",
            ("Write a PNG",),
        )
    return writers[format](figure)


def paper_theme() -> Theme:
    """The light colours on white, at 100 % text."""
    theme = Theme.of("light")
    return replace(theme, bg0=theme.paper, bg1=theme.paper)


def recipe_text(path: Path) -> str | None:
    """The recipe that a figure carries, as the text that stands in the file; None where there is none.

    Raises:
        OSError: when the file cannot be read.
    """
    if path.stat().st_size > _LARGEST:
        return None
    match path.suffix.lower():
        case ".png":
            text = QImageReader(str(path)).text("recipe")
        case ".svg":
            text = _svg_recipe(path)
        case ".pdf":
            text = _pdf_recipe(path.read_bytes())
        case ".gif":
            text = gif_comment(path.read_bytes()).decode("utf-8", "replace")
        case _:
            text = ""
    return text or None


def recipe_of(path: Path) -> dict[str, Any] | None:
    """The recipe that a figure carries, None for a file without one."""
    text = recipe_text(path)
    try:
        found = json.loads(text) if text else None
    except (json.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _png(figure: Figure) -> bytes:
    width, height = _whole_size(figure)
    image = QImage(QSize(width * PNG_SCALE, height * PNG_SCALE), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PNG_SCALE)
    image.setDotsPerMeterX(round(PNG_SCALE * _PX_AN_INCH / 0.0254))
    image.setDotsPerMeterY(round(PNG_SCALE * _PX_AN_INCH / 0.0254))
    image.fill(paper_theme().paper)
    _paint(figure, image)
    for name, text in (
        ("Title", figure.title), ("Description", figure.sentence), ("Software", _PRODUCT), ("recipe", _recipe(figure)),
    ):
        if text:
            image.setText(name, text)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")                                  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _svg(figure: Figure) -> bytes:
    width, height = _whole_size(figure)
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(width, height))
    generator.setViewBox(QRectF(0, 0, width, height))
    generator.setResolution(_PX_AN_INCH)
    generator.setTitle(figure.title or _PRODUCT)
    generator.setDescription(figure.sentence)
    _paint(figure, generator)
    text = bytes(buffer.data().data()).decode("utf-8")
    meta = f'<metadata><recipe xmlns="{_NAMESPACE}">{escape(_recipe(figure))}</recipe></metadata>'
    text = text.replace("<defs>", f"{meta}\n<defs>", 1)
    family = font("body").family()
    fallback = f'font-family="{family}, Helvetica, Arial, sans-serif"'
    text = re.sub(r"<text ([^>]*?)\s*>([^<]+)</text>", _held_to_width, text)
    return text.replace(f'font-family="{family}"', fallback).encode("utf-8")


def _held_to_width(found: re.Match[str]) -> str:
    """A text with its width written down, so that a reader without the font keeps the layout."""
    attributes, content = found.groups()
    size, weight = re.search(r'font-size="([\d.]+)"', attributes), re.search(r'font-weight="(\d+)"', attributes)
    if size is None or weight is None or not content.strip():
        return found.group(0)
    face = font("body", weight=int(weight.group(1)), scale=1)
    face.setPixelSize(max(round(float(size.group(1))), 1))
    width = QFontMetricsF(face).horizontalAdvance(unescape(content))
    return f'<text {attributes} textLength="{width:.2f}" lengthAdjust="spacingAndGlyphs">{content}</text>'


def _pdf(figure: Figure) -> bytes:
    width, height = _whole_size(figure)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(figure.sentence or figure.title)
    writer.setCreator(_PRODUCT)
    points = QSizeF(width * 72 / _PX_AN_INCH, height * 72 / _PX_AN_INCH)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF())
    writer.setResolution(4 * _PX_AN_INCH)
    writer.addFileAttachment("recipe.json", QByteArray(_recipe(figure).encode()), "application/json")
    _paint(figure, writer, 4)
    return with_letters(bytes(buffer.data().data()))


def _paint(figure: Figure, device: Any, scale: float = 1) -> None:
    """Figure and caption onto a device on which a px is `scale` of its units."""
    theme = paper_theme()
    width, height = _whole_size(figure)
    painter = QPainter(device)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    painter.fillRect(QRectF(0, 0, width, height), theme.paper)
    place = QRectF(MARGIN, MARGIN, figure.width, figure.height)
    painter.save()
    figure.paint(painter, place, theme)
    painter.restore()
    line = QRectF(MARGIN, place.bottom() + 8, figure.width, theme.px(18))
    for text in _caption(figure):
        text_in(painter, line, text, font("second", scale=theme.scale), theme.t1)
        line.translate(0, theme.px(18))
    painter.end()


def _whole_size(figure: Figure) -> tuple[int, int]:
    caption = _caption(figure)
    below = 8 + len(caption) * paper_theme().px(18) if caption else 0
    return math.ceil(figure.width + 2 * MARGIN), math.ceil(figure.height + 2 * MARGIN + below)


def _caption(figure: Figure) -> list[str]:
    """The sentence broken to the figure's width."""
    metrics = QFontMetricsF(font("second", scale=1))
    lines: list[str] = []
    for word in figure.sentence.split(" "):
        if lines and metrics.horizontalAdvance(f"{lines[-1]} {word}") <= figure.width:
            lines[-1] += f" {word}"
        elif word:
            lines.append(word)
    return lines


def _recipe(figure: Figure) -> str:
    return json.dumps(dict(figure.recipe), ensure_ascii=False, sort_keys=True, default=str)


def _svg_recipe(path: Path) -> str:
    """Found as text: parsing a drawing from elsewhere as XML would follow whatever entities it defines."""
    found = re.search(_SVG_RECIPE, path.read_bytes())
    return unescape(found.group(1).decode("utf-8", "replace")) if found else ""


def _pdf_recipe(data: bytes) -> str:
    """The attached recipe: the first stream of our own writer that holds a JSON object."""
    start = 0
    while (at := data.find(b"stream", start)) >= 0:
        begin = at + len(b"stream")
        begin += 2 if data[begin : begin + 2] == b"\r\n" else 1
        end = data.find(b"endstream", begin)
        if end < 0:
            return ""
        content = data[begin:end]
        try:
            content = zlib.decompressobj().decompress(content, 10_000_000)
        except zlib.error:
            pass
        if content.lstrip().startswith(b"{"):
            return content.decode("utf-8", "replace").strip()
        start = end + len(b"endstream")
    return ""
