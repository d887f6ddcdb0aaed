"""Files as they lie on real disks: odd names, pipes, links, changes behind the back."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engines.data.reading import fingerprint, read, recognise, refer, renewed
from engines.data.refusing import accept
from engines.data.roles import Role
from engines.refusals import Refusal
from tests.robustness.corpus import pictures, png, written


def test_names_in_any_script_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "日本 und ü"
    folder.mkdir()
    path = written(folder, "größe ✓.csv", "a,b\n1,2\n3,4\n")
    data = read(refer(path))
    assert data.name == "größe ✓"
    assert recognise([path]).sentence == "Table, 2 rows"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps names that are no text")
def test_a_name_that_is_no_text_can_be_shown_and_left_out(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.png")).write_bytes(png())
    assert "\N{REPLACEMENT CHARACTER}.png" in read(refer(folder)).attributes["file"].values.tolist()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xfe.png")).write_bytes(b"")
    with pytest.raises(Refusal) as caught:
        read(refer(folder))
    str(caught.value).encode()                         # it can be printed
    assert accept(refer(folder), caught.value, "Leave it out") is not None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
def test_a_pipe_is_neither_waited_for_nor_read(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    os.mkfifo(folder / "pipe.png")
    assert len(read(refer(folder))) == 5
    assert recognise([folder / "pipe.png"]).sentence == "pipe.png is neither a file nor a folder."


def test_a_folder_linked_into_itself_ends(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    (folder / "again").symlink_to(folder, target_is_directory=True)
    assert len(read(refer(folder))) == 5


def test_the_fingerprint_follows_bytes_and_names(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    before = fingerprint(folder)
    assert fingerprint(folder) == before
    (folder / "scan_0.png").rename(folder / "scan_9.png")
    renamed = fingerprint(folder)
    assert renamed != before
    written(folder, "scan_9.png", png(value=1))
    assert fingerprint(folder) != renamed


def test_changed_labels_change_the_reference(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    labels = written(tmp_path, "l.csv", "file,label\n" + "".join(f"scan_{i},1\n" for i in range(5)))
    reference = refer(folder, labels)
    labels.write_text(labels.read_text().replace(",1", ",2"))
    with pytest.raises(Refusal, match="scans has changed since it was chosen"):
        read(reference)
    assert read(renewed(reference)).attributes["label"].levels == ("2",)


def test_a_file_that_went_away_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", "a,b\n1,2\n")
    reference = refer(path)
    path.unlink()
    with pytest.raises(Refusal, match=r"t\.csv is not there any more"):
        read(reference)


def test_the_same_reference_gives_the_same_values(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", "x,g\n" + "".join(f"{i * 0.1},{i % 3}\n" for i in range(100)))
    reference = replace(refer(path), split={"train": 0.5, "test": 0.5, "seed": 1}, part="train",
                        steps=({"step": "standardise", "columns": ["x"]},))
    one, other = read(reference), read(reference)
    assert one.row_ids.tolist() == other.row_ids.tolist()
    assert one.attributes["x"].values.tobytes() == other.attributes["x"].values.tobytes()


def test_offers_of_a_refused_run_become_steps(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", "x,batch\n1,3\nNA,3\n5,3\n")
    reference = refer(path)
    constant = Refusal("Column batch never varies; remove it.", "", ("Leave it out",), ("batch",))
    left = accept(reference, constant, "Leave it out")
    assert left is not None
    assert read(left).attributes["batch"].role is Role.LEFT_OUT
    gaps = Refusal("Column x has 1 missing values.", "", ("Drop these rows", "Leave the column out"), ("x",))
    dropped = accept(reference, gaps, "Drop these rows")
    assert dropped is not None
    assert read(dropped).row_ids.tolist() == [1, 3]
    assert accept(reference, gaps, "Retry") is None
