"""What an ONNX file says of itself, and how it goes with a table; hostile files are refused without being run."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from engines.abilities import Feature, Target
from engines.model_formats import Heading, fitting, read_heading
from engines.model_formats.onnx_heading import Port
from engines.refusals import Refusal

FEATURES = (Feature("area"), Feature("rooms", whole=True), Feature("place", ("centre", "edge")))
PRICE, SOLD = Target("price"), Target("sold", ("no", "yes"))


def network(nodes: list[onnx.NodeProto], constants: list[onnx.TensorProto] | None = None, **more: object) -> bytes:
    """A file with the input rows (n, 3) and the output price (n, 1)."""
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", 3])],
        [helper.make_tensor_value_info("price", TensorProto.FLOAT, [None, 1])], constants or [],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("org.strange", 1)]
    return helper.make_model(graph, opset_imports=opsets, **more).SerializeToString()


def weights() -> onnx.TensorProto:
    return numpy_helper.from_array(np.ones((3, 1), dtype=np.float32), "w")


def plain() -> bytes:
    return network([helper.make_node("MatMul", ["rows", "w"], ["price"])], [weights()])


def outside(location: str) -> bytes:
    tensor = weights()
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    return network([helper.make_node("MatMul", ["rows", "w"], ["price"])], [tensor])


def hidden(depth: int, innermost: onnx.NodeProto) -> bytes:
    """An operator inside branches inside branches."""
    node = innermost
    for _ in range(depth):
        branch = helper.make_graph([node], "b", [], [helper.make_tensor_value_info("price", TensorProto.FLOAT, None)])
        node = helper.make_node("If", ["yes"], ["price"], then_branch=branch, else_branch=branch)
    return network([node])


STRANGE = helper.make_node("Shell", ["rows"], ["price"], domain="org.strange")


def test_inputs_and_outputs_are_read_and_constants_are_no_inputs(tmp_path: Path) -> None:
    model = onnx.load_from_string(plain())
    model.graph.input.append(helper.make_tensor_value_info("w", TensorProto.FLOAT, [3, 1]))
    path = tmp_path / "m.onnx"
    path.write_bytes(model.SerializeToString())
    heading = read_heading(path)
    assert heading.inputs == (Port("rows", "float", (None, 3)),)
    assert heading.outputs == (Port("price", "float", (None, 1)),)
    assert heading.beside == ()


def test_operators_that_the_file_defines_itself_are_its_own(tmp_path: Path) -> None:
    function = helper.make_function(
        "org.strange", "Shell", ["x"], ["y"], [helper.make_node("Identity", ["x"], ["y"])],
        [helper.make_opsetid("", 17)],
    )
    path = tmp_path / "m.onnx"
    path.write_bytes(network([STRANGE], functions=[function]))
    assert read_heading(path).inputs


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "no operator of ONNX": (lambda: network([STRANGE]), "needs operators that are not part of ONNX: org.strange.Shell"),
    "hidden in branches": (lambda: hidden(3, STRANGE), "not part of ONNX"),
    "branches without end": (lambda: hidden(18, STRANGE), "cannot be read as ONNX"),
    "weights above": (lambda: outside("../secret"), "takes its weights from another place"),
    "weights anywhere": (lambda: outside("/etc/passwd"), "takes its weights from another place"),
    "weights on another drive": (lambda: outside("C:\\keys"), "takes its weights from another place"),
    "weights through a link": (lambda: outside("link"), "takes its weights from another place"),
    "weights nowhere": (lambda: outside("gone.data"), "does not lie beside it"),
    "a pickle": (lambda: b"\x80\x04K\x01.", "is a pickle, which can run code"),
    "cut off": (lambda: plain()[:-30], "cannot be read as ONNX"),
    "empty": (lambda: b"", "cannot be read as ONNX"),
    "text": (lambda: b"a,b\n1,2\n", "cannot be read as ONNX"),
    "a number without end": (lambda: b"\xff" * 40, "cannot be read as ONNX"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name: str, tmp_path: Path) -> None:
    made, says = HOSTILE[name]
    (tmp_path / "secret").write_bytes(bytes(12))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    path = folder / "m.onnx"
    path.write_bytes(made())
    with pytest.raises(Refusal, match=says):
        read_heading(path)


def heading(inputs: list[Port], outputs: list[Port]) -> Heading:
    return Heading(Path("m.onnx"), tuple(inputs), tuple(outputs))


ROWS, TELLS = Port("rows", "float", (None, 3)), Port("variable", "float", (None, 1))


def test_one_input_takes_all_columns_and_one_output_is_enough() -> None:
    found = fitting(heading([ROWS], [TELLS]), FEATURES, [PRICE])
    assert found.features == FEATURES
    assert found.inputs == {}
    assert found.outputs == {"price": "variable"}


def test_inputs_of_the_columns_names_may_be_fewer_and_in_any_order() -> None:
    ports = [Port("place", "string", (None, 1)), Port("rooms", "int64", (None, 1))]
    found = fitting(heading(ports, [Port("label", "int64", (None,)), Port("p", "float", (None, 2))]), FEATURES, [SOLD])
    assert [feature.name for feature in found.features] == ["place", "rooms"]
    assert found.outputs == {"sold": "p"}


WRONG: dict[str, tuple[Heading, Target, str]] = {
    "width": (heading([Port("rows", "float", (None, 5))], [TELLS]), PRICE,
              "takes 5 columns; 3 have the role factor. They go in as they stand: area, rooms, place"),
    "no table": (heading([Port("picture", "float", (None, 3, 28, 28))], [TELLS]), PRICE,
                 r"does not take one table of numbers. It takes picture float \(n, 3, 28, 28\)"),
    "names": (heading([Port("area", "float", (None, 1)), Port("garden", "float", (None, 1))], [TELLS]), PRICE,
              "reads garden, which is no column with the role factor. The factors are area, rooms, place"),
    "text": (heading([Port("area", "string", (None, 1))], [TELLS]), PRICE,
             "takes area as text; the column holds numbers"),
    "fractions": (heading([Port("area", "int64", (None, 1))], [TELLS]), PRICE,
                  "takes area as whole numbers; the column holds fractions"),
    "classes": (heading([ROWS], [Port("p", "float", (None, 4))]), SOLD,
                "tells 4 classes; sold has 2 levels. They are no, yes"),
    "maps": (heading([ROWS], [Port("output_label", "int64", (None,)), Port("output_probability", "sequence")]), SOLD,
             "tells sold as a list of maps.*zipmap"),
    "two numbers": (heading([ROWS], [TELLS, Port("other", "float", (None, 1))]), PRICE,
                    "has no output that tells price. Its outputs are variable, other"),
    "several": (heading([Port("garden", "float", (None, 1)), Port("pool", "float", (None, 1))], []), PRICE,
                "does not fit these columns in 3 ways. It reads garden.*; it reads pool.*; it has no output"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_said_column_by_column(name: str) -> None:
    head, target, says = WRONG[name]
    with pytest.raises(Refusal) as refused:
        fitting(head, FEATURES, [target])
    assert re.search(says, str(refused.value)), refused.value
