"""The algorithm: learn from the source periods, watch the later ones, show what was found.

Symbols: n rows, p columns, T periods.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from engines.contract import Inputs, Run
from engines.counterfactual_tables.sequential_counterfactual_fairness.adversary import Adversary
from engines.counterfactual_tables.sequential_counterfactual_fairness.encoding import Encoding, ordered, source_count
from engines.counterfactual_tables.sequential_counterfactual_fairness.mathematics import Array, affected
from engines.counterfactual_tables.sequential_counterfactual_fairness.model import FairSequence
from engines.counterfactual_tables.sequential_counterfactual_fairness.networks import Autoencoder
from engines.counterfactual_tables.sequential_counterfactual_fairness.parameters import Parameters
from engines.counterfactual_tables.sequential_counterfactual_fairness.report import Report
from engines.counterfactual_tables.sequential_counterfactual_fairness.training import Learner, Rows, learnt
from engines.data.kinds import Table
from engines.data.roles import Role

Network = TypeVar("Network", bound=nn.Module)

PICTURES = 10
"""While training."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A table, ready to be learnt from.

    Attributes:
        table: All rows, in the order of their ids.
        names, place: Of the periods (T); the place of each row's period (n,).
        sources: How many of the periods are learnt from.
        encoding, raw: Fitted on the source rows; their columns in raw units.
        touched: Places of the columns that the attribute affects.
        data: The source rows.
    """

    table: Table
    names: tuple[str, ...]
    place: np.ndarray
    sources: int
    encoding: Encoding
    raw: Array
    touched: list[int]
    data: Rows

    def learner(self, parameters: Parameters, run: Run, network: type[Autoencoder] = Autoencoder) -> Learner:
        """With weights as they are before the first step."""
        started = _started(network(self.raw.shape[1], self.touched, parameters.dimensions, parameters.hidden), run)
        adversary = _started(Adversary(parameters.dimensions), run) if parameters.adversary else None
        return Learner(started, len(parameters.weaker), adversary).to(run.device)

    def model(self, network: Autoencoder, parameters: Parameters) -> FairSequence:
        """What can be asked, from weights as they are now."""
        copy = type(network)(**network.settings)
        copy.load_state_dict({name: value.cpu() for name, value in network.state_dict().items()})
        return FairSequence(parameters, copy.eval().requires_grad_(False), self.encoding.columns, self.encoding.centre,
                            self.encoding.scale, self.raw.min(0), self.raw.max(0), self.names, self.sources)


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> FairSequence:
    """Learn the classifier from the source periods."""
    of = prepared(inputs, parameters, run)
    report = Report(run, of.table, of.place)
    learner = of.learner(parameters, run)
    if run.resumed is None:
        report.watch(of.model(learner.model, parameters), 0)
    trained = learnt(learner, of.data, parameters, run,
                     lambda learner, step: report.watch(of.model(learner.model, parameters), step),
                     max(1, parameters.steps // PICTURES))
    model = of.model(trained.model, parameters)
    report.conclude(model)
    report.compare(model, [of.model(other, parameters) for other in trained.beside])
    return model


def prepared(inputs: Inputs, parameters: Parameters, run: Run) -> Prepared:
    """The rows as numbers, by what the source periods say."""
    table = inputs.table.rows(np.argsort(inputs.table.row_ids, kind="stable"))
    names, place = ordered(table)
    sources = source_count(len(names), parameters.sources)
    some = np.flatnonzero(place < sources)
    source = table.rows(some)
    encoding = Encoding.fitted(source)
    raw, a = encoding.raw(source), encoding.a(source)
    data = Rows(
        encoding.x(raw).to(run.device), torch.from_numpy(a.astype(np.float32)).to(run.device),
        torch.from_numpy(encoding.y(source).astype(np.int64)).to(run.device),
        tuple(torch.from_numpy(np.flatnonzero(place[some] == k)).to(run.device) for k in range(sources)))
    return Prepared(table, tuple(names), place, sources, encoding, raw, _marked(source, parameters, raw, a, run), data)


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
def _started(network: Network, run: Run) -> Network:
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
