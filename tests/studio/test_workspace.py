"""The workspace: undo steps with names, positions that stay, and the implied picture."""

import numpy as np
import pytest

from engines.data.kinds import Images, number_column, table_of
from engines.data.reference import DataReference
from engines.data.roles import Role
from engines.graph.graph import Graph, Mark
from studio.project.history import History
from studio.workspace import PICTURE, OpenData, Workspace, implied_picture, without_picture


@pytest.fixture
def workspace(qapp) -> Workspace:
    return Workspace(History())


@pytest.fixture
def digits() -> OpenData:
    table = table_of("digits", [number_column("thickness", [1.0, 2.0]), number_column("intensity", [3.0, 4.0])])
    return OpenData(DataReference("/digits.npz"), Images("digits", np.zeros((2, 4, 4, 1), np.uint8), table))


def test_a_role_is_an_undo_step_and_goes_into_the_reference(workspace, digits):
    workspace.add_data(digits)
    workspace.set_role("intensity", Role.LEFT_OUT)
    assert workspace.data.reference.roles == {"intensity": "left out"}
    assert workspace.data.factors == ("thickness",)
    assert workspace.history.undo_text() == "Give intensity the role left out"
    workspace.history.undo()
    assert workspace.data.factors == ("thickness", "intensity")


def test_setting_the_same_graph_is_no_step(workspace):
    graph = Graph.of("ab", [("a", "b")])
    workspace.set_graph(graph, "Add edge a → b")
    workspace.set_graph(graph, "Add edge a → b")
    assert workspace.history.count() == 1


def test_an_adopted_graph_keeps_positions_by_name(workspace):
    workspace.set_graph(Graph.of("ab").placed({"a": (8.0, 16.0)}), "Move a")
    workspace.adopt_graph(Graph.of("ac", [("a", "c")]))
    assert workspace.graph.node("a").position == (8.0, 16.0)
    assert workspace.graph.node("c").position is None


def test_the_picture_is_a_child_of_all_factors_and_is_not_kept(digits):
    graph = Graph.of(["thickness", "intensity"], [("thickness", "intensity")])
    whole = implied_picture(graph, digits)
    assert whole.parents(PICTURE) == ("thickness", "intensity")
    assert Mark.OUTCOME in whole.node(PICTURE).marks
    assert without_picture(whole, digits) == graph


def test_a_table_has_no_picture(digits):
    graph = Graph.of(["thickness"])
    table = OpenData(digits.reference, digits.data.attributes)
    assert implied_picture(graph, table) is graph
