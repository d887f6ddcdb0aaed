"""The networks of CausalDiffAE put together, and the loss that trains them.

Source: CausalDiffAE, sections 4.1 to 4.3 and algorithm 1. Symbols: b pictures, n factors, d numbers a factor;
x0 (b, c, s, s) pictures, -1..1; y (b, n) labels, about -1..1, or level numbers, NaN where unknown; u, z (b, n, d)
noise and code blocks; w the weight of the latent terms, kappa that of the noise term among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.counterfactual_images.causal_diffae.diffusion import Prediction, diffuse, signal_shares, target
from engines.counterfactual_images.causal_diffae.mechanisms import Form, Mechanisms
from engines.networks.encoder import Trunk
from engines.networks.unet import UNet

Design = Literal["causal", "no mechanism", "aligned autoencoder", "autoencoder", "labels only"]
Size = Literal["tiny", "small", "medium", "published"]
DAMPING = 0.001       # share of the noise's variance that the decoder sees (authors' program)


@dataclass(frozen=True)
class Plan:
    """Widths of encoder and denoiser, and how many pixels are folded into channels before the first level."""

    encoder: tuple[int, ...]
    base: int
    multipliers: tuple[int, ...]
    blocks: int = 1
    fold: int = 1
    attention: tuple[int, ...] = ()
    middle_attention: bool = False

    @property
    def stride(self) -> int:
        """What the side of the pictures must be divisible by."""
        return self.fold * 2 ** (len(self.multipliers) - 1)


def planned(size: Size, side: int) -> Plan:
    """The networks of a size for pictures of `side` pixels."""
    large = side > 32
    match size:
        case "tiny":
            return Plan((8, 8), 8, (1,), fold=2)
        case "small":
            return Plan((24, 48, 64, 64) if large else (24, 48, 64), 24, (1, 2), fold=4 if large else 2)
        case "medium":
            return Plan((32, 64, 96, 96) if large else (32, 64, 96), 32, (1, 2, 2) if large else (1, 2), fold=2)
        case "published":
            multipliers = {28: (1, 2, 2), 32: (1, 2, 2, 2), 64: (1, 2, 3, 4), 96: (1, 2, 3, 4),
                           128: (1, 1, 2, 2, 4, 4), 256: (1, 1, 2, 2, 4, 4)}.get(side, (1, 2, 2))
            encoder = (16, 32, 32, 64, 64, 128) if large else (16, 32, 64, 128)
            return Plan(encoder, 128, multipliers, blocks=3, attention=(0,) if side == 28 else (),
                        middle_attention=True)


class CausalAutoencoder(nn.Module):
    """Encoder, mechanisms and denoiser.

    `design` "causal" is the method. The others leave parts out, to compare with: "no mechanism" has z = u; "aligned
    autoencoder" also drops the noise term; "autoencoder" (DiffAE) has neither mechanisms nor label term; "labels only"
    conditions the denoiser on the labels themselves.
    """

    def __init__(self, *, channels: int, side: int, parents: Sequence[Sequence[int]], order: Sequence[int],
                 levels: Sequence[int], width: int, hidden: int, form: Form, design: Design, size: Size, dropout: float,
                 steps: int, schedule: Literal["cosine", "linear"], prediction: Prediction) -> None:
        super().__init__()
        self.settings: dict[str, Any] = {
            "channels": channels, "side": side, "parents": [list(p) for p in parents], "order": list(order),
            "levels": list(levels), "width": width, "hidden": hidden, "form": form, "design": design, "size": size,
            "dropout": dropout, "steps": steps, "schedule": schedule, "prediction": prediction,
        }
        self.n, self.width, self.levels = len(parents), width, list(levels)
        self.design, self.prediction = design, prediction
        total = self.n * width
        plan = planned(size, side)
        self.trunk = Trunk(channels, side, plan.encoder)
        self.mean, self.spread = nn.Linear(self.trunk.features, total), nn.Linear(self.trunk.features, total)
        self.mechanisms = Mechanisms(parents, order, width, hidden, form if design == "causal" else "none")
        self.nothing = nn.Parameter(torch.zeros(total))
        self.denoiser = UNet(channels=channels, conditioning=total, base=plan.base, multipliers=plan.multipliers,
                             blocks=plan.blocks, fold=plan.fold, attention=plan.attention,
                             middle_attention=plan.middle_attention, dropout=dropout)
        self.shares: Tensor
        self.register_buffer("shares", signal_shares(schedule, steps))
        self.codes = nn.ParameterList(nn.Parameter(_codes(k, width), requires_grad=False) for k in self.levels)

    def noises(self, x0: Tensor) -> tuple[Tensor, Tensor]:
        """Abduction: mean and variance (b, n, d) of the noise blocks of pictures x0."""
        h = self.trunk(x0)
        shape = (-1, self.n, self.width)
        return self.mean(h).reshape(shape), (F.softplus(self.spread(h)) + 1e-8).reshape(shape)

    def aims(self, y: Tensor) -> Tensor:
        """The centre (b, n, d) of each block's prior: the label repeated, or the fixed code of a category's level."""
        known = torch.nan_to_num(y)
        blocks = [self.codes[i][known[:, i].long()] if k else known[:, i, None].expand(-1, self.width)
                  for i, k in enumerate(self.levels)]
        return torch.stack(blocks, dim=1)

    def tell(self, x: Tensor, t: Tensor, z: Tensor | None) -> Tensor:
        """What the denoiser tells of noisy pictures x at steps t (b,), given codes z (b, n, d), or given nothing."""
        condition = self.nothing.expand(len(x), -1) if z is None else z.flatten(1)
        told: Tensor = self.denoiser(x, t, condition)
        return told

    def loss(self, x0: Tensor, y: Tensor, *, w: float, kappa: float, drop: float,
             generator: torch.Generator) -> tuple[Tensor, dict[str, Tensor]]:
        """Algorithm 1: denoising error + w (label term + kappa noise term); the parts are named for the curves.

        Codes of pictures with a missing label, and of a share `drop` of the others, are replaced by the learned
        "nothing", and leave the latent terms: weak supervision and classifier-free guidance in one.
        """
        b = len(x0)
        labelled = ~y.isnan().any(dim=1)
        aims = self.aims(y)
        if self.design == "labels only":
            z, aligned, noise = aims, x0.new_zeros(b), x0.new_zeros(b)
        else:
            mean, variance = self.noises(x0)
            z_mean = self.mechanisms(mean)
            z = z_mean + (DAMPING * variance).sqrt() * torch.randn(mean.shape, generator=generator).to(x0.device)
            aligned = 0.5 * (z_mean - aims).square().sum(dim=(1, 2))
            noise = 0.5 * (mean.square() + variance - 1 - variance.log()).sum(dim=(1, 2))

        kept = labelled & (torch.rand(b, generator=generator).to(x0.device) >= drop)
        condition = torch.where(kept[:, None], z.flatten(1), self.nothing)
        t = torch.randint(len(self.shares), (b,), generator=generator).to(x0.device)
        e = torch.randn(x0.shape, generator=generator).to(x0.device)
        a = self.shares[t].to(x0.dtype)
        told = self.denoiser(diffuse(x0, e, a), t, condition)
        error = (told - target(x0, e, a, self.prediction)).square().mean()

        share = kept.to(x0.dtype) / kept.sum().clamp(min=1)
        aligned, noise = (share * aligned).sum(), (share * noise).sum()
        total = error
        if self.design in ("causal", "no mechanism"):
            total = error + w * (aligned + kappa * noise)
        elif self.design == "aligned autoencoder":
            total = error + w * aligned
        return total, {"noise MSE": error.detach(), "label term": aligned.detach(), "noise term": noise.detach()}


def _codes(levels: int, width: int) -> Tensor:
    """A fixed code (levels, width) of ones and minus ones for each level of a category; none for a number.

    Rows of a Hadamard matrix and their negatives: any two of them differ in half of the entries or in all.
    """
    size = 1 << max((width - 1).bit_length(), max(levels - 1, 0).bit_length() - 1, 0)
    level = torch.arange(levels)[:, None]
    odd = (level % size) & torch.arange(width)              # Sylvester's matrix: the parity of the bits in common
    for shift in (16, 8, 4, 2, 1):
        odd = odd ^ (odd >> shift)
    return 1.0 - 2.0 * ((odd & 1) ^ (level // size)).float()
