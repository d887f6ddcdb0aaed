"""Small fully connected networks, several side by side: all restarts and resamples are trained in one sweep.

Symbols: k networks; n rows.
"""

from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Parallel(nn.Module):
    """k networks of one shape, each a linear map plus a multilayer perceptron with ELU. (k, n, in) to (k, n, out).

    The linear map lets a linear truth be learnt at once, and leaves no arbitrary tails to it.
    """

    def __init__(self, copies: int, sizes: list[int]) -> None:
        super().__init__()
        self.settings: dict[str, Any] = {"copies": copies, "sizes": list(sizes)}
        self.weights = nn.ParameterList(torch.zeros(copies, a, b) for a, b in pairwise(sizes))
        self.biases = nn.ParameterList(torch.zeros(copies, 1, b) for b in sizes[1:])
        self.direct = nn.Parameter(torch.zeros(copies, sizes[0], sizes[-1]))

    def start(self, generator: torch.Generator, last: float, linear: Tensor) -> "Parallel":
        """Draw the weights, the last layer's `last` times the usual size; the linear map is `linear` (in, out)."""
        with torch.no_grad():
            self.direct.copy_(linear)
            for weight, bias in zip(self.weights, self.biases, strict=True):
                reach = weight.shape[1] ** -0.5
                for drawn in (weight, bias):
                    drawn.copy_(torch.empty(drawn.shape).uniform_(-reach, reach, generator=generator))
            self.weights[-1].mul_(last)
            self.biases[-1].mul_(last)
        return self

    def forward(self, x: Tensor) -> Tensor:
        hidden = x
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            hidden = F.elu(hidden @ weight + bias)
        return hidden @ self.weights[-1] + self.biases[-1] + x @ self.direct

    def picked(self, which: list[int]) -> "Parallel":
        """Only these of the networks."""
        made = Parallel(len(which), self.settings["sizes"])
        made.load_state_dict({name: value[which] for name, value in self.state_dict().items()})
        return made.eval().requires_grad_(False)
