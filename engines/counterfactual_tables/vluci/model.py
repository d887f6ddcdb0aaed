"""What VLUCI leaves: networks that infer U for a row and tell its outcome under the other treatment.

Symbols: n rows asked about, p encoded covariates, d entries of u, m members of the stacks: the fit itself, `resampled`
fits on resampled rows, and one for each of `assumptions`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch

from engines.contract import (
    Answer,
    Budget,
    Choice,
    Control,
    Exportable,
    FactorValue,
    How,
    Model,
    Query,
    Support,
)
from engines.counterfactual_tables.vluci.encoding import Array, Encoding, levels
from engines.counterfactual_tables.vluci.estimates import (
    abducted,
    effects,
    half_width,
    measured_effects,
    potential,
    propensity,
)
from engines.counterfactual_tables.vluci.mathematics import REVEALED
from engines.counterfactual_tables.vluci.networks import Arms, Confounded
from engines.counterfactual_tables.vluci.parameters import Parameters
from engines.counterfactual_tables.vluci.views import (
    assumed_graph,
    average_bars,
    outcome_table,
    rows_table,
    spread_of_u,
    verdict_text,
)
from engines.data.kinds import Column, ColumnType, DataSet, Table
from engines.graph.graph import Graph
from engines.refusals import Refusal

KEPT, DRAWN = "kept", "drawn afresh"
AS_TRAINED = "as trained"
LEVEL = 0.95
SPREAD_WIDTH = 1.6449 / 1.9600
"""A factor's spread is an interval of 90 %, the tables' is one of 95 %; both normal."""

DIRECT, PLUG_IN, MEASURED = "with U", "U plugged in", "without U"
MOVES = 0.02
"""U does not move the treatment when P(t = 1) changes by less from u = -1 to u = 1; then there is no plug-in."""

RARE, HARDLY_EVER = 0.05, 0.01
"""Probabilities of the arm that was set below which a row lies at the edge of, or outside, the data."""

NOT_REVEALED = "The data do not reveal a hidden confounder; effects equal the unadjusted ones."


@dataclass(frozen=True, eq=False)
class Told:
    """What is said of n rows, raw units of the outcome (probabilities where it has two values).

    Attributes:
        effect: (n,) with half the width of its 95 % interval, or None where none can be given.
        measured, plug_in: (n,) effects by a learner without U and by one that takes U for a covariate, or None.
        outcomes: (2, n) in either arm; low, high: 95 % interval of each, or None.
        u_mean, u_sd: (n,) of the first entry of U. draws: (s, n) of it.
        chance: (n,) probability of t = 1 with U.
        averages: By name: the mean effect over the rows, and half of its interval or None.
    """

    effect: Array
    half: Array | None
    measured: Array
    plug_in: Array | None
    outcomes: Array
    low: Array | None
    high: Array | None
    u_mean: Array
    u_sd: Array
    draws: Array
    chance: Array
    averages: Mapping[str, tuple[float, float | None]]


@dataclass(frozen=True, eq=False)
class Vluci(Model):
    """The fitted model; see the module for its stacks.

    Attributes:
        columns: Covariates, treatment and outcome, without rows.
        centre, scale: (p,) of the covariates; outcome: centre and scale of the outcome.
        binary: Whether the outcome has two values.
        least, most: (p,) of the encoded covariates that were seen.
        contraction: 1 - mean posterior variance of U.
        pull: How much U moves the treatment, see `estimates.pull`.
    """

    networks: ClassVar[tuple[type, ...]] = (Confounded, Arms)

    parameters: Parameters
    confounded: Confounded
    naive: Arms
    plug_in: Arms
    resampled: int
    assumptions: tuple[str, ...]
    columns: tuple[Column, ...]
    centre: Array
    scale: Array
    outcome: tuple[float, float]
    binary: bool
    least: Array
    most: Array
    contraction: float
    pull: float

    @property
    def encoding(self) -> Encoding:
        """From rows to numbers."""
        return Encoding(self.columns, self.centre, self.scale, self.outcome, self.binary)

    @property
    def revealed(self) -> bool:
        """Whether the data show the confounder; if not, nothing here corrects for one, and no interval is given."""
        return self.contraction >= REVEALED

    @property
    def plugs_in(self) -> bool:
        """Whether U may be taken for a covariate; else it stands for the treatment or the outcome's noise."""
        return self.revealed and self.pull >= MOVES

    def controls(self) -> tuple[Control, ...]:
        """The treatment; then whether a row keeps its own noise, and under which assumption it is asked."""
        encoding = self.encoding
        found: list[Control] = [Choice(encoding.treatment.name, levels(encoding.treatment), do=True)]
        if not self.binary:
            found.append(Choice(
                "own noise", (KEPT, DRAWN), KEPT,
                help="Whether what else happened to the row stays as it was, or is drawn anew: then the outcome's "
                     "interval holds that chance as well.",
            ))
        if self.assumptions:
            found.append(Choice(
                "assuming", (AS_TRAINED, *self.assumptions), AS_TRAINED,
                help="Fits with other entries of U, or another pull of the prior, to see what depends on them.",
            ))
        return tuple(found)

    def claims_identity(self) -> float | None:
        """Without a change of treatment the outcome is the one that was observed."""
        return 0.0

    def answer(self, query: Query) -> Iterator[Answer]:
        """Both potential outcomes of each row, its effect, and the row under the treatment that is set."""
        table, encoding = query.factual.attributes, self.encoding
        t = encoding.t(table)
        wish = query.do.get(encoding.treatment.name)
        arms = t.numpy() if wish is None else np.full(len(table), float(encoding.arm(wish)))
        if np.isnan(arms).any():
            row = table.row_ids[int(np.argmax(np.isnan(arms)))]
            raise Refusal(f"Row {row} has no treatment.", f"Set {encoding.treatment.name}.",
                          about=(encoding.treatment.name,))
        told = self.told(table, str(query.values.get("assuming", AS_TRAINED)),
                         str(query.values.get("own noise", KEPT)) == KEPT, query.seed)
        rows = rows_table(encoding, table, arms, told.outcomes)
        results = (
            rows, outcome_table(encoding, table, told), verdict_text(self.verdict()),
            average_bars(told.averages, encoding.target.unit), spread_of_u(told.draws),
        )
        support, note = self._support(table, arms, told)
        yield Answer(Budget.FINAL, results, self._factors(rows.factual or table, rows.table, table, arms, told),
                     support=support, support_note=note)

    def told(self, table: Table, assuming: str = AS_TRAINED, keep_noise: bool = True, seed: int = 0) -> Told:
        """All that is said of the rows. `assuming`: one of the assumptions; `seed`: of the draws of U."""
        encoding = self.encoding
        x, t, y = encoding.x(table), encoding.t(table), encoding.y(table)
        which = 0 if assuming == AS_TRAINED else 1 + self.resampled + self.assumptions.index(assuming)
        network, scale = self.confounded.chosen([which]), self.outcome[1]
        generator = np.random.default_rng(seed)
        entries = int(network.settings["entries"])
        # Drawn row by row of noise, so that the first row's draws do not depend on how many rows are asked about.
        noise = generator.standard_normal((self.parameters.draws, 1, entries)) * np.ones((1, len(table), 1))
        found = potential(network, x, t, y, noise, self.outcome)

        members = [which, *range(1, 1 + self.resampled)]
        guess = abducted(self.confounded.chosen(members), x, t, y)
        refits = effects(self.confounded.chosen(members[1:]), x, t, y, scale) if self.resampled else np.empty((0, 1))
        half = half_width(refits, LEVEL) if self.revealed and which == 0 else None
        measured = measured_effects(self.naive.chosen(members), x, scale)
        averages = {DIRECT: (float(found.effects.mean()),
                             None if half is None else _or_none(half_width(refits.mean(axis=1), LEVEL)))}
        plug_in = None
        if self.plugs_in and which == 0:
            known = torch.cat([x.expand(len(members), -1, -1), guess.mean], dim=2)
            plug_in = measured_effects(self.plug_in.chosen(members), known, scale)
            averages[PLUG_IN] = _average(plug_in)
        averages[MEASURED] = _average(measured) if self.revealed else (float(measured[0].mean()), None)
        outcomes, low, high = self._outcomes(
            found.means, half, t.numpy(), encoding.observed(table), keep_noise, network, generator)
        mean, log_sd = guess.mean[0].numpy(), guess.log_sd[0].numpy()
        return Told(
            found.effects, half, measured[0], None if plug_in is None else plug_in[0], outcomes, low, high,
            mean[:, 0].astype(float), np.exp(log_sd[:, 0]).astype(float), found.u[:, :, 0].astype(float),
            propensity(network, x, guess.mean[0]), averages,
        )

    def _outcomes(
        self, means: Array, half: Array | None, t: Array, observed: Array, keep_noise: bool, network: Confounded,
        generator: np.random.Generator,
    ) -> tuple[Array, Array | None, Array | None]:
        """Both arms (2, n) with intervals; the arm that was observed is the observation itself. means (2, s, n)."""
        known = ~np.isnan(t) & ~np.isnan(observed)
        arm = np.nan_to_num(t).astype(int)
        row = np.arange(len(t))
        if self.binary:
            values, low, high = means.mean(axis=1), None, None
        elif keep_noise and known.any():
            own = np.where(known, observed - means[arm, :, row].T, 0.0)                       # abduction of the noise
            values = (means + own).mean(axis=1)
            low, high = (None, None) if half is None else (values - half, values + half)
        else:
            sd = self.outcome[1] * float(network.noise()[0].exp())
            noisy = means + sd * generator.standard_normal(means.shape[1:])
            values, (low, high) = means.mean(axis=1), np.quantile(noisy, (0.025, 0.975), axis=1)
        for bound in (values, low, high):
            if bound is not None:
                bound[arm[known], row[known]] = observed[known]
        return values, low, high

    def verdict(self) -> str:
        """The card's warning, or that the confounder was found; what the effects stand on."""
        figure = f"Posterior contraction {self.contraction:.2f}"
        if not self.revealed:
            return (f"{NOT_REVEALED} {figure}, below {REVEALED}. No interval is given: how far the effects are from "
                    "the truth cannot be told from these data.")
        said = f"The data show a hidden confounder. {figure}. "
        if not self.plugs_in:
            said += "It does not move the treatment, so the unadjusted effects are not biased by it. "
        shared = self.parameters.decoder == "shared"
        said += "It is assumed that U does not change the effect itself, " if shared else "U may change the effect, "
        return (f"{said}that U is independent of the covariates, that no covariate came after the treatment, and that "
                "nothing else is hidden.")

    def _factors(
        self, factual: Table, changed: Table, table: Table, arms: Array, told: Told
    ) -> tuple[FactorValue, ...]:
        encoding, found = self.encoding, []
        moved = bool(arms[0] != encoding.t(table).numpy()[0])
        for column in (encoding.treatment, encoding.target, *encoding.covariates):
            before, after = factual[column.name].label(0), changed[column.name].label(0)
            how, spread = How.UNAFFECTED, None
            if column.name == encoding.treatment.name:
                how = How.SET if moved else How.UNAFFECTED
            elif column.name == encoding.target.name and moved:
                how, arm = How.FOLLOWS, int(arms[0])
                if told.low is not None and told.high is not None and column.type is ColumnType.NUMBER:
                    middle = told.outcomes[arm, 0]
                    narrower = SPREAD_WIDTH * np.array([told.low[arm, 0] - middle, told.high[arm, 0] - middle])
                    spread = (float(middle + narrower[0]), float(middle + narrower[1]))
            missing = float("nan") if column.type is ColumnType.NUMBER else ""
            found.append(FactorValue(column.name, missing if before is None else before,
                                     missing if after is None else after, how, spread))
        return tuple(found)

    def _support(self, table: Table, arms: Array, told: Told) -> tuple[Support, str]:
        """Of the first row: the range of its covariates, and whether such rows were ever treated so."""
        warning = "" if self.revealed else NOT_REVEALED + " "
        encoding = self.encoding
        x = encoding.x(table.rows([0])).numpy()[0]
        beyond = np.flatnonzero((x < self.least) | (x > self.most))
        if len(beyond):
            name = encoding.names[int(beyond[0])]
            return Support.OUTSIDE, f"{warning}{name} of this row lies beyond the data."
        chance = told.chance[0] if arms[0] else 1 - told.chance[0]
        if chance < RARE:
            here = Support.OUTSIDE if chance < HARDLY_EVER else Support.EDGE
            arm = levels(encoding.treatment)[int(arms[0])]
            said = f"rows like this hardly ever have {encoding.treatment.name} = {arm} ({100 * chance:.1f} %)."
            return here, f"{warning}{said if warning else said[0].upper() + said[1:]}"
        return Support.INSIDE, warning.strip()

    def causal_graph(self, values: Mapping[str, Any]) -> Graph:  # noqa: ARG002 - it is assumed, whatever is set
        """What the method assumes: U behind treatment and outcome, the covariates before both."""
        return assumed_graph(self.encoding)

    def exports(self, factual: DataSet | None) -> tuple[Exportable, ...]:
        """The effect of the treatment on rows, and what is believed of U."""
        from engines.counterfactual_tables.vluci.exports import effect_part  # read only when something is exported

        return (effect_part(self, factual),)


def _average(members: Array) -> tuple[float, float | None]:
    """The first member's mean effect and half of its interval. members (m, n)."""
    return float(members[0].mean()), _or_none(half_width(members[1:].mean(axis=1), LEVEL))


def _or_none(width: Array | None) -> float | None:
    return None if width is None else float(width)
