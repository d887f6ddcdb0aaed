"""U-Net and trunk: identity at the start, steering, gradients, shapes that follow from the stride."""

import pytest
import torch

from engines.networks.encoder import Reader, Trunk
from engines.networks.unet import Attention, UNet, sinusoidal


def small(**changes: object) -> UNet:
    torch.manual_seed(0)
    return UNet(**{"channels": 1, "conditioning": 3, "base": 8, "multipliers": (1, 2), "fold": 2, **changes})


def test_an_untrained_network_tells_nothing() -> None:
    network = small()
    x = torch.randn(2, 1, 8, 8)
    assert torch.equal(network(x, torch.tensor([1, 5]), torch.randn(2, 3)), torch.zeros_like(x))


@pytest.mark.parametrize("changes", [{}, {"fold": 1, "attention": (0,), "middle_attention": True, "blocks": 2}])
def test_every_weight_gets_a_gradient_and_the_condition_steers(changes: dict[str, object]) -> None:
    network = small(**changes)
    generator = torch.Generator().manual_seed(1)
    for weight in network.parameters():                      # leave the zeros from which training would start
        weight.data += 0.05 * torch.randn(weight.shape, generator=generator)
    x, t = torch.randn(2, 1, 8, 8, generator=generator), torch.tensor([10, 900])
    z = torch.randn(2, 3, generator=generator)
    network(x, t, z).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in network.parameters())
    with torch.no_grad():
        told = network(x, t, z)
        assert not torch.allclose(told, network(x, t, z + 1))
        assert not torch.allclose(told, network(x, t + 50, z))
        alone = network(x[:1], t[:1], z[:1])                 # no picture sees its neighbours
    assert torch.allclose(told[:1], alone, atol=1e-5)


def test_colour_pictures_and_deep_levels() -> None:
    network = small(channels=3, multipliers=(1, 2, 2), fold=1)
    assert network.stride == 4
    assert network(torch.randn(1, 3, 12, 12), torch.tensor([3]), torch.zeros(1, 3)).shape == (1, 3, 12, 12)


def test_sinusoidal_in_closed_form() -> None:
    code = sinusoidal(torch.tensor([0, 2]), 4)
    assert torch.allclose(code[0], torch.tensor([1.0, 1.0, 0.0, 0.0]))
    two, slow = torch.tensor(2.0), torch.tensor(2.0 / 100)
    assert torch.allclose(code[1], torch.stack([two.cos(), slow.cos(), two.sin(), slow.sin()]))


def test_attention_does_not_care_for_places() -> None:
    torch.manual_seed(0)
    attention = Attention(8, heads=2)
    attention.out.weight.data.normal_()
    x = torch.randn(1, 8, 2, 2)
    order = torch.tensor([3, 1, 0, 2])
    moved = x.flatten(2)[:, :, order].reshape(x.shape)
    assert torch.allclose(attention(x).flatten(2)[:, :, order], attention(moved).flatten(2), atol=1e-5)


@pytest.mark.parametrize(("side", "widths", "features"), [(28, (4, 8, 16), 256), (96, (4, 4, 4, 4, 4, 8), 32)])
def test_the_trunk_finds_its_own_flattened_size(side: int, widths: tuple[int, ...], features: int) -> None:
    trunk = Trunk(1, side, widths)
    assert trunk.features == features
    assert trunk(torch.zeros(2, 1, side, side)).shape == (2, features)
    assert trunk.training


def test_a_reader_is_rebuilt_from_its_settings() -> None:
    reader = Reader(1, 8, (4, 8), 3).eval()
    again = Reader(**reader.settings).eval()
    again.load_state_dict(reader.state_dict())
    x = torch.randn(2, 1, 8, 8)
    assert torch.equal(reader(x), again(x))
