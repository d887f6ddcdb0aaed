"""The curves of runs: one plot a scalar over a common x axis, live, with a cursor that reads all lines at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.curves.arrange import COLOURS, PADDING, Looking, arranged
from widgets.curves.captions import paint_names, paint_readout
from widgets.curves.content import CurveContent, CurveRun, CurveScalar, merged
from widgets.curves.figures import plain_text, short_text
from widgets.curves.painting import DrawnPlot, paint_head, paint_plot
from widgets.curves.trace import Trace
from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, text_in
from widgets.theme import Theme, font

_REST = 150
"""After so many ms without another view the strokes are fine again."""
_FRAME = 60
"""New points are drawn so many ms after they came, however many there are: a run must not wait for its curves."""
_NEAR = 12.0
"""How near the pointer must be to a line, px, to mean it."""


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
        self._content = CurveContent(0.85)
        self._first_scalar = 0
        self._log = True
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
        self._content.append(run, scalar, steps, values)
        self._stale = True
        if not self._arrived.isActive():
            self._arrived.start()

    def trace(self, run: str, scalar: str) -> Trace | None:
        """The points as they are kept."""
        return self._content.traces.get((run, scalar))

    def runs(self) -> tuple[CurveRun, ...]:
        return tuple(self._content.runs.values())

    def set_run(self, run: CurveRun) -> None:
        """Add a run, or change how it is shown."""
        if self._content.runs.get(run.key) != run:
            self._content.runs[run.key] = run
            self._changed()

    def remove_run(self, key: str) -> None:
        self._content.remove_run(key)
        self._changed()

    def set_scalars(self, scalars: Sequence[CurveScalar]) -> None:
        """The scalars in the order of their plots. Points of others are kept but not shown."""
        if tuple(scalars) != tuple(self._content.scalars.values()):
            self._content.scalars = merged(scalars)
            self._first_scalar = 0
            self._changed()

    def clear(self) -> None:
        self._content.clear()
        self._first_scalar = 0
        self._view = self._cursor = None
        self._changed()

    def smoothing(self) -> float:
        return self._content.smoothing

    def set_smoothing(self, weight: float) -> None:
        """Weight of the moving average, in [0, 0.999]; 0 shows the values as they are."""
        weight = min(max(round(weight, 3), 0.0), 0.999)
        if weight != self._content.smoothing:
            self._content.set_smoothing(weight)
            self._changed()

    def log(self) -> bool:
        return self._log

    def set_log(self, log: bool) -> None:
        """Log axes for the scalars that allow it."""
        if log != self._log:
            self._log = log
            self._changed()

    def grouped(self) -> bool:
        return self._content.grouped

    def set_grouped(self, grouped: bool) -> None:
        """Draw the runs of a group as one line with a band from the least to the greatest."""
        if grouped != self._content.grouped:
            self._content.grouped = grouped
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
        """A sentence for the panel's header: how many runs are shown."""
        shown = sum(run.shown for run in self.runs())
        if shown == len(self.runs()) <= 1:
            return self.tr("1 run") if shown else ""
        return self.tr("{} of {} runs").format(shown, len(self.runs()))

    def read(self, scalar: str, step: float) -> dict[str, float]:
        """What the cursor reads in a scalar's plot at a step: smoothed value by run, or mean by group."""
        return self._content.read(scalar, step)

    # ------------------------------------------------------------------------------------------------ painting

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The plots without cursor, into any place, for exports."""
        painter.save()
        painter.translate(rect.topLeft())
        looking = Looking(self._view, self._log, self._first_scalar, ratio=4.0)
        plots = arranged(self._content, rect.width(), rect.height(), theme, looking, self.x_label)
        self._paint_plots(painter, plots, theme, rect.width())
        painter.restore()

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px: 170 mm wide with names, as high as the plots need."""
        return 643.0, 130.0 + 150.0 * max(len(self._content.drawable()), 1)

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
        moving = last is not None and self._moving.isActive()
        looking = Looking(self._view, self._log, self._first_scalar, moving, self._hovered, ratio)
        self._plots = arranged(self._content, self.width(), self.height(), theme, looking, self.x_label)
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(theme.bg1)
        painter = QPainter(ground)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self._paint_plots(painter, self._plots, theme, self.width(), moving)
        if moving and last is not None and self._plots:
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
            lines = dict(zip((line.run.key for line in self._content.lines_of(scalar.key)), plot.lines))
            rows = [(lines[run], value) for run, value in values.items() if run in lines]
            for line, value in rows:
                paint_head(painter, QPointF(x + 0.5, plot.y.to_pixel(value)), line.colour, theme, 3)
            if index == reading:
                heading = f"{self.x_label} {plain_text(self._cursor)}"
                paint_readout(painter, plot, theme, heading, rows, x)

    def _visible_scalars(self) -> list[CurveScalar]:
        """The scalars whose plots are drawn."""
        return self._content.drawable()[self._first_scalar :][: len(self._plots)]

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
            self._move_cursor(self._content.nearest_step(self._plots[0].x.to_value(x)))
            self._hover(self._line_at(event.position().y()))
        else:
            self._move_cursor(None)
            self._hover("")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._plots:
            self._drag = (event.position().x() - PADDING, self._view or self._content.extent())

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
        left, right = self._view or self._content.extent()
        centre = about if about is not None and left <= about <= right else (left + right) / 2
        span = (right - left) * factor
        first, last = self._content.extent()
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
        runs = self._content.runs
        if any(runs[one].series >= COLOURS for one in (before, key) if one in runs):
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
        longest = self._content.longest()
        if longest is None:
            return
        here = self._cursor if self._cursor is not None else (self._view or self._content.extent())[1]
        index = int(np.searchsorted(longest.steps, here))
        if self._cursor is None:
            by = 0
        index = min(max(index + by, 0), len(longest) - 1)
        self._move_cursor(float(longest.steps[index]))

    def _smooth_by(self, by: float) -> None:
        before = self.smoothing()
        self.set_smoothing(min(before + by, 0.99))
        if self.smoothing() != before:
            self.smoothing_changed.emit(self.smoothing())

    def _turn_page(self, by: int) -> None:
        last = max(len(self._content.drawable()) - 1, 0)
        self._first_scalar = min(max(self._first_scalar + by, 0), last)
        self._changed()

    def _toggle_run(self, index: int) -> None:
        if index < len(self.runs()):
            run = self.runs()[index]
            self.set_run(replace(run, shown=not run.shown))
            self.run_toggled.emit(run.key, not run.shown)

    def _spoken(self) -> str:
        if self._cursor is None:
            return self.summary()
        parts = [f"{self.x_label} {plain_text(self._cursor)}"]
        for scalar in self._visible_scalars():
            values = sorted(self.read(scalar.key, self._cursor).items(), key=lambda item: -item[1])
            names = {run.key: run.name for run in self.runs()}
            parts += [f"{scalar.title}, {names.get(key, key)} {short_text(value)}" for key, value in values[:8]]
        return "; ".join(parts)
