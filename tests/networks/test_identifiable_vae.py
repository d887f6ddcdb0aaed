"""iVAE: its bound against closed forms."""

import math

import pytest
import torch

from engines.networks.identifiable_vae import IdentifiableVAE

N, P, Q, D = 40, 2, 5, 3


@pytest.fixture
def blank():
    """All weights zero: q and the prior are standard normal, and the readings do not depend on z."""
    network = IdentifiableVAE(P, Q, D, 8)
    with torch.no_grad():
        for weight in (*network.prior.parameters(), *network.encoder.parameters(), *network.decoder.parameters()):
            weight.zero_()
    return network


@pytest.fixture
def drawn():
    generator = torch.Generator().manual_seed(0)
    return tuple(torch.randn(N, k, generator=generator) for k in (Q, P, D))


def test_where_nothing_depends_on_z_the_bound_is_the_likelihood(blank, drawn):
    x, a, noise = drawn
    sd = blank.log_noise.detach().exp()
    exact = torch.distributions.Normal(torch.zeros(Q), sd).log_prob(x).sum(dim=1)
    torch.testing.assert_close(blank.bound(x, a, noise).detach(), exact)


def test_a_guess_that_differs_from_the_prior_costs_the_divergence(blank, drawn):
    x, a, noise = drawn
    before = blank.bound(x, a, noise).detach()
    with torch.no_grad():
        blank.encoder[-1].bias[:D] = 2.0
        blank.encoder[-1].bias[D:] = math.log(0.5)
        blank.prior[-1].bias[D:] = math.log(3.0)
    one, other = torch.distributions.Normal(2.0, 0.5), torch.distributions.Normal(0.0, 3.0)
    cost = D * torch.distributions.kl_divergence(one, other)
    torch.testing.assert_close(before - blank.bound(x, a, noise).detach(), cost.expand(N))


def test_the_prior_follows_the_actions(drawn):
    _, a, _ = drawn
    torch.manual_seed(0)
    prior = IdentifiableVAE(P, Q, D, 8).prior
    assert (prior(a[:1]) != prior(a[1:2])).all()
