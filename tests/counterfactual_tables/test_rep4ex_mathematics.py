"""Rep4Ex's equations against brute force, closed forms, and what must not matter."""

from itertools import product

import numpy as np
import pytest
import torch

from engines.counterfactual_tables.intervention_extrapolation.mathematics import (
    RIDGE,
    bandwidth,
    kernel,
    linear_part,
    moment_restriction,
    ramp,
    residual,
    seen_share,
    share_explained,
    signal,
    unbiased_restriction,
    whitened,
    whitening,
)

N, P, D, K = 23, 2, 3, 2


@pytest.fixture
def drawn():
    generator = torch.Generator().manual_seed(3)
    A = torch.randn(N, P, generator=generator, dtype=torch.float64)
    phi = torch.randn(K, N, D, generator=generator, dtype=torch.float64)
    return A, phi


def test_the_restriction_is_the_sum_over_all_pairs(drawn):
    A, r = drawn
    length = 0.7
    every = {
        (i, j): torch.exp(-(A[i] - A[j]).square().sum() / (2 * length**2)) * (r[:, i] * r[:, j]).sum(dim=1)
        for i, j in product(range(N), repeat=2)
    }
    whole = sum(every.values()) / N**2
    apart = sum(value for (i, j), value in every.items() if i != j) / (N * (N - 1))
    torch.testing.assert_close(moment_restriction(r, kernel(A, length)), whole)
    torch.testing.assert_close(unbiased_restriction(r, kernel(A, length)), apart)


def test_the_u_statistic_is_zero_on_average_where_the_residual_does_not_depend_on_the_action():
    generator = torch.Generator().manual_seed(0)
    A = torch.rand(60, 1, generator=generator)
    K = kernel(A, bandwidth(A))
    r = torch.randn(4000, 60, 1, generator=generator)
    u, v = unbiased_restriction(r, K), moment_restriction(r, K)
    assert abs(float(u.mean())) < 4 * float(u.std()) / 4000**0.5
    assert float(v.mean()) == pytest.approx(1 / 60, rel=0.05), "the V-statistic adds mean |r|^2 / n"


def test_a_residual_that_bends_with_the_action_is_seen():
    A = torch.linspace(-1, 1, 200)[:, None]
    K = kernel(A, bandwidth(A))
    straight, bent = residual((3 * A)[None], A), residual((A**3)[None], A)
    assert float(unbiased_restriction(straight, K)) == pytest.approx(0, abs=1e-6)
    assert float(unbiased_restriction(bent, K)) > 5e-4


def test_the_linear_part_is_the_ridge_solution(drawn):
    A, phi = drawn
    design = np.column_stack([A.numpy(), np.ones(N)])
    expected = np.linalg.solve(design.T @ design + RIDGE * N * np.eye(P + 1), design.T @ phi.numpy())
    np.testing.assert_allclose(linear_part(phi, A).numpy(), expected, rtol=1e-10)
    plain = np.linalg.lstsq(design, phi[0].numpy(), rcond=None)[0]
    np.testing.assert_allclose(linear_part(phi, A, ridge=0.0)[0].numpy(), plain, rtol=1e-8)


def test_whitened_latents_have_covariance_one_whatever_their_scale(drawn):
    _, phi = drawn
    mixed = phi @ torch.tensor([[2.0, 1, 0], [0, 30, 5], [0, 0, 0.1]], dtype=torch.float64) + 7
    white = whitened(mixed)
    np.testing.assert_allclose(white.mean(dim=1).numpy(), 0, atol=1e-9)
    np.testing.assert_allclose((white.transpose(1, 2) @ white / N).numpy(), np.eye(D)[None].repeat(K, 0), atol=1e-3)
    centre, T = whitening(mixed)
    torch.testing.assert_close((mixed - centre) @ T, white)


def test_the_gradient_of_the_restriction_agrees_with_finite_differences(drawn):
    A, phi = drawn
    K = kernel(A, 1.0)
    raw = phi[:1].clone().requires_grad_(True)
    assert torch.autograd.gradcheck(lambda x: moment_restriction(residual(whitened(x), A), K), (raw,), atol=1e-6)


def test_the_f_test_finds_what_is_there_and_no_more():
    generator = np.random.default_rng(0)
    A = generator.normal(size=(300, 2))
    assert signal(A @ [[1.0], [0.0]] + generator.normal(size=(300, 1)), A) < 1e-6
    chances = [signal(generator.normal(size=(300, 3)), A) for _ in range(400)]
    assert np.mean(np.array(chances) < 0.05) == pytest.approx(0.05, abs=0.03)


def test_shares_and_the_ramp():
    A = np.linspace(0, 1, 50)[:, None]
    assert share_explained(3 * A + 1, A) == pytest.approx(1)
    moved = torch.tensor([[[0.0], [1.0], [2.0], [3.0]]])
    assert float(seen_share(moved, torch.tensor([0.5]), torch.tensor([2.5]))) == 0.5
    assert [ramp(x, 0.2, 0.4) for x in (0.1, 0.3, 0.9)] == pytest.approx([0, 0.5, 1])
