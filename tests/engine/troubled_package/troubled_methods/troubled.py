"""A method that behaves as badly as its setting says."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engines.contract import (
    Accepts,
    Answer,
    Budget,
    Columns,
    Control,
    Inputs,
    Method,
    MethodParameters,
    Model,
    Query,
    Run,
    Slider,
    Trial,
    parameter,
)
from engines.data.kinds import DataKind, number_column, table_of
from engines.data.roles import Role
from engines.questions import Question
from engines.results import Span, TextResult

WAY = Literal["good", "patient", "deaf", "crash", "exit", "flood", "greedy", "wrong"]


class Parameters(MethodParameters):
    """How to behave."""

    way: WAY = parameter("good", help="How to behave.")
    steps: int = parameter(5, ge=1, help="How many steps.")
    batch_size: int = parameter(64, ge=1, help="Named when memory runs out.")


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> Troubled:
    """Behave."""
    never = threading.Event()
    total = 0.0 if run.resumed is None else float(run.resumed["total"])
    start = 0 if run.resumed is None else int(run.resumed["next"])
    for step in run.steps(parameters.steps, "work", start=start):
        total += run.generator.random()
        run.scalar("total", total, step)
        run.checkpoint(lambda step=step, total=total: {"total": total, "next": step + 1})
        match parameters.way:
            case "patient":
                never.wait(0.01)
            case "deaf":
                never.wait()
            case "crash":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "exit":
                sys.stderr.write("I have had enough\n")
                sys.stderr.flush()
                os._exit(7)
            case "flood":
                os.write(1, b"stray output\n" * 1000)
                sys.stdout.write("more of it\n" * 1000)
                for i in range(10_000):
                    run.scalar("flood", i, step * 10_000 + i)
            case "greedy":
                np.empty(1 << 50, dtype=np.uint8)
            case "wrong":
                raise ZeroDivisionError("no such number")
    return Troubled(total)


@dataclass(frozen=True)
class Troubled(Model):
    """A number; answers as many times as it is asked to, or crashes."""

    total: float

    def controls(self) -> tuple[Control, ...]:
        return (Slider("shift", 0, 1, (0, 1), do=False, default=0.0),)

    def answer(self, query: Query) -> Iterator[Answer]:
        way = query.values.get("way", "good")
        if way == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        if way == "deaf":
            threading.Event().wait()
        yield Answer(Budget.VALUES, ())
        for step in range(1, int(query.values.get("steps", 1))):
            threading.Event().wait(0.01)
            yield Answer(Budget.PREVIEW, (), step=step, total=0)
        text = f"{self.total + float(query.values.get('shift', 0.0)):.6f}"
        yield Answer(Budget.FINAL, (TextResult("number", "Number", (Span(text),)),))


def small() -> Inputs:
    """Three rows."""
    return Inputs(table_of("three", [number_column("x", [1.0, 2.0, 4.0])]))


method = Method(
    title="Troubled",
    sentence="Behaves as it is told.",
    question=Question.ROW_IF,
    source="",
    accepts=Accepts(DataKind.TABLE, (Columns(Role.FACTOR),)),
    parameters=Parameters,
    presets={"good": Parameters()},
    fit=fit,
    model=Troubled,
    produces=(),
    answers=(),
    trial=Trial(small, Parameters()),
)
