"""Where panels live: homes with splitters in the gaps between them, and windows of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from studio.homes.arrangement import Arrangement, Frame, Home
from studio.homes.dragging import PanelDrag
from studio.homes.floating import MARGIN, FloatingPanel, clamped
from studio.homes.panel_menu import PanelMenu
from studio.homes.sizes import GAP, LOW, NARROW, VERY_WIDE, far_width, left_width, rectangles, top_height
from studio.homes.stack import HomeStack
from studio.panels.own_keys import OwnKeys
from widgets.kit.action import Action
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.splitter import Splitter
from widgets.kit.state_view import State, StateView

_OFFSET = 24            # px by which a panel that floats stands off from where it was
_FLOAT = (560, 420)     # px of a floating panel that was never seen


class Homes(QWidget):
    """Holds panels by name. A panel that is shown takes the place of the one that its home showed before.

    What is where is one value (`arrangement`); each gesture makes another of it, and the widgets follow.
    """

    shown_changed = Signal()
    kept_changed = Signal()         # the arrangement changed in any way, also by moving a splitter or a window
    laid_out = Signal()             # panels have more room or less
    dropped = Signal(object)        # list of paths: files that were dropped on a floating panel

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wish = 0.0
        self._panels: dict[str, PanelFrame] = {}
        self._widths: dict[str, int] = {}
        self._menus: dict[str, PanelMenu] = {}
        self._windows: dict[str, FloatingPanel] = {}
        self._design = self._now = Arrangement()
        self._settling = False          # what Qt does to the keyboard meanwhile is no gesture
        self._away = False              # floating panels are not to be seen either
        self._single = self._far = False    # the left column is one home; there is one on the far right
        self._stacks = {home: HomeStack() for home in Home}
        self._left = Splitter(Qt.Orientation.Vertical, GAP, self.tr("Height of the panels on the left"))
        self._all = Splitter(Qt.Orientation.Horizontal, GAP, self.tr("Width of the panels"))
        self._bare = StateView()
        self._drag = PanelDrag(self, self.places)
        self._lay_out()
        self._all.splitterMoved.connect(self._take_widths)
        self._left.splitterMoved.connect(self._take_heights)
        self._drag.dropped.connect(self.dock)
        self._drag.thrown.connect(self.float_panel)
        self._drag.clicked.connect(self.focus)
        if isinstance(application := QApplication.instance(), QApplication):
            application.focusChanged.connect(self._follow_focus)

    # panels and where they are

    def add(
        self, name: str, panel: PanelFrame, home: Home, export: Callable[[], object] | None = None, *, width: int = 0
    ) -> None:
        """Put a panel into a home; the first one there is shown.

        `export` writes its figure, also by Ctrl+E in it. `width`: px that it would have where it stands on the left.
        """
        self._panels[name] = panel
        self._widths[name] = width
        if export is not None:
            OwnKeys(panel, {"Ctrl+E": export})
        self._menus[name] = menu = PanelMenu(panel, self._open_homes, export)
        menu.float_wished.connect(lambda floats: self.float_panel(name) if floats else self.dock(name))
        menu.home_wished.connect(lambda chosen: self.dock(name, chosen))
        menu.fill_wished.connect(lambda fills: self.fill(name if fills else ""))
        menu.hide_wished.connect(lambda: self.hide_panel(name))
        panel.header.tab_chosen.connect(lambda index: self._choose_tab(name, index))
        self._design = self._design.with_panel(name, home)
        self._follow(self._now.with_panel(name, home))

    def panel(self, name: str) -> PanelFrame:
        return self._panels[name]

    def arrangement(self) -> Arrangement:
        """What is where, now."""
        return self._now

    def arrange(self, arrangement: Arrangement) -> None:
        """Put everything where it says; windows come to lie on screens that exist."""
        for name, frame in arrangement.frames.items():
            arrangement = arrangement.reframed(name, _on_a_screen(frame))
        self._follow(arrangement)

    def design(self) -> Arrangement:
        """What is where as the design has it."""
        return self._design

    def reset(self) -> None:
        """As the design has it."""
        self._follow(self._design)

    def shown(self) -> list[str]:
        """The panels that are to be seen when the desk is: docked ones as they are read, then floating ones."""
        docked = [name for home in self._open_stacks() for name in self._fronts(home)]
        return docked + [name for name in self._panels if self.is_floating(name) and name not in self._now.hidden]

    def home(self, name: str) -> Home:
        """Where a panel is docked, or goes when it is docked."""
        return self._now.homes[name]

    def is_floating(self, name: str) -> bool:
        return name in self._now.floating

    def filled(self) -> str:
        """The panel that fills the window, or empty."""
        return self._now.filled

    def room(self, name: str) -> int:
        """The height that a panel has, px; what its home is open for, when the home is closed."""
        if self.is_floating(name):
            return self._windows[name].height() - 2 * MARGIN
        return self.places()[self._place(name)].height()

    # gestures

    def turn_last(self) -> None:
        """Float the panel that was used last, or dock it when it floats."""
        if last := self.last():
            self.dock(last) if self.is_floating(last) else self.float_panel(last)

    def show(self, name: str | None = None) -> None:
        """Show a panel in its home or window; without a name, show the homes themselves."""
        if name is None:
            super().show()
        else:
            self._follow(self._now.shown(name))

    def hide_panel(self, name: str) -> None:
        """Hide a panel; the next one in its home takes its place, or the home closes."""
        self._follow(self._now.without(name))

    def fill(self, name: str) -> None:
        """Fill the window with one panel; an empty name ends it. A floating one fills its screen."""
        self._follow(self._now.filling(name))

    def float_panel(self, name: str, at: QPoint | None = None) -> None:
        """Make a panel a window of its own: where it floated before, else beside its place; `at`: under this point."""
        panel, known = self._panels[name], self._now.frames.get(name)
        if known is None:
            size = panel.size() if panel.isVisible() else QRect(0, 0, *_FLOAT).size()
            corner = panel.mapToGlobal(QPoint(_OFFSET, _OFFSET))
            known = Frame(corner.x(), corner.y(), size.width() + 2 * MARGIN, size.height() + 2 * MARGIN)
        if at is not None:
            grip = QPoint(known.width // 2, MARGIN + panel.header.height() // 2)
            known = replace(known, x=at.x() - grip.x(), y=at.y() - grip.y())
        self._follow(self._now.floated(name, _on_a_screen(known)))
        self.focus(name)

    def dock(self, name: str, home: Home | None = None) -> None:
        """Put a panel in front of a home; None: of the one where it was."""
        self._follow(self._now.docked(name, home))
        self.focus(name)

    def set_away(self, away: bool) -> None:
        """Whether floating panels are out of sight, as while there is no desk to look at."""
        self._away = away
        self._place_windows()

    # the keyboard

    def held(self) -> str:
        """The panel that has the keyboard, or empty."""
        focused = QApplication.focusWidget()
        held = (n for n, panel in self._panels.items() if focused is panel or panel.isAncestorOf(focused or self))
        return next(held, "")

    def focus(self, name: str, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Give the keyboard to a panel and bring its window to the front."""
        panel = self._panels[name]
        if panel.window().isVisible():
            panel.window().activateWindow()
        panel.setFocus(reason)

    def last(self) -> str:
        """The panel that was used last, of those that are seen now; empty when there is none."""
        return next((name for name in self._now.recent if self._panels[name].isVisible()), "")

    def walk(self, forward: bool = True) -> None:
        """Give the keyboard to the next panel, docked or floating, or the one before."""
        shown, held = [name for name in self.shown() if self._panels[name].isVisible()], self.held()
        if shown:
            place = shown.index(held) + (1 if forward else -1) if held in shown else (0 if forward else -1)
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            self.focus(shown[place % len(shown)], reason)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()
        self.laid_out.emit()

    def places(self) -> Mapping[Home, QRect]:
        """Where the homes lie, or would lie when all are open."""
        far = self._width_far() if self._far else 0
        return rectangles(self.rect(), self._width_left(), 0 if self._single else self._height_top(), far)

    def wish_height(self, share: float) -> None:
        """How much of the left column its upper home needs for a while; 0 for no more than it has by itself. What the
        analyst's hand does with the line between the two counts more.
        """
        if share != self._wish:
            self._wish = share
            self._share()

    # from the arrangement to the widgets

    def _lay_out(self) -> None:
        self._left.addWidget(self._stacks[Home.TOP_LEFT])
        self._left.addWidget(self._stacks[Home.BOTTOM_LEFT])
        for part in (self._left, self._stacks[Home.RIGHT], self._stacks[Home.FAR_RIGHT]):
            self._all.addWidget(part)
        self._all.setStretchFactor(1, 1)
        self._bare.set_state(State(
            self.tr("No panel is docked here"), self.tr("A panel comes back with its name at the top of the window."),
            "layout-grid", (Action(self.tr("Reset the layout"), self.reset, "plain", "rotate-ccw"),),
        ))
        self._bare.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.addWidget(self._all)
        column.addWidget(self._bare)

    def _follow(self, arrangement: Arrangement) -> None:
        """Take up another arrangement, and keep the keyboard where it was."""
        if arrangement == self._now:
            return
        held = self.held()
        self._now = arrangement
        self._settle()
        if held and not self._panels[held].isAncestorOf(QApplication.focusWidget() or self) and held in self.shown():
            self._panels[held].setFocus()
        self.shown_changed.emit()
        self.kept_changed.emit()
        self.laid_out.emit()

    def _settle(self) -> None:
        """Everything to its place: panels into homes and windows, sizes to the splitters."""
        self._settling = True
        self._far = self.width() > VERY_WIDE
        self._single = self.width() < NARROW
        self._single = self._single or self._is_cramped()
        for home, stack in self._stacks.items():
            names = [n for n in self._panels if self._place(n) is home and not self.is_floating(n)]
            for name in names:
                stack.hold(self._panels[name])
            if fronts := self._fronts(home):
                stack.setCurrentWidget(self._panels[fronts[0]])
            self._tell_tabs([name for name in names if name not in self._now.hidden])
        self._place_windows()
        opened = self._open_stacks()
        for home, stack in self._stacks.items():
            stack.setVisible(home in opened)
        self._left.setVisible(Home.TOP_LEFT in opened or Home.BOTTOM_LEFT in opened)
        self._all.setVisible(bool(opened))
        self._bare.setVisible(not opened)
        self._share()
        for name, menu in self._menus.items():
            menu.set_state(self._place(name), floats=self.is_floating(name), fills=name == self._now.filled)
        self._settling = False

    def _place(self, name: str) -> Home:
        """The home in which a docked panel is now, which may be another one for want of room."""
        home = self._now.homes[name]
        if home is Home.FAR_RIGHT and not self._far:
            home = Home.BOTTOM_LEFT
        return Home.TOP_LEFT if home is Home.BOTTOM_LEFT and self._single else home

    def _fronts(self, home: Home) -> list[str]:
        """The panel that a home shows, if any."""
        return self._now.seen(name for name in self._panels if self._place(name) is home)[:1]

    def _open_stacks(self) -> list[Home]:
        """The homes that are to be seen: those that show a panel, or the one with the panel that fills the window."""
        filled = self._now.filled
        if filled and not self.is_floating(filled):
            return [self._place(filled)]
        return [home for home in Home if self._fronts(home)]

    def _open_homes(self) -> tuple[Home, ...]:
        return tuple(home for home in Home if home in self.places())

    def _is_cramped(self) -> bool:
        """Whether the panels of the left column cannot stand one above the other."""
        needed = [
            self._panels[name].minimumSizeHint().height()
            for home in (Home.TOP_LEFT, Home.BOTTOM_LEFT) for name in self._fronts(home)
        ]
        return len(needed) > 1 and sum(needed) + GAP > self.height() - 2 * GAP

    def _tell_tabs(self, names: list[str]) -> None:
        titles = [self._panels[name].header.title() for name in names]
        for index, name in enumerate(names):
            self._panels[name].header.set_tabs(titles, index)
            self._drag.watch(name, self._panels[name].header)

    def _choose_tab(self, name: str, index: int) -> None:
        place = self._place(name)
        names = [n for n in self._panels if self._place(n) is place and n not in self._now.hidden | self._now.floating]
        chosen, tabs = names[index], self._panels[name].header.tabs_held()
        self.show(chosen)
        if tabs:
            self._panels[chosen].header.take_keyboard(Qt.FocusReason.TabFocusReason)
        else:
            self.focus(chosen)

    # windows

    def _place_windows(self) -> None:
        for name in [name for name in self._windows if not self.is_floating(name)]:
            window = self._windows.pop(name)
            window.hide()
            window.deleteLater()
        for name in self._now.floating:
            if name not in self._windows:
                self._windows[name] = self._window(name)
            window, frame = self._windows[name], self._now.frames[name]
            if window.frame() != frame:
                window.set_frame(frame)
            window.set_filled(name == self._now.filled)
            window.setVisible(name not in self._now.hidden and not self._away)

    def _window(self, name: str) -> FloatingPanel:
        self._panels[name].header.set_tabs((), 0)
        window = FloatingPanel(self._panels[name], self.window())
        window.set_frame(self._now.frames[name])
        window.dock_wished.connect(lambda: self.dock(name))
        window.dropped.connect(self.dropped)
        window.reframed.connect(lambda: self._take_frame(name))
        window.filled.connect(lambda filled: self._take_filled(name, filled))
        self._drag.watch(name, self._panels[name].header)
        return window

    def _take_frame(self, name: str) -> None:
        if name in self._windows:
            self._now = self._now.reframed(name, self._windows[name].frame())
            self.kept_changed.emit()
            self.laid_out.emit()

    def _take_filled(self, name: str, filled: bool) -> None:
        if filled is not (self._now.filled == name):
            self.fill(name if filled else "")

    # sizes

    def _width_left(self) -> int:
        width, share = self.width(), self._now.shares.get("left")
        if share is not None:
            return left_width(width, share)
        fronts = [name for home in (Home.TOP_LEFT, Home.BOTTOM_LEFT) for name in self._fronts(home)]
        wished = max((self._widths[name] for name in fronts), default=0)
        room = width - 3 * GAP - self._stacks[Home.RIGHT].minimumSizeHint().width()
        return max(left_width(width, None), min(wished, room))

    def _width_far(self) -> int:
        return far_width(self.width(), self._now.shares.get("far right"))

    def _height_top(self) -> int:
        height = top_height(self.height(), self._now.shares.get("top"), low=self.window().height() < LOW)
        return max(height, top_height(self.height(), self._wish, low=False)) if self._wish else height

    def _share(self) -> None:
        width, height = self.width() - 2 * GAP, self.height() - 2 * GAP
        left, far, top = self._width_left(), self._width_far() if self._far else 0, self._height_top()
        self._all.setSizes([left, max(width - left - far - GAP * (2 if self._far else 1), 1), far])
        self._left.setSizes([top, max(height - GAP - top, 1)])

    def _take_widths(self) -> None:
        left, _, far = self._all.sizes()
        whole = max(self.width() - 2 * GAP, 1)
        self._take_shares({"left": left / whole, "far right": far / whole})

    def _take_heights(self) -> None:
        self._wish = 0.0
        self._take_shares({"top": self._left.sizes()[0] / max(self.height() - 2 * GAP, 1)})

    def _take_shares(self, shares: Mapping[str, float]) -> None:
        """What the analyst's hand did to a splitter; parts that are not to be seen keep their share."""
        self._now = self._now.shared({name: share for name, share in shares.items() if 0 < share < 1})
        self.kept_changed.emit()

    def _follow_focus(self, _old: QWidget | None, _new: QWidget | None) -> None:
        if not self._settling and (held := self.held()) and self._now.recent[0] != held:
            self._now = self._now.fronted(held)
            self.kept_changed.emit()


def _on_a_screen(frame: Frame) -> Frame:
    return clamped(frame, [screen.availableGeometry() for screen in QApplication.screens()])
