"""What each factor's code is made of: its parents' codes and noise of its own.

Source: CausalDiffAE, section 4.1 (causal encoding). Symbols: b pictures, n factors, d numbers a factor; u, z (b, n, d)
noise and code blocks; f_i the mechanism of factor i.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import torch
from torch import Tensor, nn

Form = Literal["topological", "official", "none"]


class Mechanisms(nn.Module):
    """z_i = f_i(parents of i) + u_i.

    "topological": the parents' codes, one after the other, in causal order; roots are z_i = u_i.
    "official": the sum of the parents' NOISES in one matrix step, z = f(A' u) + u, as the authors' program has it;
    a root gets the constant f_i(0). "none": z = u, no mechanism.
    """

    def __init__(self, parents: Sequence[Sequence[int]], order: Sequence[int], width: int, hidden: int,
                 form: Form) -> None:
        super().__init__()
        self.parents = [list(p) for p in parents]
        self.order = list(order)
        self.form = form
        self.f = nn.ModuleList(_mechanism(width * self._inputs(p), width, hidden) if self._has(p) else nn.Identity()
                               for p in self.parents)

    def forward(self, u: Tensor, do: Mapping[int, Tensor] | None = None) -> Tensor:
        """Prediction: codes (b, n, d) from noises (b, n, d), where `do` holds the codes (b, d) that are set.

        Empty `do` gives the factual codes. A factor that is set passes its code, and not its noise, on to its
        descendants.
        """
        do = do or {}
        if self.form == "official":
            return self._matrix_step(u, do)
        z: dict[int, Tensor] = {}
        for i in self.order:
            if i in do:
                z[i] = do[i]
            elif self._has(self.parents[i]):
                z[i] = self.f[i](torch.cat([z[j] for j in self.parents[i]], dim=1)) + u[:, i]
            else:
                z[i] = u[:, i]
        return torch.stack([z[i] for i in range(len(self.parents))], dim=1)

    def _matrix_step(self, u: Tensor, do: Mapping[int, Tensor]) -> Tensor:
        """A set factor's noise is what makes its code the value that is set: children read noises here."""
        noises = {i: u[:, i] for i in range(len(self.parents))}
        z: dict[int, Tensor] = {}
        for i in self.order:
            gathered = sum((noises[j] for j in self.parents[i]), torch.zeros_like(u[:, i]))
            caused = self.f[i](gathered)
            if i in do:
                noises[i] = do[i] - caused
            z[i] = caused + noises[i]
        return torch.stack([z[i] for i in range(len(self.parents))], dim=1)

    def _has(self, parents: Sequence[int]) -> bool:
        return self.form == "official" or (self.form == "topological" and len(parents) > 0)

    def _inputs(self, parents: Sequence[int]) -> int:
        return 1 if self.form == "official" else len(parents)


def _mechanism(inputs: int, width: int, hidden: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, hidden), nn.LeakyReLU(0.01), nn.Linear(hidden, width))
