"""The engine in this process: for the command line, checks and tests. The lanes run the same code.

`fit` works on inputs in memory and raises what the method raises; `run` takes a request and never raises; `answered`
asks a model.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engines import catalogue
from engines.contract import Answer, Budget, Inputs, Method, MethodParameters, Model, Query, validated
from engines.runtime.checkpoints import Checkpoints
from engines.runtime.context import CHECKPOINT_SECONDS, Emit, RunContext, Token
from engines.runtime.execution import Fitted, execute
from engines.runtime.execution import fit as _fit
from engines.runtime.messages import RunEnded, RunRequest
from engines.runtime.randomness import Fork


def fit(
    method: Method | str,
    inputs: Inputs,
    parameters: MethodParameters | Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
    device: str = "cpu",
    threads: int = 1,
    on_events: Emit | None = None,
    token: Token | None = None,
    checkpoints: Path | None = None,
    resume: bool = False,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
    time_limit: float | None = None,
) -> Fitted:
    """Check and fit on inputs in memory; nothing is written but checkpoints, where a folder for them is given.

    Args:
        parameters: None: the method's first preset.
        resume: Go on from the newest checkpoint in `checkpoints`.

    Raises:
        Refusal: before any work, when inputs or parameters do not fit.
        Cancelled, TimeUp: when the token or the limit ends the run.
    """
    announced = catalogue.load(method) if isinstance(method, str) else method
    if parameters is None:
        parameters = next(iter(announced.presets.values()))
    elif not isinstance(parameters, MethodParameters):
        parameters = validated(announced.parameters, parameters)
    kept = Checkpoints(checkpoints) if checkpoints is not None else None
    context = RunContext(
        on_events,
        seed=seed,
        device=device,
        threads=threads,
        token=token,
        checkpoints=kept,
        resumed=kept.newest() if kept is not None and resume else None,
        checkpoint_seconds=checkpoint_seconds,
        time_limit=time_limit,
    )
    try:
        return _fit(announced, inputs, parameters, context, seed)
    finally:
        context.flush()


def run(
    request: RunRequest, on_events: Emit | None = None, token: Token | None = None, *, time_limit: float | None = None
) -> RunEnded:
    """Run a request in this process. Never raises; the ending says what happened."""
    return execute(request, on_events, token, time_limit=time_limit)


def bare_run(
    seed: int = 0, *, device: str = "cpu", threads: int = 1, on_events: Emit | None = None, token: Token | None = None
) -> RunContext:
    """A `Run` without a method: for checks, which measure through it, and for tests of a method's parts."""
    return RunContext(on_events, seed=seed, device=device, threads=threads, token=token)


def answers(model: Model, query: Query) -> Iterator[Answer]:
    """The answers, each better than the one before, up to the query's budget.

    Global random state is seeded by the query while the model computes, and as it was between answers.
    """
    waiting = iter(model.answer(query))
    fork = Fork(query.seed)
    while True:
        with fork:
            answer = next(waiting, None)
        if answer is None:
            return
        yield answer
        if _REACHED[answer.stage] >= _REACHED[query.budget]:
            return


def answered(model: Model, query: Query) -> Answer:
    """The last answer within the query's budget."""
    last = next(iter(deque(answers(model, query), maxlen=1)), None)
    if last is None:
        raise ValueError(f"{type(model).__name__} gave no answer.")
    return last


_REACHED = {Budget.VALUES: 0, Budget.PREVIEW: 1, Budget.FINAL: 2}
