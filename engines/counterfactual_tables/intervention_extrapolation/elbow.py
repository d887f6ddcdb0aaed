"""How many latents are there? Encoders with 1, 2 and more of them, learnt for a short while, and how well each does.

The card's elbow. Each number is tried with the restriction and without. Symbols: n rows, q readings, p actions.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engines.contract import Run
from engines.counterfactual_tables.intervention_extrapolation.parameters import Parameters
from engines.counterfactual_tables.intervention_extrapolation.stages import Stage, encode
from engines.results import CurveResult, Line, Shade

SHORTER = 3                 # times fewer steps than the encoder that answers
BEYOND = 2                  # numbers of latents that are tried beyond what the actions can tell apart
MISSED = 0.02               # of the readings' variance that one latent more than the actions can tell apart would show


class Trial(Stage):
    """The part of a run that tries one number of latents: it has no curves of its own."""

    def __init__(self, run: Run, latents: int, tried: Tensor) -> None:
        super().__init__(run, f"{latents} latents", {"compared": tried})
        self.said = f"trying {latents} latent{'s'[: latents - 1]}"

    def scalar(self, name: str, value: float, step: int, unit: str = "") -> None:
        """Nothing: steps are counted anew for each number."""

    def steps(self, work: int | Iterable[Any], phase: str, *, start: int = 0) -> Iterator[Any]:  # noqa: ARG002
        return self.run.steps(work, self.said, start=start)


def compare(X: Tensor, A: Tensor, parameters: Parameters, run: Run) -> Tensor:
    """Try each number of latents, and show how each does. X (n, q), A (n, p), standardised.

    Returns (numbers, 4): reconstruction error and moment restriction a latent, with the restriction; the same without.
    Empty where it was not asked for. Numbers that a resumed run has tried are not tried again.
    """
    before = (run.resumed or {}).get("before") or {}
    tried: Tensor = before.get("compared", torch.empty(0, 4))
    actions = A.shape[1]
    for latents in range(len(tried) + 1, min(X.shape[1], actions + BEYOND) + 1 if parameters.compare else 0):
        shorter = {"latents": latents, "steps": max(1, parameters.steps // SHORTER)}
        found = encode(X, A, [parameters.weight, 0.0], parameters.model_copy(update=shorter),
                       Trial(run, latents, tried))
        one = torch.stack([found.reconstruction, found.restriction / latents], dim=1).reshape(1, 4).cpu()
        tried = torch.cat([tried, one])
        for result in pictures(tried.numpy().astype(np.float64), actions):
            run.show(result)
    if len(tried) > actions and tried[actions - 1, 2] - tried[actions, 2] > MISSED:
        run.message(f"{actions + 1} latents show much more of the readings than {actions}: more is hidden, it seems, "
                    "than these actions can tell apart, and then the curve may not hold.")
    return tried


def pictures(tried: np.ndarray, actions: int) -> tuple[CurveResult, CurveResult]:
    """Reconstruction error and moment restriction over the number of latents. tried: (numbers, 4).

    Without a latent nothing is reconstructed: the error is all of the variance.
    """
    numbers = np.arange(len(tried) + 1, dtype=np.float64)
    tried = np.vstack([[1.0, np.nan, 1.0, np.nan], tried])
    shaded = (Shade(1.0, float(actions), "actions can tell apart"),) if actions > 1 else ()

    def picture(name: str, title: str, label: str, which: int) -> CurveResult:
        lines = (Line("with the restriction", numbers, tried[:, which], role="counterfactual"),
                 Line("without", numbers, tried[:, which + 2]))
        return CurveResult(name, title, lines, "latents", label, shaded=shaded)

    return (picture("elbow", "Reconstruction, by number of latents", "share of the readings' variance", 0),
            picture("linearity", "Moment restriction, by number of latents", "restriction a latent", 1))
