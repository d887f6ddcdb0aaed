"""The central path of CoLiDE: Adam on mu S(W, sigma) + h(W, s) with the noise level in closed form after every step.

Source: Saboksayr, Mateos, Tepper, "CoLiDE", ICLR 2024, section 4, with the settings of the authors' code; the stages, the
test of the domain and the halving of the step are DAGMA's. Symbols as in `mathematics`; b problems are solved side
by side (bootstrap samples), each with a step length, width and stopping of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from scipy.linalg import lapack

from engines.discovery.colide.mathematics import (
    DOMAIN_TOLERANCE,
    Array,
    Levels,
    Mask,
    acyclicity,
    noise_floor,
    noise_levels,
    residual_variances,
    score,
)

MEAN_DECAY, SQUARE_DECAY, ADAM_EPSILON = 0.99, 0.999, 1e-8
SMALLEST_RATE = 1e-16
HALVING_WIDTH = 0.9
"""Stages at most this wide are restarted instead of halving the step (the authors' rule)."""


@dataclass(frozen=True)
class Schedule:
    """Stages k = 0, 1, …: mu = 0.1^k, width widths[k], at most `warm` iterations, in the last stage `last`."""

    widths: tuple[float, ...]
    warm: int
    last: int
    rate: float
    check_every: int = 1000
    tolerance: float = 1e-6

    def mu(self, stage: int) -> float:
        return 0.1**stage

    def iterations(self, stage: int) -> int:
        return self.last if stage == len(self.widths) - 1 else self.warm


@dataclass(frozen=True)
class Problem:
    """What is minimised: C (b, d, d), penalty on |W_ij| (d, d), edges that may be (d, d), kind of noise levels."""

    C: Array
    penalty: Array
    allowed: Mask
    levels: Levels
    floor: Array

    @staticmethod
    def of(C: Array, penalty: float, levels: Levels, allowed: Mask | None = None, free: Mask | None = None) -> "Problem":
        """C: (b, d, d). `allowed`: where W may differ from zero; `free`: edges without penalty (required ones)."""
        d = C.shape[-1]
        weights = np.full((d, d), penalty)
        if free is not None:
            weights[free] = 0.0
        return Problem(C, weights, np.ones((d, d), bool) if allowed is None else allowed, levels,
                       noise_floor(C, levels))

    def objective(self, W: Array, sigma: Array, mu: float, s: Array) -> Array:
        """mu (S + sum penalty |W|) + h. W: (b, d, d), sigma: (b, d), s: (b,). Returns (b,)."""
        return mu * self.score(W, sigma) + acyclicity(W, s)

    def score(self, W: Array, sigma: Array) -> Array:
        """S with its penalty. Returns (b,)."""
        return score(residual_variances(W, self.C), sigma) + (self.penalty * np.abs(W)).sum(axis=(-2, -1))


@dataclass
class State:
    """Everything the path needs to go on from where it is; all fields are arrays, so it can be stored.

    W, sigma: (b, d, d), (b, d); start_W, start_sigma: at the start of the stage; mean, square: Adam's moments
    (b, d, d); rate, width, previous, iteration, running: (b,); stage: ().
    """

    W: Array
    sigma: Array
    start_W: Array
    start_sigma: Array
    mean: Array
    square: Array
    rate: Array
    width: Array
    previous: Array
    iteration: Array
    running: Mask
    stage: np.ndarray

    @staticmethod
    def initial(problem: Problem, schedule: Schedule, W: Array | None = None, stage: int = 0) -> "State":
        """W = 0 (or a warm start (b, d, d)) at the beginning of a stage, sigma that of the columns."""
        b, d = problem.C.shape[:2]
        W = np.zeros((b, d, d)) if W is None else W.copy()
        sigma = first_noise(problem, W)
        state = State(W, sigma, W, sigma, np.empty(0), np.empty(0), np.empty(b), np.empty(b), np.empty(b),
                      np.empty(b), np.empty(b, bool), np.array(stage))
        state.enter(stage, schedule)
        return state

    def enter(self, stage: int, schedule: Schedule) -> None:
        """Begin a stage from the present W and sigma, with fresh moments."""
        self.stage = np.array(stage)
        self.start_W, self.start_sigma = self.W.copy(), self.sigma.copy()
        self.mean, self.square = np.zeros_like(self.W), np.zeros_like(self.W)
        self.rate[:], self.width[:] = schedule.rate, schedule.widths[stage]
        self.previous[:], self.iteration[:], self.running[:] = 1e16, 0, True

    def restart(self, item: int) -> None:
        """The stage failed for one problem: again from its start with half the step and a wider domain."""
        self.W[item], self.sigma[item] = self.start_W[item], self.start_sigma[item]
        self.mean[item] = self.square[item] = 0.0
        self.rate[item] /= 2
        self.width[item] += 0.1
        self.previous[item], self.iteration[item] = 1e16, 0

    def arrays(self) -> dict[str, np.ndarray]:
        """For a checkpoint: copies of all fields by name."""
        return {field.name: np.array(getattr(self, field.name)) for field in fields(self)}


def first_noise(problem: Problem, W: Array) -> Array:
    """The level to start from: of the residuals, for equal levels the smallest (as the authors' code). (b, d)."""
    variances = residual_variances(W, problem.C)
    if problem.levels == "equal" and not W.any():
        variances = np.broadcast_to(variances.min(axis=-1, keepdims=True), variances.shape)
    return noise_levels(variances, problem.levels, problem.floor).copy()


def transposed_inverse(M: Array) -> Array:
    """(M^-1)' of each matrix, overwriting M; all NaN where M is singular. M: (b, d, d). Returns a view (b, d, d).

    LAPACK reads a row-major matrix as its transpose, so its inverse comes back transposed, without a copy.
    """
    for matrix in M:
        factors, pivots, info = lapack.dgetrf(matrix.T, overwrite_a=1)
        if info == 0:
            lapack.dgetri(factors, pivots, lwork=64 * len(matrix), overwrite_lu=1)
        else:
            matrix[:] = np.nan
    return M.swapaxes(-1, -2)


def central_path(problem: Problem, schedule: Schedule, state: State) -> Iterator[State]:
    """Follow the path from `state` to its end; yields the same, updated state several times a second.

    Between two yields lie at most `check_every` iterations. Problems that end a stage early wait for the others.
    """
    beat = beat_length(problem, schedule)
    while True:
        stage = int(state.stage)
        while state.running.any():
            descend(problem, schedule, state, beat)
            settle(problem, schedule, state)
            yield state
        if stage + 1 == len(schedule.widths):
            return
        state.enter(stage + 1, schedule)


def beat_length(problem: Problem, schedule: Schedule) -> int:
    """Iterations between two yields: about a tenth of a second, a divisor of `check_every`."""
    b, d = problem.C.shape[:2]
    wanted = int(1e8 / (b * (d + 20) ** 3))
    return next(n for n in range(max(1, min(wanted, schedule.check_every)), 0, -1) if schedule.check_every % n == 0)


def settle(problem: Problem, schedule: Schedule, state: State) -> None:
    """Every `check_every` iterations: stop the problems whose objective moves no more, or whose time is over."""
    over = state.iteration >= schedule.iterations(int(state.stage))
    due = state.running & (over | (state.iteration > 0) & (state.iteration % schedule.check_every == 0))
    if not due.any():
        return
    objective = problem.objective(state.W, state.sigma, schedule.mu(int(state.stage)), state.width)
    still = np.abs((state.previous - objective) / state.previous) <= schedule.tolerance
    state.previous[due] = objective[due]
    state.running &= ~(due & (still | over))


def descend(problem: Problem, schedule: Schedule, state: State, iterations: int) -> None:
    """Up to `iterations` steps of inexact block coordinate descent for every running problem, in place."""
    chosen = np.flatnonzero(state.running)
    mu, limit = schedule.mu(int(state.stage)), schedule.iterations(int(state.stage))
    iterations = min(iterations, int(limit - state.iteration[chosen].max()))
    C, floor = problem.C[chosen], problem.floor[chosen]
    W, sigma, mean, square = (a[chosen] for a in (state.W, state.sigma, state.mean, state.square))
    rate, width, count = state.rate[chosen], state.width[chosen], state.iteration[chosen]
    identity, penalty = np.eye(W.shape[-1]), mu * problem.penalty
    masked = not problem.allowed.all()
    wide = width[:, None, None] * identity
    R, G, T, M, step = (np.empty_like(W) for _ in range(5))
    D = identity - W
    np.matmul(C, D, out=R)
    failed = np.zeros(len(chosen), dtype=bool)

    for _ in range(iterations):
        np.multiply(W, W, out=M)
        inverse = transposed_inverse(np.subtract(wide, M, out=M))
        if not inverse.min() >= -DOMAIN_TOLERANCE:
            return _outside(problem, schedule, state, chosen)
        np.multiply(R, (-mu / sigma)[:, None, :], out=G)                # the score's gradient
        G += np.multiply(np.sign(W, out=T), penalty, out=T)
        np.multiply(W, inverse, out=T)                                  # the acyclicity's, half of it
        T *= 2.0
        G += T
        if masked:
            G *= problem.allowed

        count += 1.0                                                    # Adam
        mean *= MEAN_DECAY
        mean += np.multiply(G, 1 - MEAN_DECAY, out=T)
        square *= SQUARE_DECAY
        G *= G
        square += np.multiply(G, 1 - SQUARE_DECAY, out=G)
        spread = np.sqrt(1 - SQUARE_DECAY**count)
        np.sqrt(square, out=T)
        T += (ADAM_EPSILON * spread)[:, None, None]
        np.divide(mean, T, out=step)
        step *= (rate * spread / (1 - MEAN_DECAY**count))[:, None, None]
        W -= step

        np.subtract(identity, W, out=D)                                 # the noise level
        np.matmul(C, D, out=R)
        sigma = noise_levels(np.einsum("bij,bij->bj", D, R), problem.levels, floor)
