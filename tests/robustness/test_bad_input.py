"""Every file of the corpus ends in its own sentence, in the reading as in the look, and runs no code."""

import time
from pathlib import Path

import pytest

from engines.data.reading import read, recognise, refer
from engines.refusals import Refusal
from tests.robustness.corpus import CASES, Case


def refused(case: Case, folder: Path) -> Refusal:
    path = case.make(folder)
    with pytest.raises(Refusal) as caught:
        read(refer(path, folder / case.labels if case.labels else None))
    return caught.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_gets_its_sentence(case: Case, tmp_path: Path) -> None:
    began = time.process_time()
    refusal = refused(case, tmp_path)
    assert time.process_time() - began < 2.0
    assert str(refusal).startswith(case.says)
    assert str(refusal).endswith(".")
    assert str(tmp_path) not in refusal.sentence
    assert not (tmp_path / "it ran").exists()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_looking_at_a_broken_file_raises_nothing(case: Case, tmp_path: Path) -> None:
    found = recognise([case.make(tmp_path)])
    assert found.sentence
    assert (found.kind is None) == (found.refusal is not None)


def test_no_two_files_get_the_same_sentence(tmp_path: Path) -> None:
    said: dict[str, str] = {}
    for case in CASES:
        folder = tmp_path / case.name
        folder.mkdir()
        text = str(refused(case, folder))
        assert text not in said, f"{case.name} and {said[text]}"
        said[text] = case.name
    assert len(said) >= 60
