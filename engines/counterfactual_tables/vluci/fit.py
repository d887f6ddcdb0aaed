"""The algorithm: all fits are trained side by side, the best restart of each is kept, and what it says is shown."""

import numpy as np
import torch
from torch import Tensor

from engines.contract import Inputs, Run
from engines.counterfactual_tables.vluci.encoding import Encoding
from engines.counterfactual_tables.vluci.estimates import effects, pull
from engines.counterfactual_tables.vluci.mathematics import contraction
from engines.counterfactual_tables.vluci.model import Vluci
from engines.counterfactual_tables.vluci.parameters import Parameters
from engines.counterfactual_tables.vluci.report import Report, Restart
from engines.counterfactual_tables.vluci.training import Fit, Learner, Rows, judged, loss, planned
from engines.data.kinds import Table
from engines.data.splits import parts
from engines.training.loop import Recipe, train

OUT_OF_PLACE = 0.1
"""A resampled fit whose bound on its own rows is so much below the main fit's sits in a bad optimum and tells nothing.

Bad optima lie 0.2 to 0.5 lower. On all rows a good refit of few rows has a lower bound as well: it saw fewer of them.
"""

POINTS, PICTURES = 200, 8
"""Points of each live curve; pictures while training."""


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> Vluci:
    """Infer U, then the effects."""
    everyone = inputs.table.rows(np.argsort(inputs.table.row_ids, kind="stable"))
    table = _trained_on(everyone)
    encoding = Encoding.fitted(table)
    x, t, y = encoding.x(table), encoding.t(table), encoding.y(table)
    data = Rows(x.to(run.device), t.to(run.device), y.to(run.device), float(t.mean()))
    resamples = torch.from_numpy(run.generator.integers(len(t), size=(parameters.bootstraps, len(t))))
    fits = planned(parameters, resamples)
    report = Report(run, encoding, parameters)

    learner = Learner(fits, x.shape[1], encoding.binary, parameters, run)
    turns, steps = len(learner.groups), parameters.epochs * -(-len(t) // parameters.batch)
    recipe = Recipe(steps * turns, parameters.batch, parameters.rate, decay=parameters.decay, clip=None, average=0.0,
                    report=turns * max(1, steps // POINTS))

    def one_step(network: Learner, rows: Tensor, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        total, told = loss(network, data, rows, step, steps, parameters, run.torch_generator)
        return total, dict(told)

    trained = train(learner, one_step, len(t), recipe, run, "training",
                    lambda network, _: report.watch(network, data), max(1, recipe.steps // PICTURES))
    model, restarts = _chosen(trained, fits, data, encoding, parameters, run)
    report.conclude(model, everyone, restarts)
    return model


def _trained_on(table: Table) -> Table:
    """The rows of the part train, where the data name one; else all."""
    part = parts(table, {})
    return table if part is None or not (part == "train").any() else table.rows(np.flatnonzero(part == "train"))


def _chosen(
    learner: Learner, fits: list[Fit], data: Rows, encoding: Encoding, parameters: Parameters, run: Run
) -> tuple[Vluci, list[Restart]]:
    """The best restart of every fit by its bound, without resampled fits in bad optima; and the main fit's restarts."""
    bounds = judged(learner, data, run)
    own = bounds.reshape(len(fits), parameters.restarts)
    best = [f * parameters.restarts + int(starts.argmax()) for f, starts in enumerate(own)]
    resampled = best[1 : 1 + parameters.bootstraps]
    kept = [member for member in resampled if bounds[member] >= bounds[best[0]] - OUT_OF_PLACE]
    if lost := len(resampled) - len(kept):
        run.message(f"{lost} of {len(resampled)} resampled fits ended in a bad optimum and are left out of the "
                    "intervals.")
    others = best[1 + parameters.bootstraps :]
    confounded, naive, plug_in = learner.picked([best[0], *kept, *others])
    x, t, y = data.x.cpu(), data.t.cpu(), data.y.cpu()
    main = confounded.chosen([0])
    with torch.inference_mode():
        told = contraction(main.guess(x[None], t[None], y[None]), main.used)
    model = Vluci(
        parameters, confounded, naive, plug_in, len(kept), tuple(fit.says for fit in fits[1 + parameters.bootstraps :]),
        encoding.columns, encoding.centre, encoding.scale, encoding.outcome, encoding.binary,
        x.min(0).values.numpy(), x.max(0).values.numpy(), float(told[0]), pull(main, x),
    )
    starts, _, _ = learner.picked(list(range(parameters.restarts)))
    found = effects(starts, x, t, y, encoding.outcome[1]).mean(axis=1)
    with torch.inference_mode():
        m = len(found)
        shown = contraction(starts.guess(x.expand(m, -1, -1), t.expand(m, -1), y.expand(m, -1)), starts.used)
    return model, [
        Restart(float(own[0, k]), float(found[k]), float(shown[k]), float(starts.noise()[k].exp()))
        for k in range(parameters.restarts)
    ]
