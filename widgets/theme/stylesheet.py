"""The one style sheet, over Fusion: fields, lists, menus and bars that Qt paints. Kit widgets paint themselves."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from PySide6.QtGui import QColor

from widgets.theme.value import COLOUR_NAMES, Theme, faded

# Name in the sheet: icon and colour.
SIGNS = {
    "down": ("chevron-down", "t2"), "up": ("chevron-up", "t2"), "right": ("chevron-right", "t2"),
    "tick": ("check", "t1"), "check": ("check", "on_ink"), "part": ("minus", "on_ink"),
}


def stylesheet(theme: Theme, signs: Mapping[str, str]) -> str:
    """The sheet of a theme. `signs` gives for each name in SIGNS the path of an icon file in the right colour."""
    values = {name: css(theme.colour(name)) for name in COLOUR_NAMES}
    values |= {f"sign_{name}": f"url({path})" for name, path in signs.items()}
    values |= {
        "border": f"{theme.border}px", "field": css(theme.bg2 if theme.dark else theme.bg1),
        "edge": css(faded(theme.strong, 1.0 if theme.high_contrast else 0.55)),
        "bar": css(faded(theme.strong, 0.6)), "off": css(faded(theme.t3, 0.6)),
        "h24": f"{theme.px(24)}px", "h26": f"{theme.px(28) - 2 * theme.border}px", "h28": f"{theme.px(28)}px",
        "row": f"{theme.px(28)}px", "pad": f"{theme.px(5)}px", "second": f"{theme.px(12)}px",
    }
    return _SHEET.substitute(values)


def css(colour: QColor) -> str:
    """A colour as style sheets write it."""
    return f"rgba({colour.red()}, {colour.green()}, {colour.blue()}, {colour.alpha()})"


_SHEET = Template("""
QMainWindow, QDialog { background: $bg0; }
QMainWindow::separator { background: transparent; width: 8px; height: 8px; }
QMainWindow::separator:hover { background: $strong; margin: 3px; border-radius: 1px; }
QSplitter::handle { background: transparent; }
QSplitter::handle:horizontal { width: 8px; }
QSplitter::handle:vertical { height: 8px; }
QSplitter::handle:hover { background: $strong; margin: 3px; border-radius: 1px; }
QDockWidget { border: none; }
QStackedWidget, QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }

QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $field; border: $border solid $edge; border-radius: 6px;
    selection-background-color: $ink; selection-color: $on_ink;
}
QLineEdit, QAbstractSpinBox { min-height: $h26; max-height: $h26; padding: 0 8px; }
QComboBox { min-height: $h26; max-height: $h26; padding: 0 4px 0 10px; combobox-popup: 0; }
QPlainTextEdit, QTextEdit { padding: 4px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $strong; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled, QPlainTextEdit:disabled, QTextEdit:disabled {
    border-color: $line; background: $bg2;
}
QLineEdit[error="true"], QAbstractSpinBox[error="true"], QComboBox[error="true"] { border-color: $err; }
QLineEdit[bare="true"] {
    background: transparent; border: none; padding: 0; min-height: 0px; border-radius: 0; max-height: 100px;
}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0; background: transparent; min-height: 0px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: $sign_down; width: 14px; height: 14px; }
QComboBox QAbstractItemView {
    background: $bg1; border: $border solid $edge; padding: 4px; outline: 0;
    selection-background-color: $bg3; selection-color: $t1;
}
QComboBox QAbstractItemView::item { padding: $pad 8px; border-radius: 5px; color: $t1; }
QComboBox QAbstractItemView::item:selected { background: $bg3; color: $t1; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 18px; border: none; background: transparent; margin: 1px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; border-top-right-radius: 5px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; border-bottom-right-radius: 5px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $bg3; }
QAbstractSpinBox::up-arrow { image: $sign_up; width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: $sign_down; width: 10px; height: 10px; }

QPushButton, QToolButton {
    background: $bg1; color: $t1; border: $border solid $edge; border-radius: 6px;
    min-height: $h26; padding: 0 12px; font-weight: 500;
}
QToolButton { border-color: transparent; background: transparent; padding: 0 6px; }
QPushButton:hover, QToolButton:hover { background: $bg3; }
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked { background: $bg4; }
QPushButton:disabled, QToolButton:disabled { color: $off; border-color: $line; }
QPushButton:default { background: $ink; color: $on_ink; border-color: $ink; }

QCheckBox, QRadioButton { color: $t1; spacing: 8px; min-height: $h24; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $off; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 14px; height: 14px; background: $field; border: 1px solid $strong; border-radius: 4px;
}
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { background: $bg3; }
QCheckBox::indicator:checked { background: $ink; border-color: $ink; image: $sign_check; }
QCheckBox::indicator:indeterminate { background: $ink; border-color: $ink; image: $sign_part; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $ink; background: $on_ink; }
QGroupBox { border: none; margin-top: 24px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; padding: 2px; }
QScrollBar:horizontal { height: 10px; padding: 2px; }
QScrollBar::handle { background: $bar; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $strong; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QMenu { background: $bg1; color: $t1; border: $border solid $edge; padding: 4px; }
QMenu[round="true"] { border-radius: 8px; }
QMenu::item { min-height: $h28; padding: 0 20px 0 10px; border-radius: 5px; background: transparent; }
QMenu::item:selected { background: $bg3; }
QMenu::item:disabled { color: $off; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QMenu::indicator { width: 14px; height: 14px; padding-left: 6px; }
QMenu::indicator:checked { image: $sign_tick; }
QMenu::right-arrow { image: $sign_right; width: 14px; height: 14px; margin-right: 6px; }
QMenuBar { background: $bg0; color: $t1; }
QMenuBar::item { padding: 4px 10px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: $bg3; }
QToolTip {
    background: $bg1; color: $t1; border: $border solid $edge; padding: 2px 4px; font-size: $second;
}

QAbstractItemView {
    background: transparent; alternate-background-color: $bg2; color: $t1; border: none; outline: 0;
    selection-background-color: $bg3; selection-color: $t1;
}
QListView::item, QTreeView::item { padding: $pad 8px; border-radius: 6px; }
QListView::item:hover, QTreeView::item:hover { background: $bg2; }
QListView::item:selected, QTreeView::item:selected { background: $bg3; color: $t1; }
QTableView { gridline-color: $line; }
QTableView::item { padding: 0 8px; border: none; border-bottom: 1px solid $line; }
QTableView::item:selected { background: $bg3; color: $t1; }
QTableView::item:focus { border: 2px solid $ink; }
QTreeView::branch { background: transparent; }
QTreeView::branch:closed:has-children { image: $sign_right; }
QTreeView::branch:open:has-children { image: $sign_down; }
QHeaderView { background: $bg2; border: none; }
QHeaderView::section {
    background: $bg2; color: $t2; border: none; border-bottom: 1px solid $line; border-right: 1px solid $line;
    padding: 0 8px; min-height: $row; font-size: $second; font-weight: 500;
}
QHeaderView::section:hover { background: $bg3; }
QTableCornerButton::section { background: $bg2; border: none; border-bottom: 1px solid $line; }

QTabWidget::pane { border: none; }
QTabBar { background: transparent; border: none; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $t2; border: none; border-radius: 6px;
    min-height: $h28; padding: 0 12px; margin-right: 2px; font-weight: 500;
}
QTabBar::tab:hover { background: $bg3; }
QTabBar::tab:selected { background: $bg4; color: $t1; font-weight: 600; }
QTabBar::tab:focus { color: $t1; }
QTabBar QToolButton { background: $bg0; }

QProgressBar {
    background: $bg4; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; color: transparent;
}
QProgressBar::chunk { background: $ink; border-radius: 3px; }
QSlider::groove:horizontal { height: 3px; background: $strong; border-radius: 1px; }
QSlider::handle:horizontal {
    width: 12px; height: 12px; margin: -6px 0; background: $bg1; border: 2px solid $ink; border-radius: 8px;
}
QStatusBar { background: $bg0; color: $t2; }
QStatusBar::item { border: none; }
""")
