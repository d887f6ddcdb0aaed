"""The loss of algorithm 1 term by term, weak supervision, designs and sizes."""

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from engines.counterfactual_images.causal_diffae.network import CausalAutoencoder, Design, planned


def network(design: Design = "causal", **changes: object) -> CausalAutoencoder:
    torch.manual_seed(0)
    settings = {
        "channels": 1, "side": 8, "parents": [[], [0], []], "order": [0, 1, 2], "levels": [0, 0, 3], "width": 4,
        "hidden": 8, "form": "topological", "design": design, "size": "tiny", "dropout": 0.0, "steps": 50,
        "schedule": "cosine", "prediction": "velocity", **changes,
    }
    return CausalAutoencoder(**settings)


X = torch.randn(6, 1, 8, 8, generator=torch.Generator().manual_seed(1))
Y = torch.tensor([[0.1, -0.5, 0], [0.3, 0.2, 1], [-0.7, 0.4, 2], [0.9, -0.1, 0], [0.0, 0.0, 1], [-1.0, 1.0, 2]])


def parts(own: CausalAutoencoder, y: torch.Tensor = Y, w: float = 0.05, kappa: float = 0.1, drop: float = 0.0):
    return own.loss(X, y, w=w, kappa=kappa, drop=drop, generator=torch.Generator().manual_seed(2))


def test_latent_terms_by_hand() -> None:
    own = network().eval()
    total, told = parts(own)
    mean, variance = own.noises(X)
    z = own.mechanisms(mean)
    aims = torch.stack([Y[:, :1].expand(-1, 4), Y[:, 1:2].expand(-1, 4), own.codes[2][Y[:, 2].long()]], dim=1)
    label = 0.5 * (z - aims).square().sum(dim=(1, 2)).mean()
    noise = kl_divergence(Normal(mean, variance.sqrt()), Normal(0.0, 1.0)).sum(dim=(1, 2)).mean()
    assert told["label term"].item() == pytest.approx(label.item(), rel=1e-5)
    assert told["noise term"].item() == pytest.approx(noise.item(), rel=1e-4)
    assert total.item() == pytest.approx(told["noise MSE"].item() + 0.05 * (label + 0.1 * noise).item(), rel=1e-5)


@pytest.mark.parametrize(("kappa", "slope"), [(1.0, 0.5), (0.1, 1 / 1.1), (0.0, 1.0)])
def test_the_weight_of_the_noise_term_sets_the_slope_of_codes_on_labels(kappa: float, slope: float) -> None:
    y = torch.linspace(-1, 1, 9)
    u = y.clone().requires_grad_()
    for _ in range(200):                                 # what the two terms pull a root's code to
        loss = (0.5 * (u - y).square() + kappa * 0.5 * u.square()).sum()
        (gradient,) = torch.autograd.grad(loss, u)
        u = (u - 0.3 * gradient).detach().requires_grad_()
    assert torch.allclose(u, slope * y, atol=1e-4)


def test_codes_of_unlabelled_pictures_leave_the_latent_terms_and_the_decoder() -> None:
    own = network().eval()
    hidden = Y.clone()
    hidden[3:, 1] = torch.nan
    _, told = parts(own, hidden)
    mean, _ = own.noises(X[:3])
    expected = 0.5 * (own.mechanisms(mean) - own.aims(Y[:3])).square().sum(dim=(1, 2)).mean()
    assert told["label term"].item() == pytest.approx(expected.item(), rel=1e-5)


def test_a_batch_without_any_label_trains_on_pictures_alone() -> None:
    own = network()
    total, told = parts(own, torch.full_like(Y, torch.nan))
    assert told["label term"] == told["noise term"] == 0
    assert torch.isfinite(total)
    total.backward()
    assert own.nothing.grad is not None


def test_dropped_codes_are_replaced_by_the_learned_nothing() -> None:
    own = network().eval()
    for weight in own.denoiser.parameters():             # leave the zeros from which training starts
        weight.data += 0.1 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(5))
    _, told = parts(own, drop=1.0)
    blind = network().eval()
    blind.load_state_dict(own.state_dict())
    blind.mean.weight.data.add_(1.0)                     # other codes, never seen
    _, again = parts(blind, drop=1.0)
    assert torch.equal(told["noise MSE"], again["noise MSE"])
    _, seen = parts(own)
    assert not torch.equal(told["noise MSE"], seen["noise MSE"])


@pytest.mark.parametrize(("design", "weighs"), [
    ("causal", True), ("no mechanism", True), ("aligned autoencoder", True), ("autoencoder", False),
    ("labels only", False)])
def test_designs_weigh_what_they_say(design: Design, weighs: bool) -> None:
    total, told = parts(network(design))
    assert (abs(total.item() - told["noise MSE"].item()) > 1e-6) == weighs


def test_category_codes_are_far_apart() -> None:
    for levels, width in ((3, 4), (10, 8), (10, 256), (2, 1)):
        codes = network(levels=[0, 0, levels], width=width).codes[2]
        assert codes.shape == (levels, width)
        assert (codes.abs() == 1).all()
        distances = torch.cdist(codes, codes)[~torch.eye(levels, dtype=torch.bool)]
        assert distances.min() >= 2 * (width / 2) ** 0.5 - 1e-4 if width > 1 else distances.min() == 2


def test_prediction_of_noise_and_of_velocity_share_the_noisy_picture() -> None:
    for prediction in ("noise", "velocity"):
        own = network(prediction=prediction).eval()      # an untrained denoiser tells nothing: the error is the target
        _, told = parts(own)
        assert 0.5 < told["noise MSE"].item() < 1.6


@pytest.mark.parametrize("size", ["tiny", "small", "medium", "published"])
@pytest.mark.parametrize("side", [28, 32, 96])
def test_plans_fit_the_usual_sides(size: str, side: int) -> None:
    assert side % planned(size, side).stride == 0        # type: ignore[arg-type]


def test_the_published_network_runs_at_28_pixels() -> None:
    torch.manual_seed(0)
    own = network(side=28, size="published", width=4)
    with torch.no_grad():
        assert own.tell(torch.zeros(1, 1, 28, 28), torch.tensor([3]), torch.zeros(1, 3, 4)).shape == (1, 1, 28, 28)
    assert 15e6 < sum(p.numel() for p in own.parameters()) < 80e6
