"""A plain convolutional trunk that reads a picture into a vector.

Symbols: b pictures of c channels and s x s pixels, values -1..1; k features.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class Trunk(nn.Module):
    """Conv 3 x 3 of stride 2, batch norm, leaky ReLU, once for each entry of `widths`; flattened: (b, features)."""

    def __init__(self, channels: int, side: int, widths: Sequence[int]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inward, outward in zip((channels, *widths), widths, strict=False):
            layers += [nn.Conv2d(inward, outward, 3, stride=2, padding=1), nn.BatchNorm2d(outward), nn.LeakyReLU(0.01)]
        self.layers = nn.Sequential(*layers, nn.Flatten())
        with torch.no_grad():
            self.layers.eval()
            self.features = self.layers(torch.zeros(1, channels, side, side)).shape[1]
            self.layers.train()

    def forward(self, x: Tensor) -> Tensor:
        """x (b, c, s, s) -> (b, features)."""
        features: Tensor = self.layers(x)
        return features


class Reader(nn.Module):
    """A trunk and one linear layer: pictures (b, c, s, s) to `outputs` numbers (b, outputs)."""

    def __init__(self, channels: int, side: int, widths: Sequence[int], outputs: int) -> None:
        super().__init__()
        self.settings = {"channels": channels, "side": side, "widths": list(widths), "outputs": outputs}
        self.trunk = Trunk(channels, side, widths)
        self.head = nn.Linear(self.trunk.features, outputs)

    def forward(self, x: Tensor) -> Tensor:
        read: Tensor = self.head(self.trunk(x))
        return read
