"""From codes to pictures and back: the denoiser steered by codes, walked down and up the noise levels.

Symbols: b pictures; x0 (b, c, s, s) clean, -1..1; x_T (b, c, s, s) noise; z (b, n, d) codes; w guidance.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from engines.counterfactual_images.causal_diffae.diffusion import Denoise, Sampler
from engines.counterfactual_images.causal_diffae.network import CausalAutoencoder

PLAIN = 1.0           # guidance that changes nothing


def to_network(pixels: np.ndarray) -> Tensor:
    """Pictures (b, s, s, c) of grey levels 0..255 as (b, c, s, s), -1..1."""
    return torch.from_numpy(np.array(pixels)).permute(0, 3, 1, 2).float() / 127.5 - 1


def to_pixels(x: Tensor) -> np.ndarray:
    """The inverse of `to_network`; what lies beyond black and white is clipped here and nowhere else."""
    levels = ((x.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return levels.permute(0, 2, 3, 1).cpu().numpy()


class Painter:
    """Turns codes and noise into pictures, and pictures and codes into the noise that gives them back."""

    def __init__(self, network: CausalAutoencoder, refinements: int, clip: bool) -> None:
        self.network = network
        self.sampler = Sampler(network.shares, network.prediction, clip)
        self.refinements = refinements

    def keep(self, x0: Tensor, z: Tensor, steps: int) -> Tensor:
        """Abduction of all that the codes do not say: the noise x_T from which codes z paint x0 again."""
        *_, kept = self.keeping(x0, z, steps)
        return kept

    def keeping(self, x0: Tensor, z: Tensor, steps: int) -> Iterator[Tensor]:
        """The same, told after each step; the last one is x_T."""
        return self.sampler.rise(x0, self._telling(z, PLAIN), self.sampler.times(steps), self.refinements)

    def forget(self, x0: Tensor, seed: int) -> Tensor:
        """A forward-diffused start: x0 drowned in fresh noise, the same for the same seed."""
        e = torch.randn(x0.shape, generator=torch.Generator().manual_seed(seed)).to(x0.device)
        a = self.sampler.shares[-1]
        return float(np.sqrt(a)) * x0 + float(np.sqrt(1 - a)) * e

    def paint(self, x_T: Tensor, z: Tensor, steps: int, guidance: float = PLAIN) -> Iterator[Tensor]:
        """Prediction of the picture: yields the clean estimate after each step, the last one being the picture."""
        return self.sampler.denoise(x_T, self._telling(z, guidance), self.sampler.times(steps))

    def painted(self, x_T: Tensor, z: Tensor, steps: int, guidance: float = PLAIN) -> Tensor:
        """The last of `paint`."""
        *_, picture = self.paint(x_T, z, steps, guidance)
        return picture

    def _telling(self, z: Tensor, guidance: float) -> Denoise:
        """Step 9 of the method: w times what the codes tell plus 1 - w times what is told without them."""
        def tell(x: Tensor, t: int) -> Tensor:
            at = torch.full((len(x),), t, device=x.device)
            with_codes = self.network.tell(x, at, z)
            if guidance == PLAIN:
                return with_codes
            return guidance * with_codes + (1 - guidance) * self.network.tell(x, at, None)

        return tell
