"""The parts of a counterfactual as networks that other programs run: encode, intervene, climb, step down, read.

Symbols: b pictures; n factors, d numbers a factor; x (b, c, s, s) pictures, -1..1; u, z (b, n, d) noise and code
blocks; t, s (b,) steps of the noise, s below t, CLEAN for none; values (b, n) raw units, or level numbers.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from engines.contract import Exportable
from engines.counterfactual_images.causal_diffae.diffusion import CLEAN, diffuse
from engines.counterfactual_images.causal_diffae.pictures import PLAIN, to_network
from engines.data.kinds import Images

if TYPE_CHECKING:
    from engines.counterfactual_images.causal_diffae.model import CausalDiffAE

ITEMS = 8             # pictures that the written files are checked with


class _Units(nn.Module):
    """Between raw units and the network's; level numbers stay what they are."""

    def __init__(self, model: "CausalDiffAE") -> None:
        super().__init__()
        scales = [(0.0, 1.0) if f.levels else f.scale for f in model.factors.all]
        self.centre: Tensor
        self.reach: Tensor
        self.register_buffer("centre", torch.tensor([centre for centre, _ in scales], dtype=torch.float32))
        self.register_buffer("reach", torch.tensor([reach for _, reach in scales], dtype=torch.float32))

    def to_network(self, values: Tensor) -> Tensor:
        return (values - self.centre) / self.reach

    def to_raw(self, y: Tensor) -> Tensor:
        return y * self.reach + self.centre


class Encode(nn.Module):
    """Abduction: pictures -> u."""

    def __init__(self, model: "CausalDiffAE") -> None:
        super().__init__()
        network = model.autoencoder
        self.trunk, self.mean, self.shape = network.trunk, network.mean, (-1, network.n, network.width)

    def forward(self, pictures: Tensor) -> Tensor:
        blocks: Tensor = self.mean(self.trunk(pictures)).reshape(self.shape)
        return blocks


class EncodeLabels(nn.Module):
    """Abduction of the design that knows labels only: values -> u."""

    def __init__(self, model: "CausalDiffAE") -> None:
        super().__init__()
        self.network, self.units = model.autoencoder, _Units(model)

    def forward(self, values: Tensor) -> Tensor:
        return self.network.aims(self.units.to_network(values))


class Intervene(nn.Module):
    """Action and prediction: u, which factors are set (b, n), and to what (b, n) -> z, and what z reads as (b, n)."""

    def __init__(self, model: "CausalDiffAE") -> None:
        super().__init__()
        network = model.autoencoder
        self.design, self.n, self.mechanisms = network.design, network.n, network.mechanisms
        self.knows_labels = network if network.design == "labels only" else None
        self.calibrated, self.units = model.calibrated, _Units(model)

    def forward(self, u: Tensor, chosen: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        wishes = self.units.to_network(values)
        z = self._predict(u, chosen, wishes)
        return z, self.units.to_raw(self.calibrated.read(z))

    def _predict(self, u: Tensor, chosen: Tensor, wishes: Tensor) -> Tensor:
        if self.knows_labels is not None:
            return torch.where(chosen[:, :, None], self.knows_labels.aims(wishes), u)
        z: Tensor = self.mechanisms(u)
        moved = [self.calibrated.act(z, i, wishes[:, i], replace=False) for i in range(self.n)]
        if self.design == "autoencoder":
            shifts = [torch.where(chosen[:, i, None, None], moved[i] - z, torch.zeros_like(z)) for i in range(self.n)]
            return z + torch.stack(shifts).sum(0)
        held: dict[int, Tensor] = {}
        for i in self.mechanisms.order:                      # one after the other: what is not set follows its parents
            held[i] = torch.where(chosen[:, i, None], moved[i][:, i], z[:, i])
            z = self.mechanisms(u, held)
        return z


class Tell(nn.Module):
    """What the denoiser tells of noisy pictures x at steps t, given codes z."""

    def __init__(self, model: "CausalDiffAE") -> None:
        super().__init__()
        self.network = model.autoencoder

    def forward(self, x: Tensor, t: Tensor, z: Tensor) -> Tensor:
        return self.network.tell(x, t, z)


class _Walk(nn.Module):
    """The schedule as a table: signal and noise share at each step, CLEAN first."""

    def __init__(self, model: "CausalDiffAE") -> None:
        super().__init__()
        sampler = model.painter.sampler
        shares = torch.tensor([1.0, *sampler.shares], dtype=torch.float64)
        self.velocity, self.clip = sampler.prediction == "velocity", sampler.clip
        self.signal: Tensor
        self.noise: Tensor
        self.register_buffer("signal", shares.sqrt())
        self.register_buffer("noise", (1 - shares).sqrt())

    def at(self, t: Tensor) -> tuple[Tensor, Tensor]:
        """Signal and noise (b, 1, 1, 1) at t, double."""
        return self.signal[t - CLEAN][:, None, None, None], self.noise[t - CLEAN][:, None, None, None]


class Step(_Walk):
    """One step of DDIM (eta = 0) down from t to s: the picture there, and the estimate of the clean picture."""

    def forward(self, x: Tensor, told: Tensor, t: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
        (a, b), (c, d) = self.at(t), self.at(s)
        x0 = a * x - b * told if self.velocity else (x - b * told) / a
        e = b * x + a * told if self.velocity else told.double()
        if self.clip:
            x0 = x0.clamp(-1, 1)
            e = (x - a * x0) / b
        return (c * x0 + d * e).float(), x0.float()


class Climb(_Walk):
    """The point at t whose step down to s ends in `start`, if the network tells `told` there."""

    def forward(self, start: Tensor, told: Tensor, s: Tensor, t: Tensor) -> Tensor:
        (a, b), (c, d) = self.at(s), self.at(t)
        if not self.velocity:
            return (c * (start - b * told) / a + d * told).float()
        sine, cosine = d * a - c * b, c * a + d * b           # of the angle by which the step turns
        return ((start + sine * told) / cosine).float()


class Read(nn.Module):
    """What the reader sees in pictures: (b, n) raw units or level numbers."""

    def __init__(self, model: "CausalDiffAE") -> None:
        super().__init__()
        self.reader, self.units = model.reader, _Units(model)
        self.outputs = [(own.start, own.stop) for own in model.factors.outputs]
        self.levels = [f.levels for f in model.factors.all]

    def forward(self, pictures: Tensor) -> Tensor:
        seen = self.reader(pictures)
        columns = [seen[:, start:stop].argmax(1).float() if levels else seen[:, start]
                   for (start, stop), levels in zip(self.outputs, self.levels, strict=True)]
        return self.units.to_raw(torch.stack(columns, dim=1))


SAYS = {
    "encode": "Abduction: the noise blocks u of pictures (grey level / 127.5 - 1).",
    "encode labels": "Abduction: the noise blocks u of pictures with these labels, raw units or level numbers.",
    "intervene": "Action and prediction: codes when the factors marked in `chosen` are set to `values` (raw units, or "
    "level numbers); the factors below follow. With none chosen these are the factual codes.",
    "tell": "The denoiser: what it tells of noisy pictures x at steps t, given codes.",
    "climb": "Abduction of all else in the picture, one step up: from `start` at s to t, given what the denoiser tells "
    "(first asked at `start`, then `refinements` times at the point found, with t and the factual codes). Begin with "
    "the picture at s = clean and go up all times.",
    "step": "Prediction of the picture, one step down: from x at t to s, given what the denoiser tells of x at t with "
    "the new codes. Begin at the last of the times and go down to clean.",
    "read": "What a small network reads off pictures, as a check on them: raw units, or level numbers.",
}


@torch.no_grad()
def parts(model: "CausalDiffAE", factual: Images | None, steps: int) -> tuple[Exportable, ...]:
    """All that repeats a counterfactual picture of `steps` steps; checked with the first of the pictures given."""
    generator = torch.Generator().manual_seed(0)
    x0, y = _examples(model, factual, generator)
    times = model.painter.sampler.times(steps)
    place = torch.arange(len(x0)) % len(times)
    t, s = torch.tensor(times)[place], torch.tensor([CLEAN, *times[:-1]])[place]
    x = diffuse(x0, torch.randn(x0.shape, generator=generator), model.autoencoder.shares[t].to(x0.dtype))
    z = model.abduct(x0, y)[1]
    told = model.autoencoder.tell(x, t, z)
    walk = {"times": times, "clean": CLEAN}
    climbing = {**walk, "refinements": model.parameters.refinements, "guidance": PLAIN}
    down, up = {"x": x, "told": told, "t": t, "s": s}, {"start": x, "told": told, "s": s, "t": t}
    tells = {"tells": model.autoencoder.prediction}
    return (
        *_codes(model, x0, y),
        Exportable("tell", SAYS["tell"], Tell(model).eval(), {"x": x, "t": t, "codes": z}, ("told",), facts=tells),
        Exportable("climb", SAYS["climb"], Climb(model).eval(), up, ("x",), facts=climbing),
        Exportable("step", SAYS["step"], Step(model).eval(), down, ("x_below", "clean_estimate"), facts=walk),
        Exportable("read", SAYS["read"], Read(model).eval(), {"pictures": x0}, ("values",), facts=_factors(model)),
    )


def _codes(model: "CausalDiffAE", x0: Tensor, y: Tensor) -> tuple[Exportable, Exportable]:
    """From pictures to codes, as they are and under interventions: each picture has one factor set."""
    n, b = model.autoencoder.n, len(x0)
    raw = _Units(model).to_raw(torch.nan_to_num(y))
    chosen = torch.arange(n)[None] == (torch.arange(b) % n)[:, None]
    if model.autoencoder.design == "labels only":
        encode = Exportable("encode", SAYS["encode labels"], EncodeLabels(model).eval(), {"values": raw}, ("u",))
    else:
        encode = Exportable("encode", SAYS["encode"], Encode(model).eval(), {"pictures": x0}, ("u",))
    given = {"u": model.abduct(x0, y)[0], "chosen": chosen, "values": raw.roll(1, 0)}    # what the picture before has
    return encode, Exportable(
        "intervene", SAYS["intervene"], Intervene(model).eval(), given, ("codes", "values_read"), facts=_factors(model)
    )


def _factors(model: "CausalDiffAE") -> dict[str, Any]:
    """The factors in order: what `chosen` and `values` mean."""
    return {"factors": [
        {"name": f.name, "unit": f.column.unit, "levels": list(f.column.levels)} for f in model.factors.all
    ]}


def _examples(model: "CausalDiffAE", factual: Images | None, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Pictures and labels to check with: the first of the data, else drawn ones with labels of the training data."""
    if factual is not None:
        few = factual.rows(np.arange(min(ITEMS, len(factual))))
        return to_network(few.pixels), model.factors.labels(few.attributes)
    side, channels = model.autoencoder.settings["side"], model.autoencoder.settings["channels"]
    drawn = torch.rand((ITEMS, channels, side, side), generator=generator) * 2 - 1
    rows = np.arange(ITEMS) % len(model.labels)
    return drawn, model.factors.labels(model.labels.rows(rows))
