"""iVAE: a variational autoencoder whose prior depends on what was done.

Source: Khemakhem, Kingma, Monti, Hyvärinen, "Variational Autoencoders and Nonlinear ICA: A Unifying Framework",
AISTATS 2020, arXiv 1907.04809. z | a ~ N(m(a), s(a)²), x | z ~ N(f(z), r²), q(z | x, a) normal; m, s, f and q are
perceptrons. Symbols: n rows, p actions, q readings, d latents; all standardised.
"""

import math

import torch
from torch import Tensor, nn

FIRST_NOISE = -2.0          # log r at the start, in standard deviations of the readings


class IdentifiableVAE(nn.Module):
    """The three perceptrons and the noise of the readings."""

    def __init__(self, actions: int, readings: int, latents: int, width: int) -> None:
        super().__init__()
        self.prior = perceptron(actions, width, 2 * latents)
        self.encoder = perceptron(readings + actions, width, 2 * latents)
        self.decoder = perceptron(latents, width, readings)
        self.log_noise = nn.Parameter(torch.full((readings,), FIRST_NOISE))

    def latents(self, x: Tensor, a: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log standard deviation of q(z | x, a), (n, d) each."""
        mean, log_sd = self.encoder(torch.cat([x, a], dim=1)).chunk(2, dim=1)
        return mean, log_sd

    def bound(self, x: Tensor, a: Tensor, noise: Tensor) -> Tensor:
        """E[log p(x | z)] - KL(q(z | x, a) ‖ p(z | a)) of each row (n,), nats. noise: (n, d) standard normal."""
        mean, log_sd = self.latents(x, a)
        centre, spread = self.prior(a).chunk(2, dim=1)
        told = self.decoder(mean + log_sd.exp() * noise)
        fits = -0.5 * ((x - told) / self.log_noise.exp()).square() - self.log_noise - 0.5 * math.log(2 * math.pi)
        ratio, apart = (2 * (log_sd - spread)).exp(), ((mean - centre) / spread.exp()).square()
        return fits.sum(dim=1) - (0.5 * (ratio + apart - 1) + spread - log_sd).sum(dim=1)


def perceptron(inward: int, width: int, outward: int) -> nn.Sequential:
    """Two hidden layers of leaky rectifiers, as in the paper's experiments."""
    return nn.Sequential(nn.Linear(inward, width), nn.LeakyReLU(0.1), nn.Linear(width, width), nn.LeakyReLU(0.1),
                         nn.Linear(width, outward))
