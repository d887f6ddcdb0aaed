"""What a model can do for other methods, in words."""

from __future__ import annotations

from engines.abilities import Ability, Carded


def abilities_in_words(carded: Carded) -> str:
    """What a model can do, in a line: "Predicts risk, with gradients". Empty: it predicts nothing."""
    if Ability.PREDICTOR not in carded.abilities:
        return ""
    ends = "with gradients" if Ability.GRADIENTS in carded.abilities else "without gradients"
    return f"Predicts {', '.join(carded.targets)}, {ends}"
