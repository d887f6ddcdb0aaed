"""Models that were trained elsewhere: an ONNX file becomes a model of the project, for the table that is looked at."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engines.abilities import Feature, Target
from engines.contract import Inputs
from engines.data.kinds import Table
from engines.data.roles import Role
from engines.model_formats import Heading, fitting, read_heading
from engines.refusals import Refusal
from studio.catalogue import Announced

if TYPE_CHECKING:
    from studio.desk import Desk

SET_ROLES = "Set the roles"
"""What a refusal offers where a column must be given another role."""
_KIND = "ONNX file"


class OnnxFiles(QObject):
    """Takes such files; a run tries the model on the rows, judges it and keeps it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._awaited: set[Path] = set()

    async def take(self, path: Path) -> None:
        """Look into the file, hold it against the open table, and queue the run that opens it.

        Raises:
            Refusal: when no table is open, or the file is hostile, damaged or does not fit the table.
        """
        heading = await asyncio.to_thread(read_heading, path)
        opener, table = self._opener(), self._table(heading)
        features = [Feature.of(column) for column in table.having(Role.FACTOR)]
        targets = [Target(column.name, column.levels, column.unit) for column in table.having(Role.OBJECTIVE)]
        if not targets:
            told = ", ".join(port.name for port in heading.outputs) or self.tr("nothing")
            raise Refusal(
                self.tr("No column of {} has the role objective, so there is nothing for {} to predict.").format(
                    table.name, path.name),
                self.tr("Its outputs are {}. Give each column that it predicts the role objective, then open it "
                        "again.").format(told),
                (SET_ROLES,), (path.name, table.name),
            )
        try:
            fitting(heading, features, targets)
        except Refusal as refusal:
            raise Refusal(refusal.sentence, refusal.cause, (SET_ROLES,), refusal.about) from refusal
        opener.accepts.check(Inputs(table))
        settings = {"kind": _KIND, "file": str(path.absolute())}
        self._awaited.add(self._desk.training.run(opener, settings, path.name).model)

    def fresh(self) -> Path | None:
        """The model that is asked now, when it was opened from a file just before; told once."""
        subject = self._desk.exploration.subject
        folder = None if subject is None else Path(subject.model)
        if folder not in self._awaited:
            return None
        self._awaited.discard(folder)
        return folder

    def _opener(self) -> Announced:
        for announced in self._desk.catalogue.all():
            if announced.predicts and any(one.get("kind") == _KIND for one in announced.presets.values()):
                return announced
        raise Refusal(self.tr("No method here opens ONNX files."))

    def _table(self, heading: Heading) -> Table:
        opened, name = self._desk.workspace.data, heading.path.name
        if opened is None:
            raise Refusal(
                self.tr("{} is a model: there is no table yet whose rows it could predict.").format(name),
                self.tr("Open the table with the columns that it reads and predicts first, then the model."),
                about=(name,),
            )
        if not isinstance(opened.data, Table):
            raise Refusal(
                self.tr("{} can only predict the rows of a table; {} is none.").format(name, opened.name),
                self.tr("Look at the table with the columns that it reads, then open the model."),
                about=(name, opened.name),
            )
        return opened.data
