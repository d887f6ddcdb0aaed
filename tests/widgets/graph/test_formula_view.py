"""A formula on paper: all of it is drawn inside the widget, in few lines where there is room, in more where not."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engines.graph.do_calculus.expressions import Probability, product, ratio, total
from engines.graph.do_calculus.notation import Notation
from widgets.graph.formula_view import FormulaView
from widgets.theme import appearance


def p(of: str, given: str = "") -> Probability:
    return Probability(frozenset(of.split()), frozenset(given.split()))


NAPKIN = ratio(
    total(["w"], product([p("x y", "w r"), p("w")])), total(["w"], product([p("x", "w r"), p("w")]))
)
LONG = p("y", " ".join(f"covariate_{i}" for i in range(9)))
OVER = total([f"z{i}" for i in range(9)], product([p("y", " ".join(f"z{i}" for i in range(9))), *(
    p(f"z{i}", "v") for i in range(9)
)]))


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot) -> FormulaView:
    appearance().install(qapp)
    made = FormulaView()
    qtbot.addWidget(made)
    return made


def ink(view: FormulaView, width: int, height: int) -> tuple[int, int]:
    """The last column and row that are drawn on, in a picture larger than the widget should need."""
    view.resize(width, height)
    picture = view.grab().toImage()
    ground = picture.pixel(picture.width() - 1, picture.height() - 1)
    ratio = picture.devicePixelRatio()
    seen = [
        (x, y) for y in range(picture.height()) for x in range(picture.width()) if picture.pixel(x, y) != ground
    ]
    return int(max(x for x, _ in seen) / ratio), int(max(y for _, y in seen) / ratio)


@pytest.mark.parametrize(("formula", "wide"), [(NAPKIN, 420), (NAPKIN, 150), (LONG, 420), (LONG, 200), (OVER, 300)])
def test_all_of_it_is_inside_as_high_as_it_says(view: FormulaView, formula: object, wide: int) -> None:
    notation = Notation()
    view.set_equation(notation.query(["y"], ["x"]), notation.row(formula))
    high = view.heightForWidth(wide)
    right, low = ink(view, wide, high + 60)
    assert right < wide
    assert high - 24 < low <= high


def test_a_fraction_is_written_out_where_it_is_too_wide(view: FormulaView) -> None:
    notation = Notation()
    view.set_equation(notation.query(["y"], ["x"]), notation.row(NAPKIN))
    assert len(view._lines(420)) == 1
    assert len(view._lines(150)) > 3
    assert view.heightForWidth(150) > view.heightForWidth(420)
    assert view.accessibleName() == "P(y | do(x)) = [Σ_w P(w) P(x, y | r, w)] / [Σ_w P(w) P(x | r, w)]"
