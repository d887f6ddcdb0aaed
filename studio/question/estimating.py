"""From an effect that the graph identifies to the method that estimates it on the loaded table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engines.data.roles import Role
from engines.graph.graph import Graph, Mark
from engines.questions import Question
from engines.refusals import Refusal

if TYPE_CHECKING:
    from studio.desk import Desk


class Estimating(QObject):
    """Gives the marked nodes their roles and chooses a method that takes treatment, outcome and graph."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk

    def estimate(self) -> None:
        """Choose what estimates the effect of the marked exposure on the marked outcome; roles are undo steps.

        Raises:
            Refusal: without data, without both marks, where a marked node is no column, or where no method fits.
        """
        workspace = self._desk.workspace
        opened = workspace.data
        if opened is None:
            raise Refusal(
                self.tr("There are no data to estimate with."), self.tr("Open a table with the nodes as columns.")
            )
        exposure, outcome = (_marked(workspace.graph, mark) for mark in (Mark.EXPOSURE, Mark.OUTCOME))
        for name, what in ((exposure, self.tr("exposure")), (outcome, self.tr("outcome"))):
            if not name:
                raise Refusal(self.tr("No node is marked as {}.").format(what), self.tr("Select it and press X or Y."))
            if name not in opened.data.attributes:
                raise Refusal(
                    self.tr("The {} {} is no column of {}.").format(what, name, opened.name),
                    self.tr("Rename the node, or open the data that it stands for."), about=(name,),
                )
        wanted = {Role.TREATMENT: exposure, Role.OUTCOME: outcome}
        for role, name in wanted.items():
            for column in opened.data.attributes.having(role):
                if column.name not in wanted.values():
                    workspace.set_role(column.name, Role.FACTOR)
            workspace.set_role(name, role)
        workspace.set_question(Question.ROW_IF)
        workspace.set_method(self._method())

    def _method(self) -> str:
        """The best method that asks for a treatment and an outcome and takes the graph."""
        workspace = self._desk.workspace
        assert workspace.data is not None
        fitting, others = self._desk.catalogue.sorted(Question.ROW_IF, workspace.data.data, workspace.graph)
        for announced in fitting:
            asked = {need.role for need in announced.accepts.columns if need.least}
            if {Role.TREATMENT, Role.OUTCOME} <= asked and announced.accepts.graph != "no":
                return announced.id
        why = "; ".join(f"{misfit.method.title}: {misfit.why}" for misfit in others)
        raise Refusal(self.tr("No method here estimates this effect on these data."), why)


def _marked(graph: Graph, mark: Mark) -> str:
    return next((node.name for node in graph.nodes if mark in node.marks), "")
