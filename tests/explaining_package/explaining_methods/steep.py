"""The same, by a model that has gradients."""

from dataclasses import replace

from engines.abilities import Ability
from explaining_methods import nudge

method = replace(
    nudge.method, title="Steep nudge", accepts=replace(nudge.method.accepts, model=Ability.GRADIENTS),
)
