"""A script repeats the work: what it trains and answers is the same, bit for bit."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engines.data.reading import read, refer
from engines.graph import formats
from engines.graph.graph import Graph
from studio.exports.script import commands_of, write_script
from studio.recipes.files import recipe_in
from studio.recipes.recipes import Recipe

ROOT = Path(__file__).parents[2]


def call(script: Path) -> subprocess.CompletedProcess[str]:
    """Run a script as an analyst does, with this checkout's commands, from another folder."""
    here = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
    here["OTHERWISE"] = f"{sys.executable} -m studio"
    command = ["sh", str(script)] if script.suffix == ".sh" else [sys.executable, str(script)]
    return subprocess.run(command, cwd="/", env=here, capture_output=True, text=True, check=False)


def numbers(folder: Path) -> dict[str, bytes]:
    """Every file of data below a folder, without what tells the time or a place."""
    kept = {".csv", ".safetensors", ".graphml"}
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.suffix in kept
    }


@pytest.mark.parametrize("suffix", [pytest.param("sh", marks=pytest.mark.robustness), "py"])
def test_the_script_of_a_figure_repeats_run_and_answer(otherwise, chain, finished, tmp_path, suffix):
    """From the PNG of an answer alone: the model is trained again and asked the same."""
    ask = ["--do", "a=1.25", "--set", "threshold=0.31", "--items", "17", "--seed", "5", "--threads", "1"]
    assert otherwise("query", finished / "model", chain, *ask, "--out", tmp_path / "answer").code == 0
    figure = tmp_path / "answer" / "results" / "effects.png"
    script = tmp_path / f"again.{suffix}"
    assert otherwise("script", figure, "--out", script).code == 0
    done = call(script)
    assert done.returncode == 0, done.stderr
    again = numbers(tmp_path / "again_answer")
    assert again == numbers(tmp_path / "answer")
    assert again.keys() >= {"factors.csv", "results/rows.csv", "results/effects.csv"}
    first, second = numbers(finished), numbers(tmp_path / "again_run")
    assert second == first
    assert "model/tensors.safetensors" in second


@pytest.mark.robustness
def test_a_model_of_pictures_is_trained_again_to_the_last_bit(otherwise, tmp_path):
    """A tiny network on drawn pictures: labels in a second file, a graph, settings of every kind."""
    from engines import catalogue

    method = catalogue.load("causal_diffae")
    inputs = method.trial.inputs()
    np.savez(tmp_path / "bars.npz", images=inputs.data.pixels)
    table = inputs.data.attributes
    rows = [",".join(table.names), *(",".join(str(c.label(i)) for c in table.columns) for i in range(len(table)))]
    (tmp_path / "bars.csv").write_text("\n".join(rows) + "\n")
    formats.write(inputs.graph, tmp_path / "graph.json")
    settings = method.trial.parameters.model_dump(mode="json")
    plain = [part for name, value in settings.items() for part in ("--set", f"{name}={value}")]
    out = tmp_path / "first"
    ran = otherwise(
        "run", "causal_diffae", tmp_path / "bars.npz", "--input", f"labels={tmp_path / 'bars.csv'}", "--graph",
        tmp_path / "graph.json", *plain, "--seed", "3", "--threads", "1", "--out", out,
    )
    assert ran.code == 0, ran.err
    script = tmp_path / "again.sh"
    assert otherwise("script", out / "model", "--out", script).code == 0
    assert (tmp_path / "again_files" / "graph.json").is_file()
    done = call(script)
    assert done.returncode == 0, done.stderr
    one, two = (path / "model" / "tensors.safetensors" for path in (out, tmp_path / "again_run"))
    assert one.read_bytes() == two.read_bytes()
    assert (out / "scalars.csv").read_bytes() == (tmp_path / "again_run" / "scalars.csv").read_bytes()


def test_the_known_graph_goes_with_the_script_and_the_figures_against_it_are_the_same(otherwise, chain, tmp_path):
    known = Graph.of("abc", [("a", "b"), ("b", "c")])
    formats.write(known, tmp_path / "known.json")
    ran = otherwise(
        "run", "colide", chain, "--input", f"truth={tmp_path / 'known.json'}", "--set", "bootstraps=0",
        "--threads", "1", "--out", tmp_path / "first",
    )
    assert ran.code == 0, ran.err
    recipe = recipe_in(tmp_path / "first" / "model")
    assert recipe is not None
    recipe = Recipe.from_json(replace(recipe, truth=known).to_json(), "figure.png")
    script = tmp_path / "again.sh"
    write_script(recipe, script)
    assert formats.read(tmp_path / "again_files" / "truth.json") == known
    done = call(script)
    assert done.returncode == 0, done.stderr
    assert numbers(tmp_path / "again_run") == numbers(tmp_path / "first")


def test_data_that_have_changed_stop_the_script(otherwise, chain, finished, tmp_path):
    moved = tmp_path / "chain.csv"
    moved.write_bytes(chain.read_bytes())
    recipe = recipe_in(finished / "model")
    assert recipe is not None
    assert recipe.data is not None
    script = tmp_path / "again.sh"
    write_script(Recipe(method="colide", data=refer(moved)), script)
    moved.write_text(moved.read_text() + "0,0,0\n")
    done = call(script)
    assert done.returncode == 2
    assert "has changed since it was chosen" in done.stderr
    assert not (tmp_path / "again_run" / "model").exists()


def test_everything_that_a_reference_says_is_in_the_command(otherwise, tmp_path):
    """Names with commas, types, steps, a split: the command reads the very values that the reference reads."""
    generator = np.random.default_rng(1)
    path = tmp_path / "odd names.csv"
    rows = [f"{a:.4f},{b:.4f},{c}" for a, b, c in zip(*generator.uniform(1, 9, (2, 60)), range(60), strict=True)]
    path.write_text('"a, first","b ""quoted""",c\n' + "\n".join(rows) + "\n")
    from dataclasses import replace

    reference = replace(
        refer(path), roles={"c": "left out", "a, first": "covariate"}, types={"c": "category"},
        steps=({"step": "logarithm", "columns": ["a, first"]},), split={"train": 0.5, "test": 0.5, "seed": 4},
        part="train",
    )
    (command,) = commands_of(Recipe(method="colide", data=reference), "x", {})
    import argparse

    from studio.commands import run

    parser = argparse.ArgumentParser()
    run.add(parser.add_subparsers())
    request, data = run.request_of(parser.parse_args(command))
    assert request.data == reference
    ours = read(reference)
    assert data.attributes.names == ours.attributes.names
    np.testing.assert_array_equal(data.row_ids, ours.row_ids)


def test_what_carries_no_recipe_and_what_is_there_already_is_refused(otherwise, finished, tmp_path):
    (tmp_path / "plain.png").write_bytes(b"\x89PNG")
    assert "carries no recipe" in otherwise("script", tmp_path / "plain.png", "--out", tmp_path / "x.sh").err
    (tmp_path / "x.sh").write_text("mine")
    assert otherwise("script", finished / "model", "--out", tmp_path / "x.sh").code == 2
    assert (tmp_path / "x.sh").read_text() == "mine"
    assert "Scripts end in" in otherwise("script", finished / "model", "--out", tmp_path / "x.bat").err
    (tmp_path / "P.otherwise").mkdir()
    assert "Say which run" in otherwise("script", tmp_path / "P.otherwise", "--out", tmp_path / "y.sh").err
    ended = otherwise("script", tmp_path / "P.otherwise", "--run", 4, "--out", tmp_path / "y.sh")
    assert "Run 4 left no model." in ended.err
