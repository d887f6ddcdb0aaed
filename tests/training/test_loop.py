"""The training loop: schedule, batches, averages, and a resumed run that equals an uninterrupted one."""

from collections import Counter
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from engines.runtime.checkpoints import Checkpoints
from engines.runtime.context import RunContext
from engines.runtime.messages import Progress, Scalar
from engines.training.loop import Average, Recipe, Rows, train
from engines.training.within import Within


class Line(nn.Module):
    """y = w x + b."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(1, 1)


X = torch.linspace(-1, 1, 40)[:, None]
Y = 3 * X - 2


def squared(network: Line, rows: Tensor, step: int) -> tuple[Tensor, dict[str, Tensor]]:
    error = (network.layer(X[rows]) - Y[rows]).square().mean()
    return error, {"error": error.detach()}


def line() -> Line:
    network = Line()
    nn.init.zeros_(network.layer.weight)
    nn.init.zeros_(network.layer.bias)
    return network


RECIPE = Recipe(steps=300, batch=8, rate=0.05, warm_up=10, decay=0.5, clip=10, average=0.9)


def test_it_finds_the_line() -> None:
    trained = train(line(), squared, 40, RECIPE, RunContext(lambda events: None), "training")
    assert trained.layer.weight.item() == pytest.approx(3, abs=0.01)
    assert trained.layer.bias.item() == pytest.approx(-2, abs=0.01)
    assert not trained.training


def test_learning_rate_rises_holds_and_falls() -> None:
    recipe = Recipe(steps=100, batch=1, rate=2.0, warm_up=10, decay=0.5)
    assert recipe.rate_at(0) == pytest.approx(0.2)
    assert recipe.rate_at(9) == recipe.rate_at(50) == 2.0
    assert recipe.rate_at(75) == pytest.approx(1.0)
    assert recipe.rate_at(99) == pytest.approx(0, abs=0.01)
    assert Recipe(steps=5, batch=1, rate=1.0).rate_at(4) == 1.0


def test_each_row_comes_once_before_any_comes_again() -> None:
    rows = Rows(10, 4, torch.Generator().manual_seed(0))
    seen = Counter(int(row) for _ in range(5) for row in rows.next())
    assert set(seen.values()) == {2}
    assert len(Rows(3, 8, torch.Generator()).next()) == 3


def test_the_average_is_a_weighted_mean_of_the_past() -> None:
    network = line()
    average = Average(network, 0.5)
    values = []
    for step in range(30):
        network.layer.weight.data.fill_(float(step))
        average.update(network, step)
        values.append(average.network.layer.weight.item())
    # after the start the decay is 0.5: the average of 0, 1, 2 ... lags by one
    assert values[-1] == pytest.approx(28, abs=0.01)


def test_the_gradient_is_clipped() -> None:
    def steep(network: Line, rows: Tensor, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        return 1e6 * network.layer.weight.sum(), {}

    norms: list[float] = []
    run = RunContext(lambda events: None)
    run.scalar = lambda name, value, step, unit="": norms.append(value)  # type: ignore[method-assign]
    network = line()
    train(network, steep, 4, Recipe(steps=1, batch=4, rate=0.0001, clip=1.0), run, "training")
    assert norms == [pytest.approx(1e6)]
    assert network.layer.weight.grad is not None
    assert network.layer.weight.grad.norm().item() == pytest.approx(1.0)


def test_a_resumed_run_equals_an_uninterrupted_one(tmp_path: Path) -> None:
    whole = train(line(), squared, 40, RECIPE, RunContext(lambda events: None, seed=5), "training")

    kept = Checkpoints(tmp_path)

    class Stopped(Exception):
        pass

    def breaks(network: Line, rows: Tensor, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        if step == 137:
            raise Stopped
        return squared(network, rows, step)

    with pytest.raises(Stopped):
        train(line(), breaks, 40, RECIPE,
              RunContext(lambda events: None, seed=5, checkpoints=kept, checkpoint_seconds=0), "training")
    again = RunContext(lambda events: None, seed=5, resumed=kept.newest())
    rest = train(line(), squared, 40, RECIPE, again, "training")
    assert torch.equal(rest.layer.weight, whole.layer.weight)
    assert torch.equal(rest.layer.bias, whole.layer.bias)


def test_watching_sees_the_averaged_network_now_and_then() -> None:
    seen: list[int] = []
    train(line(), squared, 40, Recipe(steps=10, batch=4, rate=0.1), RunContext(lambda events: None), "training",
          lambda network, step: seen.append(step), watch_every=4)
    assert seen == [3, 7]


def test_a_training_within_a_run_leaves_the_runs_curves_and_numbers_alone(tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path / "checkpoints")
    events: list[object] = []
    run = RunContext(events.extend, seed=5, checkpoints=kept, checkpoint_seconds=0)
    before = run.generator.bit_generator.state
    first = train(line(), squared, 40, RECIPE, Within(run, 1), "part 1")
    run.flush()
    assert not [event for event in events if isinstance(event, Scalar)]
    assert {event.phase for event in events if isinstance(event, Progress)} == {"part 1"}
    assert kept.newest() is None
    assert run.generator.bit_generator.state == before
    again, other = (train(line(), squared, 40, RECIPE, Within(run, seed), "part") for seed in (1, 2))
    assert torch.equal(first.layer.weight, again.layer.weight)
    assert not torch.equal(first.layer.weight, other.layer.weight)
