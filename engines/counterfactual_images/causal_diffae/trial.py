"""Tiny inputs and settings with which the method can be tried within seconds, and inputs that it must refuse."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engines.contract import Inputs
from engines.counterfactual_images.causal_diffae.parameters import Parameters
from engines.data.kinds import Column, Images, category_column, number_column, table_of
from engines.graph.graph import Graph

TRIAL_PARAMETERS = Parameters(steps=30, batch=16, size="tiny", width=4, hidden=8, warm_up=5, ramp=10, average=0.9)


def trial_inputs(n: int = 96, side: int = 8) -> Inputs:
    """Bars on black: their width brings about their brightness, their direction is free."""
    rng = np.random.default_rng(0)
    width = rng.uniform(1, 5, n)
    brightness = 40 + 30 * width + rng.normal(0, 12, n)
    lying = rng.integers(0, 2, n)
    middle = np.arange(side) + 0.5 - side / 2
    profile = np.clip(width[:, None] / 2 - np.abs(middle) + 0.5, 0, 1)
    standing = np.repeat(profile[:, None, :], side, axis=1)
    pictures = np.where(lying[:, None, None] == 1, standing.transpose(0, 2, 1), standing) * brightness[:, None, None]
    pixels = np.clip(np.rint(pictures), 0, 255).astype(np.uint8)[..., None]
    table = table_of("bars", (
        number_column("width", width, "px"), number_column("brightness", brightness),
        category_column("direction", ["lying" if flag else "standing" for flag in lying]),
    ))
    graph = Graph.of(("width", "brightness", "direction"), (("width", "brightness"),))
    return Inputs(Images("bars", pixels, table), graph)


def _with_column(column: Column) -> Inputs:
    inputs = trial_inputs()
    images = inputs.data
    assert isinstance(images, Images)
    return replace(inputs, data=replace(images, attributes=images.attributes.with_column(column)))


def _with_side(side: int) -> Inputs:
    return trial_inputs(side=side)


REFUSALS: dict[str, Callable[[], Inputs]] = {
    "The graph has a cycle: ": lambda: replace(
        trial_inputs(), graph=Graph.of(("width", "brightness", "direction"), (
            ("width", "brightness"), ("brightness", "direction"), ("direction", "width")))),
    "The graph has a node length": lambda: replace(trial_inputs(), graph=Graph.of(("width", "length"))),
    "Label 'width' never varies": lambda: _with_column(number_column("width", np.full(96, 2.0))),
    "direction is a category with a cause": lambda: replace(
        trial_inputs(), graph=Graph.of(("width", "direction"), (("width", "direction"),))),
    "The images of bars have a side of 9": lambda: _with_side(9),
    "bars has 10 images": lambda: trial_inputs(n=10),
}
