"""`otherwise identify`: formula, words and verification; hedge; exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

NAPKIN = "dag { x [exposure] y [outcome] w -> r r -> x x -> y w <-> { x y } }"


@pytest.fixture
def napkin(tmp_path: Path) -> Path:
    path = tmp_path / "napkin.txt"
    path.write_text(NAPKIN, "utf-8")
    return path


def test_the_marked_effect_is_told(otherwise, napkin: Path) -> None:
    ended = otherwise("identify", napkin)
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0] == "The effect of x on y is identified."
    assert lines[1] == "P(y | do(x)) = [Σ_w P(x, y | w, r) P(w)] / [Σ_w P(x | w, r) P(w)]"
    assert "Verified on 3 random models, largest error" in ended.out


def test_everything_as_json(otherwise, napkin: Path) -> None:
    told, = otherwise("identify", napkin, "--do", "r", "--outcome", "y", "--given", "w", "--json").lines
    assert told["verdict"] == "identified"
    assert told["formula"] == "P(y | do(r), w) = P(y | r, w)"
    assert told["verification"]["passed"]
    assert told["verification"]["error"] < 1e-9
    assert told["hedge"] is None


def test_a_hedge_is_an_answer(otherwise, tmp_path: Path) -> None:
    path = tmp_path / "bow.txt"
    path.write_text("dag { x -> y x <-> y }", "utf-8")
    ended = otherwise("identify", path, "--do", "x", "--outcome", "y")
    assert ended.code == 0
    assert "not identified" in ended.out
    assert "Hedge, the larger forest: x -> y, x <-> y" in ended.out
    assert "Would settle it: measure the common cause of x and y." in ended.out
    assert "=" not in ended.out
    told, = otherwise("identify", path, "--do", "x", "--outcome", "y", "--json").lines
    assert told["formula"] is None
    assert told["hedge"]["smaller"]["nodes"] == ["y"]


def test_what_is_refused_or_late_says_so_by_its_code(otherwise, napkin: Path) -> None:
    assert otherwise("identify", napkin, "--do", "x", "--outcome", "x").code == 2
    assert otherwise("identify", napkin, "--do", "q").code == 2
    late = otherwise("identify", napkin, "--seconds", "0")
    assert late.code == 1
    assert "No answer within 0 s." in late.err
