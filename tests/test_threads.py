"""Rules of threads and loops that are easily broken without noticing: every module is looked at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import _Trespass

ROOT = Path(__file__).parent.parent
MODULES = {
    path: ast.parse(path.read_text("utf-8"))
    for folder in ("studio", "widgets") for path in sorted((ROOT / folder).rglob("*.py"))
}
BLOCKING = {"exec", "exec_", "getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory",
            "getText", "getItem", "getInt", "getDouble", "getColor", "getFont"}
"""They run a loop of their own until somebody answers: inside a coroutine the studio would hang."""
MODAL = {"QMessageBox", "QInputDialog", "QProgressDialog", "QErrorMessage"}


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def blocking(tree: ast.AST) -> list[str]:
    """Calls that stop the loop until somebody answers, and dialogs that are made for such calls."""
    found = [f"line {c.lineno}: .{c.func.attr}()" for c in calls(tree)
             if isinstance(c.func, ast.Attribute) and c.func.attr in BLOCKING]
    names = [node for node in ast.walk(tree) if isinstance(node, (ast.Name, ast.alias))]
    used = {getattr(node, "id", getattr(node, "name", "")) for node in names} & MODAL
    return found + sorted(used)


def test_nothing_waits_in_a_loop_of_its_own() -> None:
    assert {path.name: found for path, tree in MODULES.items() if (found := blocking(tree))} == {}
    assert blocking(ast.parse("QMenu().exec(at)\nQMessageBox.question(None)")) == ["line 1: .exec()", "QMessageBox"]


def receivers(signal: str) -> dict[str, bool]:
    """Who listens to a signal, and whether it is a method of its own class that is decorated as a slot."""
    found = {}
    for path, tree in MODULES.items():
        for owner in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            slots = {
                one.name for one in owner.body if isinstance(one, ast.FunctionDef)
                for mark in one.decorator_list if isinstance(mark, ast.Call) and getattr(mark.func, "id", "") == "Slot"
            }
            for call in calls(owner):
                reached = call.func
                if isinstance(reached, ast.Attribute) and reached.attr == "connect" and (
                    isinstance(reached.value, ast.Attribute) and reached.value.attr == signal
                ):
                    to = call.args[0]
                    mine = isinstance(to, ast.Attribute) and getattr(to.value, "id", "") == "self"
                    found[f"{path.name}: {ast.unparse(to)}"] = mine and to.attr in slots
    return found


@pytest.mark.parametrize("signal", sorted(_Trespass.CROSSING))
def test_whoever_receives_from_another_thread_is_a_decorated_slot(signal: str) -> None:
    """The guard of the tests lets no other signal cross."""
    found = receivers(signal)
    assert found
    assert all(found.values()), found


@pytest.mark.parametrize("signal", sorted(_Trespass.CROSSING))
def test_what_crosses_is_an_object_or_nothing(signal: str) -> None:
    declared = [
        ast.unparse(node.value) for tree in MODULES.values() for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == signal for t in node.targets)
    ]
    assert declared
    assert set(declared) <= {"Signal()", "Signal(object)"}


def test_no_signal_carries_what_qt_would_convert() -> None:
    """A dict or a set would arrive changed or empty: objects, plain values and lists of them arrive as they are."""
    plain = {"object", "str", "int", "float", "bool", "list", "bytes"}
    for path, tree in MODULES.items():
        for call in calls(tree):
            if getattr(call.func, "id", "") == "Signal":
                assert {ast.unparse(a) for a in call.args} - plain <= {"QPoint", "QPointF", "QRect", "QRectF"}, path
