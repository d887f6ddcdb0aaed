"""Mechanisms: order, cut edges, noise that is kept, and the authors' matrix step."""

import pytest
import torch
from torch import Tensor, nn

from engines.counterfactual_images.causal_diffae.mechanisms import Form, Mechanisms


def linear(parents: list[list[int]], order: list[int], form: Form, weights: dict[int, list[float]]) -> Mechanisms:
    """Mechanisms of one number a factor, replaced by known linear ones."""
    mechanisms = Mechanisms(parents, order, 1, 4, form)
    for i, row in weights.items():
        layer = nn.Linear(len(row), 1, bias=False)
        layer.weight.data = torch.tensor([row])
        mechanisms.f[i] = layer
    return mechanisms


# a -> b, a -> c, b -> c, stored in another order: 0 = c, 1 = a, 2 = b
DIAMOND = ([[1, 2], [], [1]], [1, 2, 0])
WEIGHTS = {2: [2.0], 0: [3.0, 5.0]}
U = torch.tensor([[[0.5], [1.0], [0.25]]])


def test_codes_follow_their_parents_in_causal_order() -> None:
    z = linear(*DIAMOND, "topological", WEIGHTS)(U)
    a, b = 1.0, 2 * 1.0 + 0.25
    assert torch.allclose(z[0, :, 0], torch.tensor([3 * a + 5 * b + 0.5, a, b]))


def test_do_cuts_what_comes_in_and_moves_what_follows() -> None:
    mechanisms = linear(*DIAMOND, "topological", WEIGHTS)
    z = mechanisms(U, {2: torch.tensor([[10.0]])})
    assert torch.allclose(z[0, :, 0], torch.tensor([3 * 1.0 + 5 * 10 + 0.5, 1.0, 10.0]))
    moved = mechanisms(U, {1: torch.tensor([[2.0]])})
    assert torch.allclose(moved[0, :, 0], torch.tensor([3 * 2 + 5 * (4 + 0.25) + 0.5, 2.0, 4.25]))


@pytest.mark.parametrize("form", ["topological", "official", "none"])
def test_do_of_what_is_there_changes_nothing(form: Form) -> None:
    torch.manual_seed(0)
    mechanisms = Mechanisms(*DIAMOND, 3, 8, form)
    u = torch.randn(5, 3, 3)
    z = mechanisms(u)
    for i in range(3):
        assert torch.allclose(mechanisms(u, {i: z[:, i]}), z, atol=1e-6)


def test_forms_agree_on_a_chain_of_depth_one_up_to_the_roots_constant() -> None:
    parents, order = [[], [0]], [0, 1]
    topological, official = (linear(parents, order, form, {1: [2.0]}) for form in ("topological", "official"))
    constant = official.f[0](torch.zeros(1, 1)).item()
    u = torch.tensor([[[0.7], [0.1]]])
    assert torch.allclose(topological(u)[0, 1], torch.tensor([1.5]))
    assert torch.allclose(official(u)[0, 1], torch.tensor([1.5]))          # children read the parent's noise
    assert torch.allclose(official(u)[0, 0], torch.tensor([0.7 + constant]))


def test_the_official_form_forgets_grandparents() -> None:
    parents, order = [[], [0], [1]], [0, 1, 2]
    u = torch.tensor([[[1.0], [0.0], [0.0]]])
    weights = {1: [1.0], 2: [1.0]}
    assert linear(parents, order, "topological", weights)(u)[0, 2].item() == pytest.approx(1)
    assert linear(parents, order, "official", weights)(u)[0, 2].item() == pytest.approx(0)


def test_a_set_factor_passes_its_code_on_in_the_official_form() -> None:
    mechanisms = linear([[], [0]], [0, 1], "official", {1: [2.0]})
    constant = mechanisms.f[0](torch.zeros(1, 1)).item()
    z = mechanisms(torch.tensor([[[0.7], [0.1]]]), {0: torch.tensor([[3.0]])})
    assert z[0, 0].item() == pytest.approx(3)
    assert z[0, 1].item() == pytest.approx(2 * (3 - constant) + 0.1, abs=1e-6)


def test_without_mechanisms_codes_are_noises() -> None:
    u = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0))
    assert torch.equal(Mechanisms(*DIAMOND, 4, 8, "none")(u), u)


def test_the_noise_of_one_factor_reaches_its_descendants_only() -> None:
    torch.manual_seed(1)
    mechanisms = Mechanisms(*DIAMOND, 3, 8, "topological")
    u = torch.randn(1, 3, 3)

    def codes(noise: Tensor) -> Tensor:
        return mechanisms(noise[None])[0]

    jacobian = torch.autograd.functional.jacobian(codes, u[0]).abs().sum(dim=(1, 3))    # type: ignore[no-untyped-call]
    reached = jacobian > 1e-9                                # rows: code of; columns: noise of
    assert torch.equal(reached, torch.tensor([[True, True, True], [False, True, False], [False, True, True]]))
