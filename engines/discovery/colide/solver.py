"""The central path of CoLiDE: Adam on mu S(W, sigma) + h(W, s), the noise level in closed form after every step.

Source: Saboksayr, Mateos, Tepper, "CoLiDE", ICLR 2024, section 4, with the settings of the authors' code; the stages,
the test of the domain and the halving of the step are DAGMA's. Symbols as in
`mathematics`; b problems are solved side by side (bootstrap samples), each with its own step length, width and stop.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.linalg import lapack

from engines.discovery.colide.mathematics import (
    DOMAIN_TOLERANCE,
    Array,
    Levels,
    Mask,
    acyclicity,
    inside_domain,
    noise_floor,
    noise_levels,
    residual_variances,
    score,
)

MEAN_DECAY, SQUARE_DECAY, ADAM_EPSILON = 0.99, 0.999, 1e-8
SMALLEST_RATE, UNTESTED = 1e-16, 1e16
HALVING_WIDTH = 0.9
"""Stages at most this wide are restarted instead of halving the step (the authors' rule)."""


@dataclass(frozen=True)
class Schedule:
    """Stages k = 0, 1, …: mu = 0.1^k, width widths[k], at most `warm` iterations, in the last stage `last`.

    A stage stops earlier when the objective moves by less than `tolerance` of itself in `check_every` iterations.
    """

    widths: tuple[float, ...]
    warm: int
    last: int
    rate: float
    check_every: int = 1000
    tolerance: float = 1e-6

    def mu(self, stage: int) -> float:
        """Weight of the score."""
        return 0.1**stage

    def shortened(self, times: int) -> "Schedule":
        """The same stages with so many times fewer iterations."""
        return replace(self, warm=-(-self.warm // times), last=-(-self.last // times))

    def iterations(self, stage: int) -> int:
        """Most iterations of a stage."""
        return self.last if stage == len(self.widths) - 1 else self.warm


@dataclass(frozen=True)
class Problem:
    """What is minimised: C (b, d, d), penalty on |W_ij| (d, d), edges that may be (d, d), kind of noise levels."""

    C: Array
    penalty: Array
    allowed: Mask
    levels: Levels
    floor: Array

    @classmethod
    def of(
        cls, C: Array, penalty: float, levels: Levels, allowed: Mask | None = None, free: Mask | None = None
    ) -> "Problem":
        """C: (b, d, d). `allowed`: where W may differ from zero; `free`: edges without penalty (required ones)."""
        d = C.shape[-1]
        weights = np.full((d, d), penalty)
        if free is not None:
            weights[free] = 0.0
        everywhere = np.ones((d, d), dtype=bool)
        return cls(C, weights, everywhere if allowed is None else allowed, levels, noise_floor(C))

    def part(self, chosen: np.ndarray) -> "Problem":
        """Only some of the problems. chosen: indices."""
        return replace(self, C=self.C[chosen], floor=self.floor[chosen])

    def over(self, C: Array) -> "Problem":
        """The same problem on other covariances, with the noise floor of this one. C: (b, d, d)."""
        return replace(self, C=C, floor=np.repeat(self.floor[:1], len(C), axis=0))

    def noise(self, variances: Array) -> Array:
        """The noise levels for residual variances (b, d). Returns (b, 1 or d)."""
        return noise_levels(variances, self.levels, self.floor)

    def away_from_cycles(self, W: Array, inverse: Array, out: Array) -> Array:
        """Gradient of h, from the transposed inverse of s I - W∘W, into `out`. All (b, d, d)."""
        np.multiply(W, inverse, out=out)
        out *= 2.0
        return out

    def score(self, W: Array, sigma: Array) -> Array:
        """S with its penalty. W: (b, d, d), sigma: (b, d). Returns (b,)."""
        return score(residual_variances(W, self.C), sigma) + (self.penalty * np.abs(W)).sum(axis=(-2, -1))

    def objective(self, W: Array, sigma: Array, mu: float, s: Array) -> Array:
        """mu (S + penalty) + h. W: (b, d, d), sigma: (b, d), s: (b,). Returns (b,)."""
        return mu * self.score(W, sigma) + acyclicity(W, s)


@dataclass
class State:
    """Everything the path needs to go on from where it is; all fields are arrays, so it can be stored.

    W, sigma: (b, d, d), (b, d); start_W, start_sigma: at the start of the stage; mean, square, step: Adam's moments and
    last step (b, d, d); rate, width, previous (objective at the last test), tested (iterations until then), iteration,
    running: (b,); stage: ().
    """

    W: Array
    sigma: Array
    start_W: Array
    start_sigma: Array
    mean: Array
    square: Array
    step: Array
    rate: Array
    width: Array
    previous: Array
    tested: Array
    iteration: Array
    running: Mask
    stage: np.ndarray

    @staticmethod
    def initial(problem: Problem, schedule: Schedule, W: Array | None = None, stage: int = 0) -> "State":
        """W = 0 (or a warm start (b, d, d)) at the beginning of a stage, sigma that of its residuals."""
        b, d = problem.C.shape[:2]
        variances = residual_variances(np.zeros((b, d, d)) if W is None else W, problem.C)
        if W is None:
            W = np.zeros((b, d, d))
            if problem.levels == "equal":
                variances = variances.min(axis=-1, keepdims=True)
        sigma = problem.noise(variances)
        moments, each = np.zeros((3, b, d, d)), np.zeros((5, b))
        state = State(
            W.copy(), sigma.copy(), W, sigma, moments[0], moments[1], moments[2],
            each[0], each[1], each[2], each[3], each[4], np.ones(b, bool), np.array(stage),
        )
        state.enter(stage, schedule)
        return state

    def enter(self, stage: int, schedule: Schedule) -> None:
        """Begin a stage from the present W and sigma, with fresh moments."""
        self.stage = np.array(stage)
        self.start_W, self.start_sigma = self.W.copy(), self.sigma.copy()
        self.mean[:] = self.square[:] = self.step[:] = 0.0
        self.rate[:], self.width[:], self.running[:] = schedule.rate, schedule.widths[stage], True
        self.previous[:], self.tested[:], self.iteration[:] = UNTESTED, 0, 0

    def restart(self, item: int) -> None:
        """The stage failed for one problem: again from its start with half the step and a wider domain."""
        self.W[item], self.sigma[item] = self.start_W[item], self.start_sigma[item]
        self.mean[item] = self.square[item] = self.step[item] = 0.0
        self.rate[item] /= 2
        self.width[item] += 0.1
        self.previous[item], self.tested[item], self.iteration[item] = UNTESTED, 0, 0

    def halve(self, item: int) -> None:
        """Undo the last step of one problem and take half of it; without any step left, stay there and stop."""
        self.W[item] += self.step[item]
        self.step[item] /= 2
        self.rate[item] /= 2
        if self.rate[item] <= SMALLEST_RATE:
            self.rate[item] = self.step[item] = 0.0
        self.W[item] -= self.step[item]

    def part(self, chosen: np.ndarray) -> "State":
        """A copy that holds only some of the problems. chosen: indices."""
        return State(**{name: a[chosen] if a.ndim else a for name, a in self.arrays().items()})

    def put(self, chosen: np.ndarray, part: "State") -> None:
        """The inverse of `part`."""
        for name, values in part.arrays().items():
            if values.ndim:
                getattr(self, name)[chosen] = values

    def arrays(self) -> dict[str, np.ndarray]:
        """All fields by name, as for a checkpoint; `State(**arrays)` is the inverse."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


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
    """Follow the path from `state` to its end; yields the same, updated state several times a second."""
    beat = beat_length(problem, schedule)
    while True:
        while state.running.any():
            advance(problem, schedule, state, beat)
            yield state
        if int(state.stage) + 1 == len(schedule.widths):
            return
        state.enter(int(state.stage) + 1, schedule)


def advance(problem: Problem, schedule: Schedule, state: State, iterations: int) -> None:
    """At most so many iterations of the running problems' stage, in place; those that ended it wait for the others."""
    chosen = np.flatnonzero(state.running)
    some, part = problem.part(chosen), state.part(chosen)
    descend(some, schedule, part, iterations)
    settle(some, schedule, part)
    state.put(chosen, part)


def beat_length(problem: Problem, schedule: Schedule) -> int:
    """Iterations between two yields: about a tenth of a second, a divisor of `check_every`."""
    b, d = problem.C.shape[:2]
    wanted = int(1e8 / (b * (d + 20) ** 3))
    return next(n for n in range(max(1, min(wanted, schedule.check_every)), 0, -1) if schedule.check_every % n == 0)


def settle(problem: Problem, schedule: Schedule, state: State) -> None:
    """Every `check_every` iterations: stop the problems whose objective moves no more, or whose time is over."""
    over = (state.iteration >= schedule.iterations(int(state.stage))) | (state.rate == 0)
    due = over | (state.iteration - state.tested >= schedule.check_every)
    if due.any():
        objective = problem.objective(state.W, state.sigma, schedule.mu(int(state.stage)), state.width)
        still = np.abs((state.previous - objective) / state.previous) <= schedule.tolerance
        state.running &= ~(due & (still | over))
        state.previous[due], state.tested[due] = objective[due], state.iteration[due]


def descend(problem: Problem, schedule: Schedule, state: State, iterations: int) -> None:
    """Up to `iterations` steps of inexact block coordinate descent for every problem, in place.

    Ends early when a problem leaves the domain, after bringing it back. Adam's moments are kept without their factors
    1 - decay, which `_adam_factors` puts into the step; this saves two passes over the matrices.
    """
    mu, limit = schedule.mu(int(state.stage)), schedule.iterations(int(state.stage))
    iterations = min(iterations, int(limit - state.iteration.max()))
    C, W, mean, square, step, sigma = problem.C, state.W, state.mean, state.square, state.step, state.sigma
    identity, penalty, masked = np.eye(W.shape[-1])[None], mu * problem.penalty[None], not problem.allowed.all()
    widths = state.width[:, None, None] * identity
    D, R, G, T, M = (np.empty_like(W) for _ in range(5))

    lengths, epsilons = _adam_factors(state, iterations)
    np.matmul(C, np.subtract(identity, W, out=D), out=R)
    for k in range(iterations):
        np.multiply(W, W, out=M)
        inverse = transposed_inverse(np.subtract(widths, M, out=M))
        if not M.min() >= -DOMAIN_TOLERANCE:                            # also when it is not a number
            state.iteration += k
            _back_into_domain(problem, state)
            return

        np.multiply(R, _plain((-mu / sigma)[:, None, :]), out=G)        # the gradient of the score,
        G += np.multiply(np.sign(W, out=T), penalty, out=T)             # of the penalty,
        G += problem.away_from_cycles(W, inverse, T)                    # and of the acyclicity
        if masked:
            G *= problem.allowed

        mean *= MEAN_DECAY                                              # a step of Adam
        mean += G
        square *= SQUARE_DECAY
        square += np.multiply(G, G, out=G)
        np.sqrt(square, out=T)
        T += _plain(epsilons[k])
        np.divide(mean, T, out=step)
        step *= _plain(lengths[k])
        W -= step

        np.matmul(C, np.subtract(identity, W, out=D), out=R)            # the noise level in closed form
        state.sigma = sigma = problem.noise(np.einsum("bij,bij->bj", D, R))
    state.iteration += iterations


def _plain(values: Array) -> Array | float:
    """A number where there is one value only: numpy multiplies by it much faster than by a small array."""
    return float(values.item()) if values.size == 1 else values


def _adam_factors(state: State, iterations: int) -> tuple[Array, Array]:
    """Step length and epsilon of the coming iterations, bias corrections included. Each (iterations, b, 1, 1)."""
    count = state.iteration + np.arange(1, iterations + 1)[:, None]
    spread = np.sqrt((1 - SQUARE_DECAY**count) / (1 - SQUARE_DECAY))
    length = state.rate * spread * (1 - MEAN_DECAY) / (1 - MEAN_DECAY**count)
    return length[..., None, None], (ADAM_EPSILON * spread)[..., None, None]


def _back_into_domain(problem: Problem, state: State) -> None:
    """Halve the last step of the problems that left the domain, or restart their stage, until all are inside."""
    while True:
        inverse = transposed_inverse(state.width[:, None, None] * np.eye(state.W.shape[-1]) - state.W * state.W)
        outside = np.flatnonzero(~inside_domain(inverse))
        if not len(outside):
            state.sigma = problem.noise(residual_variances(state.W, problem.C))
            return
        for item in outside.tolist():
            lost = not np.isfinite(state.W[item]).all()
            if lost or state.iteration[item] == 0 or state.width[item] <= HALVING_WIDTH:
                state.restart(item)
            else:
                state.halve(item)
