"""The trained model: which factors can be set, and what an image would have been.

Symbols: b pictures; n factors; y (b, n) labels as the network knows them; u, z (b, n, d) noise and code blocks;
x0, x_T (b, c, s, s) pictures and the noise that keeps what the codes do not say.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from engines.contract import (
    Answer,
    Budget,
    Choice,
    Control,
    Exportable,
    FactorValue,
    How,
    Measured,
    Model,
    Query,
    Reading,
    Slider,
    Stepper,
    Support,
)
from engines.counterfactual_images.causal_diffae.exports import parts
from engines.counterfactual_images.causal_diffae.factors import Calibration, Factor, Factors
from engines.counterfactual_images.causal_diffae.network import CausalAutoencoder
from engines.counterfactual_images.causal_diffae.parameters import Parameters
from engines.counterfactual_images.causal_diffae.pictures import PLAIN, Painter, to_network, to_pixels
from engines.counterfactual_images.causal_diffae.views import picture_grid, value_table
from engines.data.kinds import Images, Table
from engines.graph.graph import Graph
from engines.networks.encoder import Reader
from engines.refusals import Refusal

STEPS = 25                      # of the refined picture, and of the inversion
PREVIEW_STEPS = 10
TOLD_EVERY = 5                  # refining steps between answers
KEEP, FORGET = "the picture's own noise", "fresh noise"
SHIFT, REPLACE = "shift", "replace"
PREDICTOR = "a small network trained on the same images to read their factors"
_MEMORY, _REMEMBERED = 8, 64    # inversions kept, and the most pictures in one of them
_CHUNK = 128                    # pictures painted at once


@dataclass(frozen=True)
class Wishes:
    """A query as the network understands it. `do` holds the wished label of each factor that is set."""

    do: Mapping[int, float]
    steps: int
    guidance: float
    keep: bool
    replace: bool
    seed: int


@dataclass(frozen=True, eq=False)
class CausalDiffAE(Model):
    """What `fit` leaves behind.

    Attributes:
        parameters: With which it was trained.
        graph: Over the factors; its nodes give their order.
        labels: The factor columns of the training data: units, levels, ranges, support.
        autoencoder: Encoder, mechanisms and denoiser, averaged weights.
        reader: Reads factors off pictures, trained on the training data alone; numbers first, then levels.
        calibration: See `Calibration`.
        errors: (n,) 95 % of the reader's errors on held-out images are below, raw units; NaN for a category.
        identity: How far answers to an empty `do` lay from held-out images at most, grey levels.
    """

    networks: ClassVar[tuple[type, ...]] = (CausalAutoencoder, Reader)

    parameters: Parameters
    graph: Graph
    labels: Table
    autoencoder: CausalAutoencoder
    reader: Reader
    calibration: Mapping[str, Tensor]
    errors: np.ndarray
    identity: float

    # ------------------------------------------------------------------------------------------ what can be asked

    def causal_graph(self, values: Mapping[str, Any]) -> Graph | None:  # noqa: ARG002 - it was given
        return self.graph

    def controls(self) -> tuple[Control, ...]:
        return (
            *(_control(factor) for factor in self.factors.all),
            Slider("guidance", 0.0, 2.0, (0.0, 3.0), do=False, default=PLAIN,
                   help="How strongly the picture obeys the factors: 0 ignores them, above 1 exaggerates them."),
            Stepper("steps", 5, 50, STEPS, help="Steps of the refined picture."),
            Choice("start", (KEEP, FORGET), KEEP, live=False,
                   help="Keep what the factors do not say about this picture, or draw it anew from the seed."),
            Choice("set by", (SHIFT, REPLACE), SHIFT, live=False,
                   help="Shift a factor's code by the difference, or replace it by the average code of that value."),
        )

    def claims_identity(self) -> float:
        return self.identity

    def exports(self, factual: Table | Images | None) -> tuple[Exportable, ...]:
        return parts(self, None if factual is None else self._checked(factual), STEPS)

    # --------------------------------------------------------------------------------------------------- answers

    @torch.inference_mode()
    def answer(self, query: Query) -> Iterator[Answer]:
        images = self._checked(query.factual)
        wishes = self._wishes(query)
        x0, y = to_network(images.pixels), self.factors.labels(images.attributes)

        u, z = self.abduct(x0, y)                                   # abduction: the noise of every factor
        then = self.predict(u, z, wishes)                           # action on the factors set, prediction of the rest
        before, after = self._values(y, z, then, wishes.do)
        support, note = self._support(after[0], wishes.do)
        first = Answer(Budget.VALUES, (), self._factor_values(before, after, wishes.do), (), support, note)
        yield first

        kept: list[Tensor] = []
        preview, refined = [], []
        for part in self._starts(x0, z, wishes):                    # abduction: all else in the picture
            kept += [] if part is None else [part]
            yield first                                             # a newer query may stop this one between steps
        x_T = torch.cat(kept)
        for part in self._paintings(x_T, then, PREVIEW_STEPS, wishes.guidance):
            preview.append(part)
            yield first
        shown = self._pictured(first, images, torch.cat(preview), before, after, Budget.PREVIEW)
        yield replace(shown, total=wishes.steps)

        for start, codes in _in_parts(x_T, then):
            refined.append(start)
            for step, picture in enumerate(self._painting(start, codes, wishes.steps, wishes.guidance), 1):
                refined[-1] = picture
                if step % TOLD_EVERY == 0 and step < wishes.steps:
                    yield replace(shown, step=step, total=wishes.steps)
        final = self._pictured(first, images, torch.cat(refined), before, after, Budget.FINAL)
        yield replace(final, step=wishes.steps, total=wishes.steps)

    def abduct(self, x0: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Noises u and factual codes z of pictures; the design that knows labels only takes them from y."""
        network = self.autoencoder
        if network.design == "labels only":
            return network.aims(y), network.aims(y)
        u = torch.cat([network.noises(part)[0] for part in x0.split(_CHUNK)])
        return u, network.mechanisms(u)

    def predict(self, u: Tensor, z: Tensor, wishes: Wishes) -> Tensor:
        """Codes under the wishes: set factors are moved from where they are, their descendants follow."""
        acted = {i: self.calibrated.act(z, i, wish, wishes.replace) for i, wish in wishes.do.items()}
        if self.autoencoder.design == "autoencoder":                # no block belongs to a factor: move all of them
            return z + sum((moved - z for moved in acted.values()), torch.zeros_like(z))
        if self.autoencoder.design == "labels only":
            set_to = z.clone()
            for i, wish in wishes.do.items():
                label = torch.zeros(len(z), self.autoencoder.n)
                label[:, i] = wish
                set_to[:, i] = self.autoencoder.aims(label)[:, i]
            return set_to
        return self.autoencoder.mechanisms(u, {i: moved[:, i] for i, moved in acted.items()})

    def counterfactual(self, pixels: np.ndarray, attributes: Table, do: Mapping[str, float | str],
                       guidance: float = PLAIN) -> tuple[np.ndarray, np.ndarray]:
        """Pictures (b, s, s, c) and factor values (b, n), raw units or level numbers, under `do`: the final answer
        as bare arrays, for figures and checks.
        """
        with torch.inference_mode():
            wishes = self._wishes(Query(self.labels, do, {"guidance": guidance}))
            x0, y = to_network(pixels), self.factors.labels(attributes)
            u, z = self.abduct(x0, y)
            then = self.predict(u, z, wishes)
            _, after = self._values(y, z, then, wishes.do)
            x_T = torch.cat([part for part in self._starts(x0, z, wishes) if part is not None])
            return to_pixels(torch.cat(list(self._paintings(x_T, then, wishes.steps, guidance)))), after

    def measure(self, pixels: np.ndarray) -> np.ndarray:
        """What the reader sees in pictures: (b, n) raw units, or level numbers for a category."""
        with torch.inference_mode():
            seen = torch.cat([self.reader(part) for part in to_network(pixels).split(_CHUNK)]).cpu().numpy()
        return np.stack([f.raw(seen[:, own][:, 0]) if not f.levels else seen[:, own].argmax(1).astype(float)
                         for f, own in zip(self.factors.all, self.factors.outputs, strict=True)], axis=1)

    def readings(self, pixels: np.ndarray) -> tuple[Reading, ...]:
        seen = self.measure(pixels)
        return tuple(
            Reading(f.name, np.array([f.told(value) for value in seen[:, i]], dtype=object if f.levels else float),
                    0.0 if f.levels else float(self.errors[i]), PREDICTOR, f.column.unit)
            for i, f in enumerate(self.factors.all))

    # ------------------------------------------------------------------------------------ derived once, and kept

    @cached_property
    def factors(self) -> Factors:
        return Factors(self.labels, self.graph.names)

    @cached_property
    def calibrated(self) -> Calibration:
        return Calibration.of(self.calibration)

    @cached_property
    def painter(self) -> Painter:
        return Painter(self.autoencoder, self.parameters.refinements, self.parameters.clip)

    @cached_property
    def _inversions(self) -> "OrderedDict[bytes, Tensor]":
        """The last inversions, so that dragging a slider only samples; what they hold follows from the query."""
        return OrderedDict()

    # ------------------------------------------------------------------------------------------------- in detail

    def _checked(self, data: Table | Images) -> Images:
        side, channels = self.autoencoder.settings["side"], self.autoencoder.settings["channels"]
        if not isinstance(data, Images):
            raise Refusal(f"{data.name} is a table; this model was trained on images.", "Choose images.")
        if data.pixels.shape[1:] != (side, side, channels):
            high, wide, colours = data.pixels.shape[1:]
            raise Refusal(
                f"The images of {data.name} are {high} × {wide} with {colours} channels; this model was trained on "
                f"{side} × {side} with {channels}.", "Resize them, or train on them.")
        return data

    def _wishes(self, query: Query) -> Wishes:
        do = {self.factors.index(name): self.factors.all[self.factors.index(name)].wish(value)
              for name, value in query.do.items()}
        values = {control.name: control.default for control in self.controls()} | dict(query.values)
        return Wishes(do, int(values["steps"]), float(values["guidance"]), values["start"] == KEEP,
                      values["set by"] == REPLACE, query.seed)

    def _starts(self, x0: Tensor, z: Tensor, wishes: Wishes) -> Iterator[Tensor | None]:
        """Noise x_T from which to paint, part by part, None between steps; that of a few pictures is remembered."""
        if not wishes.keep:
            yield self.painter.forget(x0, wishes.seed)
            return
        steps = max(wishes.steps, STEPS)                            # a coarse inversion loses the picture
        key = hashlib.blake2b(x0.numpy().tobytes() + z.numpy().tobytes() + bytes([steps])).digest()
        if key in self._inversions:
            yield self._inversions[key]
            return
        for pictures, codes in _in_parts(x0, z):
            kept = pictures
            for step, risen in enumerate(self.painter.keeping(pictures, codes, steps), 1):
                kept = risen
                if step % TOLD_EVERY == 0 and step < steps:
                    yield None
            if len(x0) <= _REMEMBERED:
                self._inversions[key] = kept
                if len(self._inversions) > _MEMORY:
                    self._inversions.popitem(last=False)
            yield kept

    def _paintings(self, x_T: Tensor, z: Tensor, steps: int, guidance: float) -> Iterator[Tensor]:
        """Pictures, part by part."""
        for start, codes in _in_parts(x_T, z):
            *_, picture = self._painting(start, codes, steps, guidance)
            yield picture

    def _painting(self, x_T: Tensor, z: Tensor, steps: int, guidance: float) -> Iterator[Tensor]:
        """One part of the pictures, step by step."""
        return self.painter.paint(x_T, z, steps, guidance)

    def _values(self, y: Tensor, z: Tensor, then: Tensor, do: Mapping[int, float]) -> tuple[np.ndarray, np.ndarray]:
        """Factor values (b, n) before and after, raw units or level numbers: a label that is known is believed, and
        moved by as much as the reading of the code moves, but not beyond all labels: the reading is linear, and would
        go on where brightness, say, cannot.
        """
        read, moved = self.calibrated.read(z), self.calibrated.read(then)
        before = torch.where(y.isnan(), read, y).numpy().astype(float)
        after = before.copy()
        for i, factor in enumerate(self.factors.all):
            if i in do:
                after[:, i] = do[i]
            elif i in self._followers(do) and not factor.levels:
                after[:, i] += (moved - read)[:, i].numpy()
        for i, factor in enumerate(self.factors.all):
            if not factor.levels:
                before[:, i], after[:, i] = factor.raw(before[:, i]), factor.raw(after[:, i])
                if i in self._followers(do):
                    after[:, i] = np.clip(after[:, i], *factor.extremes)
        return before, after

    def _followers(self, do: Mapping[int, float]) -> set[int]:
        """Factors that an intervention reaches in the graph, as far as the design has mechanisms."""
        if self.autoencoder.design != "causal":
            return set()
        names = [self.factors.names[i] for i in do]
        return {self.factors.index(name) for name in self.graph.under(names).descendants(*names)} - set(do)

    def _factor_values(self, before: np.ndarray, after: np.ndarray, do: Mapping[int, float]) -> tuple[FactorValue, ...]:
        followers = self._followers(do)
        return tuple(
            FactorValue(f.name, f.told(before[0, i]), f.told(after[0, i]),
                        How.SET if i in do else How.FOLLOWS if i in followers else How.UNAFFECTED)
            for i, f in enumerate(self.factors.all))

    def _support(self, after: np.ndarray, do: Mapping[int, float]) -> tuple[Support, str]:
        """The worst of what each set factor, and all factors together, say of the first picture."""
        notes = [self.factors.all[i].support(after[i]) for i in do if not self.factors.all[i].levels]
        if do:
            notes.append(self.factors.joint_support(after))
        return max(notes, key=lambda note: list(Support).index(note[0]), default=(Support.INSIDE, ""))

    def _pictured(self, answer: Answer, images: Images, x: Tensor, before: np.ndarray, after: np.ndarray,
                  stage: Budget) -> Answer:
        pixels = to_pixels(x)
        return replace(answer, stage=stage, measured=self._measured(images.pixels[:1], pixels[:1], after[0]), results=(
            picture_grid(images, pixels), value_table(images, self.factors, before, after)))

    def _measured(self, factual: np.ndarray, pixels: np.ndarray, wanted: np.ndarray) -> tuple[Measured, ...]:
        was, now = self.measure(np.concatenate([factual, pixels]))
        return tuple(Measured(f.name, float(was[i]), float(now[i]), float(wanted[i]), float(self.errors[i]), PREDICTOR,
                              f.column.unit)
                     for i, f in enumerate(self.factors.all) if not f.levels)


def _in_parts(*tensors: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """All tensors cut alike along their first dimension, so that memory stays small."""
    return zip(*(tensor.split(_CHUNK) for tensor in tensors), strict=True)


def _control(factor: Factor) -> Control:
    if factor.levels:
        return Choice(factor.name, factor.column.levels, do=True)
    low, high = factor.range
    return Slider(factor.name, low, high, factor.bounds, unit=factor.column.unit,
                  decimals=max(0, 3 - len(str(int(abs(high))))))
