"""A U-Net that denoises pictures and is steered by a vector: scale and shift in every block (FiLM).

Source: Ho, Jain and Abbeel (2020); Nichol and Dhariwal (2021), scale-shift conditioning; Perez et al. (2018), FiLM.
Symbols: b pictures of c channels and s x s pixels; t (b,) diffusion step; z (b, k) what steers the picture.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def sinusoidal(t: Tensor, width: int) -> Tensor:
    """Sines and cosines of t (b,) at `width` / 2 frequencies from 1 down to 1 / 10,000: (b, width)."""
    half = width // 2
    frequencies = torch.exp(-math.log(10_000) * torch.arange(half, device=t.device) / half)
    angles = t.float()[:, None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], dim=1)


def group_norm(channels: int) -> nn.GroupNorm:
    """At most 32 groups, as many as divide the channels."""
    return nn.GroupNorm(math.gcd(32, channels), channels)


def zeroed(layer: nn.Conv2d) -> nn.Conv2d:
    """Start a branch at nothing, so that an untrained block is the identity."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


class Block(nn.Module):
    """Residual block: norm, SiLU, conv, then norm scaled and shifted by the condition, SiLU, conv."""

    def __init__(self, inward: int, outward: int, condition: int, dropout: float) -> None:
        super().__init__()
        self.before = group_norm(inward)
        self.first = nn.Conv2d(inward, outward, 3, padding=1)
        self.film = nn.Linear(condition, 2 * outward)
        self.between = group_norm(outward)
        self.dropout = nn.Dropout(dropout)
        self.second = zeroed(nn.Conv2d(outward, outward, 3, padding=1))
        self.skip = nn.Identity() if inward == outward else nn.Conv2d(inward, outward, 1)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """x (b, inward, s, s), condition (b, k) -> (b, outward, s, s)."""
        h = self.first(F.silu(self.before(x)))
        scale, shift = self.film(condition)[:, :, None, None].chunk(2, dim=1)
        h = self.between(h) * (1 + scale) + shift
        return self.skip(x) + self.second(self.dropout(F.silu(h)))


class Attention(nn.Module):
    """Self-attention between the pixels of a level, with a residual branch that starts at nothing."""

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = math.gcd(heads, channels)
        self.norm = group_norm(channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.out = zeroed(nn.Conv2d(channels, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        """x (b, c, s, s) -> (b, c, s, s)."""
        b, c, h, w = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(b, 3, self.heads, c // self.heads, h * w).transpose(-1, -2).unbind(1)
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(-1, -2).reshape(b, c, h, w)
        return x + self.out(mixed)


class UNet(nn.Module):
    """The denoiser: x (b, channels, s, s), t (b,), z (b, conditioning) -> (b, channels, s, s).

    `fold` packs fold x fold pixels into channels before the first level, which makes small pictures cheap. s must be
    divisible by `stride`. Attention stands in the middle and on the levels named by `attention` (0 = finest).
    """

    def __init__(self, *, channels: int, conditioning: int, base: int, multipliers: tuple[int, ...], blocks: int = 1,
                 fold: int = 1, attention: tuple[int, ...] = (), middle_attention: bool = False, heads: int = 4,
                 dropout: float = 0.0) -> None:
        super().__init__()
        self.base, self.fold = base, fold
        self.stride = fold * 2 ** (len(multipliers) - 1)
        wide = 4 * base
        packed = channels * fold * fold
        widths = [base * m for m in multipliers]

        def level(inward: int, outward: int, depth: int) -> nn.ModuleDict:
            attend = Attention(outward, heads) if depth in attention else nn.Identity()
            return nn.ModuleDict({"block": Block(inward, outward, wide, dropout), "attend": attend})

        self.clock = nn.Sequential(nn.Linear(base, wide), nn.SiLU(), nn.Linear(wide, wide))
        self.steer = nn.Linear(conditioning, wide)
        self.enter = nn.Conv2d(packed, base, 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        width, skips = base, [base]
        for depth, target in enumerate(widths):
            for _ in range(blocks):
                self.down.append(level(width, target, depth))
                width = target
                skips.append(width)
            if depth < len(widths) - 1:
                self.down.append(nn.Conv2d(width, width, 3, stride=2, padding=1))
                skips.append(width)
        self.middle = nn.ModuleList([Block(width, width, wide, dropout), Block(width, width, wide, dropout)])
        self.middle_attend = Attention(width, heads) if middle_attention else nn.Identity()
        for depth, target in reversed(list(enumerate(widths))):
            for _ in range(blocks + 1):
                self.up.append(level(width + skips.pop(), target, depth))
                width = target
            if depth > 0:
                self.up.append(nn.Conv2d(width, width, 3, padding=1))
        self.leave = nn.Sequential(group_norm(width), nn.SiLU(), zeroed(nn.Conv2d(width, packed, 3, padding=1)))

    def forward(self, x: Tensor, t: Tensor, z: Tensor) -> Tensor:
        """See the class: the noise, or velocity, that the network was trained to tell."""
        condition = F.silu(self.clock(sinusoidal(t, self.base)) + self.steer(z))
        h = self.enter(F.pixel_unshuffle(x, self.fold) if self.fold > 1 else x)
        kept = [h]
        for part in self.down:
            h = _run(part, h, condition)
            kept.append(h)
        first, second = self.middle
        h = second(self.middle_attend(first(h, condition)), condition)
        for part in self.up:
            if isinstance(part, nn.Conv2d):
                h = part(F.interpolate(h, scale_factor=2.0, mode="nearest"))
            else:
                h = _run(part, torch.cat([h, kept.pop()], dim=1), condition)
        h = self.leave(h)
        return F.pixel_shuffle(h, self.fold) if self.fold > 1 else h


def _run(part: nn.Module, h: Tensor, condition: Tensor) -> Tensor:
    if isinstance(part, nn.ModuleDict):
        attended: Tensor = part["attend"](part["block"](h, condition))
        return attended
    halved: Tensor = part(h)
    return halved
