"""The sentences of the question bar."""

from PySide6.QtCore import QLocale

from engines.contract import Slider
from engines.data.kinds import number_column, table_of
from engines.graph.graph import Graph
from engines.questions import Question
from studio.question.sentence import plain
from studio.question.wording import item_text, question_about, set_sentence, size_text, what_if

TABLE = table_of("t", [number_column("dose", [10.0, 20.0])])
DOSE = Slider("dose", 0, 40, (0, 80), unit="mg", decimals=0)


def test_what_if_of_a_row():
    said = plain(what_if(TABLE, 812, {"dose": 20.0}, {"dose": DOSE}))
    assert said == "What would row 812 have been if dose = 20\N{NO-BREAK SPACE}mg?"


def test_more_than_two_interventions_fold():
    controls = {name: Slider(name, 0, 1, (0, 1)) for name in "abcde"}
    said = plain(what_if(TABLE, 1, dict.fromkeys("abcde", 0.5), controls))
    assert said == "What would row 1 have been if a = 0.50 and b = 0.50 and 3 more?"


def test_large_ids_are_grouped(monkeypatch):
    english = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
    monkeypatch.setattr("widgets.numbers.QLocale", lambda: english)
    assert item_text(TABLE, 4021) == "row 4,021"


def test_a_question_names_its_data():
    assert plain(question_about(Question.CAUSES, "sachs")) == "Which variables cause which? in sachs"


def test_undo_steps_say_value_and_unit():
    assert set_sentence("dose", 20.0, DOSE) == "Set dose to 20\N{NO-BREAK SPACE}mg"


def test_one_edge_is_one_edge():
    assert size_text(Graph.of("abc", [("a", "b")])) == "3 nodes, 1 edge"
