"""The theme as a QPalette, so that whatever Qt paints by itself shows no platform grey."""

from __future__ import annotations

from PySide6.QtGui import QPalette

from widgets.theme.value import Theme, faded

_Role = QPalette.ColorRole


def palette(theme: Theme) -> QPalette:
    """A palette with every role set; switched-off text is third text at 60 %."""
    roles = {
        _Role.Window: theme.bg0, _Role.WindowText: theme.t1,
        _Role.Base: theme.bg1, _Role.AlternateBase: theme.bg2, _Role.Text: theme.t1,
        _Role.PlaceholderText: theme.t3,
        _Role.Button: theme.bg1, _Role.ButtonText: theme.t1, _Role.BrightText: theme.on_ink,
        _Role.ToolTipBase: theme.bg1, _Role.ToolTipText: theme.t1,
        _Role.Highlight: theme.ink, _Role.HighlightedText: theme.on_ink, _Role.Accent: theme.ink,
        _Role.Link: theme.t1, _Role.LinkVisited: theme.t2,
        _Role.Light: theme.bg1, _Role.Midlight: theme.bg2, _Role.Mid: theme.line, _Role.Dark: theme.strong,
        _Role.Shadow: theme.shadow,
    }
    result = QPalette()
    for role, colour in roles.items():
        result.setColor(role, colour)
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, faded(theme.t3, 0.6))
    result.setColor(QPalette.ColorGroup.Disabled, _Role.Highlight, theme.bg4)
    result.setColor(QPalette.ColorGroup.Disabled, _Role.HighlightedText, theme.t2)
    return result
