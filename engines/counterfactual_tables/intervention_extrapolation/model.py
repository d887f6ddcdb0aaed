"""What Rep4Ex leaves: an encoder in which the actions act linearly, and the outcome as a function of it and of V.

Symbols: k encoders (the first answers), m members of the outcome; n kept rows, q readings, p actions, d latents.
Standardised inside, raw units outside.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
    Model,
    Query,
    Slider,
    Support,
    Toggle,
)
from engines.counterfactual_tables.intervention_extrapolation.mathematics import BOX, seen_share, with_one
from engines.counterfactual_tables.intervention_extrapolation.networks import Parallel
from engines.counterfactual_tables.intervention_extrapolation.parameters import Parameters
from engines.counterfactual_tables.intervention_extrapolation.views import (
    ENOUGH,
    SPREAD,
    curves,
    far,
    latent_table,
    others,
    support_curve,
    surface,
    with_mark,
)
from engines.data.kinds import DataSet, Table, number_column
from engines.refusals import Refusal
from engines.results import Result, TableResult

MOVE, STAY = "move with the action", "stay as they are"


@dataclass(frozen=True, eq=False)
class Scale:
    """mean, spread: (c,) of columns in raw units."""

    mean: np.ndarray
    spread: np.ndarray

    @staticmethod
    def of(values: np.ndarray) -> "Scale":
        return Scale(values.mean(axis=0), values.std(axis=0))

    def inside(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(((values - self.mean) / self.spread).astype(np.float32))

    def raw(self, values: Tensor) -> np.ndarray:
        return values.numpy().astype(np.float64) * self.spread + self.mean


@dataclass(frozen=True, eq=False)
class Extrapolation(Model):
    """See the module.

    Attributes:
        actions, reading_names, outcome: Column names; units by name.
        action_scale, reading_scale, outcome_scale: (2, c) mean and standard deviation.
        tried: (2, p) least and most of each action; usual: (2, p) its 0.5 % and 99.5 %.
        encoder, decoder, centre, T: Of the k encoders; the whitening (k, 1, d), (k, d, d).
        linear: (k, p + 1, d) W and alpha; phi: (k, n, d) the latents of the kept rows; kept_actions (n, p).
        outcome_mean: Of the kept rows, standardised.
        nu, psi, alone: The outcome networks, m of the first two; `of` (m,) the encoder of each.
        controlled: (m,) True with psi. The first member answers, the last is without psi.
        box: (2, d) the 1 % and 99 % of the first encoder's latents.
    """

    networks: ClassVar[tuple[type, ...]] = (Parallel,)

    parameters: Parameters
    actions: tuple[str, ...]
    reading_names: tuple[str, ...]
    outcome: str
    units: Mapping[str, str]
    action_scale: np.ndarray
    reading_scale: np.ndarray
    outcome_scale: np.ndarray
    tried: np.ndarray
    usual: np.ndarray
    encoder: Parallel
    decoder: Parallel
    centre: Tensor
    T: Tensor
    linear: Tensor
    phi: Tensor
    kept_actions: Tensor
    outcome_mean: float
    nu: Parallel
    psi: Parallel
    alone: Parallel
    of: np.ndarray
    controlled: np.ndarray

    # -------------------------------------------------------------------------------------------------- mathematics

    @property
    def scales(self) -> tuple[Scale, Scale, Scale]:
        """Of actions, readings and outcome."""
        return Scale(*self.action_scale), Scale(*self.reading_scale), Scale(*self.outcome_scale)

    @property
    def box(self) -> tuple[Tensor, Tensor]:
        """Between which the latents of most training rows lie. (d,), (d,)."""
        low, high = torch.quantile(self.phi[0], torch.tensor(BOX), dim=0)
        return low, high

    @torch.no_grad()
    def latents(self, X: Tensor) -> Tensor:
        """phi(X) of each encoder. X: (n, q). Returns (k, n, d)."""
        return (self.encoder(X) - self.centre) @ self.T

    @torch.no_grad()
    def effect(self, a: Tensor, controlled: bool = True, members: int | None = None) -> Tensor:
        """mu(a) = mean nu(W a + alpha + V_i) - [mean nu(phi_i) - mean Y] (step 8) of each member. a: (g, p).

        Returns (g, members), the answering one first, all if None; without psi there is one.
        """
        which = np.flatnonzero(self.controlled == controlled)[:members]
        nu, of = self.nu.picked(which.tolist()), torch.from_numpy(self.of[which])
        V = (self.phi - with_one(self.kept_actions) @ self.linear)[of]                     # (m, n, d)
        offset = nu(self.phi[of]).mean(dim=1)[:, 0] - self.outcome_mean
        moved = with_one(a) @ self.linear                                                  # (k, g, d)
        told = [nu(V + moved[of, i][:, None]).mean(dim=1)[:, 0] - offset for i in range(len(a))]
        return torch.stack(told)

    def seen(self, a: Tensor) -> Tensor:
        """Share of the kept rows whose latents stay within the box under each action. a: (g, p). Returns (g,)."""
        V = self.phi[0] - with_one(self.kept_actions) @ self.linear[0]
        return torch.stack([seen_share(V + one, *self.box) for one in with_one(a) @ self.linear[0]])

    @torch.no_grad()
    def moved(self, X: Tensor, A: Tensor, then: Tensor, moves: bool) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """phi and V of rows under A, and under `then`, by each encoder; see `rows`. Four of (k, n, d)."""
        phi = self.latents(X)
        V = phi - with_one(A) @ self.linear                                                # abduction
        if moves:
            return phi, V, phi + (then - A) @ self.linear[:, :-1], V                       # action
        return phi, V, phi, phi - with_one(then) @ self.linear

    @torch.no_grad()
    def rows(
        self, X: Tensor, A: Tensor, then: Tensor, moves: bool, controlled: bool
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Readings and outcome of rows X (n, q), A (n, p) under actions `then` (n, p).

        With `moves`: abduct V = phi(x) - W a - alpha, act, and predict nu(phi + W (a* - a)) + psi(V). Without, the
        readings stay: E[Y | X = x, do(A = a*)] = nu(phi(x)) + psi(phi(x) - W a* - alpha).
        Returns the change of the readings (n, q), the outcome now and then, (m, n) each.
        """
        which = np.flatnonzero(self.controlled == controlled)
        picked, of = which.tolist(), torch.from_numpy(self.of[which])
        nu, psi, on = self.nu.picked(picked), self.psi.picked(picked), float(controlled)
        phi, V, after, V_after = self.moved(X, A, then, moves)
        change = self.decoder(after)[0] - self.decoder(phi)[0]                             # prediction
        now = nu(phi[of]) + on * psi(V[of])
        later = nu(after[of]) + on * psi(V_after[of])
        return change, now[..., 0], later[..., 0]

    # ------------------------------------------------------------------------------------------------------ questions

    def controls(self) -> tuple[Control, ...]:
        """A slider for each action, then how the outcome is predicted."""
        sliders = tuple(
            Slider(
                name, float(self.usual[0, j]), float(self.usual[1, j]), far(self, j), unit=self.units[name],
                decimals=_decimals(float(np.ptp(self.tried[:, j]))),
                help=f"Tried from {self.tried[0, j]:.4g} to {self.tried[1, j]:.4g}.",
            )
            for j, name in enumerate(self.actions)
        )
        along = (Choice("along", self.actions, self.actions[0], help="The action that the curve runs over."),)
        return (
            *sliders, *(along if len(self.actions) > 1 else ()),
            Choice(
                "readings", (MOVE, STAY), MOVE,
                help="Whether a row's readings follow the action, or are what was read under it.",
            ),
            Toggle("control function", True, help="Take hidden common causes of readings and outcome into account."),
        )

    def answer(self, query: Query) -> Iterator[Answer]:
        """The rows as they would have been, and the curve over an action with all others as set."""
        table = query.factual.attributes
        controlled = bool(query.values.get("control function", True))
        moves = query.values.get("readings", MOVE) == MOVE
        A, X, Y = self._read(table)
        then = A.copy()
        for name, value in query.do.items():
            then[:, self.actions.index(name)] = float(value)
        yield self._told(table, (A, X, Y), then, query, moves, controlled)

    def claims_identity(self) -> float | None:
        """An empty `do` changes no bit."""
        return 0.0

    def exports(self, factual: DataSet | None) -> tuple[Exportable, ...]:
        """The encoder, and the prediction for a row under an action."""
        from engines.counterfactual_tables.intervention_extrapolation.exports import parts

        X = None if factual is None else self._read(factual.attributes)[1]
        return parts(self, X)

    # --------------------------------------------------------------------------------------------------------- pieces

    def coordinates(
        self, table: Table, now: tuple[np.ndarray, np.ndarray], then: np.ndarray, moves: bool = True
    ) -> TableResult:
        """Where rows lie among the latents of the first encoder. now: A (n, p) and X (n, q), then (n, p), raw."""
        (A, X), (actions, readings, _) = now, self.scales
        inside = readings.inside(X), actions.inside(A), actions.inside(then)
        phi, V, after, V_after = (values[0] for values in self.moved(*inside, moves))
        return latent_table(self, table, (A, phi, V), (then, after, V_after))

    def _told(
        self, table: Table, now: tuple[np.ndarray, np.ndarray, np.ndarray], then: np.ndarray, query: Query,
        moves: bool, controlled: bool,
    ) -> Answer:
        A, X, Y = now
        actions, readings, outcome = self.scales
        change, before, after = self.rows(
            readings.inside(X), actions.inside(A), actions.inside(then), moves, controlled
        )
        acted = np.any(then != A, axis=1)
        X_then = np.where(acted[:, None], X + change.numpy().astype(np.float64) * readings.spread, X)
        shift = np.where(acted, (after - before).numpy().astype(np.float64), 0.0) * outcome.spread   # (m, n)
        base = np.where(np.isnan(Y), outcome.raw(before[0]), Y)
        Y_then = base + shift[0]
        factual = self._table(table, A, X, base)
        rows = self._table(table, then, X_then, Y_then)
        changed = np.column_stack([then, Y_then, X_then]) != np.column_stack([A, base, X])
        span = np.percentile(base[0] + shift[:, 0], SPREAD) if shift.shape[0] > 1 and acted[0] else None
        along = self.actions.index(str(query.values.get("along", self.actions[0])))
        fixed = tuple(
            float(query.do[name]) if name in query.do else float(self.action_scale[0, j])
            for j, name in enumerate(self.actions)
        )
        marked = fixed[along] if self.actions[along] in query.do else None
        results: tuple[Result, ...] = (
            TableResult("rows", "Rows as they would have been", rows, changed, factual, of_data=True),
            with_mark(curves(self, along, others(fixed, along), controlled), marked),
            support_curve(self, along, others(fixed, along)),
            *((surface(self, others(fixed, 0, 1), controlled),) if len(self.actions) > 1 else ()),
            self.coordinates(table, (A, X), then, moves),
        )
        support, note = self._support(then[0], query.do)
        follows = How.FOLLOWS if acted[0] else How.UNAFFECTED
        factors = (
            *(FactorValue(n, float(A[0, j]), float(then[0, j]), How.SET if n in query.do else How.UNAFFECTED)
              for j, n in enumerate(self.actions)),
            *(FactorValue(n, float(X[0, j]), float(X_then[0, j]), follows if moves else How.UNAFFECTED)
              for j, n in enumerate(self.reading_names)),
            FactorValue(self.outcome, float(base[0]), float(Y_then[0]), follows,
                        None if span is None else (float(span[0]), float(span[1]))),
        )
        return Answer(Budget.FINAL, results, factors, support=support, support_note=note)

    def _support(self, a: np.ndarray, do: Mapping[str, Any]) -> tuple[Support, str]:
        """Outside once too few rows would keep latents that were seen; at the edge beyond what was tried."""
        if not do:
            return Support.INSIDE, ""
        share = float(self.seen(self.scales[0].inside(a[None]))[0])
        meter = f"{share:.0%} of the rows would keep hidden factors as they were seen"
        if share < ENOUGH:
            return Support.OUTSIDE, f"Only {meter}; below {ENOUGH:.0%} the outcome is a guess."
        far = [j for j, n in enumerate(self.actions) if n in do and not self.tried[0, j] <= a[j] <= self.tried[1, j]]
        if far:
            j = far[0]
            return Support.EDGE, (f"{self.actions[j]} = {a[j]:.4g} was never tried ({self.tried[0, j]:.4g} to "
                                  f"{self.tried[1, j]:.4g} was), but {meter}.")
        return Support.INSIDE, ""

    def _read(self, table: Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Actions (n, p), readings (n, q) and outcome (n,), NaN where unknown, of the asked rows.

        Raises:
            Refusal: naming a row and column without a value.
        """
        A, X = table.numbers(self.actions), table.numbers(self.reading_names)
        for names, values in ((self.actions, A), (self.reading_names, X)):
            if len(gap := np.argwhere(~np.isfinite(values))):
                i, j = gap[0]
                raise Refusal(f"Row {table.row_ids[i]} has no value in {names[j]}.",
                              "Choose a complete row, or fill the gap.", about=(names[j],))
        Y = table[self.outcome].values if self.outcome in table else np.full(len(table), np.nan)
        return A, X, np.asarray(Y, dtype=np.float64)

    def _table(self, table: Table, A: np.ndarray, X: np.ndarray, Y: np.ndarray) -> Table:
        values = np.column_stack([A, Y, X])                     # what is asked for stands before the many readings
        names = (*self.actions, self.outcome, *self.reading_names)
        columns = tuple(number_column(n, values[:, j], self.units[n]) for j, n in enumerate(names))
        return Table(table.name, columns, table.row_ids)


def _decimals(span: float) -> int:
    """So many that a slider of this span has about a thousand steps."""
    return int(np.clip(3 - np.floor(np.log10(span)), 0, 8)) if span > 0 else 2
