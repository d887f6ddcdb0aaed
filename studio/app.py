"""Starting the studio: application, theme, loop, one place for all unhandled errors, window."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from platformdirs import user_documents_path, user_log_path
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from engines.refusals import Refusal
from studio.collecting import Collector
from studio.settings import Settings
from studio.window import MainWindow
from widgets.kit.focus_ring import FocusRing
from widgets.theme import appearance

_log = logging.getLogger("otherwise")


def launch(project: str | None = None, sample: str | None = None, *, safe: bool = False) -> int:
    """Open the window, with a project, files or a sample if given; returns when it is closed.

    `safe`: with the built-in methods alone, when a package of others keeps the studio from working.
    """
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    dress(application)
    Collector(application)
    Settings().apply()
    _log_to_file()
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    closing = asyncio.Event()
    application.aboutToQuit.connect(closing.set)
    window = MainWindow()
    _catch_all(loop, window)

    def furnish() -> None:
        from studio.desk import Desk

        window.furnish(Desk(user_documents_path(), safe=safe))
        if safe:
            window.tell_safe()
        window.desk.look_for_methods()
        window.desk.look_for_devices()
        if sample is not None:
            window.desk.open_sample(sample)
        elif project is not None:
            window.take_paths([Path(project)])

    window.appeared.connect(furnish)
    window.show()
    with loop:
        loop.run_until_complete(closing.wait())
    return 0


def dress(application: QApplication) -> None:
    """Name, locale, theme and focus ring of the application."""
    application.setApplicationName("Otherwise")
    application.setDesktopFileName("otherwise")
    if QLocale().language() is QLocale.Language.C:      # a system without a locale: digits are grouped all the same
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    appearance().install(application)
    FocusRing(application)


def build(home: Path) -> MainWindow:
    """The window with its desk and panels; projects without a name are kept under `home`."""
    from studio.desk import Desk

    window = MainWindow()
    window.furnish(Desk(home))
    return window


def _catch_all(loop: asyncio.AbstractEventLoop, window: MainWindow) -> None:
    """Errors of slots, tasks, threads and the loop reach one handler: the log, and a bar in the window."""

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        if isinstance(error, Refusal):
            window.desk.refused.emit(error)
            return
        _log.error("Unhandled error\n%s", "".join(traceback.format_exception(kind, error, trace)))
        window.show_fault(error)

    def in_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            tell(type(error), error, error.__traceback__)
        else:
            _log.error("The loop reports: %s", context.get("message"))

    def in_thread(arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value
        if error is not None:
            loop.call_soon_threadsafe(tell, arguments.exc_type, error, arguments.exc_traceback)

    sys.excepthook = tell
    threading.excepthook = in_thread
    loop.set_exception_handler(in_loop)


def _log_to_file() -> None:
    folder = user_log_path("otherwise", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(folder / "studio.log", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
