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
from studio.catalogue import Catalogue, WayOut
from tests.installing import install
from tests.studio.stand_ins import verdict

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
    (misfit,) = [one for one in others if one.method.id == "rank_transport"]
    assert "with the role treatment" in misfit.why
    assert misfit.way is WayOut.COLUMNS
    few = catalogue.get("rank_transport").misfit(table.rows([0]))
    assert few is not None
    assert few.way is WayOut.DATA


def test_a_method_without_its_extra_says_what_installs_it(catalogue: Catalogue) -> None:
    announced = replace(catalogue.get("rank_transport"), missing=("language",))
    refusal = announced.refusal(None)
    assert refusal is not None
    assert 'pip install "otherwise-studio[language]"' in refusal.cause
    misfit = announced.misfit(None)
    assert misfit is not None
    assert (misfit.way, misfit.line) == (WayOut.INSTALL, 'pip install "otherwise-studio[language]"')


def test_a_graph_puts_the_methods_that_use_it_first(catalogue: Catalogue) -> None:
    for question in Question:
        fitting, _ = catalogue.sorted(question, None, Graph.of(["a"]))
        uses = [announced.accepts.graph != "no" for announced in fitting]
        assert uses == sorted(uses, reverse=True)


def test_an_unknown_method_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(Refusal, match="There is no method nonsense"):
        catalogue.get("nonsense")


def test_verdicts_of_checks_are_kept_on_this_machine(catalogue: Catalogue, tmp_path: Path) -> None:
    assert catalogue.get("colide").checked is None
    catalogue.note_check("colide", verdict("passed"))
    assert catalogue.get("colide").checked == date(2026, 5, 12)
    again = Catalogue(tmp_path / "state")
    assert again.get("colide").checked == date(2026, 5, 12)
    again.note_check("colide", verdict("failed"))
    kept = Catalogue(tmp_path / "state").get("colide")
    assert kept.checked is None
    assert kept.verdict is not None
    assert kept.verdict.outcome == "failed"
    (tmp_path / "state" / "verdicts" / "colide.json").write_text("{", encoding="utf-8")
    assert Catalogue(tmp_path / "state").get("colide").verdict is None


def test_a_check_announces_itself_in_the_manifest(catalogue: Catalogue) -> None:
    check = catalogue.get("colide").check
    assert check is not None
    assert check.minutes > 0
    assert check.criteria["acyclic"] == "Every graph is acyclic."
    assert catalogue.get("rank_transport").check is None


def test_the_window_side_imports_no_torch_and_no_method() -> None:
    code = (
        "import sys; from studio.catalogue import Catalogue; from studio.engine import Engine;"
        "from studio.project import Project;"
        "bad = [m for m in ('torch', 'sklearn', 'networkx', 'polars', 'scipy', 'pandas') if m in sys.modules];"
        "sys.exit(str(bad) if bad else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
