"""What the commands print: progress on the error stream, one plain or JSON line a result on the other."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from engines.refusals import Refusal
from engines.runtime.messages import Event, Message, Progress, Scalar

_BAR = 24


class Console:
    """Prints for people, or with `as_json` one JSON object a line for programs."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._scalars: dict[str, float] = {}
        self._line = ""
        self._live = sys.stderr.isatty()

    def events(self, events: tuple[Event, ...]) -> None:
        """Show a batch of events of a run."""
        for event in events:
            match event:
                case Scalar(name=name, value=value):
                    self._scalars[name] = value
                case Message(text=text):
                    self.say(text, kind="message")
                case Progress():
                    self._progress(event)

    def say(self, text: str, **more: Any) -> None:
        """One line for the reader; `more` joins it in JSON."""
        self._clear()
        if self.as_json:
            print(json.dumps({"text": text, **more}, default=str), flush=True)
        else:
            print(text, flush=True)

    def table(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """A small table; figures are shown with four significant digits."""
        self._clear()
        if self.as_json:
            for row in rows:
                print(json.dumps(row, default=str), flush=True)
            return
        names = list(dict.fromkeys(name for row in rows for name in row))
        texts = [[_text(row.get(name)) for name in names] for row in rows]
        widths = [max(len(name), *(len(line[i]) for line in texts)) for i, name in enumerate(names)]
        for line in [names, *texts]:
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())

    def refuse(self, refusal: Refusal) -> None:
        """The sentence of a refusal, on the error stream."""
        self.fail(refusal.sentence, refusal.cause, refusal.offers)

    def fail(self, sentence: str, cause: str = "", offers: tuple[str, ...] = ()) -> None:
        """What happened, why, and what can be done next."""
        self._clear()
        if self.as_json:
            print(json.dumps({"error": sentence, "cause": cause, "offers": list(offers)}), flush=True)
        lines = [sentence, cause, f"Next: {'; '.join(offers)}." if offers else ""]
        print("\n".join(line for line in lines if line), file=sys.stderr, flush=True)

    def done(self) -> None:
        """Leave the progress line behind."""
        self._clear()

    def _progress(self, progress: Progress) -> None:
        if self.as_json:
            print(json.dumps({"phase": progress.phase, "done": progress.done, "total": progress.total}), flush=True)
            return
        if not self._live:
            return
        if progress.total:
            filled = round(_BAR * progress.done / progress.total)
            bar = f"[{'=' * filled}{' ' * (_BAR - filled)}] {progress.done} of {progress.total}"
        else:
            bar = f"{progress.done}"
        figures = ", ".join(f"{name} {value:.4g}" for name, value in list(self._scalars.items())[:3])
        width = shutil.get_terminal_size().columns - 1
        self._clear()
        self._line = f"{progress.phase} {bar}  {figures}"[:width]
        print(self._line, end="\r", file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self._line:
            print(" " * len(self._line), end="\r", file=sys.stderr)
            self._line = ""


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:.4g}"
    return str(value)
