"""Every view of every panel as PNG, SVG and PDF: drawn, not photographed, with its words and its recipe."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtGui import QImage

from engines.questions import Question
from studio.cli import main
from studio.exploration.exploration import Wish
from studio.recipes.files import recipe_in
from widgets.export import PNG_SCALE

SVG = "{http://www.w3.org/2000/svg}"


def words(path: Path) -> str:
    return " ".join("".join(text.itertext()) for text in ET.fromstring(path.read_bytes()).iter(f"{SVG}text"))


def check(window, view, folder: Path, name: str, *, says: list[str], images: int | None = 0) -> None:
    """Write a view in all formats and read each file again."""
    width, height = view.figure_size()
    for suffix in ("png", "svg", "pdf"):
        path = folder / f"{name}.{suffix}"
        window.export_view(view, path)
        recipe = recipe_in(path)
        assert recipe is not None, path.name
        assert recipe.data is not None
        match suffix:
            case "png":
                image = QImage(str(path))
                assert image.width() >= width * PNG_SCALE
                assert image.height() >= height * PNG_SCALE
                seen = {image.pixel(x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)}
                assert len(seen) > 1, "not blank"
            case "svg":
                root = ET.fromstring(path.read_bytes())
                assert float(root.get("viewBox").split()[2]) >= width
                said = words(path)
                assert [word for word in says if word not in said] == [], name
                fonts = {text.get("font-family") for text in root.iter(f"{SVG}text")}
                assert fonts == {"Inter, Helvetica, Arial, sans-serif"}
                pictures = list(root.iter(f"{SVG}image"))
                assert images is None or len(pictures) == images, f"{name}: {len(pictures)} pictures in it"
            case "pdf":
                data = path.read_bytes()
                assert b"/FontFile" in data
                assert len(re.findall(rb"/Type\s*/Page\b[^s]", data)) == 1


@pytest.fixture
def table(tmp_path: Path) -> Path:
    generator = np.random.default_rng(0)
    a = generator.normal(size=200)
    path = tmp_path / "chain.csv"
    rows = np.column_stack([a, 2 * a + generator.normal(size=200), generator.normal(size=200)])
    np.savetxt(path, rows, delimiter=",", header="dose,effect,spare", comments="", fmt="%.6f")
    return path


def test_views_of_a_table_its_graph_and_its_results(analyst, table, tmp_path, finish):
    async def story() -> None:
        desk, window = analyst.desk, analyst.window
        rooms, out = window.rooms, tmp_path / "out"
        (out / "data").mkdir(parents=True)
        await analyst.read([table])
        check(window, rooms.data.table, out, "table", says=["dose", "effect", "spare"])
        check(window, rooms.data.columns, out, "columns", says=["dose", "column", "distribution", "missing"])
        check(window, rooms.data.pairs, out, "pairs", says=["dose", "effect", "spare"])
        desk.choose_question(Question.CAUSES)
        desk.workspace.change_settings("colide", {"bootstraps": 0})
        desk.train()
        await analyst.trained(1)
        desk.exploration.apply(Wish(12, {"dose": 1.5}))
        await analyst.answered()
        check(window, rooms.graph.canvas, out, "graph", says=["dose", "effect"], images=None)
        check(window, rooms.curves.plot, out, "curves", says=["run 1"])
        check(window, rooms.counterfactual.figure(), out, "row", says=["dose", "Factual", "Counterfactual"])
        rooms.exports.write(rooms.counterfactual.figure(), out / "again.sh")
        script = (out / "again.sh").read_text()
        assert "$OTHERWISE query again_run/model" in script
        assert "--do dose=1.5" in script
        assert (out / "again_files" / "graph.json").is_file()
        assert window.said.sentence() == "Exported to again.sh."
        window.show_panel("Results")
        info = desk.runs.run(1)
        for name, result in info.results.items():
            rooms.results.choose(name)
            check(window, rooms.results.view(), out, f"result_{name}", says=[], images=None)
            recipe = recipe_in(out / f"result_{name}.png")
            assert (recipe.view, recipe.result, recipe.run) == ("Results", name, 1)
            suffix = {"graph": "json", "text": "txt"}.get(result.kind, "csv")
            rooms.exports.write(rooms.results.view(), out / "data" / f"{name}.{suffix}")

        told = [f"--set={name}={value}" for name, value in info.request.parameters.items()]
        threads = str(info.request.threads)
        assert main(["run", "colide", str(table), *told, "--threads", threads, "--out", str(tmp_path / "run")]) == 0
        for path in (out / "data").iterdir():
            headless = tmp_path / "run" / "results" / path.name
            assert headless.read_bytes() == path.read_bytes(), f"{path.name}: the command writes the same bytes"

    finish(story(), 120)


def test_views_of_pictures(analyst, tmp_path, finish):
    async def story() -> None:
        desk, window = analyst.desk, analyst.window
        rooms = window.rooms
        await analyst.open_sample("morpho_digits")
        await analyst.until(lambda: desk.exploration.subject is not None, desk.exploration.subject_changed)
        await analyst.answered()
        window.show_panel("Data")
        check(window, rooms.data.images, tmp_path, "pictures", says=["0"], images=None)
        root = ET.fromstring((tmp_path / "pictures.svg").read_bytes())
        assert len(list(root.iter(f"{SVG}image"))) >= 20
        window.show_panel("Counterfactual")
        check(
            window, rooms.counterfactual.figure(), tmp_path, "triptych",
            says=["Factual", "Counterfactual", "Difference"], images=None,
        )
        picture = recipe_in(tmp_path / "triptych.png")
        assert picture.view == "Counterfactual"
        assert picture.result == "Side by side"
        assert picture.item == desk.exploration.wish.item

    finish(story(), 120)
