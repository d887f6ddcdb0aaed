"""The verdict of the check: the exact simulator passes, each fake made from it is rejected."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest

from engines.checks import Evidence, Figures, Outcome, judge
from engines.checks.causal_diffae import (
    NO_MECHANISM,
    ByBatchPosition,
    check,
    digits_for_check,
    figures,
)
from engines.metrics.counterfactual_images import StrokeMeter
from engines.simulators.morpho import MorphoDigits, draw


@dataclass(frozen=True)
class Simulator:
    """The perfect model: abduction, action and prediction by the law that made the data."""

    def codes(self, digits: MorphoDigits) -> Mapping[str, np.ndarray]:
        return digits.factors()

    def pictures(self, digits: MorphoDigits, name: str, targets: np.ndarray, guidance: float) -> np.ndarray:
        if not name:
            return digits.images()
        own = digits.factors()[name]
        return digits.counterfactual({name: (1 - guidance) * own + guidance * targets})[0]


@dataclass(frozen=True)
class WithoutMechanism(Simulator):
    """Also what setting the code after the mechanisms does: intensity stays when thickness is set."""

    def pictures(self, digits: MorphoDigits, name: str, targets: np.ndarray, guidance: float) -> np.ndarray:
        if name != "thickness":
            return super().pictures(digits, name, targets, guidance)
        return draw(digits.skeletons, (1 - guidance) * digits.thickness + guidance * targets, digits.intensity)


@dataclass(frozen=True)
class WithoutAbduction(Simulator):
    """Forgets the noise of intensity."""

    def pictures(self, digits: MorphoDigits, name: str, targets: np.ndarray, guidance: float) -> np.ndarray:
        return super().pictures(replace(digits, noise=np.zeros(len(digits))), name, targets, guidance)


@dataclass(frozen=True)
class Reversed(WithoutMechanism):
    """Intensity -> thickness: setting intensity drags thickness along."""

    def pictures(self, digits: MorphoDigits, name: str, targets: np.ndarray, guidance: float) -> np.ndarray:
        if name != "intensity":
            return super().pictures(digits, name, targets, guidance)
        share = np.clip((targets - 64) / 191, 0.01, 0.99)
        dragged = 2.5 + (np.log(share / (1 - share)) - digits.noise) / 2
        return draw(digits.skeletons, np.clip(dragged, 1.2, 4.5), targets)


@dataclass(frozen=True)
class Deaf(Simulator):
    """Paints the factual whatever is asked."""

    def pictures(self, digits: MorphoDigits, name: str, targets: np.ndarray, guidance: float) -> np.ndarray:
        return digits.images()


@dataclass(frozen=True)
class Forgetful(Simulator):
    """Right about the factors, but of another digit."""

    def pictures(self, digits: MorphoDigits, name: str, targets: np.ndarray, guidance: float) -> np.ndarray:
        others = replace(digits, skeletons=np.roll(digits.skeletons, 1, axis=0))
        return super().pictures(others, name, targets, guidance)


pytestmark = pytest.mark.reproductions      # the meter is trained: half a minute


@pytest.fixture(scope="module")
def told() -> dict[str, Figures]:
    train, test = digits_for_check()
    meter = StrokeMeter.calibrated(train[:150].images(), train.thickness[:150], train.intensity[:150])
    candidates = {"exact": Simulator(), NO_MECHANISM: WithoutMechanism(), "no abduction": WithoutAbduction(),
                  "reversed graph": Reversed(), "deaf": Deaf(), "another digit": Forgetful(),
                  "targets by batch position": ByBatchPosition(Simulator())}
    return {name: figures(candidate, test[slice(0, 16)], meter) for name, candidate in candidates.items()}


def verdict(told: dict[str, Figures], ours: str, fakes: tuple[str, ...] = ()):
    baselines = {NO_MECHANISM: told[NO_MECHANISM]}
    return judge(check, Evidence(told[ours], baselines, {name: told[name] for name in fakes}))


FAKES = {
    NO_MECHANISM: "do(thickness) propagates",
    "no abduction": "do(thickness) propagates",
    "reversed graph": "do(intensity) leaves its cause",
    "deaf": "do(thickness) propagates",
    "another digit": "empty do",
    "targets by batch position": "do(thickness) propagates",
}


def test_the_exact_simulator_passes_and_unmasks_every_fake(told: dict[str, Figures]) -> None:
    found = verdict(told, "exact", tuple(FAKES))
    assert found.outcome is Outcome.PASSED
    assert {name: FAKES[name] in reasons for name, reasons in found.unmasked.items()} == dict.fromkeys(FAKES, True)


@pytest.mark.parametrize("fake", FAKES)
def test_no_fake_passes_as_the_method(fake: str, told: dict[str, Figures]) -> None:
    found = verdict(told, fake)
    assert found.outcome is Outcome.FAILED
    assert FAKES[fake] in found.failed


def test_a_fake_that_is_the_method_fails_the_check(told: dict[str, Figures]) -> None:
    assert verdict(told, "exact", ("exact",)).outcome is Outcome.FAILED


def test_codes_that_do_not_hold_the_labels_fail(told: dict[str, Figures]) -> None:
    blind = {**told, "exact": {**told["exact"], "R2 thickness": 0.9}}
    assert verdict(blind, "exact").failed == ("codes hold the labels",)


def test_the_simulator_is_as_exact_as_the_meter(told: dict[str, Figures]) -> None:
    exact = told["exact"]
    assert exact["composition L1"] == 0
    assert exact["do thickness: L1 to truth"] == 0
    assert exact["do thickness: MAE thickness"] < 0.2
    assert exact["do thickness: MAE intensity"] < 3
