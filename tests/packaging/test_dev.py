"""The set-up script: what it installs, when it does not, and the sentences with which it stops."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def dev(tmp_path, monkeypatch):
    """The script as a module, working on an empty checkout of its own."""
    specification = importlib.util.spec_from_file_location("dev", ROOT / "packaging" / "dev.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    for name in ("VENV", "STAMP", "LOCK", "EXTRAS_LOCK", "OUTPUT"):
        monkeypatch.setattr(module, name, tmp_path / getattr(module, name).relative_to(ROOT))
    monkeypatch.setattr(module, "ROOT", tmp_path)
    module.LOCK.parent.mkdir()
    module.LOCK.write_text("torch==2.13.0\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return module


def answer(code: int = 0, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess([], code, text, "")


@pytest.fixture
def pip(dev, monkeypatch):
    """Records what pip was asked for; succeeds."""
    asked = []
    monkeypatch.setattr(dev, "make_venv", lambda: dev.VENV.mkdir(exist_ok=True))
    monkeypatch.setattr(dev, "announce_torch", lambda: None)
    monkeypatch.setattr(dev, "pip", lambda *arguments, **_: asked.append(arguments) or answer())
    return asked


def test_can_be_read_by_an_old_interpreter():
    ast.parse((ROOT / "packaging" / "dev.py").read_text("utf-8"), feature_version=(3, 8))


def test_installs_once_and_again_when_the_lock_changes(dev, pip):
    dev.install()
    assert [arguments[1:3] for arguments in pip] == [("-r", str(dev.LOCK)), ("--no-deps", "--no-build-isolation")]
    dev.install()
    assert len(pip) == 2
    dev.LOCK.write_text("torch==2.14.0\n")
    dev.install()
    assert len(pip) == 4


def test_a_failed_installation_is_not_stamped(dev, pip, monkeypatch):
    monkeypatch.setattr(dev, "pip", lambda *_, **__: answer(1))
    with pytest.raises(dev.Stop, match="pip could not install"):
        dev.install()
    assert not dev.STAMP.exists()


def test_takes_over_an_environment_made_by_hand(dev, pip):
    kept = dev.VENV / "made by hand"
    dev.VENV.mkdir()
    kept.touch()
    dev.install()
    assert kept.exists()
    assert dev.STAMP.exists()


@pytest.mark.parametrize(("version", "sentence"), [((3, 10), "holds Python 3.10"), (None, "has no working Python")])
def test_refuses_an_environment_it_cannot_use_and_leaves_it_alone(dev, monkeypatch, version, sentence):
    kept = dev.VENV / "pyvenv.cfg"
    dev.VENV.mkdir()
    kept.touch()
    monkeypatch.setattr(dev, "version_of", lambda _: version)
    with pytest.raises(dev.Stop, match=sentence):
        dev.make_venv()
    assert kept.exists()


def test_explains_when_no_interpreter_will_do(dev, monkeypatch):
    monkeypatch.setattr(dev, "version_of", lambda _: (3, 10))
    with pytest.raises(dev.Stop, match=r"Python 3\.11 to 3\.13 with venv is needed"):
        dev.find_python()


def test_prefers_the_interpreter_the_lock_was_resolved_on(dev, monkeypatch):
    versions = {"/b/python3.13": (3, 13), "/b/python3.11": (3, 11)}
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/b/{name}")
    monkeypatch.setattr(dev, "version_of", versions.get)
    assert dev.find_python() == "/b/python3.11"
    del versions["/b/python3.11"]
    assert dev.find_python() == "/b/python3.13"


@pytest.mark.parametrize(
    ("version", "sentence"), [("2.13.0+cpu", "a CPU build of torch is offered"), ("2.13.0", "CUDA build of several GB")]
)
def test_says_how_large_torch_will_be(dev, monkeypatch, capsys, version, sentence):
    monkeypatch.setattr(dev.platform, "system", lambda: "Linux")
    monkeypatch.setattr(dev.subprocess, "run", lambda *_, **__: answer(1))
    report = json.dumps({"install": [{"metadata": {"version": version}}]})
    monkeypatch.setattr(dev, "pip", lambda *_, **__: answer(0, report))
    dev.announce_torch()
    assert sentence in capsys.readouterr().out


def test_names_missing_libraries_with_the_line_that_installs_them(dev, monkeypatch):
    monkeypatch.setenv("CI", "false")
    monkeypatch.setattr(dev.platform, "system", lambda: "Linux")
    monkeypatch.setattr(dev.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    absent = {"libabsent-for-sure.so.7": ("libabsent7", "absent")}
    monkeypatch.setattr(dev, "DRAWING_LIBRARIES", absent)
    with pytest.raises(dev.Stop, match=r"libabsent-for-sure\.so\.7.*sudo apt-get install libabsent7"):
        dev.need_libraries(window=False)


@pytest.fixture
def called(dev, monkeypatch):
    """Records what would be run in .venv; succeeds."""
    calls = []
    monkeypatch.setattr(dev, "install", lambda: None)
    monkeypatch.setattr(dev, "need_libraries", lambda window: None)
    monkeypatch.setattr(dev, "call", lambda *command, **variables: calls.append((command, variables)) or 0)
    return calls


def test_run_without_a_display_does_the_main_job_and_says_so(dev, called, monkeypatch, capsys):
    monkeypatch.setattr(dev, "has_display", lambda: False)
    assert dev.run([]) == 0
    command = ("-m", "studio", "demo", "--out", str(dev.OUTPUT))
    assert called == [(command, {"QT_QPA_PLATFORM": "offscreen"})]
    assert "there is no display" in capsys.readouterr().out


def test_run_with_a_display_opens_the_window(dev, called, monkeypatch):
    monkeypatch.setattr(dev, "has_display", lambda: True)
    assert dev.run(["open", "a.otherwise"]) == 0
    assert called == [(("-m", "studio", "open", "a.otherwise"), {})]


def test_a_complaint_of_a_linter_fails_the_suite(dev, called, monkeypatch):
    monkeypatch.setattr(dev.sys, "argv", ["dev.py", "test"])
    assert dev.main() == 0
    assert [command[1] for command, _ in called if command[0] == "-m"] == ["ruff", "mypy", "pytest"]
    monkeypatch.setattr(dev, "lint", lambda: ["mypy"])
    assert dev.main() == 1


@pytest.mark.parametrize(
    ("words", "marks"),
    [(["--robustness"], "robustness"), (["--reproductions"], "reproductions"), (["--soak", "30"], "soak")],
)
def test_long_suites_are_chosen_by_their_marks(dev, called, monkeypatch, words, marks):
    monkeypatch.setattr(dev.sys, "argv", ["dev.py", "test", *words])
    assert dev.main() == 0
    [(command, variables)] = called
    assert command[:4] == ("-m", "pytest", "-m", marks)
    assert ("--soak-minutes" in command) == (marks == "soak")
    assert variables["QT_QPA_PLATFORM"] == "offscreen"


def pins(*names: str) -> dict[str, str]:
    lines = [line for name in names for line in (ROOT / "packaging" / name).read_text("utf-8").splitlines()]
    pairs = (line.split("==") for line in lines if "==" in line)
    return {canonicalize_name(name): version for name, version in pairs}


def test_the_locks_pin_what_the_project_asks_for():
    document = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project, groups = document["project"], document["dependency-groups"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines] + groups["bundle"]
    wanted = [(line, pins("lock.txt")) for line in project["dependencies"] + groups["dev"]]
    wanted += [(line, pins("lock.txt", "lock-extras.txt")) for line in extras]
    for line, pinned in wanted:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pinned.get(canonicalize_name(requirement.name), "0")), line


def test_every_folder_with_modules_is_a_package():
    files = [file for top in ("engines", "widgets", "studio", "resources") for file in (ROOT / top).rglob("*.py")]
    bare = {file.parent.relative_to(ROOT).as_posix() for file in files if not file.with_name("__init__.py").exists()}
    assert not bare, "a built distribution would leave these out"
    assert not (ROOT / "packaging" / "__init__.py").exists()
