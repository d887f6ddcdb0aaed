"""From the content of a curve plot to drawn plots: places, axes, lines thinned to the pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from widgets.curves.axis import Axis
from widgets.curves.content import CurveContent, ShownLine
from widgets.curves.figures import short_text
from widgets.curves.painting import DrawnLine, DrawnPlot, tick_gutter, value_range
from widgets.curves.thinning import BLOCK, Division, Thinned, thinned
from widgets.curves.trace import Trace
from widgets.kit.painting import text_width
from widgets.numbers import format_count
from widgets.theme import Theme, font

PADDING = 16
COLOURS = 8
_LEAST_HEIGHT = 48
_FIRST = 1.75
"""The first plot is so many times as high as each of the others."""


@dataclass(frozen=True)
class Looking:
    """How the content is looked at.

    Attributes:
        view: Steps in view, None for all.
        log: Whether log axes are on.
        first: Index of the first scalar shown.
        moving: The view moves: prepared blocks stand for the points.
        hovered: Key of the run under the pointer.
        ratio: Device pixels a px.
    """

    view: tuple[float, float] | None = None
    log: bool = True
    first: int = 0
    moving: bool = False
    hovered: str = ""
    ratio: float = 1.0


def arranged(
    content: CurveContent, width: float, height: float, theme: Theme, looking: Looking, x_label: str
) -> tuple[DrawnPlot, ...]:
    """The plots with their axes, as many as have room. Their origin is `PADDING` px right of the widget's."""
    scalars = content.drawable()[looking.first :]
    places = _places(len(scalars), height, theme)
    if not places:
        return ()
    left, right = looking.view or content.extent()
    columns = max(int(width * looking.ratio * 0.7), 16)
    division = Division(left, right, columns)
    plots: list[tuple[str, Axis, tuple[DrawnLine, ...]]] = []
    for scalar, (upper, lower) in zip(scalars, places):
        shown = content.lines_of(scalar.key)
        lines = tuple(_drawn(line, content, division, columns, theme, looking) for line in shown)
        log = looking.log and content.is_log(scalar)
        title = _begun(scalar.title)
        title = _tr("{}, log").format(title) if log else title
        plots.append((title, Axis(*value_range(lines, log), lower, upper, log), lines))
    gutter = tick_gutter([y for _title, y, _lines in plots], theme) + 8
    names = max(min(_names_width(content, width, theme), width * 0.3), 24)
    x = Axis(left, right, gutter, max(width - PADDING - names, gutter + 24))
    last = len(plots) - 1
    return tuple(
        DrawnPlot(title, x, y, lines, x_label if index == last else None, "" if index else _packed_note(lines))
        for index, (title, y, lines) in enumerate(plots)
    )


def _begun(title: str) -> str:
    """A name as a title: a plain word at its beginning has a capital, "mAP" and "R²" stay."""
    first = title.partition(" ")[0]
    return title[:1].upper() + title[1:] if first.isascii() and first.islower() and len(first) > 1 else title


def _places(count: int, height: float, theme: Theme) -> list[tuple[float, float]]:
    """Top and bottom of each plot that has room."""
    head, foot, between = theme.px(30), theme.px(32), theme.px(36)

    def unit(count: int) -> float:
        return (height - head - foot - (count - 1) * between) / (count + (_FIRST - 1 if count > 1 else 0))

    while count > 1 and unit(count) < _LEAST_HEIGHT:
        count -= 1
    places, top = [], float(head)
    for index in range(count):
        tall = max(unit(count), 24) * (_FIRST if index == 0 and count > 1 else 1)
        places.append((top, top + tall))
        top += tall + between
    return places


def _drawn(
    line: ShownLine, content: CurveContent, division: Division, columns: int, theme: Theme, looking: Looking
) -> DrawnLine:
    run, trace, band = line.run, line.trace, line.band
    hovered = run.key == looking.hovered and run.series >= COLOURS
    series, end = theme.series(run.series % COLOURS if hovered else run.series), trace.last()
    raw, smooth = _thinned(trace, division, columns, looking.moving)
    note = run.note or (short_text(end[1]) if end is not None else "")
    if band is not None:
        spread = Thinned(band.steps, band.low, band.high)
        note = _tr("{} runs").format(line.members)
        return DrawnLine(run.name, series.colour, smooth, note, series.dash, band=spread, end=end, live=run.live)
    return DrawnLine(
        run.name, series.colour, smooth, note, series.dash, raw=raw if content.smoothing > 0 else None,
        gaps=trace.gaps, end=end, live=run.live,
    )


def _thinned(trace: Trace, division: Division, columns: int, moving: bool) -> tuple[Thinned, Thinned]:
    """Raw and smoothed line: from the points at rest, from prepared blocks while the view moves."""
    if moving and len(trace) > 2 * BLOCK * columns:
        raw, smooth = trace.prepared()
        where = division.of(raw[0])
        if where.starts is not None:
            return thinned(*raw, where, BLOCK), thinned(*smooth, where, BLOCK)
    steps = trace.steps
    where = division.of(steps)
    return thinned(steps, trace.raw, trace.raw, where), thinned(steps, trace.smooth, trace.smooth, where)


def _names_width(content: CurveContent, width: float, theme: Theme) -> float:
    face = font("caption", weight=600, scale=theme.scale)
    names = [text_width(run.name, face) for run in content.runs.values() if run.shown]
    return max(max(names, default=0.0) + 32, theme.px(92 if width >= 480 else 80))


def _packed_note(lines: Sequence[DrawnLine]) -> str:
    """Says when points share pixels."""
    packed = max((line.smooth.packed for line in lines), default=1.0)
    return _tr("{} points a pixel, extremes kept").format(format_count(round(packed))) if packed > 1 else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("arrange", text)
