"""Everything that a checkout needs, in one file: `run`, `test`, `bench`, `lint`, `setup`, `lock`.

Uses the standard library only. `run` and `test` make `.venv` when it is missing, install what `packaging/lock.txt`
pins, and are quick when nothing changed: a stamp in `.venv` holds a hash of the lock and of `pyproject.toml`. An
existing `.venv` is brought up to date, never deleted. The file can be read by old interpreters, so that it can say
which one it needs.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "otherwise-stamp"
LOCK = ROOT / "packaging" / "lock.txt"
EXTRAS_LOCK = ROOT / "packaging" / "lock-extras.txt"
OUTPUT = ROOT / "otherwise-out"
OLDEST, NEWEST = (3, 11), (3, 13)
RESOLVED_ON = (3, 11)

# Library that Qt loads: its Debian package, its Fedora package.
DRAWING_LIBRARIES = {
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libX11.so.6": ("libx11-6", "libX11"),
}
WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
}


class Stop(Exception):
    """A sentence for the person at the keyboard; ends the command with code 1."""


def say(sentence: str) -> None:
    """Tell what is being done, at once even into a file."""
    print("otherwise: " + sentence, flush=True)


# ------------------------------------------------------------------------------------------------------- interpreter


def version_of(python: str) -> tuple[int, int] | None:
    """(major, minor) of an interpreter that can make virtual environments, or None."""
    question = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", question], capture_output=True, text=True, timeout=30, check=True)
        major, minor = answer.stdout.split()
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return int(major), int(minor)


def find_python() -> str:
    """The interpreter that the lock was resolved on if there is one, else this one, else the newest that will do."""
    numbers = [RESOLVED_ON, *((3, minor) for minor in range(NEWEST[1], OLDEST[1], -1))]
    names = [f"python{major}.{minor}" for major, minor in numbers]
    for python in [names[0], sys.executable, *names[1:], "python3", "python"]:
        path = shutil.which(python)
        version = version_of(path) if path else None
        if path and version and OLDEST <= version <= NEWEST:
            return path
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    raise Stop(
        f"Python 3.{OLDEST[1]} to 3.{NEWEST[1]} with venv is needed; this is {here}, and no other was found on PATH. "
        "Install one (Debian and Ubuntu: apt-get install python3 python3-venv) and run this command again."
    )


def venv_python() -> Path:
    """The interpreter inside .venv, there or not."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_venv() -> None:
    """Create .venv, or refuse one that cannot be used; never deletes anything."""
    python = venv_python()
    if not VENV.exists():
        base = find_python()
        say(f"making .venv with {base}")
        subprocess.run([base, "-m", "venv", str(VENV)], check=True)
        return
    version = version_of(str(python))
    if version is None or not OLDEST <= version <= NEWEST:
        found = "has no working Python" if version is None else "holds Python {}.{}".format(*version)
        raise Stop(f".venv {found}; 3.{OLDEST[1]} to 3.{NEWEST[1]} is needed. Remove the folder .venv and run again.")


# ------------------------------------------------------------------------------------------------------ dependencies


def fingerprint() -> str:
    """What .venv must have been made from to be up to date."""
    parts = [LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def pip(*arguments: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the pip of .venv; errors only unless somebody watches."""
    quiet = [] if sys.stdout.isatty() else ["-qq"]
    command = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", *arguments[:1], *quiet, *arguments[1:]]
    return subprocess.run(command, capture_output=capture, text=True, check=False, cwd=ROOT)


def announce_torch() -> None:
    """Say how large torch will be, before it is downloaded."""
    installed = subprocess.run([str(venv_python()), "-c", "import importlib.metadata as m; m.version('torch')"],
                               capture_output=True, check=False).returncode == 0
    if installed or platform.system() != "Linux":
        return
    requirement = next(line.strip() for line in LOCK.read_text("utf-8").splitlines() if line.startswith("torch=="))
    answer = pip("install", "--dry-run", "--no-deps", "--ignore-installed", "--report", "-", requirement, capture=True)
    try:
        version = json.loads(answer.stdout[answer.stdout.index("{"):])["install"][0]["metadata"]["version"]
    except (ValueError, LookupError):
        version = ""
    if "+cpu" in version:
        say(f"a CPU build of torch is offered ({version}, about 200 MB); it will be used.")
    else:
        say(
            "torch from plain PyPI on Linux is the CUDA build of several GB, right for a desk with a GPU. Without one, "
            "stop here and point PIP_EXTRA_INDEX_URL or PIP_FIND_LINKS at a place that offers the CPU build."
        )


def install() -> None:
    """Bring .venv to what the lock pins; nothing to do when the stamp matches."""
    make_venv()
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text("utf-8").strip() == wanted:
        return
    announce_torch()
    say(f"installing what {LOCK.relative_to(ROOT)} pins; the first time takes some minutes")
    for arguments in (["-r", str(LOCK)], ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]):
        if pip("install", *arguments).returncode:
            raise Stop("pip could not install the dependencies; its own message stands above.")
    STAMP.write_text(wanted + "\n", "utf-8")
    say(".venv is up to date")


# --------------------------------------------------------------------------------------------------- system libraries


def missing_libraries(wanted: dict[str, tuple[str, str]]) -> list[str]:
    """Those shared libraries that cannot be loaded here."""
    missing = []
    for name in wanted:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def has_display() -> bool:
    """Whether a window can be shown: always on Windows and macOS."""
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return platform.system() != "Linux" or bool(named)


def need_libraries(window: bool) -> None:
    """Name what Qt lacks, for X11 windows too or for drawing only; in CI, with apt-get and as root, install it."""
    if platform.system() != "Linux":
        return
    wanted = {**DRAWING_LIBRARIES, **(WINDOW_LIBRARIES if window else {})}
    missing = missing_libraries(wanted)
    if not missing:
        return
    debian = sorted({wanted[name][0] for name in missing})
    fedora = sorted({wanted[name][1] for name in missing})
    if os.environ.get("CI") == "true" and os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing the system libraries that Qt needs: " + ", ".join(debian))
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *debian]):
            subprocess.run(["apt-get", *command], env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           check=False)
        missing = missing_libraries(wanted)
        if not missing:
            return
    line = "sudo apt-get install " + " ".join(debian)
    if shutil.which("dnf") and not shutil.which("apt-get"):
        line = "sudo dnf install " + " ".join(fedora)
    raise Stop("Qt needs system libraries that are not here: " + ", ".join(missing) + ". This installs them: " + line)


# ----------------------------------------------------------------------------------------------------------- commands

LINTERS = {
    "ruff": ["-m", "ruff", "check", "."],
    "import rules": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "mypy": ["-m", "mypy"],
}


def call(*command: str, **variables: str) -> int:
    """Run a command in the checkout with the Python of .venv; its exit code."""
    with subprocess.Popen([str(venv_python()), *command], cwd=ROOT, env={**os.environ, **variables}) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the child got the same key; it ends in its own way


def run(arguments: list[str]) -> int:
    """Open the studio, or do its main job headless where there is no display."""
    window = has_display()
    need_libraries(window=window and not os.environ.get("WAYLAND_DISPLAY"))
    install()
    if window:
        say("opening the studio")
        return call("-m", "studio", *arguments)
    say(f"there is no display, so the main job runs without a window; its files go to {OUTPUT}")
    code = call("-m", "studio", "demo", "--out", str(OUTPUT), *arguments, QT_QPA_PLATFORM="offscreen")
    if code == 0:
        say(f"done; figures, counterfactuals and the model lie in {OUTPUT}")
    return code


def lint() -> list[str]:
    """Run ruff, the import rules and the type checker; the names of those that complained."""
    failed = []
    for name, command in LINTERS.items():
        say(name)
        if call(*command):
            failed.append(name)
    return failed


def pytest(*arguments: str) -> int:
    """Run pytest offscreen, one thread for each numeric library."""
    return call(
        "-m", "pytest", *arguments,
        QT_QPA_PLATFORM="offscreen", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1",
        HF_HUB_OFFLINE="1",
    )


def test(options: argparse.Namespace, rest: list[str]) -> int:
    """The default suite with the linters, or one of the long suites, or what `rest` names."""
    need_libraries(window=False)
    install()
    chosen = [mark for mark in ("robustness", "reproductions") if getattr(options, mark)]
    if options.soak is not None:
        chosen.append("soak")
        rest = ["--soak-minutes", str(options.soak), *rest]
    if chosen:
        say("running the long suites: " + ", ".join(chosen))
        return pytest("-m", " or ".join(chosen), *rest)
    if rest:
        return pytest(*rest)
    complaints = lint()
    say("the default suite")
    # In their own order: the small files at the end fill both workers up.
    code = pytest("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
    if complaints:
        say("these complained above: " + ", ".join(complaints))
    return code or (1 if complaints else 0)


def resolve(requirements: list[str], constraints: Path | None) -> list[str]:
    """What pip would install into an empty environment, as sorted pins."""
    limits = ["--constraint", str(constraints)] if constraints else []
    answer = pip("install", "--dry-run", "--ignore-installed", "--report", "-", *limits, *requirements, capture=True)
    if answer.returncode:
        raise Stop("pip could not resolve the dependencies: " + answer.stderr.strip())
    found = json.loads(answer.stdout[answer.stdout.index("{"):])["install"]
    pins = (f"{one['metadata']['name']}=={one['metadata']['version'].split('+')[0]}" for one in found)
    return sorted(pins, key=str.lower)


def write_lock() -> int:
    """Resolve pyproject.toml anew, on the Python that the lock is made on, and write both lock files."""
    import tomllib

    make_venv()
    if version_of(str(venv_python())) != RESOLVED_ON:
        raise Stop("The lock is resolved on Python {}.{}; .venv holds another.".format(*RESOLVED_ON))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups, extras = project["dependency-groups"], project["project"]["optional-dependencies"]
    small_peers = [line for line in extras["checks"] if line.startswith("dagma")]
    base = resolve([*project["project"]["dependencies"], *groups["dev"], *small_peers], None)
    head = "# Written by `dev.py lock` on Python 3.11. Without hashes: torch is another file on each desk."
    LOCK.write_text("\n".join([head, *base]) + "\n", "utf-8")
    wanted = [line for lines in extras.values() for line in lines] + groups["bundle"]
    more = [pin for pin in resolve(wanted, LOCK) if pin not in base]
    lines = ["# The extras and the bundle tool: pip install -r packaging/lock-extras.txt", "-c lock.txt", *more]
    EXTRAS_LOCK.write_text("\n".join(lines) + "\n", "utf-8")
    say(f"{len(base)} pins in {LOCK.name}, {len(more)} in {EXTRAS_LOCK.name}")
    return 0


def main() -> int:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="dev.py", description="Set up, run and test Otherwise in this checkout.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="open the studio; headless where there is no display")
    suite = commands.add_parser("test", help="lint and the default suite; further words go to pytest")
    suite.add_argument("--robustness", action="store_true", help="kills, full disks, hostile files, at full length")
    suite.add_argument("--reproductions", action="store_true", help="each method's check at the size of its card")
    suite.add_argument("--soak", type=float, metavar="MINUTES", help="use the studio for so long and watch it")
    commands.add_parser("bench", help="measure the window, print one table; further words name benchmarks")
    commands.add_parser("lint", help="ruff, import rules, mypy")
    commands.add_parser("setup", help="make .venv and install the lock, nothing else")
    commands.add_parser("lock", help="resolve pyproject.toml anew and write the lock files")
    options, rest = parser.parse_known_args()
    if rest and options.command not in ("run", "test", "bench"):
        parser.error("unknown: " + " ".join(rest))
    try:
        if options.command == "run":
            return run(rest)
        if options.command == "test":
            return test(options, rest)
        if options.command == "lock":
            return write_lock()
        install()
        if options.command == "bench":
            return call(str(Path("tests", "benchmarks", "table.py")), *rest)
        return 1 if options.command == "lint" and lint() else 0
    except Stop as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
