"""Every view of every panel as PNG, SVG and PDF: drawn, not photographed, with its words and its recipe."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from engines.graph.graph import Graph
from engines.questions import Question
from engines.refusals import Refusal
from studio.cli import main
from studio.exploration.exploration import Wish
from studio.exports.by_hand import data_suffix
from studio.exports.exhibit import Exhibit
from studio.intake.kinds import Incoming, kind_of, recognised
from studio.panels.counterfactual import STEPS
from studio.recipes.files import BESIDE, recipe_in
from studio.workspace import Truth
from tests.gui.figures import Drawing, read_pdf, read_svg
from widgets.export import PNG_SCALE


def check(
    window, view, folder: Path, name: str, *, says: list[str], hides: tuple[str, ...] = (), images: int | None = 0
) -> Drawing:
    """Write a view in all formats, read each file again, and say what stands in the SVG."""
    shown = view.view if isinstance(view, Exhibit) else view
    paths = {suffix: folder / f"{name}.{suffix}" for suffix in ("png", "svg", "pdf")}
    window.export_view(view, paths["png"])          # the bar that says so takes its room before sizes are compared
    width, height = shown.figure_size()
    for path in paths.values():
        window.export_view(view, path)
        recipe = recipe_in(path)
        assert recipe is not None, path.name
        assert kind_of(path) is Incoming.RECIPE, "dropped, it leads back"
        assert recognised([path]).sentence.startswith("Figure made by Otherwise")
    image = QImage(str(paths["png"]))
    drawn, printed = read_svg(paths["svg"]), read_pdf(paths["pdf"])
    assert (image.width(), image.height()) == (drawn.width * PNG_SCALE, drawn.height * PNG_SCALE)
    assert width <= drawn.width <= width + 30, "a margin at both sides"
    assert height <= drawn.height <= height + 130, "margins and caption"
    assert (printed.width, printed.height) == pytest.approx((drawn.width, drawn.height), abs=1)
    seen = {image.pixel(x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)}
    assert len(seen) > 1, "not blank"
    for drawing in (drawn, printed):
        assert [word for word in says if word not in drawing.words] == [], name
        assert [word for word in hides if word in drawing.words] == [], name
        assert images is None or drawing.pictures == images, f"{name}: {drawing.pictures} pictures in it"
    assert drawn.fonts == {"Inter, Helvetica, Arial, sans-serif"}
    assert printed.fonts <= {"Inter-Regular", "Inter-Medium", "Inter-SemiBold"}
    assert printed.fonts, "outlines of its fonts lie in the file"
    assert [text.split() for text in printed.texts] == [text.split() for text in drawn.texts]
    return drawn


def numbers(path: Path) -> tuple[list[str], list[list[str]]]:
    """Head and rows of a table that was exported; nothing else stands in it."""
    head, *rows = csv.reader(path.read_text("utf-8").splitlines())
    assert all(len(row) == len(head) for row in rows)
    return head, rows


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
        drawn = check(window, rooms.data.table, out, "table", says=["dose", "effect", "spare"])
        cells = [text for text in drawn.texts if text.lstrip("\N{MINUS SIGN}").replace(".", "").isdigit()]
        assert len(cells) >= 3 * len(rooms.data.table._in_sight().table), "every cell of the rows in sight"
        drawn = check(window, rooms.data.columns, out, "columns", says=["column", "distribution", "missing"])
        assert [drawn.texts.count(name) for name in ("dose", "effect", "spare")] == [1, 1, 1]
        check(window, rooms.data.pairs, out, "pairs", says=["dose", "effect", "spare"])
        desk.choose_question(Question.CAUSES)
        desk.workspace.change_settings("colide", {"bootstraps": 0})
        desk.train()
        await analyst.trained(1)
        desk.exploration.apply(Wish(12, {"dose": 1.5}))
        await analyst.answered()
        learned = desk.workspace.graph
        drawn = check(window, rooms.graph.canvas, out, "graph", says=[], images=None)
        assert sorted(text for text in drawn.texts if text in learned.names) == sorted(learned.names)
        rooms.graph.canvas.select(("dose",))
        check(window, rooms.graph.canvas, out, "selected", says=[], images=None)
        plain, selected = ((out / f"{name}.svg").read_bytes() for name in ("graph", "selected"))
        drawn_part = b"</metadata>"
        assert selected.partition(drawn_part)[2] == plain.partition(drawn_part)[2], "a selection is not in the figure"
        known = Graph.of(learned.names, [("dose", "effect"), ("spare", "effect")])
        desk.workspace.set_truth(Truth("known", known))
        drawn = check(window, rooms.graph.canvas, out, "compared", says=list(learned.names), images=None)
        assert drawn.shapes > read_svg(out / "graph.svg").shapes, "the edge that was not found is drawn too"
        desk.workspace.set_truth(None)
        check(window, rooms.curves.plot, out, "curves", says=["run 1"])
        rooms.curves.plot.set_cursor_step(3.0)
        before = read_svg(out / "curves.svg")
        assert check(window, rooms.curves.plot, out, "curves", says=["run 1"]) == before, "no cursor in a figure"
        check(window, rooms.counterfactual.figure(), out, "row", says=["dose", "Factual", "Counterfactual"])
        factors = out / "factors.csv"
        rooms.exports.write(rooms.counterfactual.exhibit(), factors)
        assert window.said.sentence() == "Exported to factors.csv, and what made it to factors.recipe.json."
        head, rows = numbers(factors)
        answer = desk.exploration.answer
        assert [row[0] for row in rows] == [factor.name for factor in answer.factors]
        assert [float(row[head.index("counterfactual")]) for row in rows] == [f.counterfactual for f in answer.factors]
        beside = out / "factors.recipe.json"
        assert kind_of(beside) is Incoming.RECIPE
        assert recipe_in(beside).do == {"dose": 1.5}
        assert recognised([beside]).sentence.startswith("Data made by Otherwise: what would row 12")
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
            suffix = data_suffix(result)
            rooms.exports.write(rooms.results.view(), out / "data" / f"{name}.{suffix}")

        told = [f"--set={name}={value}" for name, value in info.request.parameters.items()]
        threads = str(info.request.threads)
        assert main(["run", "colide", str(table), *told, "--threads", threads, "--out", str(tmp_path / "run")]) == 0
        rooms.exports.write_scalars(info, out / "data" / "scalars.csv")
        for path in (out / "data").iterdir():
            if path.name.endswith(BESIDE):
                assert recipe_in(path).run == 1
                continue
            headless = tmp_path / "run" / ("" if path.stem == "scalars" else "results") / path.name
            assert headless.read_bytes() == path.read_bytes(), f"{path.name}: the command writes the same bytes"

        model = str(tmp_path / "run" / "model")
        asked = ["--items", "12", "--do", "dose=1.5", "--seed", str(desk.exploration.wish.seed), "--threads", threads]
        values = [f"--set={name}={value}" for name, value in desk.exploration.wish.values.items()]
        assert main(["query", model, str(table), *asked, *values, "--out", str(tmp_path / "answer")]) == 0
        assert (tmp_path / "answer" / "factors.csv").read_bytes() == factors.read_bytes()

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
        assert read_svg(tmp_path / "pictures.svg").pictures >= 20
        window.show_panel("Counterfactual")
        check(
            window, rooms.counterfactual.figure(), tmp_path, "triptych",
            says=["Factual", "Counterfactual", "Difference"], images=None,
        )
        picture = recipe_in(tmp_path / "triptych.png")
        assert picture.view == "Counterfactual"
        assert picture.result == "Side by side"
        assert picture.item == desk.exploration.wish.item

        window.show_panel("Data")
        rooms.data._tabs._group.button(2).click()
        assert rooms.data.view() is rooms.data.match
        shown = len(rooms.data.match._in_sight())
        check(window, rooms.data.match, tmp_path, "match", says=["The labels come with the images"], images=shown)
        rooms.data._show_lists({"Labels without an image": ("seven.png", "eight.png"), "Images": ("nine.png",)})
        rooms.data.export_wished.disconnect()
        asked: list[object] = []
        rooms.data.export_wished.connect(asked.append)
        rooms.data._export_view()
        assert asked == [rooms.data.lists]
        window.export_view(rooms.data.lists, tmp_path / "lists.pdf")
        assert read_pdf(tmp_path / "lists.pdf").texts[:4] == ("Labels without an image", "2", "seven.png", "eight.png")
        assert recipe_in(tmp_path / "lists.pdf").data is None, "they speak of a file that is not open"

    finish(story(), 120)


@pytest.mark.robustness
def test_the_modes_of_the_counterfactual_as_figure_animation_and_table(analyst, tmp_path, finish):
    async def story() -> None:
        desk, window = analyst.desk, analyst.window
        panel, exploration = window.rooms.counterfactual, desk.exploration
        await analyst.open_sample("morpho_digits")
        await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
        exploration.set("thickness", 3.4)
        exploration.select("thickness")
        await analyst.answered()
        window.show_panel("Counterfactual")
        for mode in ("Traversal", "Grid"):
            panel.show_mode(mode)
            await analyst.until(lambda: bool(panel.exhibit().frames), desk.engine.answered)
            exhibit, name = panel.exhibit(), mode.lower()
            pictures = STEPS if mode == "Traversal" else len(exhibit.frames) * len(exhibit.frames[0].pictures)
            check(window, exhibit, tmp_path, name, says=["3.4"] if mode == "Traversal" else [], images=pictures)
            assert recipe_in(tmp_path / f"{name}.svg").result == mode
            window.export_to(exhibit, tmp_path / f"{name}.csv")
            head, rows = numbers(tmp_path / f"{name}.csv")
            assert tuple(head) == exhibit.header
            assert [[float(row[i]) for i in range(2, len(head))] for row in rows] == [
                [float(value) for value in row[2:]] for row in exhibit.rows
            ]
            window.export_to(exhibit, tmp_path / f"{name}.gif")
            with Image.open(tmp_path / f"{name}.gif") as gif:
                assert (gif.n_frames, gif.info["duration"], gif.info["loop"]) == (len(exhibit.frames), 400, 0)
                assert len(gif.getpalette()) // 3 <= 256
                first = np.asarray(gif.convert("RGB"))
                gif.seek(gif.n_frames - 1)
                assert (np.asarray(gif.convert("RGB")) != first).any()
        panel.show_mode("Checks")
        checks = panel._checks.picture
        await analyst.until(checks.shows_content, checks.currentChanged)
        check(window, panel.exhibit(), tmp_path, "checks", says=["Composition, nothing set", "thickness"])
        measured = panel.exhibit()
        window.export_to(measured, tmp_path / "checks.csv")
        head, rows = numbers(tmp_path / "checks.csv")
        assert len(rows) == len(measured.rows) > 0
        assert {row[head.index("check")] for row in rows} >= {"composition", "effectiveness"}

        wish = exploration.wish                         # dropped, an animation and the file beside a table lead back
        for path, mode in ((tmp_path / "grid.gif", "Grid"), (tmp_path / "checks.recipe.json", "Checks")):
            assert kind_of(path) is Incoming.RECIPE
            desk.new_project("Something else")
            window.take_paths([path])
            await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
            await analyst.answered()
            assert exploration.wish == wish
            assert panel.mode() == mode

        (tmp_path / "mine.recipe.json").write_text('{"flour": 500}')
        with pytest.raises(Refusal, match=r"mine\.recipe\.json lies there already"):
            window.export_to(measured, tmp_path / "mine.csv")
        assert not (tmp_path / "mine.csv").exists()
        assert (tmp_path / "mine.recipe.json").read_text() == '{"flour": 500}'

    finish(story(), 240)
