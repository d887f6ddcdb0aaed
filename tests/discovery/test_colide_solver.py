"""The central path: what it must reach, keep and survive."""

from itertools import pairwise

import numpy as np
import pytest

from engines.discovery.colide.mathematics import (
    acyclic_edges,
    acyclicity,
    acyclicity_gradient,
    covariance,
    inside_domain,
    score_gradient,
)
from engines.discovery.colide.solver import (
    Problem,
    Schedule,
    State,
    _back_into_domain,
    central_path,
    descend,
    transposed_inverse,
)
from engines.metrics.graphs import compare
from engines.simulators.linear_sem import random_sem

SHORT = Schedule((1.0, 0.9, 0.8, 0.7), warm=600, last=1200, rate=5e-3, check_every=200)


def simulated(seed, d=8, k=1, n=1000, variance=1.0):
    generator = np.random.default_rng(seed)
    sem = random_sem(d, k, generator, variance=variance)
    return sem, covariance(sem.sample(n, generator))


def solve(problem, schedule=SHORT, state=None):
    state = state or State.initial(problem, schedule)
    for _ in central_path(problem, schedule, state):
        pass
    return state


@pytest.mark.parametrize("levels", ["equal", "separate"])
def test_finds_the_graph_strengths_and_noise_of_an_easy_model(levels):
    sem, C = simulated(0, variance=2.0)
    state = solve(Problem.of(C[None], 0.05, levels))
    edges = acyclic_edges(state.W[0], 0.3)
    assert compare(sem.W != 0, edges).shd <= 1
    found = edges & (sem.W != 0)
    assert np.abs((state.W[0] - sem.W)[found]).mean() < 0.1
    assert (np.sign(state.W[0])[found] == np.sign(sem.W)[found]).all()
    assert state.sigma[0] ** 2 == pytest.approx(np.full(state.sigma.shape[1], 2.0), rel=0.15)


def test_ends_next_to_an_acyclic_graph():
    _, C = simulated(1)
    state = solve(Problem.of(C[None], 0.05, "equal"))
    without_diagonal = state.W[0] * (1 - np.eye(8))
    assert 0 <= acyclicity(without_diagonal) < 1e-3


@pytest.mark.parametrize("levels", ["equal", "separate", "fixed"])
def test_problems_side_by_side_are_solved_as_if_alone(levels):
    C = np.stack([simulated(seed)[1] for seed in range(4)])
    together = solve(Problem.of(C, 0.05, levels))
    for item in range(4):
        alone = solve(Problem.of(C[item : item + 1], 0.05, levels))
        assert np.abs(together.W[item] - alone.W[0]).max() < 1e-6
        assert together.iteration[item] == alone.iteration[0]


def test_going_on_from_a_stored_state_gives_the_same_bits():
    _, C = simulated(2)
    problem = Problem.of(C[None], 0.05, "separate")
    whole = solve(problem)
    for stop in (1, 5, 9):
        state = State.initial(problem, SHORT)
        path = central_path(problem, SHORT, state)
        for _ in range(stop):
            next(path)
        stored = {name: values.copy() for name, values in state.arrays().items()}
        again = solve(problem, state=State(**stored))
        assert (again.W == whole.W).all()
        assert (again.sigma == whole.sigma).all()


def test_edges_that_may_not_be_stay_exactly_zero():
    _, C = simulated(3)
    allowed = np.random.default_rng(0).random((8, 8)) < 0.5
    state = solve(Problem.of(C[None], 0.05, "equal", allowed))
    assert (state.W[0][~allowed] == 0).all()
    assert (state.W[0][allowed & ~np.eye(8, dtype=bool)] != 0).any()


def test_required_edges_bear_no_penalty():
    _, C = simulated(3)
    free = np.zeros((8, 8), dtype=bool)
    free[0, 1] = True
    problem = Problem.of(C[None], 0.05, "equal", free=free)
    assert problem.penalty[0, 1] == 0
    assert (problem.penalty[~free] == 0.05).all()


def test_the_objective_falls_from_test_to_test():
    _, C = simulated(4)
    schedule = Schedule((1.0,), warm=0, last=1000, rate=3e-3, check_every=100)
    problem = Problem.of(C[None], 0.05, "equal")
    state = State.initial(problem, schedule)
    values = [state.previous[0] for state in central_path(problem, schedule, state)]
    assert len(values) > 3
    assert all(later <= earlier * (1 + 1e-4) for earlier, later in pairwise(values))


def pushed_out(width, iteration):
    _, C = simulated(5)
    schedule = Schedule((width,), warm=0, last=1000, rate=0.01)
    problem = Problem.of(C[None], 0.05, "equal")
    state = State.initial(problem, schedule)
    state.step[0, 0, 1] = -1.5
    state.W[0, 1, 0] = 0.9
    state.start_W[:] = 0.0
    state.W -= state.step
    state.iteration[:] = iteration
    return problem, state


def test_a_step_out_of_a_wide_domain_is_undone_and_halved():
    problem, state = pushed_out(width=1.0, iteration=7)
    _back_into_domain(problem, state)
    inverse = transposed_inverse(state.width[:, None, None] * np.eye(8) - state.W**2)
    assert inside_domain(inverse).all()
    halvings = np.log2(0.01 / state.rate[0])
    assert halvings == round(halvings) > 0
    assert state.W[0, 0, 1] == pytest.approx(1.5 / 2**halvings)
    assert state.iteration[0] == 7


@pytest.mark.parametrize(("width", "iteration"), [(0.9, 7), (1.0, 0)])
def test_a_step_out_of_a_narrow_domain_restarts_the_stage(width, iteration):
    problem, state = pushed_out(width, iteration)
    _back_into_domain(problem, state)
    assert (state.W == 0).all()
    assert state.rate[0] == 0.005
    assert state.width[0] == pytest.approx(width + 0.1)
    assert state.iteration[0] == 0


@pytest.mark.parametrize("width", [0.8, 1.0])
def test_a_point_that_is_not_a_number_restarts_the_stage(width):
    problem, state = pushed_out(width, iteration=3)
    state.W[0, 2, 3] = np.nan
    _back_into_domain(problem, state)
    assert (state.W == 0).all()


def test_the_rate_may_shrink_to_nothing_and_the_problem_then_stops():
    problem, state = pushed_out(width=1.0, iteration=7)
    inside = state.W + state.step
    state.rate[0] = 1e-16
    _back_into_domain(problem, state)
    assert np.allclose(state.W, inside)
    assert state.rate[0] == 0


def test_the_inverse_comes_back_transposed_and_a_singular_one_as_no_number():
    M = np.random.default_rng(0).normal(size=(3, 5, 5))
    M[1] = 0.0
    inverse = transposed_inverse(M.copy())
    assert inverse[0] == pytest.approx(np.linalg.inv(M[0]).T)
    assert np.isnan(inverse[1]).all()
    assert inverse[2] == pytest.approx(np.linalg.inv(M[2]).T)


def test_one_step_is_adam_on_the_published_gradient():
    _, C = simulated(6)
    schedule = Schedule((1.0,), warm=0, last=1000, rate=1e-3)
    problem = Problem.of(C[None], 0.05, "separate")
    state = State.initial(problem, schedule)
    W, mean, square = np.zeros((8, 8)), 0.0, 0.0
    sigma = np.sqrt(np.diag(C))
    for count in range(1, 31):
        inverse = np.linalg.inv(np.eye(8) - W * W)
        gradient = -C @ (np.eye(8) - W) @ np.diag(1 / sigma) + 0.05 * np.sign(W) + 2 * W * inverse.T
        mean, square = 0.99 * mean + 0.01 * gradient, 0.999 * square + 0.001 * gradient**2
        W = W - 1e-3 * (mean / (1 - 0.99**count)) / (np.sqrt(square / (1 - 0.999**count)) + 1e-8)
        D = np.eye(8) - W
        sigma = np.sqrt(np.diag(D.T @ C @ D))
    descend(problem, schedule, state, 30)
    assert np.abs(state.W[0] - W).max() < 1e-12
    assert state.sigma[0] == pytest.approx(sigma, rel=1e-12)


def test_dagma_itself_agrees_with_fixed_noise_levels():
    linear = pytest.importorskip("dagma.linear", reason="the peer dagma is not installed")
    generator = np.random.default_rng(8)
    sem = random_sem(6, 1, generator)
    X = sem.sample(500, generator)
    peer = linear.DagmaLinear("l2")
    peer.lambda1, peer.d, peer.Id, peer.cov = 0.05, 6, np.eye(6), covariance(X)
    W = 0.2 * generator.normal(size=(6, 6))
    problem = Problem.of(covariance(X)[None], 0.05, "fixed")
    ours = problem.objective(W[None], np.ones((1, 1)), 0.1, np.array([0.9]))[0]
    assert ours - 0.1 * 6 / 2 == pytest.approx(peer._func(W, 0.1, 0.9)[0], rel=1e-12)
    assert score_gradient(W, covariance(X), np.ones(1)) == pytest.approx(peer._score(W)[1], rel=1e-12)
    assert acyclicity_gradient(W, 0.9) == pytest.approx(peer._h(W, 0.9)[1], rel=1e-12)
