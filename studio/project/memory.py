"""A store that keeps nothing: for a project that lies where nobody may write, and for tests."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engines.results import Result
from engines.runtime.messages import ENDED, RunEnded, RunRequest, RunState, Scalar
from studio.project.store import STEP_BYTES, STEPS, Edit, Kind, RunRecord, Series, Store


class MemoryStore(Store):
    """See `Store`. `runs_folder` is where runs would write."""

    def __init__(self, runs_folder: str = "runs") -> None:
        self._runs_folder = runs_folder
        self._lock = threading.RLock()
        self._runs: dict[int, RunRecord] = {}
        self._given = 0
        self._points: dict[int, dict[str, tuple[str, dict[int, float]]]] = {}
        self._messages: dict[int, list[str]] = {}
        self._results: dict[int, dict[str, Result]] = {}
        self._documents: dict[tuple[Kind, str], str] = {}
        self._edits: list[tuple[Edit, int]] = []        # with the size of its documents
        self._done = 0

    def add_run(self, request: RunRequest, *, title: str = "", origin: int | None = None) -> int:
        with self._lock:
            self._given += 1
            kept = replace(request, run=self._given, folder=f"{self._runs_folder}/{self._given}")
            self._runs[self._given] = RunRecord(kept, RunState.QUEUED, title, origin, time.time(), None, None)
            return self._given

    def set_state(self, run: int, state: RunState) -> None:
        changed: dict[str, Any] = {"state": state} if state in ENDED else {"state": state, "ending": None}
        self._update(run, **changed)

    def end_run(self, ended: RunEnded) -> None:
        self._update(ended.run, state=ended.state, ending=ended)

    def set_checkpoint(self, run: int, step: int) -> None:
        self._update(run, checkpoint=step)

    def rename_run(self, run: int, title: str) -> None:
        self._update(run, title=title)

    def _update(self, run: int, **changed: Any) -> None:
        with self._lock:
            if run in self._runs:
                self._runs[run] = replace(self._runs[run], **changed)

    def remove_run(self, run: int) -> None:
        with self._lock:
            for kept in (self._runs, self._points, self._messages, self._results):
                kept.pop(run, None)

    def runs(self) -> tuple[RunRecord, ...]:
        with self._lock:
            return tuple(self._runs.values())

    def add_scalars(self, run: int, scalars: Iterable[Scalar]) -> None:
        with self._lock:
            series = self._points.setdefault(run, {})
            for scalar in scalars:
                series.setdefault(scalar.name, (scalar.unit, {}))[1][scalar.step] = scalar.value

    def scalars(self, run: int) -> dict[str, Series]:
        with self._lock:
            return {
                name: Series(
                    name,
                    unit,
                    np.array(sorted(points), dtype=np.int64),
                    np.array([points[step] for step in sorted(points)], dtype=np.float64),
                )
                for name, (unit, points) in self._points.get(run, {}).items()
            }

    def add_messages(self, run: int, texts: Sequence[str]) -> None:
        with self._lock:
            self._messages.setdefault(run, []).extend(texts)

    def messages(self, run: int) -> tuple[str, ...]:
        with self._lock:
            return tuple(self._messages.get(run, ()))

    def put_result(self, run: int, result: Result) -> None:
        with self._lock:
            self._results.setdefault(run, {})[result.name] = result

    def results(self, run: int) -> dict[str, Result]:
        with self._lock:
            return dict(self._results.get(run, {}))

    def put(self, kind: Kind, name: str, plain: Any) -> None:
        with self._lock:
            if plain is None:
                self._documents.pop((kind, name), None)
            else:
                self._documents[kind, name] = json.dumps(plain)

    def get(self, kind: Kind, name: str) -> Any:
        with self._lock:
            return json.loads(self._documents.get((kind, name), "null"))

    def all(self, kind: Kind) -> dict[str, Any]:
        with self._lock:
            return {name: json.loads(text) for (k, name), text in self._documents.items() if k is kind}

    def change(self, title: str, kind: Kind, name: str, before: Any, after: Any) -> Edit:
        with self._lock:
            texts = json.dumps(before), json.dumps(after)
            edit = Edit(title, kind, name, *map(json.loads, texts))
            self.put(kind, name, after)
            self._edits[self._done :] = [(edit, sum(map(len, texts)))]
            while len(self._edits) > STEPS or (len(self._edits) > 1 and self._size() > STEP_BYTES):
                del self._edits[0]
            self._done = len(self._edits)
            return edit

    def _size(self) -> int:
        return sum(size for _, size in self._edits)

    def next_undo(self) -> Edit | None:
        with self._lock:
            return self._edits[self._done - 1][0] if self._done else None

    def next_redo(self) -> Edit | None:
        with self._lock:
            return self._edits[self._done][0] if self._done < len(self._edits) else None

    def titles(self) -> tuple[str, str]:
        with self._lock:
            undo, redo = self.next_undo(), self.next_redo()
            return undo.title if undo else "", redo.title if redo else ""

    def undo(self, *, pass_over: bool = False) -> Edit | None:
        with self._lock:
            if (edit := self.next_undo()) is not None:
                self._done -= 1
                if not pass_over:
                    self.put(edit.kind, edit.name, edit.before)
            return edit

    def redo(self, *, pass_over: bool = False) -> Edit | None:
        with self._lock:
            if (edit := self.next_redo()) is not None:
                self._done += 1
                if not pass_over:
                    self.put(edit.kind, edit.name, edit.after)
            return edit

    def history(self) -> tuple[tuple[Edit, ...], int]:
        with self._lock:
            return tuple(edit for edit, _ in self._edits), self._done

    def close(self) -> None:
        """Nothing to end."""
