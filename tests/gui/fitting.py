"""Looks through the whole window, page by page, for what is cut off; run as a child process at one scale.

    QT_SCALE_FACTOR=1.5 python -m tests.gui.fitting HOME       # prints a JSON list of faults
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLabel, QWidget
from qasync import QEventLoop

from studio.app import build, dress
from studio.window import MainWindow
from widgets.kit.segmented import Segmented
from widgets.theme import appearance

PAGES = ("Start", "Data", "Graph", "Methods", "Curves", "Counterfactual", "Results", "Models", "Jobs")
SIZES = ((1024, 640), (1280, 720), (1440, 900), (3840, 2160))
TEXTS = (100, 150)


def cut_off(window: QWidget) -> Iterator[str]:
    """What is to be seen and does not fit into its place."""
    for widget in window.findChildren(QWidget):
        parent = widget.parentWidget()
        if not widget.isVisibleTo(window) or parent is None or widget.isWindow() or _scrolls(widget, window):
            continue
        if not widget.visibleRegion().isEmpty() and not parent.rect().adjusted(-1, -1, 1, 1).contains(_shown(widget)):
            yield f"{_named(widget)} reaches out of its place: {_plain(widget.geometry())} in {_plain(parent.rect())}"
        if isinstance(widget, QAbstractButton | QLabel) and (missing := _missing(widget)):
            yield f"{_named(widget)} is cut: {missing}"


def _missing(widget: QAbstractButton | QLabel) -> str:
    """What a text lacks to be whole; nothing for one that gives way and tells the whole in its tooltip."""
    if not widget.text() or getattr(widget, "_elide", False):
        return ""
    if isinstance(widget, QLabel) and widget.wordWrap():
        wanted = widget.heightForWidth(widget.width())
        return f"{widget.height()} of {wanted} px high" if widget.height() < wanted - 1 else ""
    segment = isinstance(widget.parentWidget(), Segmented)     # has its words whole at its least width
    wanted = (widget.minimumSizeHint() if segment else widget.sizeHint()).width()
    gives_way = widget.toolTip() and widget.minimumSizeHint().width() < wanted
    return f"{widget.width()} of {wanted} px wide" if widget.width() < wanted - 1 and not gives_way else ""


def _shown(widget: QWidget) -> QRect:
    """Its rectangle without the px that a ring of focus may take outside."""
    return widget.geometry().adjusted(2, 2, -2, -2)


def _scrolls(widget: QWidget, window: QWidget) -> bool:
    """Whether it lies in something that scrolls, where reaching out is no fault."""
    parent = widget.parentWidget()
    while parent is not None and parent is not window:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _named(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else widget.accessibleName()
    return f"{type(widget).__name__} “{text[:40]}”"


def _plain(rect: QRect) -> str:
    return f"{rect.x()},{rect.y()} {rect.width()}x{rect.height()}"


async def look(window: MainWindow) -> list[dict[str, object]]:
    """Every page at every size and size of text, with the sample open."""
    desk = window.desk
    desk.open_sample("morpho_digits")
    while desk.exploration.answer is None:
        await asyncio.sleep(0.02)
    faults = []
    for text in TEXTS:
        appearance().set_text_scale(text)
        for size in SIZES:
            window.resize(*size)
            for page in PAGES:
                window.show_panel(page)
                for _ in range(4):              # a layout within a layout asks for its room one round later
                    QApplication.sendPostedEvents()
                    await asyncio.sleep(0)
                if (window.width(), window.height()) != size:
                    faults.append({"page": page, "size": size, "text": text,
                                   "fault": f"the window is {window.width()} x {window.height()}"})
                faults += [{"page": page, "size": size, "text": text, "fault": fault} for fault in cut_off(window)]
            window.rooms.jobs.close_drawer()
    return faults


def main() -> None:
    """Build the window in a folder, look, print."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    dress(application)
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    window = build(Path(sys.argv[1]))
    appearance().set_motion("reduced")
    window.show()
    with loop:
        faults = loop.run_until_complete(look(window))
        ratio = window.devicePixelRatioF()
        window.close()
    print(json.dumps({"ratio": ratio, "faults": faults}))


if __name__ == "__main__":
    main()
