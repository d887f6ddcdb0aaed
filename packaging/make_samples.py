"""Makes the sample *Morpho digits*: its data from MNIST, and its trained model by the project's own command.

python packaging/make_samples.py data --mnist mnist.npz     # an archive with train_images and train_labels
python packaging/make_samples.py picture                    # what the card on the start page shows
python packaging/make_samples.py model                      # trains for minutes on one core
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "samples" / "morpho_digits"
TRAIN, TEST, SEED = 5400, 600, 0
PLACES = {"thickness": (0.0, 0.0), "intensity": (120.0, 96.0), "digit": (0.0, 184.0)}
COMMAND = ["run", "causal_diffae", "resources/samples/morpho_digits/morpho_digits.npz", "--graph",
           "resources/samples/morpho_digits/graph.json", "--preset", "thorough", "--seed", str(SEED), "--threads", "1"]


def make_data(mnist: Path) -> None:
    """Draw thickness and intensity for skeletons of MNIST digits; write pictures, factors, skeletons and graph."""
    from engines.graph.graph import Graph
    from engines.simulators.morpho import LEGIBLE, MorphoDigits, skeletons_of

    with np.load(mnist) as archive:
        pictures, digits = archive["train_images"], archive["train_labels"]
    chosen = np.sort(np.random.default_rng(SEED).choice(len(pictures), TRAIN + TEST, replace=False))
    sample = MorphoDigits.sample(skeletons_of(pictures[chosen]), digits[chosen].astype(np.int64), LEGIBLE, SEED)
    FOLDER.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        FOLDER / "morpho_digits.npz",
        pixels=sample.images(),
        thickness=np.round(sample.thickness, 3),
        intensity=np.round(sample.intensity, 1),
        digit=sample.digit.astype(str),
        split=np.repeat(["train", "test"], [TRAIN, TEST]),
        units=np.array(json.dumps({"thickness": "px", "intensity": "of 255"})),
    )
    np.savez_compressed(
        FOLDER / "skeletons.npz", skeletons=np.packbits(sample.skeletons), side=np.array(sample.skeletons.shape[1]),
        digit=sample.digit.astype(np.uint8), thickness=sample.thickness, noise=sample.noise,
    )
    graph = Graph.of(("thickness", "intensity", "digit"), (("thickness", "intensity"),)).placed(PLACES)
    write_json(FOLDER / "graph.json", graph.to_json())


def make_picture() -> None:
    """Six of the pictures, three a row, as the card of the sample shows them; each pixel three wide."""
    from PIL import Image

    with np.load(FOLDER / "morpho_digits.npz") as archive:
        pixels, digits, thickness = archive["pixels"], archive["digit"].astype(int), archive["thickness"]
    shown = []
    for digit, wanted in zip((5, 3, 2, 3, 4, 6), (2.2, 3.4, 3.0, 2.6, 3.8, 2.4), strict=True):
        like = np.flatnonzero(digits == digit)
        shown.append(pixels[like[np.argmin(np.abs(thickness[like] - wanted))]].reshape(28, 28))
    mosaic = np.concatenate([np.concatenate(shown[:3], axis=1), np.concatenate(shown[3:], axis=1)])
    Image.fromarray(np.kron(mosaic, np.ones((3, 3), np.uint8))).save(FOLDER / "picture.png")


def make_model() -> None:
    """Train by the project's own command, keep the model, and write down settings, seconds and figures."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        subprocess.run([sys.executable, "-m", "studio", *COMMAND, "--out", str(out)], check=True, cwd=ROOT)
        shutil.rmtree(FOLDER / "model", ignore_errors=True)
        shutil.copytree(out / "model", FOLDER / "model")
        document = json.loads((FOLDER / "model" / "model.json").read_text("utf-8"))
        document["card"]["data"]["reference"]["path"] = "morpho_digits.npz"     # not where it lay on this machine
        write_json(FOLDER / "model" / "model.json", document)
        (FOLDER / "TRAINED.md").write_text(trained(json.loads((out / "run.json").read_text("utf-8"))), "utf-8")


def trained(run: dict) -> str:
    """What is written beside the model."""
    seconds = (f"in {run['seconds']:.0f} s ({run['cpu_seconds']:.0f} CPU seconds) with {run['threads']} thread on a "
               f"machine of two cores that others used as well. Figures are of the {TEST} images of the part test, "
               "which training never saw.")
    lines = [
        "# How this model was trained", "", "Made by `python packaging/make_samples.py model`, which runs", "",
        f"    otherwise {' '.join(COMMAND)} --out DIR", "",
        seconds, "",
        "| figure | value |", "|---|---|",
        *(f"| {name} | {value:.4g} |" for name, value in run["scalars"].items()), "",
        "| setting | value |", "|---|---|",
        *(f"| {name} | {value} |" for name, value in run["parameters"].items()), "",
        "| software | version |", "|---|---|", *(f"| {name} | {value} |" for name, value in run["versions"].items()),
    ]
    return "\n".join(lines) + "\n"


def write_json(path: Path, plain: object) -> None:
    """One JSON document, indented."""
    path.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Read the command and do it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    parts.add_parser("data").add_argument("--mnist", type=Path, required=True)
    parts.add_parser("picture")
    parts.add_parser("model")
    options = parser.parse_args()
    if options.part == "data":
        make_data(options.mnist)
    elif options.part == "picture":
        make_picture()
    else:
        make_model()


if __name__ == "__main__":
    main()
