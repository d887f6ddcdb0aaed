"""The engines as the Jobs drawer shows them: devices, memory, and the lanes of each that is used."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.runtime.devices import Device
from studio.engine import Engine, Engines
from studio.panels.engine_lanes import EngineLanes
from studio.runs.runs import Runs
from widgets.kit.button import Button
from widgets.kit.follow import follow_theme
from widgets.kit.label import Label
from widgets.kit.laid_out import widgets_in
from widgets.kit.painting import painter_on
from widgets.kit.progress_bar import ProgressBar
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.state_view import Sign
from widgets.numbers import format_bytes
from widgets.theme import Theme

WIDTH = 240
_MEASURED = 2000        # ms between two looks at the memory of the lanes


class EngineColumn(QWidget):
    """240 wide. What can compute here, of which one is used for new runs and models; below each that has been used,
    its two lanes.
    """

    chosen = Signal(str)            # name of the device to use

    def __init__(self, engines: Engines, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engines, self._runs = engines, runs
        self._found: tuple[Device, ...] = (Device(engines.device, ""),)
        self._blocks: dict[str, EngineLanes] = {}
        self._memory_bar = ProgressBar()
        self._memory = Label(self.tr("Memory not measured yet"), "second", "t2")
        body = ScrollColumn(margins=(16, 14, 16, 12))
        self._column = body.column
        self._column.setSpacing(6)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 1, 0)
        whole.addWidget(body)
        engines.began.connect(self._take_engine)
        follow_theme(self._restyle)
        for engine in engines.all():
            self._take_engine(engine)

    def set_devices(self, devices: Sequence[Device]) -> None:
        """What can compute here, in this order."""
        self._found = tuple(devices)
        for line in self.device_lines():
            line.hide()
            line.deleteLater()
        while self._column.takeAt(0) is not None:
            pass
        for place, device in enumerate(self._found):
            line = _DeviceLine(device, used=device.name == self._engines.device)
            line.use.clicked.connect(partial(self._choose, device.name))
            self._column.addWidget(line)
            if place == 0:
                self._column.addWidget(self._memory_bar)
                self._column.addWidget(self._memory)
                self._column.addSpacing(6)
            if device.name in self._blocks:
                self._column.addWidget(self._blocks[device.name])
        self._column.addStretch(1)

    def device_lines(self) -> tuple[_DeviceLine, ...]:
        """What stands for each device."""
        return tuple(line for line in widgets_in(self._column) if isinstance(line, _DeviceLine))

    def set_memory(self, used: int, total: int) -> None:
        """Bytes."""
        self._memory_bar.set_fraction(used / total if total else 0.0)
        text = self.tr("{} of {}").format(format_bytes(used), format_bytes(total)) if total else format_bytes(used)
        self._memory.setText(text)
        self._memory_bar.setAccessibleName(self.tr("Memory: {}").format(text))

    def lanes(self, device: str) -> EngineLanes:
        """The lanes of a device whose engine has begun."""
        return self._blocks[device]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter_on(self).fillRect(QRectF(self.width() - 1, 0, 1, self.height()), Theme.current().line)

    def _restyle(self) -> None:
        self.setFixedWidth(Theme.current().px(WIDTH))

    @Slot(object)
    def _take_engine(self, engine: Engine) -> None:
        """A device is used for the first time: its lanes stand below it from now on."""
        self._blocks[engine.device] = EngineLanes(engine, self._runs)
        if all(device.name != engine.device for device in self._found):
            self._found = (*self._found, Device(engine.device, ""))
        self.set_devices(self._found)

    def _choose(self, name: str, _checked: bool = False) -> None:
        self.chosen.emit(name)
        self.set_devices(self._found)


class _DeviceLine(QWidget):
    """A device by its name; where it is not the one in use, the button that makes it so, or why it cannot be."""

    def __init__(self, device: Device, *, used: bool) -> None:
        super().__init__()
        shown = device.name.upper() if device.name == "cpu" else device.name
        parts = [device.title, format_bytes(device.memory) if device.memory else ""]
        detail = device.unusable or ", ".join(part for part in parts if part and not used)
        self.use = Button(self.tr("Use it"), "ghost", height=24, role="second")
        self.use.setAccessibleName(self.tr("Use {} for new runs").format(shown))
        self._detail = Label(detail, "second", "t2", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Sign("cpu" if device.name == "cpu" else "gpu", "t2" if used else "t3", 16))
        head.addWidget(Label(shown, "title" if used else "second", "t1" if used else "t2"))
        head.addStretch(1)
        head.addWidget(self.use)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._detail)
        self.use.setVisible(not used and not device.unusable)       # only now: without a parent it would be a window
        self._detail.setVisible(bool(detail))

    def detail(self) -> str:
        """What is said of it below its name."""
        return self._detail.text()
