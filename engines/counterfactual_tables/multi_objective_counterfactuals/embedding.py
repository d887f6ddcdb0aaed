"""Texts and pictures as vectors, by an encoder in a folder of this machine: ONNX only, nothing is fetched.

Texts: `text_model.onnx` or `model.onnx`, with `vocab.txt`. Pictures: `vision_model.onnx` or `model.onnx`, with
`preprocessor_config.json`. The networks may lie in a folder `onnx` inside. Symbols: n texts or pictures, e numbers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engines.counterfactual_tables.multi_objective_counterfactuals.wordpiece import WordPiece
from engines.model_formats import read_heading
from engines.models import PICKLES, is_pickle, pickle_refusal
from engines.predictors.opened import TYPES, session, whole
from engines.refusals import Refusal

TEXT, PICTURE = ("text_model.onnx", "model.onnx"), ("vision_model.onnx", "model.onnx")
PREPARATION = "preprocessor_config.json"
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
BATCH = 32
MOST_PIXELS = 100_000_000


def is_picture(text: str) -> bool:
    """Whether a text is the path of a picture."""
    return text.lower().endswith(PICTURES)


def text_vectors(folder: Path, texts: Sequence[str]) -> np.ndarray:
    """(n, e), each of length 1.

    Raises:
        Refusal: when the folder is none of an encoder of texts, holds a pickle, or its encoder fails.
    """
    _look_into(folder)
    words, run = WordPiece.of(folder), _session(folder, TEXT)
    ports = {port.name: port for port in run.get_inputs()}
    if "input_ids" not in ports or (strange := set(ports) - {"input_ids", "attention_mask", "token_type_ids"}):
        asked = ", ".join(sorted(strange if "input_ids" in ports else set(ports)))
        raise Refusal(f"The encoder in {folder.name} does not take the words of a text alone: it asks for {asked}.",
                      "Give one that takes input_ids, attention_mask and token_type_ids, or some of them.")
    found = []
    for start in range(0, len(texts), BATCH):
        numbers = [words.numbers(text) for text in texts[start : start + BATCH]]
        ids = np.zeros((len(numbers), max(1, *map(len, numbers))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for i, places in enumerate(numbers):
            ids[i, : len(places)], mask[i, : len(places)] = places, 1
        fed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        told = _told(run, {name: fed[name].astype(TYPES.get(port.type, np.int64)) for name, port in ports.items()},
                     folder)
        if told.ndim == 3:                                      # a vector a piece: their mean
            told = (told * mask[:, :, None]).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)[:, None]
        found.append(told)
    return _of_length_one(np.concatenate(found), texts, folder)


def picture_vectors(folder: Path, paths: Sequence[Path]) -> np.ndarray:
    """(n, e), each of length 1.

    Raises:
        Refusal: when the folder is none of an encoder of pictures, holds a pickle, its encoder fails, or a picture
            cannot be read.
    """
    _look_into(folder)
    prepared, run = _Preparation.of(folder), _session(folder, PICTURE)
    ports = run.get_inputs()
    if len(ports) != 1 or len(ports[0].shape) != 4:
        raise Refusal(f"The encoder in {folder.name} does not take pictures alone.",
                      "Give one with a single input of size pictures x 3 x height x width.")
    found = []
    for start in range(0, len(paths), BATCH):
        pixels = np.stack([prepared.pixels(path) for path in paths[start : start + BATCH]])
        told = _told(run, {ports[0].name: pixels}, folder)
        found.append(told.mean(axis=1) if told.ndim == 3 else told)
    return _of_length_one(np.concatenate(found), [path.name for path in paths], folder)


@dataclass(frozen=True, eq=False)
class _Preparation:
    """How pictures are made ready: the shorter side scaled, the middle cut out, the channels shifted and scaled."""

    scaled: int
    cut: int
    mean: np.ndarray
    deviation: np.ndarray

    @staticmethod
    def of(folder: Path) -> _Preparation:
        path = folder / PREPARATION
        if not path.is_file():
            raise Refusal(f"{folder.name} has no {PREPARATION}: how its encoder takes pictures is not known.",
                          "Put it there, with size, image_mean and image_std.", about=(folder.name,))
        try:
            said = json.loads(path.read_text("utf-8"))
            scaled = _side(said["size"])
            found = _Preparation(scaled, _side(said.get("crop_size", scaled)), *(
                np.array(said[name], dtype=np.float32).reshape(3) for name in ("image_mean", "image_std")))
            if not (0 < found.cut <= found.scaled <= 4096 and (found.deviation > 0).all()):
                raise ValueError("its sizes or its image_std make no sense")
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Refusal(f"{PREPARATION} of {folder.name} cannot be used.",
                          f"It must say size, image_mean and image_std ({str(error)[:200]}).") from error
        return found

    def pixels(self, path: Path) -> np.ndarray:
        """(3, cut, cut) float32."""
        from PIL import Image

        try:
            with Image.open(path) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise ValueError("it has too many pixels")
                coloured = picture.convert("RGB")
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise Refusal(f"The picture {path.name} cannot be read.", f"{str(error)[:200]}.",
                          about=(path.name,)) from error
        shorter = min(coloured.size)
        size = [max(self.scaled, round(side * self.scaled / shorter)) for side in coloured.size]
        scaled = coloured.resize((size[0], size[1]), Image.Resampling.BICUBIC)
        left, top = ((side - self.cut) // 2 for side in size)
        values = np.asarray(scaled.crop((left, top, left + self.cut, top + self.cut)), dtype=np.float32) / 255.0
        return ((values - self.mean) / self.deviation).transpose(2, 0, 1)


def _side(said: Any) -> int:
    """A number of px from "224", {"shortest_edge": 224} or {"height": 224, "width": 224}."""
    return int(said.get("shortest_edge") or said["height"]) if isinstance(said, dict) else int(said)


def _look_into(folder: Path) -> None:
    """Refuse what is no folder, and one that holds a pickle."""
    if not folder.is_dir():
        raise Refusal(f"There is no folder {folder}.", "Give a folder of this machine that holds an encoder.",
                      about=("embedding",))
    for path in sorted((*folder.glob("*"), *folder.glob("*/*"))):
        named = path.suffix.lower() in PICKLES - {".bin"}
        if path.is_file() and (named or (path.suffix.lower() == ".bin" and is_pickle(path))):
            raise pickle_refusal(path.name)


def _session(folder: Path, names: Sequence[str]) -> Any:
    places = [folder / inside / name for name in names for inside in ("", "onnx")]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise Refusal(f"{folder.name} holds no {' and no '.join(names)}.",
                      "The encoder must be there as ONNX, in the folder or in a folder “onnx” inside.",
                      about=(folder.name,))
    return session(whole(read_heading(path)), path.name)


def _told(run: Any, fed: dict[str, np.ndarray], folder: Path) -> np.ndarray:
    """The first output, (n, e) or (n, pieces, e)."""
    try:
        told = np.asarray(run.run([run.get_outputs()[0].name], fed)[0], dtype=np.float64)
    except Exception as error:          # onnxruntime raises classes of its own, which have no common base
        cause = str(error).partition("\n")[0][:300]
        raise Refusal(f"The encoder in {folder.name} fails.", cause, about=(folder.name,)) from error
    if told.ndim not in (2, 3) or len(told) != len(next(iter(fed.values()))):
        raise Refusal(f"The encoder in {folder.name} gives {' x '.join(map(str, told.shape))} numbers.",
                      "Its first output must be one vector for each text or picture, or one for each of their parts.")
    return told


def _of_length_one(vectors: np.ndarray, names: Sequence[str], folder: Path) -> np.ndarray:
    length = np.linalg.norm(vectors, axis=1)
    if not (np.isfinite(length) & (length > 0)).all():
        at = int(np.argmin(np.isfinite(length) & (length > 0)))
        raise Refusal(f"The encoder in {folder.name} gives no direction for “{names[at]}”.", "Give another encoder.")
    found: np.ndarray = vectors / length[:, None]
    return found
