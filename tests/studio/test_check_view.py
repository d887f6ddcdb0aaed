"""A check at a click: what its page says of each verdict, its progress, stopping it, and what may go wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.catalogue import Catalogue
from studio.panels.check_view import CheckView, number
from studio.runs.checks import CheckRuns
from tests.studio.stand_ins import verdict, words
from widgets.kit.message_bar import ErrorBar

RUNS = """
import json, os, time
for n in range(3):
    print(json.dumps(dict(phase='DAGMA', done=n, total=3)), flush=True)
while not os.path.exists({!r}):
    time.sleep(0.01)
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "state")


@pytest.fixture
def checks(catalogue: Catalogue, qapp: object) -> Iterator[CheckRuns]:
    made = CheckRuns(catalogue, lambda: 1)
    yield made
    made.close()


@pytest.fixture
def view(catalogue: Catalogue, checks: CheckRuns, on_show: Callable[..., QWidget]) -> CheckView:
    return on_show(CheckView(catalogue, checks), 480, 700)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the check be a program of the test's own: `command("print(1)")`."""

    def replace(code: str) -> None:
        file = tmp_path / "check.py"
        file.write_text(code, encoding="utf-8")
        monkeypatch.setattr("studio.runs.checks.command", lambda *_: [sys.executable, str(file)])

    return replace


def test_before_it_was_run_it_says_what_it_will_ask(view: CheckView, qtbot: QtBot) -> None:
    view.set_method("colide")
    assert view.said() == "Not checked on this machine"
    qtbot.waitUntil(lambda: "Nearer than DAGMA" in words(view))
    assert "Mean SHD on equal noise is below DAGMA's." in words(view)
    assert view.run_button().text().replace("\N{NO-BREAK SPACE}", " ") == "Run the check, about 60 s"


@pytest.mark.parametrize("outcome", ["passed", "failed", "incomplete"])
def test_each_verdict_is_said_plainly_with_its_figures(
    view: CheckView, catalogue: Catalogue, outcome: str, qtbot: QtBot
) -> None:
    catalogue.note_check("colide", verdict(outcome))
    view.set_method("colide")
    qtbot.waitUntil(lambda: "SHD: 0.3, DAGMA 1.4" in words(view))
    said = words(view)
    assert view.said().lower().startswith(outcome)
    assert f"error: {number(1e-9)}" in said
    assert "Rejected by: nearer." in said
    got_through = "Not rejected: it meets every criterion, so the check proves nothing."
    assert (got_through in said) == (outcome != "passed")
    assert ("Copy the line that installs what is missing" in said) == (outcome == "incomplete")


def test_a_method_without_a_check_says_so(view: CheckView) -> None:
    view.set_method("nothing")
    assert "This method brings no check" in words(view)


def test_a_check_runs_shows_where_it_is_and_its_verdict_stays(
    view: CheckView, catalogue: Catalogue, checks: CheckRuns, command: Callable[[str], None], tmp_path: Path,
    qtbot: QtBot,
) -> None:
    command(RUNS.format(str(tmp_path / "go")))
    view.set_method("colide")
    qtbot.mouseClick(view.run_button(), Qt.MouseButton.LeftButton)
    assert checks.running == "colide"
    qtbot.waitUntil(lambda: any(text.startswith("Part 1: DAGMA, 2 of 3.") for text in words(view)))
    assert not view.run_button().isVisible()
    catalogue._verdicts.keep("colide", verdict("passed"))           # as the command does at its end
    with qtbot.waitSignal(checks.changed, check_params_cb=lambda _: not checks.running):
        (tmp_path / "go").touch()
    assert view.said().startswith("Passed")
    assert catalogue.get("colide").checked is not None
    assert view.run_button().isVisible()


def test_stop_ends_it_and_the_verdict_of_before_stays(
    view: CheckView, catalogue: Catalogue, checks: CheckRuns, command: Callable[[str], None], qtbot: QtBot
) -> None:
    command("import time\nwhile True: time.sleep(1)\n")
    catalogue.note_check("colide", verdict("passed"))
    view.set_method("colide")
    qtbot.mouseClick(view.run_button(), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(checks.changed, check_params_cb=lambda _: not checks.running):
        qtbot.mouseClick(view.stop_button(), Qt.MouseButton.LeftButton)
    assert view.said().startswith("Passed")
    assert view.findChildren(ErrorBar)[0].sentence() == "The check was stopped before it had a verdict."


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise SystemExit(7)", "It ended with code 7."),
        ("raise ValueError('no such figure')", "ValueError: no such figure"),
        ("import os\nos.kill(os.getpid(), 9)", "It ended with code 9."),
    ],
)
def test_a_check_that_breaks_says_how(
    view: CheckView, checks: CheckRuns, command: Callable[[str], None], code: str, said: str, qtbot: QtBot
) -> None:
    command(code)
    view.set_method("colide")
    with qtbot.waitSignal(checks.changed, check_params_cb=lambda _: not checks.running):
        checks.start("colide")
    assert checks.failure("colide") == ("The check ended by itself, without a verdict.", said)
    assert view.findChildren(ErrorBar)[0].isVisible()


def test_a_refusal_of_the_command_is_passed_on(
    view: CheckView, checks: CheckRuns, command: Callable[[str], None], qtbot: QtBot
) -> None:
    command("""print('{"error": "colide has no check.", "cause": "Why."}')\nraise SystemExit(2)""")
    with qtbot.waitSignal(checks.changed, check_params_cb=lambda _: not checks.running):
        checks.start("colide")
    assert checks.failure("colide") == ("colide has no check.", "Why.")


def test_one_check_at_a_time_and_closing_ends_it(
    view: CheckView, checks: CheckRuns, command: Callable[[str], None]
) -> None:
    command("import time\nwhile True: time.sleep(1)\n")
    view.set_method("causal_diffae")
    checks.start("colide")
    checks.start("causal_diffae")
    assert checks.running == "colide"
    assert not view.run_button().isEnabled()
    assert view.run_button().toolTip() == "The check of CoLiDE runs"
    checks.close()                  # the leak guard fails the test when the process is left
    assert checks.running == ""


def test_the_command_is_the_one_of_the_command_line() -> None:
    from studio.runs.checks import command

    assert command("colide", "2") == [
        sys.executable, "-m", "studio", "check", "colide", "--json", "--threads", "2",
    ]
