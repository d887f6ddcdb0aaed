"""What is written into a figure: the recipe of what is shown in a panel."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engines.refusals import Refusal
from engines.runtime.execution import versions
from studio.recipes.recipes import Recipe, of_card
from studio.runs.runs import RunInfo

if TYPE_CHECKING:
    from studio.desk import Desk


def recipe_of_desk(desk: Desk, sentence: str = "") -> Recipe:
    """What is asked now: the model and all that it was made of, else the data, graph and question that are open."""
    subject, wish = desk.exploration.subject, desk.exploration.wish
    run = None if subject is None else next((i for i in desk.runs.all() if str(i.model) == subject.model), None)
    base = _workspace(desk, sentence)
    if subject is None:
        return base
    try:
        made = of_card(subject.card, subject.method)
    except Refusal:
        made = Recipe(method=subject.method)
    return replace(
        made, sentence=sentence, project=base.project, folder=base.folder, question=base.question,
        data_name=subject.data.name, data=subject.reference, model=str(Path(subject.model).absolute()),
        graph=made.graph or subject.graph, item=wish.item, do=dict(wish.do), values=dict(wish.values), seed=wish.seed,
        made=base.made, versions=made.versions or base.versions, truth=None if run is None else run.request.truth,
    )


def recipe_of_run(desk: Desk, info: RunInfo, result: str = "", sentence: str = "") -> Recipe:
    """What a run was made of, for its curves and results."""
    base, request = _workspace(desk, sentence), info.request
    there = info.model.is_dir()
    opened = next((d.name for d in desk.workspace.datasets if d.reference == request.data), "")
    return replace(
        base, data=request.data, data_name=opened or Path(request.data.path).name, graph=request.graph,
        knowledge=request.knowledge, truth=request.truth, explains=request.model, method=request.method,
        parameters=dict(request.parameters),
        training_seed=request.seed, run=request.run, device=request.device, threads=request.threads,
        model=str(info.model.absolute()) if there else "", result=result,
    )


def _workspace(desk: Desk, sentence: str) -> Recipe:
    workspace, project = desk.workspace, desk.project
    opened, question = workspace.data, workspace.question
    settings: Mapping[str, Any] = workspace.settings(workspace.method) if workspace.method else {}
    announced = desk.catalogue.find(workspace.method)
    asked = None if announced is None else announced.accepts.model
    explains = None
    if asked is not None and opened is not None:
        with suppress(Refusal):                     # none that fits: there is none to tell of
            explains = desk.explaining.reference(asked, opened.data)
    return Recipe(
        sentence=sentence, project=workspace.name, folder="" if project is None else str(project.folder.absolute()),
        data_name="" if opened is None else opened.name, data=None if opened is None else opened.reference,
        graph=workspace.graph if workspace.graph.nodes else None, question="" if question is None else question.value,
        method=workspace.method, parameters=dict(settings), knowledge=workspace.knowledge, explains=explains,
        made=datetime.now(UTC).isoformat(timespec="seconds"), versions=versions(),
    )
