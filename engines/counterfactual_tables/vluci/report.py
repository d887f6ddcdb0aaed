"""What a run of VLUCI tells: pictures while it trains, warnings, and its results at the end."""

from dataclasses import dataclass

import numpy as np
import torch

from engines.contract import Run
from engines.counterfactual_tables.vluci.encoding import Encoding, levels
from engines.counterfactual_tables.vluci.estimates import propensity
from engines.counterfactual_tables.vluci.model import AS_TRAINED, DIRECT, Vluci
from engines.counterfactual_tables.vluci.parameters import Parameters
from engines.counterfactual_tables.vluci.training import Group, Learner, Rows
from engines.counterfactual_tables.vluci.views import (
    BINS,
    average_bars,
    ordered_effects,
    outcome_table,
    verdict_text,
)
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.results import HistogramResult, ScatterResult, TableResult

SHOWN = 1000
"""Points of a scatter."""

NEAR, APART = 0.05, 0.5
"""Restarts so near the best bound must agree on the mean effect, to so many standard deviations of the outcome."""

LOUD = 0.5
"""Noise of the outcome, in its standard deviations, from which a fit looks unfinished or empty."""

THIN = 0.02
"""A propensity nearer than this to 0 or 1 leaves nothing to compare a row with."""


@dataclass(frozen=True)
class Restart:
    """How one restart of the main fit ended: bound in nats a row, mean effect in raw units, noise in sd of y."""

    bound: float
    effect: float
    contraction: float
    noise: float


@dataclass(frozen=True)
class Report:
    """Speaks for one fit."""

    run: Run
    encoding: Encoding
    parameters: Parameters

    @torch.inference_mode()
    def watch(self, learner: Learner, data: Rows) -> None:
        """U of the restart that leads, as it stands, without drawing."""
        group: Group = learner.groups[0]  # type: ignore[assignment]
        network = group.confounded
        index = torch.arange(min(SHOWN, len(data.t)), device=data.x.device)
        x, t, y = data.of(index.expand(network.settings["members"], -1))
        still = torch.zeros(2, *x.shape[:2], network.settings["entries"], device=x.device)
        bounds, _, after = network.bounds(x, t, y, still)
        leads = int(bounds.total()[: self.parameters.restarts].argmax())
        centre, scale = self.encoding.outcome
        self.run.show(self._scatter_of_u(after.mean[leads, :, 0].cpu().numpy(), centre + scale * y[0].cpu().numpy(),
                                         t[0].cpu().numpy(), index.cpu().numpy() + 1))

    def conclude(self, model: Vluci, table: Table, restarts: list[Restart]) -> None:
        """Warnings and the results of the run, about all rows of the data."""
        run, encoding = self.run, self.encoding
        told, t = model.told(table), encoding.t(table).numpy()
        run.scalar("mean effect", told.averages[DIRECT][0], 0, encoding.target.unit)
        run.scalar("posterior contraction", model.contraction, 0)
        run.scalar("pull of U on the treatment", model.pull, 0)
        self._warn(model, restarts, told.chance)
        run.show(verdict_text(model.verdict()))
        averages = dict(told.averages)
        averages |= {f"restart {k + 1}": (one.effect, None) for k, one in enumerate(restarts)}
        run.show(average_bars(averages, encoding.target.unit, "Mean effect, by estimate and restart"))
        run.show(_histogram(told.effect, encoding.target.unit))
        run.show(ordered_effects(told, encoding.target.unit))
        run.show(outcome_table(encoding, table, told))
        observed = encoding.observed(table)
        some = np.linspace(0, len(t) - 1, min(SHOWN, len(t))).astype(int)
        run.show(self._scatter_of_u(told.u_mean[some], observed[some], t[some], table.row_ids[some]))
        run.show(self._propensities(model, table.rows(some), told.chance[some], t[some]))
        run.show(_restart_table(restarts, encoding.target.unit))
        run.show(self._sensitivity(model, table))

    def _warn(self, model: Vluci, restarts: list[Restart], chance: np.ndarray) -> None:
        best = max(one.bound for one in restarts)
        near = [one.effect for one in restarts if one.bound >= best - NEAR]
        scale = model.outcome[1]
        self.run.message(model.verdict())
        if max(near) - min(near) > APART * scale:
            self.run.message(f"Restarts with nearly the same bound disagree: their mean effects go from "
                             f"{min(near):.3g} to {max(near):.3g}. The effect is not settled by these data.")
        if not self.encoding.binary and max(restarts, key=lambda one: one.bound).noise >= LOUD and model.revealed:
            self.run.message("The noise of the outcome is half of its spread or more: the fit looks unfinished. Try "
                             "more epochs.")
        extreme = float(((chance < THIN) | (chance > 1 - THIN)).mean())
        if extreme > 0.1:
            self.run.message(f"{100 * extreme:.0f} % of the rows are nearly sure of one treatment: their effects are "
                             "guesses.")
        if self.parameters.decoder == "two heads":
            self.run.message("With two heads U may mean another thing in each arm; such effects are unreliable.")

    def _scatter_of_u(self, u: np.ndarray, y: np.ndarray, t: np.ndarray, rows: np.ndarray) -> ScatterResult:
        t_name, target = self.encoding.treatment.name, self.encoding.target
        return ScatterResult(
            "confounder", "Recovered confounder of each row", u.astype(float), y.astype(float),
            "U, posterior mean (scale and sign are arbitrary)",
            f"{target.name}{f' ({target.unit})' if target.unit else ''}", t.astype(np.int64),
            tuple(f"{t_name} = {level}" for level in levels(self.encoding.treatment)), row_ids=rows,
        )

    def _propensities(self, model: Vluci, table: Table, chance: np.ndarray, t: np.ndarray) -> ScatterResult:
        """Chance of being treated when U is not known (averaged over its prior) and when it is."""
        x, network = self.encoding.x(table), model.confounded.chosen([0])
        grid = np.linspace(-2, 2, 9)
        weights = np.exp(-(grid**2) / 2) / np.exp(-(grid**2) / 2).sum()
        entries = int(network.settings["entries"])
        before = sum(
            weight * propensity(network, x, torch.full((len(x), entries), value))
            for value, weight in zip(grid.tolist(), weights.tolist(), strict=True)
        )
        name, level = self.encoding.treatment.name, levels(self.encoding.treatment)
        return ScatterResult(
            "propensity", f"Chance of {name} = {level[1]}, without and with U", np.asarray(before), chance,
            "from the covariates", "from the covariates and U", t.astype(np.int64),
            tuple(f"{name} = {one}" for one in level), row_ids=table.row_ids,
        )

    def _sensitivity(self, model: Vluci, table: Table) -> TableResult:
        said = [AS_TRAINED, *model.assumptions]
        found = [model.told(table, one) for one in said]
        return TableResult("sensitivity", "Mean effect under other assumptions", table_of("sensitivity", [
            category_column("assuming", said),
            number_column("mean effect", [float(one.effect.mean()) for one in found], self.encoding.target.unit),
            number_column("spread of U", [float(one.u_sd.mean()) for one in found]),
        ]))


def _histogram(effect: np.ndarray, unit: str) -> HistogramResult:
    counts, edges = np.histogram(effect, bins=BINS)
    return HistogramResult("effects", "Effect on each row", edges.astype(float), counts.astype(float),
                           f"effect{f' ({unit})' if unit else ''}")


def _restart_table(restarts: list[Restart], unit: str) -> TableResult:
    return TableResult("restarts", "Restarts: the best bound is kept", table_of("restarts", [
        number_column("restart", [float(k + 1) for k in range(len(restarts))]),
        number_column("bound", [one.bound for one in restarts], "nats a row"),
        number_column("mean effect", [one.effect for one in restarts], unit),
        number_column("contraction", [one.contraction for one in restarts]),
        number_column("noise", [one.noise for one in restarts], "sd of the outcome"),
    ]))


