"""The history of a project: what the analyst does is written as it happens, and can be undone after a restart too.

The state of a project is a set of named documents of plain (JSON) data. An edit is one document before and after. It
goes into the store together with its document, in one transaction, and then to whoever shows documents of that kind.

To take part, say once how a document is shown, and turn each gesture into a change::

    history.register(Kind.ROWS, "run ", self._show_rows)
    ...
    history.change(self.tr("Drop 3 rows"), Kind.ROWS, "run 15/labels", before, after)

`_show_rows(name, plain)` shows what `plain` says, all of it, and changes nothing else; `plain` is None where the
document is not there, as before the first change. It is called by `change` itself, by undo and redo, and for every
document of the kind when a project is opened. So a gesture calls `change` only, and never shows its effect itself.
What is no step of its own (a data set that is opened) is kept by `put`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from engines.refusals import Refusal
from studio.project.memory import MemoryStore
from studio.project.store import Edit, Kind, Store

Show = Callable[[str, Any], None]
WhyNot = Callable[[str, Any], str]

_LOOKING = {Kind.WISH, Kind.LAYOUT}
"""Kinds that an analyst changes who only looks; where a project may not be written they are kept until it is closed."""


@dataclass(frozen=True)
class _Shown:
    kind: Kind
    prefix: str
    show: Show
    why_not: WhyNot


class History(QObject):
    """The edits of the open project, at most `studio.project.store.STEPS` of them; the oldest are forgotten.

    A step that cannot be shown any more (its model is gone, its data set closed) is passed over with a sentence. What
    cannot be written is not done: it is refused with a sentence, and what is shown goes back to what is kept.
    """

    changed = Signal()                      # what undo and redo would do next
    refused = Signal(object)                # Refusal

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store: Store = MemoryStore()
        self._steps: Store = self._store    # that takes changes; another one where the project is only read
        self._shown: list[_Shown] = []
        self._held = False

    # the project

    def use(self, store: Store | None, *, reading: bool = False) -> None:
        """Keep everything there from now on; None: nowhere. `reading`: it may not be written."""
        self._store = store or MemoryStore()
        self._steps = MemoryStore() if reading else self._store
        self._held = False
        self.changed.emit()

    def hold(self, held: bool) -> None:
        """Take nothing back while a project opens: what its steps speak of is not there yet."""
        self._held = held
        self.changed.emit()

    def show_all(self, *kinds: Kind) -> None:
        """Show every document of these kinds, as the project has it."""
        for kind in kinds:
            for name, plain in self._store.all(kind).items():
                if (shown := self._shown_by(kind, name)) is not None and not shown.why_not(name, plain):
                    shown.show(name, plain)

    # for those who change something

    def register(self, kind: Kind, prefix: str, show: Show, why_not: WhyNot = lambda _name, _plain: "") -> None:
        """Show documents of a kind whose names begin so with `show(name, plain)`.

        `why_not(name, plain)` says why a document cannot be shown now; empty when it can.
        """
        self._shown.append(_Shown(kind, prefix, show, why_not))

    def document(self, kind: Kind, name: str) -> Any:
        """A document as it is kept, or None."""
        found = self._steps.get(kind, name)
        return self._store.get(kind, name) if found is None else found

    def change(self, title: str, kind: Kind, name: str, before: Any, after: Any) -> bool:
        """One step of the analyst, named `title`; whether it was done."""
        done = self._may(kind) and self._written(lambda: self._steps.change(title, kind, name, before, after))
        if (shown := self._shown_by(kind, name)) is not None:
            shown.show(name, after if done else before)
        self.changed.emit()
        return done

    def put(self, kind: Kind, name: str, plain: Any) -> bool:
        """Keep a document without a step; None removes it. Nothing is shown. False when it could not be written."""
        return self._written(lambda: self._steps.put(kind, name, plain))

    # for the one who takes back

    def undo(self) -> None:
        """Take back the last step."""
        self._move(self._steps.next_undo, self._steps.undo, lambda edit: edit.before)

    def redo(self) -> None:
        """Do the step that was taken back last again."""
        self._move(self._steps.next_redo, self._steps.redo, lambda edit: edit.after)

    def undo_text(self) -> str:
        """Name of the step that would be taken back; empty when there is none."""
        return "" if self._held else self._steps.titles()[0]

    def redo_text(self) -> str:
        """Name of the step that would be done again; empty when there is none."""
        return "" if self._held else self._steps.titles()[1]

    def earlier(self, kind: Kind, name: str) -> tuple[tuple[str, Any], ...]:
        """A document before each step that is done: (name of the step, the document), the newest first."""
        edits, done = self._steps.history()
        return tuple(
            (edit.title, edit.before) for edit in reversed(edits[:done]) if (edit.kind, edit.name) == (kind, name)
        )

    def count(self) -> int:
        """How many steps can be taken back."""
        return self._steps.history()[1]

    def _move(
        self, following: Callable[[], Edit | None], move: Callable[..., object], side: Callable[[Edit], Any]
    ) -> None:
        """Take one step, or pass over all that cannot be taken now."""
        passed: list[tuple[str, str]] = []
        while not self._held and (edit := following()) is not None:
            shown, plain = self._shown_by(edit.kind, edit.name), side(edit)
            why = self.tr("Nothing here shows it.") if shown is None else shown.why_not(edit.name, plain)
            if (passed and not why) or not self._written(partial(move, pass_over=bool(why))):
                break
            if shown is not None and not why:
                shown.show(edit.name, plain)
                break
            passed.append((edit.title, why))
        self.changed.emit()
        if passed:
            title, why = passed[0]
            more = self.tr(" and {} more").format(len(passed) - 1) if len(passed) > 1 else ""
            sentence = self.tr("“{}”{} could not be taken here and was passed over.").format(title, more)
            self.refused.emit(Refusal(sentence, why))

    def _shown_by(self, kind: Kind, name: str) -> _Shown | None:
        return next((one for one in self._shown if one.kind is kind and name.startswith(one.prefix)), None)

    def _may(self, kind: Kind) -> bool:
        """Whether documents of this kind may be changed by hand; says why not."""
        if self._steps is self._store or kind in _LOOKING:
            return True
        self.refused.emit(
            Refusal(
                self.tr("This project is open in another studio; here it can only be read."),
                self.tr("Close it there, then open it here again."),
            )
        )
        return False

    def _written(self, write: Callable[[], object]) -> bool:
        """Whether it could be written; says why not."""
        try:
            write()
        except Refusal as refusal:
            self.refused.emit(refusal)
            return False
        return True
