"""The frame that every panel stands in: rounded surface, header of 40 px, body, optional footer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.label import Hairline
from widgets.kit.painting import painter_on, surface
from widgets.kit.panel_header import PanelHeader
from widgets.theme import Theme

RADIUS = 10


class PanelFrame(QWidget):
    """A panel: `header` (a PanelHeader), the body and an optional footer on one rounded surface.

    In light it casts a soft shadow, in dark it has a hairline; while the keyboard is in it the border is strong.
    """

    def __init__(self, title: str = "", parent: QWidget | None = None, *, header: bool = True) -> None:
        super().__init__(parent)
        self.header = PanelHeader(title, self)
        self.header.setVisible(header)
        self.setAccessibleName(title)
        self._held = False
        self._body: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 0, 1, 1)
        self._column.setSpacing(0)
        self._column.addWidget(self.header)
        self._corners = (_Corner(self, left=True), _Corner(self, left=False))
        self._footer = _Footer(self)
        self._footer.hide()
        self._column.addWidget(self._footer)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def set_title(self, title: str) -> None:
        self.header.set_title(title)
        self.setAccessibleName(title)

    def set_note(self, note: str) -> None:
        self.header.set_note(note)

    def add_head(self, widget: QWidget) -> None:
        self.header.add_head(widget)

    def add_tool(self, widget: QWidget) -> None:
        self.header.add_tool(widget)

    def add_divider(self) -> None:
        self.header.add_divider()

    def body(self) -> QWidget | None:
        return self._body

    def set_body(self, body: QWidget) -> None:
        """Put the content in; one that was there before is taken out and left to its owner."""
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.setParent(None)
        self._body = body
        body.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._column.insertWidget(1, body, 1)
        self._lift_corners()

    def set_footer(self, content: QWidget | None, height: int = 34) -> None:
        """A bar under the body, above it a hairline; None takes it away."""
        self._footer.set_content(content, height)
        self._footer.setVisible(content is not None)

    def is_held(self) -> bool:
        """Whether the keyboard is in this panel."""
        return self._held

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lift_corners()

    def paintEvent(self, _event: QPaintEvent) -> None:
        surface(painter_on(self), QRectF(self.rect()), Theme.current(), RADIUS, held=self._held)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        held = new is not None and (new is self or self.isAncestorOf(new))
        if held != self._held:
            self._held = held
            self.update()
            for corner in self._corners:
                corner.update()

    def _lift_corners(self) -> None:
        for corner in self._corners:
            corner.move(0 if corner.left else self.width() - corner.width(), self.height() - corner.height())
            corner.raise_()


class _Footer(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._content: QWidget | None = None
        self._height = 34
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(Hairline())
        self._inner = QHBoxLayout()
        self._inner.setContentsMargins(16, 0, 16, 0)
        self._column.addLayout(self._inner, 1)
        follow_theme(self._restyle)

    def set_content(self, content: QWidget | None, height: int) -> None:
        if self._content is not None and self._content is not content:
            self._inner.removeWidget(self._content)
            self._content.setParent(None)
        self._content = content
        self._height = height
        if content is not None:
            self._inner.addWidget(content, 1)
        self._restyle()

    def _restyle(self) -> None:
        self.setFixedHeight(Theme.current().px(self._height))


class _Corner(QWidget):
    """Rounds a lower corner over a body that paints to its edge."""

    def __init__(self, frame: PanelFrame, *, left: bool) -> None:
        super().__init__(frame)
        self.left = left
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(RADIUS, RADIUS)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, frame = Theme.current(), self.parentWidget()     # kept by Qt alone: a cycle would end in mid-paint
        assert isinstance(frame, PanelFrame)
        whole = QRectF(-self.x(), -self.y(), frame.width(), frame.height())
        outside, inside = QPainterPath(), QPainterPath()
        outside.addRect(QRectF(self.rect()))
        inside.addRoundedRect(whole.adjusted(1, 0, -1, -1), RADIUS - 1, RADIUS - 1)
        painter = painter_on(self)
        painter.setClipPath(outside.subtracted(inside))
        painter.fillRect(self.rect(), theme.bg0)
        surface(painter, whole, theme, RADIUS, held=frame.is_held())
