"""Which methods fit a question and a data set, why the others do not, and which is recommended."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engines import catalogue as methods
from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.questions import Question
from engines.refusals import Refusal
from studio.catalogue import Catalogue
from tests.installing import install

TESTS = Path(__file__).parent.parent


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    install(TESTS / "third_party_method", tmp_path / "site", monkeypatch)
    catalogue = Catalogue(tmp_path / "state")
    assert catalogue.find("rank_transport") is None
    assert catalogue.look_for_more()
    assert not catalogue.look_for_more()
    return catalogue


def test_a_method_of_another_package_stands_beside_the_built_in(catalogue: Catalogue) -> None:
    assert {"rank_transport", "colide"} <= {announced.id for announced in catalogue.all()}
    announced = catalogue.get("rank_transport")
    assert announced.question is Question.ROW_IF
    assert announced.default == {"points": 101, "resamples": 50, "smoothing": 0.0}


def test_data_that_fit_recommend_and_data_that_do_not_say_why(catalogue: Catalogue) -> None:
    table = methods.load("rank_transport").trial.inputs().table
    fitting, others = catalogue.sorted(Question.ROW_IF, table)
    assert "rank_transport" in [announced.id for announced in fitting]
    best = catalogue.recommended(Question.ROW_IF, table)
    assert best is not None
    assert best[0] is fitting[0]
    assert best[1].endswith(".")
    for column in table.columns:
        table = table.with_role(column.name, Role.FACTOR)
    fitting, others = catalogue.sorted(Question.ROW_IF, table)
    assert "rank_transport" not in [announced.id for announced in fitting]
    (why,) = [why for announced, why in others if announced.id == "rank_transport"]
    assert "with the role treatment" in why


def test_a_method_without_its_extra_says_what_installs_it(catalogue: Catalogue) -> None:
    announced = replace(catalogue.get("rank_transport"), missing=("language",))
    refusal = announced.refusal(None)
    assert refusal is not None
    assert 'pip install "otherwise-studio[language]"' in refusal.cause


def test_a_graph_puts_the_methods_that_use_it_first(catalogue: Catalogue) -> None:
    for question in Question:
        fitting, _ = catalogue.sorted(question, None, Graph.of(["a"]))
        uses = [announced.accepts.graph != "no" for announced in fitting]
        assert uses == sorted(uses, reverse=True)


def test_an_unknown_method_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(Refusal, match="There is no method nonsense"):
        catalogue.get("nonsense")


def test_checks_and_times_are_remembered_on_this_machine(catalogue: Catalogue, tmp_path: Path) -> None:
    assert catalogue.estimate("colide", 1000) == ""
    catalogue.note_check("colide", True, date(2026, 5, 12))
    catalogue.note_run("colide", catalogue.get("colide").default, 500, 20.0, 1 << 20)
    again = Catalogue(tmp_path / "state")
    assert again.get("colide").checked == date(2026, 5, 12)
    assert again.estimate("colide", 1000) == "about 40 s"
    assert again.estimate("colide", 6000) == "about 4 min"
    assert again.estimate("colide", 1000, {"other": 1}) == ""
    again.note_check("colide", False, date(2026, 5, 13))
    assert Catalogue(tmp_path / "state").get("colide").checked is None


def test_the_window_side_imports_no_torch_and_no_method() -> None:
    code = (
        "import sys; from studio.catalogue import Catalogue; from studio.engine import Engine;"
        "from studio.project import Project;"
        "bad = [m for m in ('torch', 'sklearn', 'networkx', 'polars', 'scipy', 'pandas') if m in sys.modules];"
        "sys.exit(str(bad) if bad else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
