"""The sequential autoencoder: four blocks of hidden factors, decoder, priors that move with the periods, classifier.

Blocks: semantic factors that explain columns which the attribute affects (s) or does not (ns), and environment factors
likewise (v1, v2). All are exogenous: none is to depend on the attribute.
Symbols: n rows, p columns, q of them affected, k entries a block, T periods. x standardised; a (n,) in {0, 1}.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from engines.counterfactual_tables.sequential_counterfactual_fairness.mathematics import Gaussian

BLOCKS = ("semantic, affected", "semantic, unaffected", "environment, affected", "environment, unaffected")
DECODER = (16, 64, 128)
SLOPE = 0.2


def perceptron(sizes: Sequence[int]) -> nn.Sequential:
    """Linear layers with leaky rectifiers between."""
    layers: list[nn.Module] = []
    for a, b in pairwise(sizes):
        layers += [nn.Linear(a, b), nn.LeakyReLU(SLOPE)]
    return nn.Sequential(*layers[:-1])


class Drift(nn.Module):
    """A prior that moves: an LSTM rolled from 0 gives the block's normal distribution in each period."""

    def __init__(self, k: int) -> None:
        super().__init__()
        self.k = k
        self.cell, self.out = nn.LSTMCell(2 * k, 2 * k), nn.Linear(2 * k, 2 * k)

    def forward(self, periods: int) -> Gaussian:
        """Mean and log variance (T, k)."""
        z = h = c = self.out.bias.new_zeros(1, 2 * self.k)
        rolled = []
        for _ in range(periods):
            h, c = self.cell(z, (h, c))
            z = self.out(h)
            rolled.append(z)
        mean, log_variance = torch.cat(rolled).chunk(2, dim=1)
        return Gaussian(mean, log_variance.clamp(-8, 4))


class Autoencoder(nn.Module):
    """See the module. `affected`: places of the columns that the attribute may affect; the others it does not.

    Where all columns are affected, all four blocks read all of them and the attribute.
    """

    def __init__(self, columns: int, affected: Sequence[int], k: int, hidden: int) -> None:
        super().__init__()
        self.settings: dict[str, Any] = {"columns": columns, "affected": list(affected), "k": k, "hidden": hidden}
        self.k, self.touched = k, list(affected)
        self.untouched = [j for j in range(columns) if j not in set(affected)]
        q, rest = len(self.touched), len(self.untouched)
        widths = [q + 1, rest or q + 1] * 2
        self.encoders = nn.ModuleList(perceptron((width, hidden, hidden, 2 * k)) for width in widths)
        self.decoder = perceptron((4 * k + 1, *DECODER, q))
        self.plain = perceptron((2 * k, *DECODER, rest)) if rest else None
        self.drifts = nn.ModuleList(Drift(k) for _ in range(2))
        self.head = nn.Linear(2 * k, 2)

    def encode(self, x: Tensor, a: Tensor) -> list[Gaussian]:
        """What is believed of each block, (n, k) each."""
        touched = torch.cat([x[:, self.touched], a[:, None]], dim=1)
        untouched = x[:, self.untouched] if self.untouched else touched
        found = []
        for encoder, seen in zip(self.encoders, (touched, untouched) * 2, strict=True):
            mean, log_variance = encoder(seen).chunk(2, dim=1)
            found.append(Gaussian(mean, log_variance.clamp(-8, 4)))
        return found

    def decode(self, u: Sequence[Tensor], a: Tensor) -> Tensor:
        """Columns (n, p) from the four blocks and the attribute, which unaffected columns do not read."""
        touched = self.decoder(torch.cat([*u, a[:, None]], dim=1))
        if self.plain is None:
            return touched
        parts = torch.cat([touched, self.plain(torch.cat([u[1], u[3]], dim=1))], dim=1)
        order = torch.tensor(self.touched + self.untouched, device=a.device)
        return parts[:, order.argsort()]

    def logits(self, u: Sequence[Tensor]) -> Tensor:
        """Logits (n, 2) of the label, from the semantic blocks alone."""
        return self.head(torch.cat([u[0], u[1]], dim=1))

    def chance(self, x: Tensor, a: Tensor) -> Tensor:
        """P(label = 1) (n,) at the means of the semantic blocks."""
        return self.logits([q.mean for q in self.encode(x, a)]).softmax(1)[:, 1]

    def counterfactual(self, x: Tensor, a: Tensor, other: Tensor, keep: bool = True) -> Tensor:
        """The rows had the attribute been `other` (n,); `keep`: each row keeps its own residual."""
        u = [q.mean for q in self.encode(x, a)]
        return x + (self.decode(u, other) - self.decode(u, a)) if keep else self.decode(u, other)

    def priors(self, periods: int) -> list[Gaussian]:
        """Of the two environment blocks, (T, k) each."""
        return [drift(periods) for drift in self.drifts]
