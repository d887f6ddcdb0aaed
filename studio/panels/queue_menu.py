"""The verbs for the whole queue, as the Jobs drawer and the job strip offer them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from studio.runs.runs import Runs
from widgets.kit.menu import Menu


def fill_queue_menu(menu: Menu, runs: Runs, chosen: int | None, stop: Callable[[tuple[int, ...]], object]) -> None:
    """Each line says how many runs it stops.

    Args:
        chosen: The run that "all but" spares; the one that works when it is None or has ended.
        stop: Gets the numbers of the runs to stop.
    """
    live, waiting = runs.live(), runs.waiting() if runs.live() else ()
    spared = chosen if chosen in live else next(iter(live), None)
    others = tuple(number for number in live if number != spared)
    nothing = _tr("Nothing waits")
    menu.clear()
    menu.add(
        _tr("Stop all that wait ({})").format(len(waiting)), lambda: stop(waiting), sign="list-ordered",
        off_because="" if waiting else nothing,
    )
    menu.add(
        _tr("Stop all but run {} ({})").format(spared, len(others)) if spared is not None else _tr("Stop all but one"),
        lambda: stop(others), sign="square", off_because="" if others else nothing,
    )
    menu.add(
        _tr("Stop everything ({})").format(len(live)), lambda: stop(live), sign="octagon-alert",
        off_because="" if live else _tr("Nothing runs"),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("queue", text)
