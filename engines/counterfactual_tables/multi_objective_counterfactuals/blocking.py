"""When nothing meets all targets: the nearest miss, what stands in the way, and the same wishes with that relaxed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engines.counterfactual_tables.multi_objective_counterfactuals.problem import Candidates, Problem, columns
from engines.counterfactual_tables.multi_objective_counterfactuals.wishes import Aim, Wishes

DIGITS = 4


@dataclass(frozen=True, eq=False)
class Blocked:
    """Attributes:
    nearest: Place of the nearest miss among the candidates.
    constraint: What stands in the way, in words.
    remedy: What relaxing does, in words.
    relaxed: The wishes without it; the nearest miss meets them.
    """

    nearest: int
    constraint: str
    remedy: str
    relaxed: Wishes


def blocked(problem: Problem, some: Candidates) -> Blocked:
    """What blocks, given that no candidate meets everything.

    First a single limit or target without which some candidate would do: the one whose candidate is nearest to the
    query. If there is none, the targets that the nearest miss misses.
    """
    wishes, space = problem.wishes, problem.space
    short, broken = problem.shortfalls(some), space.broken(some.rows)
    distance = problem.gower.to(some.rows, space.query)
    missed_aims, left = short > 0, broken.any(axis=1)
    best: tuple[float, int, str] | None = None
    for name in (*wishes.aims, *wishes.limits):
        if name in wishes.aims:
            k = list(wishes.aims).index(name)
            alone = missed_aims[:, k] & (missed_aims.sum(axis=1) == 1) & ~left
        else:
            j = [feature.name for feature in space.features].index(name)
            alone = broken[:, j] & (broken.sum(axis=1) == 1) & ~missed_aims.any(axis=1)
        places = np.flatnonzero(alone)
        if len(places):
            at = int(places[distance[places].argmin()])
            if name in wishes.aims:             # the nearest to the target, not to the query: it is to be relaxed least
                at = int(places[short[places, k].argmin()])
            if best is None or distance[at] < best[0]:
                best = (float(distance[at]), at, name)
    if best is not None and best[2] in wishes.limits:
        _, at, name = best
        limits = {other: limit for other, limit in wishes.limits.items() if other != name}
        return Blocked(at, f"the limit of {name}", f"{name} free", replace(wishes, limits=limits))
    kept = np.flatnonzero(~left) if (~left).any() else np.arange(len(some))
    at = best[1] if best is not None else int(kept[np.lexsort((distance[kept], short[kept].sum(axis=1)))[0]])
    aims = dict(wishes.aims)
    remedies = []
    for name in [name for k, name in enumerate(wishes.aims) if missed_aims[at, k]]:
        reached = some.outputs[at, columns(problem.targets)[name]]
        aims[name] = _moved(wishes.aims[name], float(reached[0]))
        if aims[name] == Aim():
            del aims[name]
            remedies.append(f"{name} free")
        else:
            remedies.append(f"{name} {aims[name].said()}")
    names = " and ".join(name for k, name in enumerate(wishes.aims) if missed_aims[at, k])
    return Blocked(at, f"the target of {names}", "; ".join(remedies), replace(wishes, aims=aims))


def _moved(aim: Aim, reached: float) -> Aim:
    """The range widened to what was reached, rounded outward; without a range, no aim."""
    if aim.low is not None and reached < aim.low:
        return replace(aim, low=_rounded(reached, up=False))
    if aim.high is not None and reached > aim.high:
        return replace(aim, high=_rounded(reached, up=True))
    return Aim()


def _rounded(value: float, up: bool) -> float:
    """To four digits, never past the value."""
    if value == 0:
        return 0.0
    step = 10.0 ** (np.floor(np.log10(abs(value))) - DIGITS + 1)
    return float((np.ceil if up else np.floor)(value / step) * step)
