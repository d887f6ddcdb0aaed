"""A heading that folds what stands below it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.kit.control import Control
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.theme import Theme, draw_icon, font


class FoldHeader(Control):
    """Chevron, title, note beside it, another at the right end; 40 high. Checked means open.

    `clicked(bool)` is the user's gesture; `fold` binds a widget that shows only while it is open.
    """

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None, *, opened: bool = True) -> None:
        super().__init__(title, parent)
        self._note, self._end = note, ""
        self._folded: list[QWidget] = []
        self.setCheckable(True)
        self.setChecked(opened)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._show)
        self._name()

    def set_title(self, title: str) -> None:
        self.setText(title)
        self._name()
        self.update()

    def set_note(self, note: str, end: str = "") -> None:
        """What stands beside the title, and at the right end."""
        self._note, self._end = note, end
        self._name()
        self.update()

    def fold(self, widget: QWidget) -> None:
        """Show the widget while the heading is open."""
        self._folded.append(widget)
        widget.setVisible(self.isChecked())

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self.text(), font("title")) + 40), Theme.current().px(40))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, Theme.current().px(40))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        box = self.box()
        if self.is_hovered() or self.isDown():
            rounded(painter, box.adjusted(0, 4, 0, -4), 6, self.ground(theme))
        sign = "chevron-down" if self.isChecked() else "chevron-right"
        draw_icon(painter, sign, QPointF(box.left() + 10, box.center().y()), theme.t2)
        x = box.left() + 24
        right = box.right() - 4
        if self._end:
            face = font("second")
            width = text_width(self._end, face)
            end = QRectF(right - width, 0, width, box.height())
            text_in(painter, end, self._end, face, theme.t2, Qt.AlignmentFlag.AlignRight)
            right -= width + 8
        width = min(text_width(self.text(), font("title")), right - x)
        text_in(painter, QRectF(x, 0, width + 1, box.height()), self.text(), font("title"), theme.t1)
        x += width + 8
        if self._note and right - x > 24:
            text_in(painter, QRectF(x, 0, right - x, box.height()), self._note, font("second"), theme.t2)

    def _show(self, opened: bool) -> None:
        for widget in self._folded:
            widget.setVisible(opened)

    def _name(self) -> None:
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(" ".join(part for part in (self._note, self._end) if part))
