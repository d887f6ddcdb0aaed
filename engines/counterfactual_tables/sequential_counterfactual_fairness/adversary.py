"""Adversarial total correlation: a network tells rows from mixtures of rows, and the encoders make it fail.

Source: its form is DCEVAE's; which blocks are mixed is by analogy. Symbols: n rows, k entries a block.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy

from engines.counterfactual_tables.sequential_counterfactual_fairness.networks import BLOCKS, perceptron

WIDTH = 100
MIXED = (0, 2, 3)
"""Blocks whose rows are shuffled, each by itself; the semantic, unaffected one and the attribute stay together."""


class Adversary(nn.Module):
    """Two logits (n, 2) of four blocks (n, k) and the attribute (n,): of one row; of a mixture."""

    def __init__(self, k: int) -> None:
        super().__init__()
        self.layers = perceptron((len(BLOCKS) * k + 1, WIDTH, WIDTH, WIDTH, 2))

    def forward(self, u: Sequence[Tensor], a: Tensor) -> Tensor:
        told: Tensor = self.layers(torch.cat([*u, a[:, None]], dim=1))
        return told


def orders(n: int, generator: torch.Generator) -> Tensor:
    """(3, n) a shuffle for each mixed block."""
    return torch.stack([torch.randperm(n, generator=generator) for _ in MIXED])


def total_correlation(adversary: Adversary, u: Sequence[Tensor], a: Tensor) -> Tensor:
    """How surely the adversary knows rows for rows: the encoders lower it, and the adversary learns nothing from it."""
    fixed = {name: value.detach() for name, value in adversary.named_parameters()}
    logits: Tensor = functional_call(adversary, fixed, (u, a))
    return (logits[:, 0] - logits[:, 1]).mean()


def cost(adversary: Adversary, u: Sequence[Tensor], a: Tensor, order: Tensor) -> tuple[Tensor, Tensor]:
    """What the adversary lowers, of which the encoders learn nothing; and its share of right answers."""
    row = [one.detach() for one in u]
    mixture = list(row)
    for place, shuffle in zip(MIXED, order, strict=True):
        mixture[place] = row[place][shuffle]
    logits = torch.stack([adversary(row, a), adversary(mixture, a)])
    truth = torch.arange(2, device=a.device)[:, None].expand(2, len(a))
    return cross_entropy(logits.flatten(0, 1), truth.flatten()), (logits.argmax(2) == truth).float().mean()
