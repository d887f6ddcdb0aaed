"""The curves of runs: one plot a scalar over a common x axis, live, with a cursor that reads all lines at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.curves.axis import Axis
from widgets.curves.figures import plain_text, short_text
from widgets.curves.grouping import Band, band_over
from widgets.curves.painting import (
    DrawnLine,
    DrawnPlot,
    paint_head,
    paint_names,
    paint_plot,
    paint_readout,
    tick_gutter,
    value_range,
)
from widgets.curves.thinning import BLOCK, Thinned, columns_of, thinned
from widgets.curves.trace import Trace
from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, text_in, text_width
from widgets.numbers import format_count
from widgets.theme import Theme, font

PADDING = 16
_LEAST_HEIGHT = 48
_REST = 150
"""After so many ms without another view the strokes are fine again."""
_FRAME = 60
"""New points are drawn so many ms after they came, however many there are: a run must not wait for its curves."""
_NEAR = 12.0
_COLOURS = 8
_LOG_FROM = 20.0
"""An automatic log axis needs values this many times apart."""


@dataclass(frozen=True)
class CurveRun:
    """How a run is shown: its name, its series (colour, dash; kept for life), a few words under the name.

    Runs of one `group` differ only in their seed; grouped, they are one line with a band.
    """

    key: str
    name: str
    series: int
    note: str = ""
    live: bool = False
    shown: bool = True
    group: str = ""


@dataclass(frozen=True, eq=False)
class _Shown:
    """What one line of a plot stands for: a run, or a group of runs with its band."""

    run: CurveRun
    trace: Trace
    band: Band | None = None


@dataclass(frozen=True)
class CurveScalar:
    """How a scalar is shown: title with unit, and whether it may be drawn on a log axis (None: if its values allow)."""

    key: str
    title: str
    log: bool | None = None


class CurvePlot(QWidget):
    """Lines of many runs. The names stand at the lines' ends; what is not a number is marked on the axis.

    Mouse: moving reads, dragging pans, the wheel zooms about the pointer, a double click fits. Keys: arrows move the
    cursor, Shift ten steps; + and - zoom; 0 fits; L log axes; [ and ] smoothing; 1 to 9 show or hide runs; Page Up
    and Page Down turn to scalars that do not fit. Setting anything from outside fires no signal.
    """

    log_changed = Signal(bool)                # by the user's hand, as all of these
    smoothing_changed = Signal(float)
    run_toggled = Signal(str, bool)
    view_changed = Signal(object)             # (left, right) in steps, None when all is in view
    cursor_moved = Signal(object)             # step, None when it left

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._traces: dict[tuple[str, str], Trace] = {}
        self._runs: dict[str, CurveRun] = {}
        self._scalars: dict[str, CurveScalar] = {}
        self._first_scalar = 0
        self._smoothing = 0.85
        self._log = True
        self._grouped = False
        self._view: tuple[float, float] | None = None
        self._cursor: float | None = None
        self._cursor_plot = 0
        self._hovered = ""
        self._drag: tuple[float, tuple[float, float]] | None = None
        self._plots: tuple[DrawnPlot, ...] = ()
        self._ground: QPixmap | None = None
        self._stale = True
        self._moving = QTimer(self)
        self._moving.setSingleShot(True)
        self._moving.setInterval(_REST)
        self._moving.timeout.connect(self._changed)
        self._arrived = QTimer(self)
        self._arrived.setSingleShot(True)
        self._arrived.setInterval(_FRAME)
        self._arrived.timeout.connect(self._changed)
        self.x_label = self.tr("step")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", -1.0)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Curves"))
        follow_theme(self._changed)

    # ------------------------------------------------------------------------------------------------- content

    def append(self, run: str, scalar: str, steps: ArrayLike, values: ArrayLike) -> None:
        """New points of a scalar of a run, (m,) each. Runs and scalars not announced before get a plain look."""
        if run not in self._runs:
            self.set_run(CurveRun(run, run, len(self._runs)))
        if scalar not in self._scalars:
            self._scalars[scalar] = CurveScalar(scalar, scalar)
        trace = self._traces.get((run, scalar))
        if trace is None:
            trace = self._traces[run, scalar] = Trace(self._smoothing)
        trace.append(steps, values)
        self._stale = True
        if not self._arrived.isActive():
            self._arrived.start()

    def trace(self, run: str, scalar: str) -> Trace | None:
        """The points as they are kept."""
        return self._traces.get((run, scalar))

    def runs(self) -> tuple[CurveRun, ...]:
        return tuple(self._runs.values())

    def set_run(self, run: CurveRun) -> None:
        """Add a run, or change how it is shown."""
        if self._runs.get(run.key) != run:
            self._runs[run.key] = run
            self._changed()

    def remove_run(self, key: str) -> None:
        self._runs.pop(key, None)
        for pair in [pair for pair in self._traces if pair[0] == key]:
            del self._traces[pair]
        self._changed()

    def set_scalars(self, scalars: Sequence[CurveScalar]) -> None:
        """The scalars in the order of their plots. Points of others are kept but not shown."""
        if tuple(scalars) != tuple(self._scalars.values()):
            self._scalars = {scalar.key: scalar for scalar in scalars}
            self._first_scalar = 0
            self._changed()

    def clear(self) -> None:
        self._traces.clear()
        self._runs.clear()
        self._scalars.clear()
        self._first_scalar = 0
        self._view = self._cursor = None
        self._changed()

    def smoothing(self) -> float:
        return self._smoothing

    def set_smoothing(self, weight: float) -> None:
        """Weight of the moving average, in [0, 0.999]; 0 shows the values as they are."""
        weight = min(max(round(weight, 3), 0.0), 0.999)
        if weight != self._smoothing:
            self._smoothing = weight
            for trace in self._traces.values():
                trace.set_smoothing(weight)
            self._changed()

    def log(self) -> bool:
        return self._log

    def set_log(self, log: bool) -> None:
        """Log axes for the scalars that allow it."""
        if log != self._log:
            self._log = log
            self._changed()

    def grouped(self) -> bool:
        return self._grouped

    def set_grouped(self, grouped: bool) -> None:
        """Draw the runs of a group as one line with a band from the least to the greatest."""
        if grouped != self._grouped:
            self._grouped = grouped
            self._changed()

    def view(self) -> tuple[float, float] | None:
        """The steps in view; None when all are, and those to come."""
        return self._view

    def set_view(self, view: tuple[float, float] | None) -> None:
        if view is not None and not view[1] > view[0]:
            view = None
        if view != self._view:
            self._view = view
            self._moving.start()
            self._changed()

    def cursor_step(self) -> float | None:
        return self._cursor

    def set_cursor_step(self, step: float | None) -> None:
        if step != self._cursor:
            self._cursor = step
            self.update()

    def points_per_pixel(self) -> float:
        """How many points stand for one pixel column now; 1 when every point is drawn."""
        self._prepare()
        drawn = [points for plot in self._plots for line in plot.lines for points in (line.raw, line.smooth)]
        return max((points.packed for points in drawn if points is not None), default=1.0)

    def summary(self) -> str:
        """A sentence for the panel's header: how many runs are shown, and whether points share pixels."""
        shown = sum(run.shown for run in self._runs.values())
        return self.tr("{} of {} runs").format(shown, len(self._runs))

    def read(self, scalar: str, step: float) -> dict[str, float]:
        """What the cursor reads in a scalar's plot at a step: smoothed value by run, or mean by group."""
        values = {shown.run.key: shown.trace.value_at(step) for shown in self._shown_in(scalar)}
        return {key: value for key, value in values.items() if value is not None}

    # ------------------------------------------------------------------------------------------------ painting

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The plots without cursor, into any place, for exports."""
        painter.save()
        painter.translate(rect.topLeft())
        self._paint_plots(painter, self._layout(rect.width(), rect.height(), theme), theme, rect.width())
        painter.restore()

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px: 170 mm wide with names, as high as the plots need."""
        return 643.0, 130.0 + 150.0 * max(len(self._with_points()), 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._prepare()
        assert self._ground is not None
        painter = painter_on(self)
        painter.drawPixmap(0, 0, self._ground)
        if self._cursor is not None and self._plots:
            self._paint_cursor(painter, Theme.current())

    def sizeHint(self) -> QSize:
        return QSize(504, 336)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)

    def _changed(self) -> None:
        self._stale = True
        self.update()

    def _prepare(self) -> None:
        """Draw what stays when the cursor moves, once. While the view moves the names stay where they were."""
        ratio = self.devicePixelRatioF()
        last = self._ground if self._ground is not None and self._ground.size() == self.size() * ratio else None
        if last is not None and not self._stale:
            return
        theme = Theme.current()
        self._plots = self._layout(self.width(), self.height(), theme)
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(theme.bg1)
        painter = QPainter(ground)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        moving = last is not None and self._moving.isActive() and bool(self._plots)
        self._paint_plots(painter, self._plots, theme, self.width(), moving)
        if moving and last is not None:
            names = QRectF(self._plots[0].place.right() + PADDING + 6, 0, self.width(), self.height())
            painter.drawPixmap(names, last, QRectF(names.topLeft() * ratio, names.size() * ratio))
        painter.end()
        self._ground, self._stale = ground, False

    def _paint_plots(
        self, painter: QPainter, plots: tuple[DrawnPlot, ...], theme: Theme, width: float, moving: bool = False
    ) -> None:
        painter.save()
        painter.translate(PADDING, 0)
        for plot in plots:
            paint_plot(painter, plot, theme, coarse=moving)
        painter.restore()
        if plots and not moving:
            self._paint_names(painter, plots, theme, width)

    def _paint_names(self, painter: QPainter, plots: tuple[DrawnPlot, ...], theme: Theme, width: float) -> None:
        """Each run is named once, at its line in the first plot that has one."""
        named: set[str] = set()
        for plot in plots:
            place = plot.place.translated(PADDING, 0)
            fresh = tuple(replace(line, named=line.label not in named) for line in plot.lines)
            named.update(line.label for line in fresh)
            room = QRectF(place.right() + 11, place.top() - 8, width - place.right() - 15, place.height() + 8)
            paint_names(painter, replace(plot, lines=fresh), theme, room)
        bottom = plots[-1].place.bottom() + theme.px(4)
        line = QRectF(0, bottom, width - PADDING, theme.px(16))
        face = font("caption", scale=theme.scale)
        text_in(painter, line, self.x_label, face, theme.t2, Qt.AlignmentFlag.AlignRight)

    def _paint_cursor(self, painter: QPainter, theme: Theme) -> None:
        assert self._cursor is not None
        painter.translate(PADDING, 0)
        first, last = self._plots[0], self._plots[-1]
        x = first.x.to_pixel(self._cursor)
        if not first.place.left() - 1 <= x <= first.place.right() + 1:
            return
        painter.fillRect(QRectF(round(x), first.place.top(), 1, last.place.bottom() - first.place.top()), theme.strong)
        reading = min(self._cursor_plot, len(self._plots) - 1)
        for index, (plot, scalar) in enumerate(zip(self._plots, self._visible_scalars())):
            values = self.read(scalar.key, self._cursor)
            lines = dict(zip((shown.run.key for shown in self._shown_in(scalar.key)), plot.lines))
            rows = [(lines[run], value) for run, value in values.items() if run in lines]
            for line, value in rows:
                paint_head(painter, QPointF(x + 0.5, plot.y.to_pixel(value)), line.colour, theme, 3)
            if index == reading:
                heading = f"{self.x_label} {plain_text(self._cursor)}"
                paint_readout(painter, plot, theme, heading, rows, x)

    # -------------------------------------------------------------------------------------------------- layout

    def _visible_scalars(self) -> list[CurveScalar]:
        """The scalars whose plots are drawn: from the first one on, as many as were given room."""
        return self._with_points()[self._first_scalar :][: len(self._plots)]

    def _with_points(self) -> list[CurveScalar]:
        return [scalar for scalar in self._scalars.values() if self._keys_in(scalar.key)]

    def _keys_in(self, scalar: str) -> list[str]:
        return [run.key for run in self._runs.values() if run.shown and (run.key, scalar) in self._traces]

    def _shown_in(self, scalar: str) -> list[_Shown]:
        """The lines of a scalar's plot, in order; the runs of a group stand where its first one does."""
        shown = [_Shown(self._runs[key], self._traces[key, scalar]) for key in self._keys_in(scalar)]
        if not self._grouped:
            return shown
        groups: dict[str, list[_Shown]] = {}
        for one in shown:
            groups.setdefault(one.run.group or f"\0{one.run.key}", []).append(one)
        return [self._as_group(members) if len(members) > 1 else members[0] for members in groups.values()]

    def _as_group(self, members: list[_Shown]) -> _Shown:
        first = members[0].run
        band = band_over([member.trace for member in members])
        mean = Trace()
        mean.append(band.steps, band.mean)
        note = self.tr("{} seeds").format(len(members))
        live = any(member.run.live for member in members)
        return _Shown(CurveRun(first.group, first.group, first.series, note, live), mean, band)

    def _extent(self) -> tuple[float, float]:
        """First and last step of what is shown."""
        shown = [
            trace for (run, scalar), trace in self._traces.items()
            if len(trace) and self._runs[run].shown and scalar in self._scalars
        ]
        if not shown:
            return 0.0, 1.0
        low, high = min(float(t.steps[0]) for t in shown), max(float(t.steps[-1]) for t in shown)
        return (low, high) if high > low else (low - 0.5, high + 0.5)

    def _layout(self, width: float, height: float, theme: Theme) -> tuple[DrawnPlot, ...]:
        """The plots with their axes, as many as have room; the first one higher than the others."""
        scalars = self._with_points()[self._first_scalar :]
        head, foot, between = theme.px(30), theme.px(32), theme.px(36)
        count = len(scalars)
        while count > 1 and (height - head - foot - (count - 1) * between) / (count + 0.75) < _LEAST_HEIGHT:
            count -= 1
        if not count:
            return ()
        unit = max((height - head - foot - (count - 1) * between) / (count + (0.75 if count > 1 else 0)), 24)
        left, right = self._view or self._extent()
        named = max(min(self._names_width(theme, width), width * 0.3), 24)
        places, top = [], float(head)
        for index in range(count):
            tall = unit * (1.75 if index == 0 and count > 1 else 1)
            places.append((top, top + tall))
            top += tall + between
        columns = max(int(width * self.devicePixelRatioF() * 0.7), 16)
        lines = [self._lines(scalar.key, left, right, columns, theme) for scalar in scalars[:count]]
        y_axes = []
        for scalar, drawn, (upper, lower) in zip(scalars, lines, places):
            log = self._is_log(scalar)
            low, high = value_range(drawn, log)
            y_axes.append(Axis(low, high, lower, upper, log))
        gutter = tick_gutter(y_axes, theme) + 8
        x_axis = Axis(left, right, gutter, max(width - PADDING - named, gutter + 24))
        plots = []
        for index, (scalar, drawn, y_axis) in enumerate(zip(scalars, lines, y_axes)):
            title = f"{scalar.title}, {self.tr('log')}" if y_axis.log else scalar.title
            last = index == count - 1
            note = self._packed_note(drawn) if index == 0 else ""
            plots.append(DrawnPlot(title, x_axis, y_axis, tuple(drawn), self.x_label if last else None, note))
        return tuple(plots)

    def _packed_note(self, lines: Sequence[DrawnLine]) -> str:
        packed = max((line.smooth.packed for line in lines), default=1.0)
        return self.tr("{} points a pixel, extremes kept").format(format_count(round(packed))) if packed > 1 else ""

    def _names_width(self, theme: Theme, width: float) -> float:
        face = font("caption", weight=600, scale=theme.scale)
        names = [text_width(run.name, face) for run in self._runs.values() if run.shown]
        return max(max(names, default=0.0) + 32, theme.px(92 if width >= 480 else 80))

    def _is_log(self, scalar: CurveScalar) -> bool:
        if not self._log or scalar.log is False:
            return False
        ends = [self._traces[run, scalar.key].extremes for run in self._keys_in(scalar.key)]
        low, high = min((end[0] for end in ends), default=0.0), max((end[1] for end in ends), default=0.0)
        return high > 0 if scalar.log else low > 0 and low * _LOG_FROM <= high

    def _lines(self, scalar: str, left: float, right: float, columns: int, theme: Theme) -> list[DrawnLine]:
        lines = []
        for shown in self._shown_in(scalar):
            run, trace = shown.run, shown.trace
            hovered = run.key == self._hovered and run.series >= _COLOURS
            series, end = theme.series(run.series % _COLOURS if hovered else run.series), trace.last()
            raw, smooth = self._thinned(trace, left, right, columns)
            band = None if shown.band is None else Thinned(shown.band.steps, shown.band.low, shown.band.high)
            note = run.note or (short_text(end[1]) if end is not None else "")
            lines.append(DrawnLine(
                run.name, series.colour, smooth, note, series.dash,
                raw=raw if self._smoothing > 0 and band is None else None, band=band,
                gaps=trace.gaps if band is None else (), end=end, live=run.live,
            ))
        return lines

    def _thinned(self, trace: Trace, left: float, right: float, columns: int) -> tuple[Thinned, Thinned]:
        """Raw and smoothed line: from the points at rest, from prepared blocks while the view moves."""
        if self._moving.isActive() and len(trace) > 2 * BLOCK * columns:
            raw, smooth = trace.prepared()
            where = columns_of(raw[0], left, right, columns)
            if where.starts is not None:
                return thinned(*raw, where, BLOCK), thinned(*smooth, where, BLOCK)
        steps = trace.steps
        where = columns_of(steps, left, right, columns)
        return thinned(steps, trace.raw, trace.raw, where), thinned(steps, trace.smooth, trace.smooth, where)

    # ------------------------------------------------------------------------------------------------- gestures

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._plots:
            return
        x = event.position().x() - PADDING
        if self._drag is not None:
            self._pan_to(x)
            return
        place = self._plots[0].place
        if place.left() <= x <= place.right():
            heights = [index for index, plot in enumerate(self._plots) if plot.place.top() - 24 <= event.position().y()]
            self._cursor_plot = heights[-1] if heights else 0
            self._move_cursor(self._nearest_step(self._plots[0].x.to_value(x)))
            self._hover(self._line_at(event.position().y()))
        else:
            self._move_cursor(None)
            self._hover("")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._plots:
            self._drag = (event.position().x() - PADDING, self._view or self._extent())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag = None
            self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag = None
            self._look_at(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        if not self._plots or not turn:
            event.ignore()
            return
        self._zoom(0.85 ** (turn / 120), self._plots[0].x.to_value(event.position().x() - PADDING))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._move_cursor(None)
        self._hover("")
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._changed()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_Left:
                self._step_cursor(-10 if shift else -1)
            case Qt.Key.Key_Right:
                self._step_cursor(10 if shift else 1)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._zoom(0.8, self._cursor)
            case Qt.Key.Key_Minus:
                self._zoom(1.25, self._cursor)
            case Qt.Key.Key_0:
                self._look_at(None)
            case Qt.Key.Key_L:
                self.set_log(not self._log)
                self.log_changed.emit(self._log)
            case Qt.Key.Key_BracketLeft:
                self._smooth_by(-0.05)
            case Qt.Key.Key_BracketRight:
                self._smooth_by(0.05)
            case Qt.Key.Key_PageDown:
                self._turn_page(1)
            case Qt.Key.Key_PageUp:
                self._turn_page(-1)
            case Qt.Key.Key_Escape if self._cursor is not None:
                self._move_cursor(None)
            case key if Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
                self._toggle_run(int(key) - int(Qt.Key.Key_1))
            case _:
                super().keyPressEvent(event)

    def _pan_to(self, x: float) -> None:
        assert self._drag is not None
        start, (left, right) = self._drag
        place = self._plots[0].place
        shift = (start - x) / place.width() * (right - left)
        if shift:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._look_at((left + shift, right + shift))

    def _zoom(self, factor: float, about: float | None) -> None:
        left, right = self._view or self._extent()
        centre = about if about is not None and left <= about <= right else (left + right) / 2
        span = (right - left) * factor
        first, last = self._extent()
        if span >= 1.5 * (last - first) or span < 1e-9 * max(abs(left), abs(right), 1.0):
            self._look_at(None if factor > 1 else self._view)
            return
        share = (centre - left) / (right - left)
        self._look_at((centre - share * span, centre + (1 - share) * span))

    def _line_at(self, y: float) -> str:
        """Key of the run or group whose line passes the cursor nearest to a height; empty if none is near."""
        index = min(self._cursor_plot, len(self._plots) - 1)
        if self._cursor is None or index < 0:
            return ""
        axis, scalar = self._plots[index].y, self._visible_scalars()[index]
        away = {key: abs(axis.to_pixel(value) - y) for key, value in self.read(scalar.key, self._cursor).items()}
        nearest = min(away, key=lambda key: away[key], default="")
        return nearest if nearest and away[nearest] <= _NEAR else ""

    def _hover(self, key: str) -> None:
        """Beyond eight runs all others are grey; the one under the pointer has its colour."""
        if key == self._hovered:
            return
        before, self._hovered = self._hovered, key
        if any(self._runs[one].series >= _COLOURS for one in (before, key) if one in self._runs):
            self._changed()

    def _look_at(self, view: tuple[float, float] | None) -> None:
        if view != self._view:
            self.set_view(view)
            self.view_changed.emit(view)

    def _move_cursor(self, step: float | None) -> None:
        if step != self._cursor:
            self.set_cursor_step(step)
            self.cursor_moved.emit(step)
            self.setAccessibleDescription(self._spoken())

    def _step_cursor(self, by: int) -> None:
        longest = self._longest()
        if longest is None:
            return
        here = self._cursor if self._cursor is not None else (self._view or self._extent())[1]
        index = int(np.searchsorted(longest.steps, here))
        if self._cursor is None:
            by = 0
        index = min(max(index + by, 0), len(longest) - 1)
        self._move_cursor(float(longest.steps[index]))

    def _nearest_step(self, value: float) -> float:
        longest = self._longest()
        if longest is None:
            return value
        index = int(np.searchsorted(longest.steps, value))
        around = longest.steps[max(index - 1, 0) : index + 1]
        return float(around[np.argmin(np.abs(around - value))]) if len(around) else value

    def _longest(self) -> Trace | None:
        shown = [
            trace for (run, scalar), trace in self._traces.items()
            if len(trace) and self._runs[run].shown and scalar in self._scalars
        ]
        return max(shown, key=len, default=None)

    def _smooth_by(self, by: float) -> None:
        before = self._smoothing
        self.set_smoothing(min(self._smoothing + by, 0.99))
        if self._smoothing != before:
            self.smoothing_changed.emit(self._smoothing)

    def _turn_page(self, by: int) -> None:
        last = max(len(self._with_points()) - 1, 0)
        self._first_scalar = min(max(self._first_scalar + by, 0), last)
        self._changed()

    def _toggle_run(self, index: int) -> None:
        if index < len(self._runs):
            run = list(self._runs.values())[index]
            self.set_run(replace(run, shown=not run.shown))
            self.run_toggled.emit(run.key, not run.shown)

    def _spoken(self) -> str:
        if self._cursor is None:
            return self.summary()
        parts = [f"{self.x_label} {plain_text(self._cursor)}"]
        for scalar in self._visible_scalars():
            values = sorted(self.read(scalar.key, self._cursor).items(), key=lambda item: -item[1])
            names = {run.key: run.name for run in self._runs.values()}
            parts += [f"{scalar.title}, {names.get(key, key)} {short_text(value)}" for key, value in values[:8]]
        return "; ".join(parts)
