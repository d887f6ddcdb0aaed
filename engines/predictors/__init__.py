"""The plain models to explain and to compare with: linear, network, boosted trees.

`learning.learn` trains one, `restored` brings one back from its `state()`; a method that explains a predictor keeps
that state in its own model, and so answers without the other model's folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engines.abilities import Predictor
from engines.predictors.known import Known
from engines.predictors.layered import Layered
from engines.predictors.opened import Opened
from engines.predictors.stored import Stored
from engines.predictors.trees import Trees
from engines.refusals import Refusal

_KINDS: dict[str, Callable[[Mapping[str, Any]], Stored]] = {
    Known.kind: Known.from_state, Layered.kind: Layered.from_state, Opened.kind: Opened.from_state,
    Trees.kind: Trees.from_state,
}


def restored(state: Mapping[str, Any]) -> Stored:
    """The predictor that `state()` was taken of; only the kinds known here are made.

    Raises:
        Refusal: when the kind is unknown.
    """
    kind = str(state.get("kind"))
    if kind not in _KINDS:
        raise Refusal(f"A predictor of the kind {kind} is not known here.", "Update Otherwise.")
    return _KINDS[kind](state)


def stored(predictor: Predictor) -> Mapping[str, Any]:
    """The state of a predictor that can be kept in another model.

    Raises:
        Refusal: when it cannot.
    """
    if not isinstance(predictor, Stored):
        raise Refusal("This model cannot be kept inside another one.", "Choose a trained predictor.")
    return predictor.state()
