"""The common suite over every method that is found, ours and a third party's, with the method's own trial."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engines import catalogue
from engines.conformance import POINTS, Point, tried
from tests.installing import install

OTHERS = ("rank_transport",)
IDS = [*(name for name, _ in sorted(catalogue.built_in())), *OTHERS]


@pytest.fixture(autouse=True, scope="module")
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        install(Path(__file__).parent.parent / "third_party_method", tmp_path_factory.mktemp("site"), patch)
        yield


def _tried() -> Iterator[object]:
    """Each method at each point; what takes long has two methods here, and the others in the long suite."""
    for name in IDS:
        for point in POINTS:
            long = str(point) == "keeps_no_memory" and name not in ("colide", "plain_predictor")
            marks = [pytest.mark.robustness] if long else []
            yield pytest.param(name, point, id=f"{name}-{point}", marks=marks)


@pytest.mark.parametrize(("method", "point"), list(_tried()))
def test_every_method(method: str, point: Point) -> None:
    point.check(tried(method))
