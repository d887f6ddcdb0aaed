"""The engine as the Jobs drawer shows it: device, memory, and its two lanes, each of which can be ended."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.runtime.decisions import LaneChanged, LaneRole, LaneState
from studio.engine import Engine
from widgets.kit.follow import follow_theme
from widgets.kit.label import Label
from widgets.kit.painting import painter_on
from widgets.kit.progress_bar import ProgressBar
from widgets.kit.state_view import Sign
from widgets.kit.tool_button import ToolButton
from widgets.numbers import format_bytes
from widgets.theme import Theme

WIDTH = 240


class EngineColumn(QWidget):
    """240 wide. A lane's process that hangs can be ended here; it starts again when it is needed."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        is_gpu = engine.device != "cpu"
        self._memory_bar = ProgressBar()
        self._memory = Label(self.tr("Memory not measured yet"), "second", "t2")
        self._lanes = {role: _LaneLine(role) for role in LaneRole}
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Sign("gpu" if is_gpu else "cpu", "t2", 16))
        head.addWidget(Label(engine.device.upper() if not is_gpu else engine.device, "title"))
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addSpacing(2)
        column.addWidget(self._memory_bar)
        column.addWidget(self._memory)
        column.addSpacing(10)
        for role, line in self._lanes.items():
            line.end.clicked.connect(lambda _=False, role=role: engine.end_lane(role))
            line.set_state(engine.lanes[role])
            column.addWidget(line)
        column.addStretch(1)
        engine.lane_changed.connect(self._take_lane)
        follow_theme(self._restyle)

    def set_memory(self, used: int, total: int) -> None:
        """Bytes."""
        self._memory_bar.set_fraction(used / total if total else 0.0)
        text = self.tr("{} of {}").format(format_bytes(used), format_bytes(total)) if total else format_bytes(used)
        self._memory.setText(text)
        self._memory_bar.setAccessibleName(self.tr("Memory: {}").format(text))

    def lane_words(self, role: LaneRole) -> str:
        """How a lane is, as it is written."""
        return self._lanes[role].words()

    def end_button(self, role: LaneRole) -> ToolButton:
        """Ends the lane's process."""
        return self._lanes[role].end

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter_on(self).fillRect(QRectF(self.width() - 1, 0, 1, self.height()), Theme.current().line)

    def _restyle(self) -> None:
        self.setFixedWidth(Theme.current().px(WIDTH))

    def _take_lane(self, change: LaneChanged) -> None:
        self._lanes[change.role].set_state(change.state)


class _LaneLine(QWidget):
    """What a lane is for, how it is, and the button that ends its process."""

    def __init__(self, role: LaneRole) -> None:
        super().__init__()
        self._role = role
        self._sign = Sign("circle-dashed", "t3", 14)
        self._name = Label(self.tr("Trains") if role is LaneRole.WORK else self.tr("Answers"), "second", weight=500)
        self._words = Label("", "second", "t2")
        self.end = ToolButton("power", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._name)
        row.addWidget(self._words)
        row.addStretch(1)
        row.addWidget(self.end)
        self.end.set_tip(
            self.tr("End the process that trains; a run in it fails, finished ones stay")
            if role is LaneRole.WORK
            else self.tr("End the process that answers; it starts again with the next question")
        )

    def words(self) -> str:
        return self._words.text()

    def set_state(self, state: LaneState) -> None:
        sign, colour, words = {
            LaneState.UP: ("circle-check", "ok", self.tr("ready")),
            LaneState.STARTING: ("hourglass", "t2", self.tr("starting")),
            LaneState.DOWN: ("circle-dashed", "t3", self.tr("starts when needed")),
        }[state]
        self._sign.set_sign(sign, colour)
        self._words.setText(words)
        self.end.setVisible(state is not LaneState.DOWN)
