"""What pyqtgraph needs to know of the theme. Call it before the first plot; later changes come by themselves."""

from __future__ import annotations

import pyqtgraph as pg

from widgets.theme.value import Theme


def configure_pyqtgraph(theme: Theme) -> None:
    """Ground and text of plots that are made from now on; those that exist read the theme when they paint."""
    pg.setConfigOptions(
        background=theme.bg1, foreground=theme.t2, antialias=True, imageAxisOrder="row-major", useOpenGL=False
    )
