"""Picture files: folders and archives, channels, sizes, labels, and every way out that a refusal offers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.data.kinds import Images, category_column, number_column, table_of
from engines.data.labels import joined
from engines.data.readers import Wishes
from engines.data.reading import read, recognise, refer
from engines.data.reference import DataReference
from engines.data.refusing import DataRefusal, accept, lists_of
from engines.data.roles import Role
from engines.data.summary import footer
from engines.refusals import Refusal
from tests.robustness.corpus import noisy_png, pictures, png, written, zipped


def opened(reference: DataReference) -> Images:
    data = read(reference)
    assert isinstance(data, Images)
    return data


def refused(reference: DataReference) -> DataRefusal:
    with pytest.raises(DataRefusal) as caught:
        read(reference)
    return caught.value


def mended(reference: DataReference, offer: str) -> Images:
    better = accept(reference, refused(reference), offer)
    assert better is not None
    return opened(better)


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    data = opened(refer(pictures(tmp_path)))
    assert data.pixels.shape == (5, 8, 8, 1)
    assert data.pixels[:, 0, 0, 0].tolist() == [0, 10, 20, 30, 40]
    assert data.attributes["file"].values.tolist() == [f"scan_{i}.png" for i in range(5)]
    assert data.attributes["file"].role is Role.ID


def test_subfolders_are_classes(tmp_path: Path) -> None:
    for name in ("cat", "dog"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for i in range(2):
            written(tmp_path / "pets" / name, f"{i}.png", png(value=i))
    data = opened(refer(tmp_path / "pets"))
    assert [data.attributes["folder"].label(i) for i in range(4)] == ["cat", "cat", "dog", "dog"]
    assert data.attributes["folder"].role is Role.LABEL


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [
        ("L", 77, [77]),
        ("1", 1, [255]),
        ("I;16", 257 * 40, [40]),
        ("RGB", (10, 20, 30), [10, 20, 30]),
        ("RGBA", (10, 20, 30, 255), [10, 20, 30]),
        ("LA", (50, 255), [50]),
    ],
)
def test_every_kind_of_png_keeps_its_colours(tmp_path: Path, mode: str, value: object, expected: list[int]) -> None:
    (tmp_path / "one").mkdir()
    Image.new(mode, (3, 2), value).save(tmp_path / "one" / "a.png")
    data = opened(refer(tmp_path / "one"))
    assert data.pixels.shape == (1, 2, 3, len(expected))
    assert data.pixels[0, 0, 0].tolist() == expected


def test_grey_among_colour_is_said_and_becomes_either(tmp_path: Path) -> None:
    (tmp_path / "mix").mkdir()
    Image.new("L", (2, 2), 9).save(tmp_path / "mix" / "a.png")
    Image.new("RGB", (2, 2), (10, 20, 30)).save(tmp_path / "mix" / "b.png")
    Image.new("RGBA", (2, 2), (10, 20, 30, 99)).save(tmp_path / "mix" / "c.png")
    refusal = refused(refer(tmp_path / "mix"))
    assert refusal.offers == ("Use colour", "Use grey", "Show both lists")
    assert refusal.cause == "1 of 3 are grey."
    assert refusal.lists == {"Grey (1)": ("a.png",), "Colour (2)": ("b.png", "c.png")}
    colour = mended(refer(tmp_path / "mix"), "Use colour")
    assert colour.pixels[:, 0, 0].tolist() == [[9, 9, 9], [10, 20, 30], [10, 20, 30]]
    assert mended(refer(tmp_path / "mix"), "Use grey").pixels[:, 0, 0].tolist() == [[9], [18], [18]]


def test_sixteen_bits_among_eight_are_said(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    Image.new("I;16", (8, 8), 257 * 40).save(folder / "deep.png")
    refusal = refused(refer(folder))
    assert refusal.sentence == "1 of 6 images hold 16 bits a value, the others 8."
    data = mended(refer(folder), "Use 8 bits")
    assert data.pixels[0, 0, 0, 0] == 40
    assert type(data.pixels) is np.ndarray
    assert len(mended(refer(folder), "Leave them out")) == 5


def test_that_finer_pixels_were_rounded_is_said(tmp_path: Path) -> None:
    said = "Read whole: no missing values, no constant columns"
    folder = tmp_path / "deep"
    folder.mkdir()
    for i in range(3):
        Image.new("I;16", (8, 8), 257 * 40 + 100 * i).save(folder / f"{i}.png")
    deep = read(refer(folder))
    assert deep.rounded
    assert footer(deep.rows([0, 1])) == f"{said}, finer pixels rounded to 8 bits"
    levels = np.arange(256, dtype=np.float32).reshape(1, 16, 16).repeat(3, axis=0)
    for name, values, rounded in (
        ("bytes", levels.astype(np.uint8), False), ("shares", levels / 255, False),
        ("signed", levels / 127.5 - 1, False), ("between", (levels + 0.4).clip(0, 255) / 255, True),
    ):
        np.savez(tmp_path / f"{name}.npz", images=values)
        data = read(refer(tmp_path / f"{name}.npz"))
        assert data.rounded is rounded, name
        assert footer(data).endswith("8 bits") is rounded


def test_folders_named_after_parts_are_a_split(tmp_path: Path) -> None:
    for part in ("train", "test"):
        for name in ("cat", "dog"):
            (tmp_path / "pets" / part / name).mkdir(parents=True)
            written(tmp_path / "pets" / part / name, "0.png", png())
    data = opened(refer(tmp_path / "pets"))
    labels = data.attributes
    assert [labels["split"].label(i) for i in range(4)] == ["test", "test", "train", "train"]
    assert labels["split"].role is Role.SPLIT
    assert [labels["folder"].label(i) for i in range(4)] == ["cat", "dog", "cat", "dog"]


def test_pictures_dropped_one_by_one_are_a_data_set(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    labels = written(tmp_path, "l.csv", "file,dose\nscan_0,1\nscan_2,2\nscan_3,3\n")
    found = recognise([folder / "scan_3.png", labels, folder / "scan_0.png", folder / "scan_2.png"])
    assert (found.data, found.labels, found.sentence) == (folder, labels, "Images, 3 pictures")
    data = opened(replace(refer(folder, labels), steps=found.steps))
    assert data.attributes["file"].values.tolist() == ["scan_0.png", "scan_2.png", "scan_3.png"]
    assert data.attributes["dose"].values.tolist() == [1, 2, 3]
    assert recognise(sorted(folder.iterdir())).steps == ()


def test_labels_are_found_by_the_number_of_a_picture(tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    for i in (7, 12, 110):
        written(folder, f"img_{i:05}.png", png(value=i))
    labels = written(tmp_path, "l.csv", "number,dose\n110,3\n7,1\n12,2\n")
    assert opened(refer(folder, labels)).attributes["dose"].values.tolist() == [1, 2, 3]


def test_two_pictures_of_one_name_are_not_taken_for_each_other(tmp_path: Path) -> None:
    for part in ("a", "b"):
        (tmp_path / "two" / part).mkdir(parents=True)
        written(tmp_path / "two" / part, "1.png", png())
        written(tmp_path / "two" / part, f"{part}.png", png())
    short = written(tmp_path, "short.csv", "file,dose\n1.png,1\na.png,2\nb.png,3\n")
    assert refused(refer(tmp_path / "two", short)).lists["Labels without an image"] == ("1.png",)
    whole = written(tmp_path, "whole.csv", "file,dose\na/1.png,1\nb/1.png,4\na.png,2\nb.png,3\n")
    assert opened(refer(tmp_path / "two", whole)).attributes["dose"].values.tolist() == [1, 2, 4, 3]


def test_labels_without_names_are_matched_in_order_when_that_is_said(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    labels = written(tmp_path, "l.csv", "dose,arm\n" + "".join(f"{i}.5,a\n" for i in range(5)))
    refusal = refused(refer(folder, labels))
    assert refusal.sentence == "l.csv has no column with the names of the images."
    assert refusal.offers == ("Match in order",)
    data = mended(refer(folder, labels), "Match in order")
    assert data.attributes["dose"].values.tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert data.attributes["file"].values.tolist()[0] == "scan_0.png"


def test_a_zip_reads_as_the_folder_it_holds(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    members = {f"scans/{file.name}": file.read_bytes() for file in folder.iterdir()}
    data = opened(refer(zipped(tmp_path, "scans.zip", {**members, "__MACOSX/scans/._a.png": b"x"})))
    plain = opened(refer(folder))
    assert np.array_equal(data.pixels, plain.pixels)
    assert data.attributes["file"].values.tolist() == plain.attributes["file"].values.tolist()


def test_a_picture_that_is_cut_off_can_be_left_out(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    written(folder, "scan_2b.png", noisy_png()[:18_000])
    refusal = refused(refer(folder))
    assert refusal.sentence == "scan_2b.png is cut off after 18 kB."
    assert refusal.offers == ("Leave it out", "Read again")
    data = mended(refer(folder), "Leave it out")
    assert data.attributes["file"].values.tolist() == [f"scan_{i}.png" for i in range(5)]
    assert data.row_ids.tolist() == [1, 2, 3, 5, 6]


def test_pictures_of_several_sizes_can_be_resized(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    written(folder, "large.png", png((16, 16)))
    refusal = refused(refer(folder))
    assert refusal.offers == ("Resize to 8 × 8", "Show the sizes")
    assert refusal.lists["16 × 16 (1)"] == ("large.png",)
    data = mended(refer(folder), "Resize to 8 × 8")
    assert data.pixels.shape == (6, 8, 8, 1)
    with Image.open(folder / "large.png") as large:
        blocks = np.asarray(large, dtype=float).reshape(8, 2, 8, 2).mean(axis=(1, 3))
    assert np.abs(data.pixels[0, ..., 0] - blocks).max() <= 1      # rounded once along each axis


def test_labels_beside_the_pictures_are_joined_by_name(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    written(folder, "labels.csv", "name,label,dose\n" + "".join(f"scan_{4 - i},{i},{i}.5\n" for i in range(5)))
    data = opened(refer(folder))
    assert [data.attributes["label"].label(i) for i in range(5)] == ["4", "3", "2", "1", "0"]
    assert data.attributes["label"].role is Role.LABEL
    assert data.attributes["dose"].values.tolist() == [4.5, 3.5, 2.5, 1.5, 0.5]
    assert "name" not in data.attributes


def test_labels_dropped_with_the_pictures_are_told_apart(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    labels = written(tmp_path, "l.csv", "file,label\n" + "".join(f"scan_{i}.png,{i}\n" for i in range(5)))
    found = recognise([labels, folder])
    assert (found.data, found.labels, found.sentence) == (folder, labels, "Images, 5 pictures")
    assert opened(refer(folder, labels)).attributes["label"].values.tolist() == [0, 1, 2, 3, 4]


def test_the_labels_that_match_can_be_used(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    rows = "".join(f"scan_{i}.png,{i}\n" for i in (0, 1, 3)) + "lost.png,9\n"
    labels = written(tmp_path, "digit_labels.csv", "file,label\n" + rows)
    refusal = refused(refer(folder, labels))
    assert refusal.sentence == "digit_labels.csv: 1 label has no image and 2 images have no label."
    assert refusal.offers == ("Use the 3 that match", "Show both lists")
    assert refusal.lists == {
        "Labels without an image": ("lost.png",), "Images without a label": ("scan_2.png", "scan_4.png"),
    }
    data = mended(refer(folder, labels), "Use the 3 that match")
    assert data.row_ids.tolist() == [1, 2, 4]
    assert [data.attributes["label"].label(i) for i in range(3)] == ["0", "1", "3"]
    assert data.pixels[:, 0, 0, 0].tolist() == [0, 10, 30]


def test_pictures_without_names_take_labels_in_order() -> None:
    images = Images("x", np.zeros((3, 2, 2, 1), np.uint8), table_of("x", [number_column("a", [1.0, 2.0, 3.0])]))
    data = joined(images, table_of("l", [category_column("class", ["u", "v", "u"])]), "l.csv", Wishes())
    assert data.attributes.names == ("a", "class")
    assert data.attributes["class"].role is Role.LABEL
    with pytest.raises(Refusal, match=r"l\.csv has 2 rows for 3 images"):
        joined(images, table_of("l", [category_column("class", ["u", "v"])]), "l.csv", Wishes())


def test_a_reading_can_be_watched_and_stopped(tmp_path: Path) -> None:
    folder = pictures(tmp_path, count=401)
    seen: list[tuple[int, int]] = []
    read(refer(folder), lambda done, total: seen.append((done, total)))
    assert seen == [(done, 401) for done in range(401)]

    class Enough(Exception):
        pass

    def stop(done: int, _total: int) -> None:
        if done:
            raise Enough

    with pytest.raises(Enough):
        read(refer(folder), stop)


def test_an_offer_shows_its_lists_and_others_show_none(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    written(folder, "large.png", png((16, 16)))
    refusal = refused(refer(folder))
    assert list(lists_of(refusal, "Show the sizes")) == ["8 × 8 (5)", "16 × 16 (1)"]
    assert not lists_of(refusal, "Resize to 8 × 8")
    assert not lists_of(refusal, "Read again")
