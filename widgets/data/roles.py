"""Roles and types as the analyst gives them: six by digit, the others in the menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from engines.data.kinds import ColumnType
from engines.data.roles import Role
from widgets.kit.menu import Menu

QUICK_ROLES = (Role.FACTOR, Role.TREATMENT, Role.OUTCOME, Role.COVARIATE, Role.DOMAIN, Role.LEFT_OUT)
"""The roles of the keys 1 to 6."""

_TYPES = (ColumnType.NUMBER, ColumnType.CATEGORY, ColumnType.TEXT)


def role_word(role: Role) -> str:
    """A role as a button says it."""
    return _tr("leave out") if role is Role.LEFT_OUT else str(role)


def role_for_key(event: QKeyEvent) -> Role | None:
    """The role of a digit key pressed alone, else None."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    place = event.key() - Qt.Key.Key_1
    return QUICK_ROLES[place] if 0 <= place < len(QUICK_ROLES) else None


def is_type_key(event: QKeyEvent) -> bool:
    """Whether T was pressed alone."""
    return event.key() == Qt.Key.Key_T and not event.modifiers()


def type_after(current: ColumnType) -> ColumnType:
    """The type that the key T gives: number, category, text, and round again."""
    return _TYPES[(_TYPES.index(current) + 1) % len(_TYPES)]


def role_menu(current: Role, choose: Callable[[Role], object], parent: QWidget) -> Menu:
    """All roles, those with a digit first, the current one ticked."""
    menu = Menu(_tr("Role"), parent)
    for place, role in enumerate(QUICK_ROLES, start=1):
        menu.add(role_word(role), partial(choose, role), keys=str(place), on=role is current)
    menu.addSeparator()
    for role in Role:
        if role not in QUICK_ROLES:
            menu.add(role_word(role), partial(choose, role), on=role is current)
    return menu


def type_menu(current: ColumnType, choose: Callable[[ColumnType], object], parent: QWidget) -> Menu:
    """The three types, the current one ticked."""
    menu = Menu(_tr("Type"), parent)
    for kind in _TYPES:
        menu.add(str(kind), partial(choose, kind), on=kind is current)
    return menu


def _tr(text: str) -> str:
    return QCoreApplication.translate("data", text)
