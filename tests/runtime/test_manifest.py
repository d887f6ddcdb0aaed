"""Announcements travel as data: the kept manifest is fresh, other packages are described apart, failures are named."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engines import catalogue, manifest
from engines.contract import Accepts
from tests.installing import install

TESTS = Path(__file__).parent.parent


def package(tmp_path: Path, name: str, code: str) -> Path:
    project = tmp_path / name
    (project / name).mkdir(parents=True)
    (project / "pyproject.toml").write_text(
        f'[project]\nname = "{name}"\nversion = "1"\n[project.entry-points."otherwise.methods"]\n{name} = "{name}"\n',
        encoding="utf-8",
    )
    (project / name / "__init__.py").write_text(code, encoding="utf-8")
    return project


def test_the_kept_manifest_is_fresh() -> None:
    assert manifest.as_text(manifest.read()) == manifest.as_text(json.loads(json.dumps(manifest.built_in()))), (
        "run `python -m engines.manifest`"
    )


def test_a_stale_manifest_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    assert manifest.main(["--check", "--out", str(path)]) == 1
    assert manifest.main(["--out", str(path)]) == 0
    assert manifest.main(["--check", "--out", str(path)]) == 0
    path.write_text(path.read_text(encoding="utf-8").replace('"format"', '"Format"', 1), encoding="utf-8")
    assert manifest.main(["--check", "--out", str(path)]) == 1


def test_what_is_accepted_comes_back_from_the_manifest() -> None:
    for described in manifest.read()["methods"]:
        method = catalogue.load(described["id"])
        assert Accepts.from_json(described["accepts"]) == method.accepts
        for name, preset in described["presets"].items():
            assert method.parameters(**preset) == method.presets[name]


def test_reading_the_manifest_imports_no_method_and_no_torch() -> None:
    code = (
        "import sys; from engines import manifest; manifest.read();"
        "families = ('torch', 'engines.discovery', 'engines.counterfactual_images');"
        "bad = [m for m in sys.modules if m.startswith(families)];"
        "sys.exit(str(bad) if bad else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_another_package_is_described_once_and_again_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    shutil.copytree(TESTS / "third_party_method", project)
    install(project, tmp_path / "site", monkeypatch)
    for module in ("rank_transport_method", "rank_transport_method.rank_transport"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    cache = tmp_path / "cache"
    assert manifest.third_party(cache, describe_new=False) == ([], [])
    methods, failures = manifest.third_party(cache)
    assert ([described["id"] for described in methods], failures) == (["rank_transport"], [])
    assert "rank_transport_method" not in sys.modules
    again, _ = manifest.third_party(cache, describe_new=False)
    assert again == methods
    module = project / "rank_transport_method" / "rank_transport.py"
    module.write_text(module.read_text(encoding="utf-8").replace("Rank transport", "Rank move"), encoding="utf-8")
    assert manifest.third_party(cache, describe_new=False) == ([], [])
    ((changed,), _) = manifest.third_party(cache)
    assert changed["title"] == "Rank move"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise RuntimeError('needs a licence')", "needs a licence"),
        ("import no_such_module", "no_such_module"),
        ("import os; os._exit(3)", "exit code 3"),
        ("import threading; threading.Event().wait()", "Update the package"),
    ],
)
def test_a_package_that_fails_is_named_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, words: str
) -> None:
    install(package(tmp_path, "broken_methods", code), tmp_path / "broken", monkeypatch)
    install(TESTS / "third_party_method", tmp_path / "site", monkeypatch)
    seconds = 3.0 if "wait" in code else 60.0
    methods, failures = manifest.third_party(tmp_path / "cache", seconds=seconds)
    (failure,) = [failure for failure in failures if failure.package == "broken_methods"]
    assert words in failure.cause
    if seconds > 3:
        assert [described["id"] for described in methods] == ["rank_transport"]
    assert manifest.third_party(tmp_path / "cache", describe_new=False)[1] == failures
