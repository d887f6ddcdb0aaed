"""Sentences about what can be trusted: noise that is only guessed, mechanisms that do not fit.

Symbols: d variables, s draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engines.abilities import Feature
from engines.counterfactual_tables.structural_causal_model.mechanisms import Array, Mechanism

ALPHA = 0.05


def guesswork(mechanisms: Sequence[Mechanism], row: Array, worlds: Array, follow: Sequence[int]) -> str:
    """Which followers of the row (d,) stand on noise that is only known as a distribution; worlds (s, d)."""
    parts = []
    for place in follow:
        variable = mechanisms[place].variable
        if not mechanisms[place].exact:
            counts = np.bincount(worlds[:, place].astype(int), minlength=len(variable.levels))
            stays = 100 * counts[int(row[place])] / counts.sum()
            parts.append(f"{variable.name} stays {variable.levels[int(row[place])]} in {stays:.0f} of 100 draws")
    if not parts:
        return ""
    return (f"The mechanism of a category cannot be inverted, so its noise is drawn: {', '.join(parts)}.")


def failures(variables: Sequence[Feature], kept: Sequence[Mapping[str, Any]]) -> list[str]:
    """One sentence for each variable whose noise knows its causes or whose causes tell nothing of it.

    p-values are corrected for the number of tests in the whole graph (Holm).
    """
    tests = sorted((p, place, int(cause)) for place, one in enumerate(kept)
                   for cause, (_, p) in one["judged"].get("tests", {}).items())
    found = []
    for number, (p, place, cause) in enumerate(tests):
        if p * (len(tests) - number) > ALPHA:
            break
        name, by = variables[place].name, variables[cause].name
        what = "probabilities are off along" if variables[place].levels else "noise depends on"
        found.append(f"The mechanism of {name} does not fit: its {what} {by} (p = {p:.2g}), so the noise taken from a "
                     "row is not the row's own. Try another mechanism; a cause may also be missing.")
    for place, one in enumerate(kept):
        judged = one["judged"]
        if one["causes"] and judged["gain"] <= 0:
            found.append(f"Its causes tell nothing of {variables[place].name} on rows held out.")
    return found


def verdict(variables: Sequence[Feature], kept: Sequence[Mapping[str, Any]], mechanisms: Sequence[Mechanism]) -> str:
    """What every answer stands on."""
    failed = failures(variables, kept)
    said = list(failed) or ["No mechanism was found wanting on rows held out."]
    if drawn := [one.variable.name for one in mechanisms if not one.exact]:
        said.append(f"Noise of {', '.join(drawn)} is drawn, not found: a category's mechanism cannot be inverted.")
    said.append("Counterfactuals are right if the graph is right, nothing hidden drives two variables, and noise adds.")
    return " ".join(said)
