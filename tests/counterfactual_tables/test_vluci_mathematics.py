"""The equations of VLUCI against closed forms, an exact evidence, gradients by differences, and independence."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import norm
from torch.distributions import Normal, kl_divergence

from engines.counterfactual_tables.vluci.estimates import half_width, potential
from engines.counterfactual_tables.vluci.mathematics import (
    Bounds,
    Guess,
    bernoulli_log_likelihood,
    contraction,
    divergence,
    independence,
    normal_log_likelihood,
    standard,
)
from engines.counterfactual_tables.vluci.networks import Arms, Confounded, scatter


def drawn(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_the_divergence_is_that_of_two_normals():
    q, p = Guess(drawn(0, 2, 5, 3), 0.3 * drawn(1, 2, 5, 3)), Guess(drawn(2, 2, 5, 3), 0.3 * drawn(3, 2, 5, 3))
    expected = kl_divergence(Normal(q.mean, q.log_sd.exp()), Normal(p.mean, p.log_sd.exp()))
    assert torch.allclose(divergence(q, p), expected, atol=1e-12)
    assert float(divergence(q, q).abs().max()) == 0.0
    assert bool((divergence(q, standard(q)) >= 0).all())


def test_the_likelihoods_are_densities():
    y, mean, log_sd = drawn(0, 7), drawn(1, 7), 0.5 * drawn(2, 7)
    expected = norm.logpdf(y.numpy(), mean.numpy(), log_sd.exp().numpy())
    assert normal_log_likelihood(y, mean, log_sd).numpy() == pytest.approx(expected)
    for t in (0.0, 1.0):
        p = 1 / (1 + math.exp(-0.7))
        said = bernoulli_log_likelihood(torch.tensor(t), torch.tensor(0.7))
        assert float(said) == pytest.approx(math.log(p if t else 1 - p), rel=1e-6)


def test_the_outcome_bound_of_a_linear_normal_model_is_its_evidence_at_the_exact_posterior_and_below_it_elsewhere():
    """y = m + c u + s e, u ~ N(0, 1): log p(y) = log N(y; m, c² + s²). Draws of ±1 make the expectation exact."""
    y, m, c, s = drawn(0, 1, 6), drawn(1, 1, 6), 1.7, 0.6
    evidence = torch.from_numpy(norm.logpdf(y.numpy(), m.numpy(), math.hypot(c, s)))
    variance = 1 / (1 + c**2 / s**2)
    exact = Guess((variance * c / s**2 * (y - m))[..., None], torch.full((1, 6, 1), 0.5 * math.log(variance),
                                                                         dtype=torch.float64))

    def bound(guess: Guess) -> torch.Tensor:
        told = [
            normal_log_likelihood(y, m + c * guess.drawn(torch.full_like(guess.mean, sign))[..., 0],
                                  torch.tensor(math.log(s)))
            for sign in (-1.0, 1.0)
        ]
        return (told[0] + told[1]) / 2 - divergence(guess, standard(guess))[..., 0]

    assert torch.allclose(bound(exact), evidence, atol=1e-10)
    for shift, wider in ((0.3, 0.0), (0.0, 0.4), (-0.5, -0.4)):
        assert bool((bound(Guess(exact.mean + shift, exact.log_sd + wider)) < evidence - 1e-3).all())


def test_both_bounds_together_weigh_the_divergences():
    parts = Bounds(*(torch.tensor([value]) for value in (-1.0, 0.5, -2.0, 0.25)))
    assert float(parts.total()) == -3.75
    assert float(parts.total(0.0)) == -3.0


def test_the_contraction_is_nought_at_the_prior_and_counts_used_entries_only():
    apart = (0.75**0.5) * torch.tensor([1.0, -1.0, 1.0, -1.0])
    mean = torch.stack([apart, torch.zeros(4)], dim=1)[None]
    guess = Guess(mean, torch.tensor([[[math.log(0.5), 0.0]]]).expand(1, 4, 2))
    assert float(contraction(standard(guess), torch.ones(1, 1, 2))) == 0.0
    assert float(contraction(guess, torch.tensor([[[1.0, 0.0]]]))) == pytest.approx(0.75)
    assert float(contraction(guess, torch.ones(1, 1, 2))) == pytest.approx(0.375)


def test_narrow_guesses_that_are_all_alike_have_not_contracted():
    alike = Guess(torch.full((1, 5, 1), 0.3), torch.full((1, 5, 1), math.log(0.2)))
    assert float(contraction(alike, torch.ones(1, 1, 1))) == pytest.approx(0.0, abs=1e-6)


def test_dependence_is_found_also_where_there_is_no_correlation():
    x = drawn(0, 1, 400, 1)
    alone, square = independence(drawn(1, 1, 400, 1), x), independence(x**2, x)
    assert float(independence(x, x)) == pytest.approx(1.0)
    assert float(square) > 5 * float(alone)
    assert float(independence(-x, x)) == pytest.approx(1.0), "the sign of U is arbitrary"


@pytest.fixture
def network() -> Confounded:
    made = Confounded(2, 3, 2, 4, shared=True, binary=False).double()
    scatter(made, torch.Generator().manual_seed(0))
    return made


def rows() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    return drawn(4, 2, 6, 3), (drawn(5, 2, 6) > 0).double(), drawn(6, 2, 6)


def test_the_gradient_of_the_bounds_is_that_of_differences(network):
    x, t, y = rows()
    noise = drawn(7, 2, 2, 12, 2)

    def total() -> torch.Tensor:
        return network.bounds(x, t, y, noise)[0].total().sum()

    total().backward()
    for name, weight in network.named_parameters():
        place, step = (0,) * weight.dim(), 1e-6
        with torch.no_grad():
            weight[place] += step
            above = float(total())
            weight[place] -= 2 * step
            below = float(total())
            weight[place] += step
        assert float(weight.grad[place]) == pytest.approx((above - below) / (2 * step), abs=1e-6), name


def test_members_do_not_feel_each_other(network):
    x, t, y = rows()
    noise = drawn(7, 2, 2, 6, 2)
    together = network.bounds(x, t, y, noise)[0].total().detach()
    for k in range(2):
        alone = network.chosen([k]).double().bounds(x[k : k + 1], t[k : k + 1], y[k : k + 1], noise[:, k : k + 1])
        assert float(alone[0].total()) == pytest.approx(float(together[k]), rel=1e-5)


def test_the_first_guess_does_not_see_the_outcome_and_the_second_does(network):
    x, t, y = rows()
    y.requires_grad_(True)
    (seen,) = torch.autograd.grad(network.guess(x, t, y).mean.sum(), y)
    assert float(seen.abs().max()) > 0
    noise = drawn(7, 2, 2, 6, 2)
    bounds, before, _ = network.bounds(x, t, y, noise)
    (unseen,) = torch.autograd.grad(before.mean.sum() + bounds.treatment.sum(), y, allow_unused=True)
    assert unseen is None or float(unseen.abs().max()) == 0.0


def test_with_a_shared_decoder_u_adds_to_both_arms_alike(network):
    x, t, _ = rows()
    one, two = drawn(8, 2, 6, 2), drawn(9, 2, 6, 2)

    def effect(u: torch.Tensor) -> torch.Tensor:
        return network.outcome(x, torch.ones_like(t), u) - network.outcome(x, torch.zeros_like(t), u)

    assert torch.allclose(effect(one), effect(two), atol=1e-12)
    heads = Confounded(2, 3, 2, 4, shared=False, binary=False).double()
    scatter(heads, torch.Generator().manual_seed(0))
    effects = [heads.outcome(x, torch.ones_like(t), u) - heads.outcome(x, torch.zeros_like(t), u) for u in (one, two)]
    assert not torch.allclose(*effects, atol=1e-3)


def test_unused_entries_of_u_do_nothing(network):
    x, t, y = rows()
    network.used[:, :, 1] = 0.0
    u = drawn(8, 2, 6, 2)
    other = u.clone()
    other[..., 1] += 3.0
    assert torch.equal(network.outcome(x, t, u), network.outcome(x, t, other))
    assert torch.equal(network.treatment(x, u), network.treatment(x, other))
    guess = network.requires_grad_(False).guess(x, t, y)
    assert float((divergence(guess, standard(guess)) * network.used)[..., 1].abs().max()) == 0.0


def test_both_arms_share_the_draws_of_u(network):
    single = network.float().chosen([0])
    x, t, y = (values[0].float() for values in rows())
    found = potential(single, x, t, y, np.random.default_rng(0).normal(size=(50, 6, 2)), (10.0, 4.0))
    effects = found.means[1] - found.means[0]
    assert effects.std(axis=0) == pytest.approx(0.0, abs=1e-5), "with a shared decoder the draws cancel in the effect"
    assert found.means[0].std(axis=0).min() > 1e-3


def test_intervals_from_refits_hold_a_normal_mean_as_often_as_they_say():
    generator = np.random.default_rng(0)
    refits = generator.normal(size=(10, 4000))
    half = half_width(refits, 0.95)
    one_more = np.abs(generator.normal(size=4000)) <= half
    assert float(one_more.mean()) == pytest.approx(0.95, abs=0.015)
    assert half_width(refits[:3], 0.95) is None


def test_the_arms_count_alike_in_the_loss_of_the_plain_learner():
    arms = Arms(1, 1, 3, binary=False).requires_grad_(False)
    t = torch.tensor([[1.0, 0.0, 0.0, 0.0]])
    loss = arms.loss(torch.zeros(1, 4, 1), t, torch.tensor([[2.0, 1.0, 1.0, 1.0]]), 0.25)
    assert float(loss) == pytest.approx((2.0**2 + 1.0**2) / 2)
