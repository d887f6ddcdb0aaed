"""Training, and the figures that say how far the trained model can be believed.

Symbols: b pictures a batch; n factors; x0 (b, c, s, s); y (b, n) labels as the network knows them, NaN where unknown;
z (b, n, d) codes.
"""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.contract import Inputs, Run
from engines.counterfactual_images.causal_diffae.factors import Calibration, Factors
from engines.counterfactual_images.causal_diffae.model import CausalDiffAE
from engines.counterfactual_images.causal_diffae.network import CausalAutoencoder, planned
from engines.counterfactual_images.causal_diffae.parameters import Parameters
from engines.counterfactual_images.causal_diffae.pictures import Painter, to_network, to_pixels
from engines.counterfactual_images.causal_diffae.views import difference, figure_table, pairs
from engines.data.kinds import Images
from engines.data.splits import drawn, parts
from engines.graph.graph import Graph
from engines.metrics.counterfactual_images import dci, explained, follows
from engines.networks.encoder import Reader
from engines.refusals import Refusal
from engines.results import ImageGridResult, MatrixResult
from engines.training.loop import Recipe, train

TARGETS = (0.1, 0.3, 0.5, 0.7, 0.9)     # where in the labels' distribution the figures set a factor
ASKED = 48                              # held-out pictures asked for the figures
WATCHED, SHOWN = 256, 8                 # held-out pictures watched while training; shown
WATCH_EVERY = 100
CODED = 1000                            # training pictures whose codes the disentanglement is computed on
_CHUNK = 256


def refuse(inputs: Inputs, parameters: Parameters) -> None:
    """What this method cannot do, beyond what `accepts` says.

    Raises:
        Refusal: naming column, node or size.
    """
    data, graph = inputs.data, inputs.graph
    if not isinstance(data, Images) or graph is None:
        return                                           # `accepts` has refused these
    if not graph.nodes:
        raise Refusal("The graph has no nodes.", "Add a node for each factor that can be set.")
    for name in graph.names:
        column = data.attributes[name]
        if column.constant:
            raise Refusal(f"Label '{name}' never varies; an intervention on it cannot be learned.",
                          "Leave it out of the graph, or add images in which it differs.", ("Leave it out",), (name,))
        if column.levels and graph.parents(name):
            cause = graph.parents(name)[0]
            raise Refusal(f"{name} is a category with a cause, {cause}; categories must be roots of the graph.",
                          f"Remove the edge {cause} → {name}, or give {name} as a number.", about=(cause, name))
    unclear = next((e for e in graph.edges if not e.directed and not e.reversed().directed), None)
    if unclear is not None:
        raise Refusal(f"The edge between {unclear.source} and {unclear.target} has no direction; CausalDiffAE needs a "
                      "DAG.", "Direct it or remove it.", about=unclear.pair)
    high, wide = data.pixels.shape[1:3]
    stride = planned(parameters.size, wide).stride
    if high != wide:
        raise Refusal(f"The images of {data.name} are {high} × {wide}; CausalDiffAE needs square ones.",
                      "Crop or resize them.")
    if wide % stride:
        raise Refusal(f"The images of {data.name} have a side of {wide}; the {parameters.size} networks need one that "
                      f"is divisible by {stride}.", f"Resize them to {wide + stride - wide % stride}.")
    table = data.attributes.select(graph.names)
    labelled = ~np.any([column.missing for column in table.columns], axis=0)
    if labelled.sum() < 2 * len(graph.nodes):
        raise Refusal(f"Only {int(labelled.sum())} images of {data.name} have a label for every factor.",
                      "Label more images.")


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> CausalDiffAE:
    """Train encoder, mechanisms, denoiser and reader together, calibrate the codes, and measure on held-out images."""
    assert isinstance(inputs.data, Images) and inputs.graph is not None   # noqa: PT018  for the type checker
    images, held = _divided(inputs.data, parameters.held_out)
    table = images.attributes.select(inputs.graph.names)
    factors = Factors(table, inputs.graph.names)
    x, y = torch.from_numpy(images.pixels.copy()).to(run.device), factors.labels(table)
    hidden = torch.rand(len(y), generator=run.torch_generator) >= parameters.labelled
    hidden[:2 * len(factors.names)] = False              # a few labels are always left
    y = torch.where(hidden[:, None], torch.nan, y).to(run.device)

    learner = Learner(_network(inputs.graph, images, factors, parameters), _reader(images, factors)).to(run.device)

    def loss(network: Learner, rows: Tensor, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        x0, labels = _scaled(x[rows.to(x.device)]), y[rows.to(x.device)]
        w = parameters.latent_weight * min(1.0, step / max(parameters.ramp, 1))
        total, told = network.autoencoder.loss(x0, labels, w=w, kappa=parameters.noise_weight, drop=parameters.drop,
                                               generator=run.torch_generator)
        return total + reading_loss(network.reader(x0), labels, factors), {**told, "latent weight": torch.tensor(w)}

    def watch(network: Learner, step: int) -> None:
        _watch(network.autoencoder, factors, held, parameters, run, step)

    recipe = Recipe(parameters.steps, parameters.batch, parameters.rate, parameters.warm_up, parameters.decay,
                    clip=1.0, average=parameters.average)
    trained = train(learner, loss, len(x), recipe, run, "training", watch, min(WATCH_EVERY, parameters.steps)).cpu()
    codes = coded(trained.autoencoder, to_network(images.pixels), factors.labels(table))
    calibration = Calibration.fit(codes, y.cpu(), [f.levels for f in factors.all], parameters.design != "autoencoder")
    model = CausalDiffAE(parameters, inputs.graph, table, trained.autoencoder, trained.reader, calibration.plain(),
                         np.full(len(factors.names), np.nan), 0.0)
    return _measured(model, images, codes, held, run)


class Learner(nn.Module):
    """What is trained together. The two share no weights: the reader never learns from what the other one makes."""

    def __init__(self, autoencoder: CausalAutoencoder, reader: Reader) -> None:
        super().__init__()
        self.autoencoder, self.reader = autoencoder, reader


def reading_loss(told: Tensor, y: Tensor, factors: Factors) -> Tensor:
    """How wrong the reader is about labels y (b, n): squared error for a number, cross-entropy for a category."""
    total = told.sum() * 0
    for i, (factor, own) in enumerate(zip(factors.all, factors.outputs, strict=True)):
        known = ~y[:, i].isnan()
        if known.any():
            seen, label = told[known][:, own], y[known, i]
            total = total + (F.cross_entropy(seen, label.long()) if factor.levels
                             else (seen[:, 0] - label).square().mean())
    return total


@torch.inference_mode()
def coded(network: CausalAutoencoder, x0: Tensor, y: Tensor) -> Tensor:
    """Factual codes (m, n, d) of pictures x0 (m, c, s, s) with labels y (m, n)."""
    if network.design == "labels only":
        return network.aims(y)
    return torch.cat([network.mechanisms(network.noises(part)[0]) for part in x0.split(_CHUNK)])


# ------------------------------------------------------------------------------------------------------- before

def _divided(data: Images, share: float) -> tuple[Images, Images]:
    """Images to train on and to measure on, in the order of their ids: as the data say, else by their ids."""
    data = data.rows(np.argsort(data.row_ids, kind="stable"))
    part = parts(data.attributes, {})
    if part is None or not {"train", "test"} <= set(part):
        part = drawn(data.row_ids, {"train": 1 - share, "test": share}, seed=0)
    return data.rows(np.flatnonzero(part == "train")), data.rows(np.flatnonzero(part == "test"))


def _network(graph: Graph, images: Images, factors: Factors, parameters: Parameters) -> CausalAutoencoder:
    side, channels = images.pixels.shape[2:]
    return CausalAutoencoder(
        channels=channels, side=side,
        parents=[[factors.index(p) for p in graph.parents(name)] for name in factors.names],
        order=[factors.index(name) for name in graph.order()], levels=[f.levels for f in factors.all],
        width=parameters.width, hidden=parameters.hidden, form=parameters.mechanism, design=parameters.design,
        size=parameters.size, dropout=parameters.dropout, steps=parameters.noise_steps,
        schedule=parameters.schedule, prediction=parameters.prediction)


def _reader(images: Images, factors: Factors) -> Reader:
    side, channels = images.pixels.shape[2:]
    return Reader(channels, side, (16, 32, 64), factors.outputs[-1].stop)


def _scaled(pixels: Tensor) -> Tensor:
    return pixels.permute(0, 3, 1, 2).float() / 127.5 - 1


# ------------------------------------------------------------------------------------------------- while training

@torch.inference_mode()
def _watch(autoencoder: CausalAutoencoder, factors: Factors, held: Images, parameters: Parameters, run: Run,
           step: int) -> None:
    """R2 of code against label on held-out pictures, and what the averaged network makes of some of them."""
    few = held.rows(slice(0, WATCHED))
    x0, y = to_network(few.pixels).to(run.device), factors.labels(few.attributes).to(run.device)
    z = coded(autoencoder, x0, y)
    for i, factor in enumerate(factors.all):
        if not factor.levels:
            known = ~y[:, i].isnan()
            fits = explained(y[known, i].cpu().numpy(), z[known, i].mean(1).cpu().numpy())
            run.scalar(f"R2 {factor.name}", fits, step)
    painter = Painter(autoencoder, 0, parameters.clip)
    shown, codes = x0[:SHOWN], z[:SHOWN]
    again = painter.painted(painter.keep(shown, codes, SHOWN), codes, SHOWN)
    run.show(pairs("reconstructions", "Reconstructions: as recorded, as painted", few.pixels[:SHOWN],
                   to_pixels(again)))


# -------------------------------------------------------------------------------------------------- when trained

def _measured(model: CausalDiffAE, images: Images, codes: Tensor, held: Images, run: Run) -> CausalDiffAE:
    """The model with the errors of its reader and the identity it may claim; tells all figures on the way."""
    asked, table = held.rows(slice(0, ASKED)), held.attributes
    factors = model.factors
    labels = np.stack([np.where(c.missing, np.nan, c.values.astype(float)) for c in
                       table.select(factors.names).columns], axis=1)
    read = model.calibrated.read(coded(model.autoencoder, to_network(held.pixels), factors.labels(table))).numpy()
    errors = np.abs(model.measure(held.pixels) - labels)
    bounds = [np.nan if f.levels else float(np.nanquantile(errors[:, i], 0.95)) for i, f in enumerate(factors.all)]
    model = replace(model, errors=np.array(bounds))

    fits, found, wrong, grid = [], [], np.zeros((len(factors.all),) * 2), []
    for i, factor in run.steps(list(enumerate(factors.all)), "measuring"):
        known = ~np.isnan(labels[:, i])
        fits.append(float((read[known, i] == labels[known, i]).mean()) if factor.levels
                    else explained(labels[known, i], read[known, i]))
        agrees, wrong[i], triptych = _asked(model, asked, i, run)
        found.append(agrees)
        grid += triptych
    _tell(model, fits, found, run)
    run.show(_triptychs(grid))
    numbers = [i for i, f in enumerate(factors.all) if not f.levels]
    if numbers:
        _show_disentanglement(model, images, codes, numbers, run)
        run.show(MatrixResult("effectiveness", "Effectiveness: error of what is measured, share of the range", wrong,
                              tuple(f"do {name}" for name in factors.names), factors.names))
    unchanged, _ = model.counterfactual(asked.pixels, asked.attributes, {})
    gaps = np.abs(unchanged.astype(float) - asked.pixels).mean(axis=(1, 2, 3))
    run.scalar("composition", float(gaps.mean()), model.parameters.steps - 1, "grey levels")
    return replace(model, identity=float(1.25 * gaps.max() + 0.5))


def _asked(model: CausalDiffAE, asked: Images, i: int, run: Run) -> tuple[float, np.ndarray, list[np.ndarray]]:
    """Set factor i to several values on held-out pictures: does what is measured follow, how far is every factor from
    what the model says, and one picture as recorded, set low and set high.
    """
    factor = model.factors.all[i]
    if factor.levels:
        wishes: list[float | str] = list(factor.column.levels)
    else:
        wishes = [float(v) for v in np.nanquantile(factor.column.values.astype(float), TARGETS)]
    wanted, seen, gaps, show = [], [], [], []
    for wish in run.steps(wishes, f"setting {factor.name}"):
        pixels, values = model.counterfactual(asked.pixels, asked.attributes, {factor.name: wish})
        measured = model.measure(pixels)
        wanted.append(values[:, i])
        seen.append(measured[:, i])
        gaps.append([np.mean(measured[:, j] != values[:, j]) if f.levels
                     else np.abs(measured[:, j] - values[:, j]).mean() / f.scale[1]
                     for j, f in enumerate(model.factors.all)])
        show.append(pixels[0])
    flat, told = np.concatenate(wanted), np.concatenate(seen)
    agrees = float((flat == told).mean()) if factor.levels else follows(flat, told)
    return agrees, np.mean(gaps, axis=0), [asked.pixels[0], show[0], show[-1]]


def _tell(model: CausalDiffAE, fits: list[float], found: list[float], run: Run) -> None:
    last = model.parameters.steps - 1
    for factor, fit_, follow in zip(model.factors.all, fits, found, strict=True):
        one, two = ("accuracy", "class kept by do") if factor.levels else ("R2", "Spearman")
        run.scalar(f"held-out {one} {factor.name}", fit_, last)
        run.scalar(f"held-out {two} {factor.name}", follow, last)
        if factor.levels:
            run.message(f"{factor.name}: its code tells the level of {100 * fit_:.0f} % of held-out images; after do, "
                        f"{100 * follow:.0f} % are read as the level that was set.")
        else:
            run.message(f"{factor.name}: R2 of code against label {fit_:.3f}, Spearman of target against measured "
                        f"{follow:.3f} on held-out images.")
    run.show(figure_table("figures", "How well each factor is held", model.factors.names, {
        "code against label": fits, "measured against target": found, "reading error (95 %)": list(model.errors)}))


def _triptychs(pictures: list[np.ndarray]) -> ImageGridResult:
    """Rows of three: as recorded, set low, set high; with the difference from the first of each row."""
    shown = np.stack(pictures)
    captions = ("as recorded", "set low", "set high") * (len(pictures) // 3)
    return ImageGridResult("counterfactuals", "A held-out image with each factor set low and high", shown, captions,
                           columns=3, heat=difference(np.repeat(shown[::3], 3, axis=0), shown))


def _show_disentanglement(model: CausalDiffAE, images: Images, codes: Tensor, numbers: list[int], run: Run) -> None:
    y = model.factors.labels(images.attributes).numpy()[:CODED, numbers]
    known = ~np.isnan(y).any(axis=1)
    scores = dci(codes[:CODED].flatten(1).numpy()[known], y[known])
    last = model.parameters.steps - 1
    run.scalar("DCI disentanglement", scores.disentanglement, last)
    run.scalar("DCI completeness", scores.completeness, last)
    names = [model.factors.names[i] for i in numbers]
    entries = tuple(f"{name} {k + 1}" for name in model.factors.names for k in range(model.autoencoder.width))
    run.show(MatrixResult("dci", "Importance of each code number for each factor", scores.importance, tuple(names),
                          entries))
