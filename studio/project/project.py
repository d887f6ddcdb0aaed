"""A project: a folder ending in `.otherwise`, its database, its lock, its snapshots and its other files."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.refusals import Refusal
from engines.runtime.messages import ENDED, ModelReference, RunEnded, RunRequest, RunState
from engines.writing import new_folder
from studio.project.database import FileStore
from studio.project.earlier import DATABASE, keep_snapshot, snapshots
from studio.project.lock import Holder, ProjectLock
from studio.project.store import RunRecord

SUFFIX = ".otherwise"
_LONGEST = 200          # bytes of a name
FOLDERS = ("models", "media", "data", "checkpoints", "logs", "runs")


class Project:
    """An open project. Made by `Project.open` or `Project.untitled`.

    Attributes:
        folder: Where it lies.
        store: Its memory; see `Store` for the verbs.
        reader_of: Who has it open for writing when it is open here for reading only; else None.
        interrupted: The runs that were found running, or waiting, when it was opened.
    """

    def __init__(self, folder: Path, store: FileStore, lock: ProjectLock, reader_of: Holder | None) -> None:
        self.folder = folder
        self.store = store
        self.reader_of = reader_of
        self.interrupted: tuple[RunRecord, ...] = ()
        self._lock = lock

    @classmethod
    def open(cls, folder: Path | str, *, by_force: bool = False) -> Project:
        """Open a project, made when it is missing.

        A second studio gets it for reading only; a lock whose process is gone is taken over, `by_force` takes any.

        Raises:
            Refusal: when it cannot be made, or is no project.
            Unreadable: when it is damaged, or of a newer format.
        """
        folder = Path(folder).absolute()
        if folder.suffix != SUFFIX:
            raise Refusal(
                f"{folder.name} is not a project.", f"The name of a project's folder ends in {SUFFIX}.",
                about=(str(folder),),
            )
        try:
            for name in ("", *FOLDERS):
                (folder / name).mkdir(parents=True, exist_ok=True)
            lock = ProjectLock(folder / "lock.json")
            holder = lock.take(by_force=by_force)
        except FileExistsError as error:
            raise Refusal(f"{folder.name} is a file, not a project.", str(error), about=(str(folder),)) from error
        except OSError as error:
            raise Refusal(
                f"The project {folder.name} cannot be written.", str(error), ("Choose another place",), (str(folder),)
            ) from error
        is_new = not (folder / DATABASE).exists()
        try:
            store = FileStore(folder / DATABASE, folder / "runs", read_only=holder is not None)
        except BaseException:
            lock.release()
            raise
        project = cls(folder, store, lock, holder)
        try:
            if holder is None:
                if not is_new:
                    keep_snapshot(folder)
                project.interrupted = project._mark_interrupted()
        except BaseException:
            project.close()
            raise
        return project

    @classmethod
    def untitled(cls, documents: Path | None = None) -> Project:
        """A new project "Untitled N" in the user's documents."""
        if documents is None:
            from platformdirs import user_documents_path

            documents = user_documents_path()
        number = 1
        while (folder := documents / f"Untitled {number}{SUFFIX}").exists():
            number += 1
        return cls.open(folder)

    @property
    def name(self) -> str:
        return self.folder.stem

    @property
    def read_only(self) -> bool:
        return self.reader_of is not None

    def close(self) -> None:
        """Close the database and give the lock back; again does nothing."""
        self.store.close()
        self._lock.release()

    def renamed(self, name: str) -> Path:
        """Where the project would lie under another name, beside where it is.

        Raises:
            Refusal: when a folder cannot be named so, or one is there already.
        """
        name = name.strip().removesuffix(SUFFIX).rstrip(". ")
        if not name or name.startswith("."):
            raise Refusal("A project needs a name.", "It is that of its folder, and begins with no full stop.")
        if found := re.search(r'[<>:"/\\|?*\x00-\x1f]', name):
            raise Refusal(f"The name of a folder cannot hold “{found.group()}”.", "Leave it out.")
        if len(name.encode()) > _LONGEST:
            raise Refusal("That name is too long for a folder.", f"{_LONGEST} letters are the most.")
        target = self.folder.with_name(name + SUFFIX)
        if target != self.folder and target.exists():
            raise Refusal(f"There is a project {name} in {target.parent} already.", "Choose another name.")
        return target

    def moved_to(self, folder: Path | str) -> Project:
        """Close the project, rename or move its folder, and open it there.

        Raises:
            Refusal: when something is there already, or it cannot be moved; the project is then open as before.
        """
        target = Path(folder).absolute()
        if target.suffix != SUFFIX:
            target = target.with_name(target.name + SUFFIX)
        self.close()
        try:
            if target.exists():
                raise FileExistsError(str(target))
            _move(self.folder, target)
        except OSError as error:
            again = Project.open(self.folder)
            self.store, self._lock = again.store, again._lock
            if isinstance(error, FileExistsError):
                raise Refusal(
                    f"{target.name} is there already.", "Choose another name.", about=(str(target),)
                ) from error
            raise Refusal(f"The project cannot be moved to {target.parent}.", str(error)) from error
        return Project.open(target)

    # runs

    def new_run(
        self,
        method: str,
        data: DataReference,
        parameters: Mapping[str, Any],
        *,
        seed: int = 0,
        graph: Graph | None = None,
        knowledge: Knowledge | None = None,
        truth: Graph | None = None,
        device: str = "cpu",
        threads: int = 1,
        title: str = "",
        model: ModelReference | None = None,
    ) -> RunRequest:
        """Keep a queued run; the request to submit."""
        draft = RunRequest(
            0, method, data, dict(parameters), seed, "", graph, knowledge or Knowledge(), truth, device, threads,
            model=model,
        )
        return self._kept(draft, title, None)

    def again(self, run: int, *, resume: bool = False, **changed: Any) -> RunRequest:
        """A new request made of an earlier run.

        With `resume` the same run goes on from its newest checkpoint, under its own number. Without, it is a new run
        with the earlier one as its origin; `changed` replaces fields of the request, such as `parameters`.

        Raises:
            Refusal: when there is no such run.
        """
        record = self.store.run(run)
        if record is None:
            raise Refusal(f"There is no run {run} in {self.name}.")
        if resume:
            self.store.set_state(run, RunState.QUEUED)
            return replace(record.request, resume=True, **changed)
        return self._kept(replace(record.request, resume=False, **changed), record.title, run)

    def _kept(self, draft: RunRequest, title: str, origin: int | None) -> RunRequest:
        number = self.store.add_run(draft, title=title, origin=origin)
        return replace(draft, run=number, folder=str(self.run_folder(number)))

    def run_folder(self, run: int) -> Path:
        """Where a run writes: `model/`, `checkpoints/` and `results/`."""
        return self.folder / "runs" / str(run)

    def model_folder(self, run: int) -> Path:
        """The model of a finished run."""
        return self.run_folder(run) / "model"

    def remove_run(self, run: int) -> None:
        """Forget a run and its files."""
        self.store.remove_run(run)
        shutil.rmtree(self.run_folder(run), ignore_errors=True)

    # files

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def snapshots(self) -> tuple[Path, ...]:
        """Copies of the database from the last starts, the newest first."""
        return tuple(reversed(snapshots(self.folder)))

    def _mark_interrupted(self) -> tuple[RunRecord, ...]:
        found = []
        for record in self.store.runs():
            if record.state in ENDED:
                continue
            at = f" after step {record.checkpoint}" if record.checkpoint is not None else ""
            sentence = (
                f"Run {record.number} had not begun when the studio ended."
                if record.state is RunState.QUEUED
                else f"Run {record.number} was interrupted{at} when the studio ended."
            )
            ended = RunEnded(record.number, RunState.INTERRUPTED, sentence, offers=("Resume", "Close it"))
            self.store.end_run(ended)
            found.append(replace(record, state=ended.state, ending=ended))
        return tuple(found)


def _move(folder: Path, target: Path) -> None:
    """Move a folder, also to another disk: what lies at its old place goes only when all of it lies at the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with new_folder(target) as part:
            shutil.copytree(folder, part, dirs_exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
