"""The algorithm: learn from the source periods, watch the later ones, show what was found."""

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor, nn

from engines.contract import Inputs, Run
from engines.counterfactual_tables.sequential_counterfactual_fairness.encoding import Encoding, ordered, source_count
from engines.counterfactual_tables.sequential_counterfactual_fairness.mathematics import affected
from engines.counterfactual_tables.sequential_counterfactual_fairness.model import FairSequence
from engines.counterfactual_tables.sequential_counterfactual_fairness.networks import Autoencoder
from engines.counterfactual_tables.sequential_counterfactual_fairness.parameters import Parameters
from engines.counterfactual_tables.sequential_counterfactual_fairness.report import Report
from engines.counterfactual_tables.sequential_counterfactual_fairness.training import Learner, Rows, loss
from engines.data.kinds import Table
from engines.data.roles import Role
from engines.training.loop import Recipe, train

POINTS, PICTURES = 200, 10
"""Points of each live curve; pictures while training."""


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> FairSequence:
    """Learn the classifier from the source periods."""
    table = inputs.table.rows(np.argsort(inputs.table.row_ids, kind="stable"))
    names, place = ordered(table)
    sources = source_count(len(names), parameters.sources)
    some = np.flatnonzero(place < sources)
    source = table.rows(some)
    encoding = Encoding.fitted(source)
    raw, a = encoding.raw(source), encoding.a(source)
    touched = _marked(source, parameters, raw, a, run)
    learner = Learner(_started(Autoencoder(raw.shape[1], touched, parameters.dimensions, parameters.hidden), run))
    learner.freeze()
    data = Rows(
        encoding.x(raw).to(run.device), torch.from_numpy(a.astype(np.float32)).to(run.device),
        torch.from_numpy(encoding.y(source).astype(np.int64)).to(run.device),
        tuple(torch.from_numpy(np.flatnonzero(place[some] == k)).to(run.device) for k in range(sources)))
    report = Report(run, table, place)

    def modelled(learner: Learner) -> FairSequence:
        network = Autoencoder(**learner.model.settings)
        network.load_state_dict({name: value.cpu() for name, value in learner.model.state_dict().items()})
        return FairSequence(parameters, network.eval().requires_grad_(False), encoding.columns, encoding.centre,
                            encoding.scale, raw.min(0), raw.max(0), tuple(names), sources)

    def one_step(learner: Learner, _: Tensor, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        total, parts = loss(learner, data, step, parameters, run.torch_generator)
        return total, dict(parts)

    # The loop's own rows are not used: each step takes as many rows of every period.
    recipe = Recipe(parameters.steps, 1, parameters.rate, clip=None, average=0.0,
                    report=max(1, parameters.steps // POINTS))
    trained = train(learner.to(run.device), one_step, 1, recipe, run, "training",
                    lambda learner, step: report.watch(modelled(learner), step), max(1, parameters.steps // PICTURES))
    model = modelled(trained)
    report.conclude(model)
    return model


def _marked(source: Table, parameters: Parameters, raw: np.ndarray, a: np.ndarray, run: Run) -> list[int]:
    """Places of the columns that the attribute affects; all of them where that leaves one side empty."""
    if parameters.marking == "by role":
        marks = np.array([c.role is Role.FACTOR for c in source.having(Role.FACTOR, Role.COVARIATE)])
    else:
        marks = affected(raw, a)
    if marks.all() or not marks.any():
        run.message("All columns are taken for affected by the attribute, or none is: nothing tells the blocks apart.")
        return list(range(len(marks)))
    return [int(j) for j in np.flatnonzero(marks)]


@torch.no_grad()
def _started(network: Autoencoder, run: Run) -> Autoencoder:
    """Weights uniform in ±1/√inputs, from the run's generator."""
    for part in network.modules():
        if isinstance(part, nn.Linear):
            _scatter((part.weight, part.bias), part.in_features, run)
        elif isinstance(part, nn.LSTMCell):
            _scatter(part.parameters(), part.hidden_size, run)
    return network


def _scatter(parameters: Iterable[Tensor], inputs: int, run: Run) -> None:
    for values in parameters:
        values.copy_((2 * torch.rand(values.shape, generator=run.torch_generator) - 1) / inputs**0.5)
