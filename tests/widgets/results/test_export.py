"""Exports, read again: size, words, shapes, colours and the recipe of each file."""

import json
import os
import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from engines.data.kinds import category_column, number_column, table_of
from engines.refusals import Refusal
from engines.results import ParallelResult
from widgets.curves import CurvePlot, CurveRun
from widgets.export import PNG_SCALE, figure_bytes, figure_of, figure_of_result, paper_theme, recipe_of, save
from widgets.pictures import Measured, Triptych
from widgets.theme import Theme, appearance

_spec = spec_from_file_location("result_samples", Path(__file__).with_name("samples.py"))
_samples = module_from_spec(_spec)
_spec.loader.exec_module(_samples)
RESULTS = _samples.results()

SENTENCE = "What would row 812 have been if dose = 20 mg?"
RECIPE = {"model": "run 14", "do": {"dose": 20.0}, "seed": 7, "note": "<&> ü"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=sorted(RESULTS))
def figure(request, dressed):
    appearance().set_scheme("dark")
    return figure_of_result(RESULTS[request.param], SENTENCE, RECIPE)


def words_of_svg(data: bytes) -> str:
    return " ".join("".join(text.itertext()) for text in ET.fromstring(data).iter(f"{SVG}text"))


def test_a_png_has_its_size_a_white_ground_and_its_words(tmp_path, figure):
    path = tmp_path / "figure.png"
    save(figure, path)
    image = QImage(str(path))
    assert image.width() >= figure.width * PNG_SCALE
    assert image.height() >= (figure.height + 18) * PNG_SCALE
    assert image.pixelColor(1, 1) == Theme.of("light").paper
    assert image.text("Description") == SENTENCE
    assert json.loads(image.text("recipe")) == recipe_of(path) == RECIPE
    dark = Theme.of("dark").bg1
    assert image.pixelColor(image.width() - 2, image.height() - 2) != dark
    assert round(image.dotsPerMeterX() * 0.0254) == 96 * PNG_SCALE


def test_an_svg_is_drawn_in_lines_and_words(tmp_path, figure):
    path = tmp_path / "figure.svg"
    save(figure, path)
    root = ET.fromstring(path.read_bytes())
    assert float(root.get("viewBox").split()[2]) >= figure.width
    assert " ".join(words_of_svg(path.read_bytes()).split()).endswith(SENTENCE)
    assert recipe_of(path) == RECIPE
    kinds = ("path", "polyline", "rect", "image", "polygon", "text")
    assert sum(len(list(root.iter(f"{SVG}{kind}"))) for kind in kinds) >= 3
    families = {text.get("font-family") for text in root.iter(f"{SVG}text")}
    assert families == {"Inter, Helvetica, Arial, sans-serif"}
    lengths = [float(text.get("textLength")) for text in root.iter(f"{SVG}text") if "".join(text.itertext()).strip()]
    assert lengths
    assert max(lengths) <= figure.width + 1, "nothing runs over the edge in another font"


def test_a_pdf_holds_fonts_one_page_and_the_recipe(tmp_path, figure):
    path = tmp_path / "figure.pdf"
    save(figure, path)
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b[^s]", data)) == 1
    width = float(re.search(rb"/MediaBox \[0 0 ([\d.]+)", data).group(1))
    assert width == pytest.approx((figure.width + 24) * 0.75, abs=1.5)
    assert b"/FontFile" in data
    assert b"Inter" in data
    assert recipe_of(path) == RECIPE


def test_a_figure_of_85_mm_is_321_px_wide(dressed):
    figure = figure_of_result(RESULTS["histogram"])
    assert figure.width * 25.4 / 96 == pytest.approx(85, abs=0.5)


def test_words_of_the_result_are_in_the_drawing(dressed):
    expected = {
        "curve": ["angle, rad", "time, s", "factual", "counterfactual"], "table": ["dose, mg", "glad"],
        "images": ["picture 5"], "matrix": ["a", "d"], "scatter": ["first group", "measured"],
        "histogram": ["residual"], "bars": ["thickness", "R²"], "parallel": ["count", "tone"],
        "text": ["label: positive"],
    }
    for kind, wanted in expected.items():
        words = words_of_svg(figure_bytes(figure_of_result(RESULTS[kind]), "svg"))
        assert all(word in words for word in wanted), (kind, words)


def test_names_of_many_axes_are_slanted_and_whole(dressed):
    names = [f"a column with number {j}" for j in range(15)]
    table = table_of("t", [*(number_column(name, np.arange(3.0)) for name in names),
                           category_column("which", ["front", "chosen", "row"])])
    result = ParallelResult("p", "P", table, "which", ("plain", "counterfactual", "factual"))
    words = words_of_svg(figure_bytes(figure_of_result(result), "svg"))
    for word in (*names, "front", "chosen", "row"):
        assert word in words
    assert "which" not in words, "the colours say it"


def test_each_picture_is_there_with_its_caption(dressed):
    data = figure_bytes(figure_of_result(RESULTS["images"]), "svg")
    assert len(list(ET.fromstring(data).iter(f"{SVG}image"))) == 6
    assert len(re.findall(r"picture \d", words_of_svg(data))) == 6


def test_the_triptych_is_exported_with_captions_and_three_pictures(tmp_path, qtbot, dressed):
    appearance().set_scheme("dark")
    triptych = Triptych()
    qtbot.addWidget(triptych)
    triptych.resize(888, 400)
    triptych.set_factual(np.zeros((28, 28, 1), np.uint8))
    triptych.set_counterfactual(np.full((28, 28, 1), 255, np.uint8))
    triptych.counterfactual.set_measured(Measured("measured 3.34 px", "ok"))
    data = figure_bytes(figure_of(triptych, SENTENCE, RECIPE), "svg")
    words = words_of_svg(data)
    for word in ("Factual", "Counterfactual", "Difference", "measured 3.34 px", "brighter +255"):
        assert word in words
    assert len(list(ET.fromstring(data).iter(f"{SVG}image"))) == 4, "three pictures and the colour bar"
    triptych.show_difference(False)
    hidden = figure_bytes(figure_of(triptych, SENTENCE, RECIPE), "svg")
    assert "Difference" not in words_of_svg(hidden)
    assert len(list(ET.fromstring(hidden).iter(f"{SVG}image"))) == 2


def test_curves_are_exported_without_hidden_runs(qtbot, dressed):
    plot = CurvePlot()
    qtbot.addWidget(plot)
    for key, series in (("run 14", 0), ("run 15", 2)):
        plot.set_run(CurveRun(key, key, series))
        plot.append(key, "loss", np.arange(50), np.exp(-np.arange(50) / 9.0))
    words = words_of_svg(figure_bytes(figure_of(plot), "svg"))
    assert "run 14" in words
    assert "run 15" in words
    plot.set_run(CurveRun("run 15", "run 15", 2, shown=False))
    svg = figure_bytes(figure_of(plot), "svg")
    assert "run 15" not in words_of_svg(svg)
    assert Theme.of("light").series(0).colour.name() in svg.decode()
    assert Theme.of("light").series(2).colour.name() not in svg.decode()


def test_figures_are_light_whatever_the_screen(dressed):
    images = []
    for scheme in ("light", "dark"):
        appearance().set_scheme(scheme)
        images.append(figure_bytes(figure_of_result(RESULTS["curve"], SENTENCE), "png"))
    assert images[0] == images[1]
    assert paper_theme().bg1 == QColor("white")


def test_text_scale_does_not_reach_figures(dressed):
    before = figure_bytes(figure_of_result(RESULTS["bars"], SENTENCE), "png")
    appearance().set_text_scale(150)
    assert figure_bytes(figure_of_result(RESULTS["bars"], SENTENCE), "png") == before


def test_an_unknown_suffix_is_refused(tmp_path, dressed):
    with pytest.raises(Refusal, match="Figures cannot be written as bmp"):
        save(figure_of_result(RESULTS["bars"]), tmp_path / "figure.bmp")
    assert list(tmp_path.iterdir()) == []


def test_saving_replaces_the_old_file_whole(tmp_path, dressed):
    path = tmp_path / "figure.png"
    path.write_bytes(b"old")
    save(figure_of_result(RESULTS["bars"]), path)
    assert not QImage(str(path)).isNull()
    assert [file.name for file in tmp_path.iterdir()] == ["figure.png"]


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "txt"])
@pytest.mark.parametrize(
    "content", [b"", b"nothing", b"%PDF-1.4 stream\nx", b'<recipe xmlns="urn:otherwise:recipe">[1]</recipe>']
)
def test_files_of_others_carry_no_recipe(tmp_path, qapp, suffix, content):
    path = tmp_path / f"other.{suffix}"
    path.write_bytes(content)
    assert recipe_of(path) is None


def test_a_qguiapplication_is_enough(tmp_path):
    script = f"""
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
spec = spec_from_file_location("samples", {str(Path(__file__).with_name("samples.py"))!r})
samples = module_from_spec(spec)
spec.loader.exec_module(samples)
from widgets.export import FORMATS, figure_of_result, save
for kind, result in samples.results().items():
    for format in FORMATS:
        save(figure_of_result(result, "Why?", {{"seed": 7}}), Path({str(tmp_path)!r}) / f"{{kind}}.{{format}}")
assert "torch" not in sys.modules
"""
    root = Path(__file__).parents[3]
    there = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, "-c", script], check=True, cwd=root, env=there)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 30
    assert all(recipe_of(file) == {"seed": 7} for file in files)
