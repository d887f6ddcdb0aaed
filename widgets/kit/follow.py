"""How a widget keeps up with the theme when it holds something made from it: sizes, fonts, pictures."""

from __future__ import annotations

from collections.abc import Callable

from widgets.theme import appearance


def follow_theme(restyle: Callable[[], None]) -> None:
    """Call `restyle` now and after each change of the theme.

    Give a bound method of a QObject: the connection is weak and goes with the object.
    """
    restyle()
    appearance().changed.connect(restyle)
