"""One run from request to ending: read, check, seed, fit, save, and say how it ended.

`fit` works on inputs in memory and raises; `execute` takes a request, never raises, and turns whatever happens into
the ending that the analyst reads.
"""

from __future__ import annotations

import contextlib
import errno
import re
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from engines import catalogue, models
from engines.abilities import Carded
from engines.contract import Inputs, Method, MethodParameters, Model, validated
from engines.data.kinds import DataSet
from engines.refusals import Refusal
from engines.results import Result
from engines.runtime import explained, wire
from engines.runtime.checkpoints import Checkpoints
from engines.runtime.context import BATCH_SECONDS, Cancelled, Emit, RunContext, TimeUp, Token
from engines.runtime.devices import check_device, held_threads
from engines.runtime.memory import forget_peak, give_memory_back, peak_memory, ran_out_of_memory
from engines.runtime.messages import RunEnded, RunRequest, RunState
from engines.runtime.randomness import Fork
from engines.writing import new_folder

VERSIONED = ("otherwise-studio", "numpy", "scipy", "torch", "scikit-learn", "pydantic", "safetensors")


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a fit leaves.

    Attributes:
        results: The last result of each name, in the announced order.
        figures: The last value of each scalar.
    """

    model: Model
    results: Mapping[str, Result]
    figures: Mapping[str, float]
    seconds: float
    cpu_seconds: float


def fit(
    method: Method, inputs: Inputs, parameters: MethodParameters, context: RunContext, seed: int
) -> Fitted:
    """Check and fit, with the global random state seeded and restored, and the thread count held.

    The rows go in by their ids, so that a file whose rows were shuffled gives the same model; knowledge goes in as it
    speaks of columns, without groups and patterns.

    Raises:
        Refusal: before any work, when the inputs do not fit.
        Cancelled, TimeUp: from the context.
    """
    method.check(inputs, parameters)
    inputs = replace(inputs, data=_by_id(inputs.data), knowledge=inputs.knowledge.resolved(_variables(method, inputs)))
    wall, cpu = time.perf_counter(), time.process_time()
    with held_threads(context.threads), Fork(seed):
        model = method.fit(inputs, parameters, context)
    context.flush()
    announced = [produced.name for produced in method.produces]
    names = [name for name in announced if name in context.results]
    names += [name for name in context.results if name not in announced]
    return Fitted(
        model,
        {name: context.results[name] for name in names},
        dict(context.figures),
        time.perf_counter() - wall,
        time.process_time() - cpu,
    )


def _variables(method: Method, inputs: Inputs) -> tuple[str, ...]:
    """The columns that may be nodes of the method's graph."""
    return tuple(column.name for column in inputs.table.having(*method.accepts.graph_roles))


def _by_id(data: DataSet) -> DataSet:
    ids = data.row_ids
    return data if np.all(ids[1:] > ids[:-1]) else data.rows(np.argsort(ids, kind="stable"))


def execute(
    request: RunRequest,
    emit: Emit | None = None,
    token: Token | None = None,
    *,
    on_started: Callable[[RunContext], None] | None = None,
    on_pause: Callable[[], None] | None = None,
    batch_seconds: float | None = BATCH_SECONDS,
    time_limit: float | None = None,
) -> RunEnded:
    """Run the request. Writes `model/` and `results/` into its folder when it is done, `checkpoints/` while it works.

    Args:
        emit: Gets the batches of events.
        on_started: Called when all checks have passed and work begins, with the context, so that it can be flushed.
        on_pause: Called when the run holds.
    """
    ending = _Ending(request)
    forget_peak()
    try:
        method = catalogue.load(request.method)
        parameters = ending.parameters = validated(method.parameters, request.parameters)
        check_device(request.device)
        inputs = read_inputs(request)
        method.check(inputs, parameters)
        folder = Path(request.folder)
        checkpoints = Checkpoints(folder / "checkpoints")
        context = RunContext(
            emit,
            seed=request.seed,
            device=request.device,
            threads=request.threads,
            token=token,
            checkpoints=checkpoints,
            resumed=checkpoints.newest() if request.resume else None,
            on_pause=on_pause,
            batch_seconds=batch_seconds,
            time_limit=time_limit,
        )
        if request.resume and context.resumed is None:
            context.message("There is no checkpoint to go on from; the run begins again.")
        if on_started:
            on_started(context)
        ending.begun = True
        try:
            fitted = fit(method, inputs, parameters, context, request.seed)
        finally:
            context.flush()
        save(request, inputs, parameters, fitted, folder)
    except Cancelled:
        return ending.cancelled()
    except TimeUp:
        return ending.out_of_time(time_limit)
    except Refusal as refusal:
        return ending.refused(refusal)
    except Exception as error:  # noqa: BLE001 - whatever a method raises becomes the ending
        ended = ending.out_of_memory(error) if ran_out_of_memory(error) else ending.failed(error)
        traceback.clear_frames(error.__traceback__)
        del error
        give_memory_back()
        return ended
    return ending.done()


def read_inputs(request: RunRequest) -> Inputs:
    """The inputs that the request names.

    Raises:
        Refusal: when the data or the model cannot be read or have changed.
    """
    from engines.data.reading import read

    model = None if request.model is None else explained.load(request.model)
    return Inputs(read(request.data), request.graph, request.knowledge, request.truth, model)


def save(
    request: RunRequest, inputs: Inputs, parameters: MethodParameters, fitted: Fitted, folder: Path
) -> None:
    """Write the model with its card, then the results, one frame a file."""
    models.save(fitted.model, folder / "model", method=request.method, card=card(request, inputs, parameters, fitted))
    results = folder / "results"
    shutil.rmtree(results, ignore_errors=True)         # of an attempt that did not get to its end
    with new_folder(results) as part:
        for number, (name, result) in enumerate(fitted.results.items(), start=1):
            slug = re.sub(r"[^\w-]+", "_", name)
            (part / f"{number:02}_{slug}.result").write_bytes(wire.encode(result))


def read_results(folder: Path) -> dict[str, Result]:
    """The results of a finished run by name, in order; `folder` is the run's."""
    found = [wire.decode(path.read_bytes()) for path in sorted((folder / "results").glob("*.result"))]
    return {result.name: result for result in found}


def card(
    request: RunRequest, inputs: Inputs, parameters: MethodParameters, fitted: Fitted
) -> dict[str, Any]:
    """What stands beside a model: all that it was made of, and how well it did."""
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "run": request.run,
        "data": {
            "name": inputs.data.name,
            "items": len(inputs.data),
            "columns": [
                {"name": c.name, "type": str(c.type), "role": str(c.role), "unit": c.unit}
                for c in inputs.table.columns
            ],
            "reference": wire.to_plain(request.data),
        },
        "graph": request.graph.to_json() if request.graph else None,
        "knowledge": wire.to_plain(request.knowledge),
        "predictor": Carded.of("", fitted.model.predictor()).to_json(),
        "model": wire.to_plain(request.model),
        "parameters": parameters.model_dump(mode="json"),
        "seed": request.seed,
        "device": request.device,
        "threads": request.threads,
        "versions": versions(),
        "figures": dict(fitted.figures),
        "seconds": fitted.seconds,
        "cpu_seconds": fitted.cpu_seconds,
    }


def versions() -> dict[str, str]:
    """Versions that a figure depends on."""
    found = {"python": ".".join(str(part) for part in sys.version_info[:3])}
    for name in VERSIONED:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


class _Ending:
    """How one run ended, in the analyst's words."""

    def __init__(self, request: RunRequest) -> None:
        self._request = request
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        self.begun = False
        self.parameters: MethodParameters | None = None

    def done(self) -> RunEnded:
        return self._ended(RunState.DONE)

    def cancelled(self) -> RunEnded:
        return self._ended(RunState.CANCELLED, f"Run {self._request.run} was stopped.")

    def out_of_time(self, limit: float | None) -> RunEnded:
        return self._ended(
            RunState.FAILED,
            f"Run {self._request.run} took longer than the {limit:g} s it was given.",
            offers=("Give it more time",),
        )

    def refused(self, refusal: Refusal) -> RunEnded:
        return self._ended(
            RunState.FAILED,
            refusal.sentence,
            refusal.cause,
            refusal.offers,
            trace=traceback.format_exc() if self.begun else "",
            refused=not self.begun,
            about=refusal.about,
        )

    def out_of_memory(self, error: BaseException) -> RunEnded:
        settings = self.parameters.model_dump() if self.parameters else {}
        batch = next((v for n, v in settings.items() if "batch" in n and isinstance(v, int) and v > 1), None)
        at = f" at batch {batch}" if batch else ""
        offers = (f"Retry with batch {batch // 2}",) if batch else ("Use less data",)
        return self._ended(
            RunState.FAILED,
            f"The engine ran out of memory{at}. Nothing finished is lost.",
            str(error).partition("\n")[0],
            offers,
            trace=traceback.format_exc(),
        )

    def failed(self, error: BaseException) -> RunEnded:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            sentence = f"The disk is full: run {self._request.run} could not be written."
            return self._ended(RunState.FAILED, sentence, str(error), ("Resume",), trace=traceback.format_exc())
        return self._ended(
            RunState.FAILED,
            f"Run {self._request.run} stopped by an error in {self._request.method}.",
            f"{type(error).__name__}: {error}",
            ("Retry", "Copy the report"),
            trace=traceback.format_exc(),
        )

    def _ended(
        self,
        state: RunState,
        sentence: str = "",
        cause: str = "",
        offers: tuple[str, ...] = (),
        *,
        trace: str = "",
        refused: bool = False,
        about: tuple[str, ...] = (),
    ) -> RunEnded:
        return RunEnded(
            self._request.run,
            state,
            sentence,
            cause,
            offers,
            trace,
            refused,
            time.perf_counter() - self._wall,
            time.process_time() - self._cpu,
            peak_memory(),
            about,
        )
