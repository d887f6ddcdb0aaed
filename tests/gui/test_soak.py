"""The studio used for a while: nothing piles up, nothing goes wrong. `dev.py test --soak MINUTES` does it for longer.
"""

from __future__ import annotations

import random
import time

import pytest

from engines.contract import Slider
from studio.runs.machine import memory
from studio.samples.samples import sample
from widgets.theme import appearance

_SAMPLE_SECONDS = 15.0
_MOST_GROWTH = 48e6
"""Bytes that window and lanes may grow by once warm: allocators keep some, a leak of a picture a drag is far more."""


async def use(analyst, seconds: float) -> list[int]:
    """Drag, let go, choose, undo, look at every panel; memory of window and lanes after each round."""
    chance = random.Random(0)
    desk, window, exploration = analyst.desk, analyst.window, analyst.desk.exploration
    await analyst.open_sample("morpho_digits")
    await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
    ids = exploration.subject.data.row_ids
    sliders = [control for control in exploration.subject.factors if isinstance(control, Slider)]
    seen, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        control = chance.choice(sliders)
        before = dict(exploration.wish.do)
        for _ in range(8):
            exploration.drag(control.name, chance.uniform(control.low, control.high))
        exploration.set(control.name, chance.uniform(control.low, control.high), before)
        await analyst.answered()
        exploration.choose(int(chance.choice(ids)))
        await analyst.answered()
        desk.history.undo()
        await analyst.answered()
        for name in ("Data", "Methods", "Graph", "Results", "Models", "Counterfactual"):
            window.show_panel(name)
        appearance().set_scheme(chance.choice(("light", "dark")))
        seen.append(memory(desk.engine.pids())[0])
    appearance().set_scheme("system")
    return seen


def steady(seen: list[int]) -> None:
    """The last third holds no more than the middle one, but for what allocators keep."""
    third = len(seen) // 3
    middle, last = seen[third : 2 * third], seen[2 * third :]
    assert third >= 1
    assert min(last) - min(middle) < _MOST_GROWTH, f"memory grew from {min(middle):,} to {min(last):,} bytes"


pytestmark = pytest.mark.skipif(
    sample("morpho_digits").model is None, reason="the sample has no trained model to be asked"
)


@pytest.mark.robustness
def test_a_short_while(analyst, finish):
    steady(finish(use(analyst, _SAMPLE_SECONDS), 120))


@pytest.mark.soak
def test_a_long_while(analyst, finish, soak_minutes):
    steady(finish(use(analyst, 60 * soak_minutes), 60 * soak_minutes + 120))
