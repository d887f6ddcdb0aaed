"""Likeness to a text or a picture as an objective, by encoders whose vectors are known; folders that are refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from engines import models
from engines.contract import Inputs, Query
from engines.counterfactual_tables.multi_objective_counterfactuals import method
from engines.counterfactual_tables.multi_objective_counterfactuals.embedding import picture_vectors, text_vectors
from engines.counterfactual_tables.multi_objective_counterfactuals.likeness import likes, told_apart
from engines.counterfactual_tables.multi_objective_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.multi_objective_counterfactuals.question import prepared
from engines.counterfactual_tables.multi_objective_counterfactuals.trial import FEATURES, explained, tried
from engines.counterfactual_tables.multi_objective_counterfactuals.wordpiece import WordPiece
from engines.refusals import Refusal
from engines.runtime.local import answered, fit

VECTORS = {
    "[PAD]": (0, 0), "[UNK]": (1, 1), "clerk": (1, 0), "nurse": (0, 1), "smith": (-1, 0), "care": (0, 3),
    "##s": (0, 0), ",": (0, 0), "for": (0, 0.5),
}
WISH = "credit >= 11; job like “Carés, for”"


def onnx_file(path: Path, nodes, inputs, output: str, constants=()) -> None:
    graph = helper.make_graph(nodes, "g", inputs, [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
                              constants)
    path.parent.mkdir(exist_ok=True)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """An encoder that looks up each piece; the mean of a text's pieces is its vector."""
    folder = tmp_path / "encoder"
    table = numpy_helper.from_array(np.array(list(VECTORS.values()), dtype=np.float32), "table")
    names = ("input_ids", "attention_mask")
    ids = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "l"]) for name in names]
    folder.mkdir()
    look_up = helper.make_node("Gather", ["table", "input_ids"], ["last"])
    onnx_file(folder / "onnx" / "model.onnx", [look_up], ids, "last", [table])
    (folder / "vocab.txt").write_text("\n".join(VECTORS) + "\n", "utf-8")
    return folder


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """An encoder whose vector is the mean colour of the middle."""
    folder = tmp_path / "eye"
    folder.mkdir()
    nodes = [helper.make_node("GlobalAveragePool", ["pixel_values"], ["mean"]),
             helper.make_node("Flatten", ["mean"], ["image_embeds"])]
    onnx_file(folder / "vision_model.onnx", nodes,
              [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["n", 3, 4, 4])], "image_embeds")
    said = {"size": {"shortest_edge": 8}, "crop_size": {"height": 4, "width": 4}, "image_mean": [0, 0, 0],
            "image_std": [1, 1, 1]}
    (folder / "preprocessor_config.json").write_text(json.dumps(said), "utf-8")
    return folder


def settings(folder: Path | str, targets: str = WISH) -> Parameters:
    return Parameters(row=1, targets=targets, generations=12, population=40, embedding=str(folder))


def test_words_become_the_longest_pieces_that_are_known(texts):
    words = WordPiece.of(texts)
    names = list(VECTORS)
    assert [names[at] for at in words.numbers("Carés,FOR nurses sur")] == ["care", "##s", ",", "for", "nurse", "##s",
                                                                            "[UNK]"]


def test_vectors_are_means_of_pieces_whatever_stands_beside(texts):
    told = text_vectors(texts, ["clerk nurse", "clerk", "nurse care care smith smith"])
    assert told[0] == pytest.approx(np.array([1, 1]) / np.sqrt(2))
    assert told[1] == pytest.approx([1, 0])
    assert told[2] == pytest.approx(np.array([-2, 7]) / np.hypot(2, 7))


def test_the_wish_is_met_by_the_level_that_is_like_it(texts, tmp_path):
    model = fit(method, Inputs(tried(), model=explained()), settings(texts)).model
    assert model.wishes.likes[0].distances == pytest.approx((1.0, 0.0, 1.0)), "clerk and smith lie across"
    shutil.rmtree(texts)                                                            # needed no more
    models.save(model, tmp_path / "kept", method="multi_objective_counterfactuals")
    model = models.load(tmp_path / "kept", method)
    assert "weight of unlikeness of job" in {control.name for control in model.controls()}

    def jobs(weight: float) -> set[str]:
        values = {"weight of unlikeness of job": weight, "few changes": 3.0, "closeness": 0.0, "diversity": 0.0,
                  "count": 5}
        row = next(i for i in range(60) if tried()["job"].label(i) == "clerk")
        answer = answered(model, Query(tried().rows([row]), values=values))
        table = next(one for one in answer.results if one.name == "counterfactuals").table
        unlike = {"clerk": 1.0, "nurse": 0.0, "smith": 1.0}
        found = [table["job"].label(i) for i in range(len(table))]
        assert table["unlikeness of job"].values == pytest.approx([unlike[job] for job in found])
        assert (table["credit, predicted"].values >= 11).all()
        return set(found)

    assert jobs(10.0) == {"nurse"}
    assert "clerk" in jobs(0.0)


def test_pictures_are_compared_with_a_picture(pictures, tmp_path):
    for name, colour in (("rose.png", (250, 20, 20)), ("grass.png", (10, 200, 10)), ("wish.png", (120, 0, 0))):
        Image.new("RGB", (20, 12), colour).save(tmp_path / name)
    told = picture_vectors(pictures, [tmp_path / "rose.png"])
    assert told[0] == pytest.approx(np.array([250, 20, 20]) / np.linalg.norm([250, 20, 20]), abs=1e-5)
    column = type(FEATURES[2])("photo", ("rose.png", "grass.png"))
    _, asked = told_apart(f"credit >= 3; photo like {tmp_path / 'wish.png'}", (column,))
    (like,) = likes(asked, str(pictures), (column,))
    assert like.distances[0] < 0.01 < 0.9 < like.distances[1]
    with pytest.raises(Refusal, match=r"The picture nothing\.png cannot be read"):
        likes((("photo", str(tmp_path / "nothing.png")),), str(pictures), (column,))


def _pickled(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04]\x94K\x01a.")


def _asking_more(folder: Path) -> None:
    port = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["n", 3])
    onnx_file(folder / "onnx" / "model.onnx", [helper.make_node("Identity", ["pixel_values"], ["a"])], [port], "a")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_pickled, "pytorch_model.bin is a pickle, which can run code"),
        (lambda folder: (folder / "vocab.txt").unlink(), "encoder has no vocab.txt"),
        (lambda folder: (folder / "vocab.txt").write_text("a\nb\n"), r"vocab.txt of encoder has no \[UNK\]"),
        (lambda folder: (folder / "onnx" / "model.onnx").unlink(), "holds no text_model.onnx and no model.onnx"),
        (lambda folder: (folder / "onnx" / "model.onnx").write_bytes(b"nothing"), "model.onnx cannot be read as ONNX"),
        (_asking_more, "does not take the words of a text alone: it asks for pixel_values"),
        (shutil.rmtree, "There is no folder"),
    ],
)
def test_a_folder_that_is_no_encoder_is_refused_before_the_search(texts, spoil, sentence):
    spoil(texts)
    with pytest.raises(Refusal, match=sentence):
        method.refuse(Inputs(tried(), model=explained()), settings(texts))


@pytest.mark.parametrize(
    ("targets", "folder", "sentence"),
    [
        (WISH, "", "job is to be like something, and no encoder is given"),
        ("credit >= 11; age like old", "x", "age is a number, which is like no text"),
        ("credit >= 11; job like a; job like b", "x", "job is to be like two things"),
        ("job like a", "x", "nothing is to be reached"),
    ],
)
def test_wishes_that_make_no_sense_are_refused(targets, folder, sentence):
    with pytest.raises(Refusal, match=sentence):
        prepared(Inputs(tried(), model=explained()), settings(folder, targets))
