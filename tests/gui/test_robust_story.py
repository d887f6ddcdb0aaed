"""The story of a refused loan: open the sample and see advice that outlives retraining."""

from __future__ import annotations

from engines.questions import Question
from engines.results import MatrixResult, TableResult


def searches(exploration) -> dict[str, dict[str, object]]:
    """The lines of the table of searches, by search."""
    table = next(r for r in exploration.answer.results if isinstance(r, TableResult) and r.name == "searches").table
    return {str(table["search"].label(i)): {n: table[n].label(i) for n in table.names} for i in range(len(table))}


def test_a_refused_loan_gets_advice_that_outlives_retraining(analyst, finish):
    async def story() -> None:
        desk = analyst.desk
        await analyst.open_sample("loans")
        assert desk.workspace.question is Question.TARGETS
        assert desk.workspace.method == "robust_counterfactuals"
        await analyst.answered()
        exploration = desk.exploration
        assert exploration.wish.item == 3
        found = searches(exploration)
        assert found["nearest counterfactual"]["R̂"] < 0.5 < 0.73 < found["T-Rex:I"]["R̂"]
        assert found["T-Rex:I"]["holds after retraining"] == 1
        assert any(isinstance(r, MatrixResult) and r.name == "retrained" for r in exploration.answer.results)

    finish(story(), 120)
