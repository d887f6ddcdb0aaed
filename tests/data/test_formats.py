"""Each further format gives the values that were written, and is recognised by its content."""

import gzip
import struct
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engines.data.kinds import ColumnType, DataKind, Images, Table
from engines.data.reading import read, recognise, refer
from engines.data.refusing import accept
from engines.data.roles import Role
from engines.refusals import Refusal
from tests.robustness.corpus import hdf5, npy, workbook, zipped

FRAME = pl.DataFrame(
    {"dose": [0.5, None, 2.0], "count": [1, 2, 3], "arm": ["a", None, "b"], "sure": [True, False, True]}
)


def check(table: Table) -> None:
    assert table.names == ("dose", "count", "arm", "sure")
    assert np.array_equal(table["dose"].values, [0.5, np.nan, 2.0], equal_nan=True)
    assert table["count"].values.tolist() == [1, 2, 3]
    assert table["count"].whole
    assert table["arm"].values.tolist() == [0, -1, 1]
    assert table["sure"].type is ColumnType.CATEGORY
    assert [level.lower() for level in table["sure"].levels] == ["false", "true"]
    assert table["sure"].values.tolist() == [1, 0, 1]


def test_parquet(tmp_path: Path) -> None:
    FRAME.write_parquet(tmp_path / "t.parquet")
    found = recognise([tmp_path / "t.parquet"])
    assert (found.kind, found.rows, found.sentence) == (DataKind.TABLE, 3, "Table, 3 rows")
    check(read(refer(tmp_path / "t.parquet")).attributes)


def test_feather(tmp_path: Path) -> None:
    FRAME.write_ipc(tmp_path / "t.feather")
    assert recognise([tmp_path / "t.feather"]).rows == 3
    check(read(refer(tmp_path / "t.feather")).attributes)


def test_excel(tmp_path: Path) -> None:
    rows = [["dose", "count", "arm", "sure"], [0.5, 1, "a", "true"], [None, 2, None, "false"], [2.0, 3, "b", "true"]]
    check(read(refer(workbook(tmp_path, "t.xlsx", rows))).attributes)


def test_stata_with_labels_of_values(tmp_path: Path) -> None:
    import pyreadstat

    path = tmp_path / "t.dta"
    pyreadstat.write_dta(
        pl.DataFrame({"dose": [0.5, None, 2.0], "arm": [1, 2, 1]}), str(path),
        variable_value_labels={"arm": {1: "placebo", 2: "drug"}},
    )
    assert recognise([path]).rows == 3
    table = read(refer(path)).attributes
    assert np.array_equal(table["dose"].values, [0.5, np.nan, 2.0], equal_nan=True)
    assert [table["arm"].label(i) for i in range(3)] == ["placebo", "drug", "placebo"]


def test_npz_with_attributes_and_units(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (4, 5, 6), np.uint8)
    path = tmp_path / "morpho.npz"
    np.savez(path, pixels=pixels, thickness=np.array([1.0, 2.5, 3, 4]), digit=np.array([3, 1, 3, 7]),
             units=np.array('{"thickness": "px"}'))
    data = read(refer(path))
    assert isinstance(data, Images)
    assert np.array_equal(data.pixels, pixels[..., None])
    assert data.attributes.names == ("thickness", "digit")
    assert data.attributes["thickness"].unit == "px"
    assert data.attributes["digit"].whole
    assert recognise([path]).sentence == "Images, 4 pictures"


def test_parts_of_an_npz_become_a_split(tmp_path: Path) -> None:
    path = tmp_path / "parts.npz"
    np.savez(path, x_train=np.zeros((3, 2, 2), np.uint8), y_train=np.array([0, 1, 2]),
             x_test=np.ones((2, 2, 2), np.uint8), y_test=np.array([1, 1]))
    data = read(refer(path))
    assert isinstance(data, Images)
    assert [data.attributes["split"].label(i) for i in range(5)] == ["train"] * 3 + ["test"] * 2
    assert data.attributes["split"].role is Role.SPLIT
    assert data.attributes["y"].role is Role.LABEL
    assert data.pixels[:, 0, 0, 0].tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("values", "grey"),
    [
        (np.array([0.0, 0.5, 1.0]), [0, 128, 255]),
        (np.array([-1.0, 0.0, 1.0]), [0, 128, 255]),
        (np.array([0, 100, 255]), [0, 100, 255]),
        (np.array([False, True, True]), [0, 255, 255]),
    ],
)
def test_pixels_of_every_scale_become_grey_levels(tmp_path: Path, values: np.ndarray, grey: list[int]) -> None:
    (tmp_path / "p.npy").write_bytes(npy(values.reshape(1, 1, 3)))
    data = read(refer(tmp_path / "p.npy"))
    assert isinstance(data, Images)
    assert data.pixels[0, 0, :, 0].tolist() == grey


def test_channels_before_the_pixels_are_moved_behind(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (2, 3, 7, 9), np.uint8)
    (tmp_path / "p.npy").write_bytes(npy(pixels))
    data = read(refer(tmp_path / "p.npy"))
    assert isinstance(data, Images)
    assert np.array_equal(data.pixels, np.moveaxis(pixels, 1, -1))


def test_an_array_of_two_dimensions_is_a_table(tmp_path: Path) -> None:
    (tmp_path / "t.npy").write_bytes(npy(np.arange(6.0).reshape(3, 2)))
    table = read(refer(tmp_path / "t.npy")).attributes
    assert table.names == ("column 1", "column 2")
    assert table["column 2"].values.tolist() == [1, 3, 5]


@pytest.mark.parametrize("packed", [False, True])
def test_idx_finds_its_labels(tmp_path: Path, packed: bool) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (5, 3, 4), np.uint8)
    images = b"\0\0\x08\x03" + struct.pack(">3I", 5, 3, 4) + pixels.tobytes()
    labels = b"\0\0\x08\x01" + struct.pack(">I", 5) + bytes([7, 2, 1, 0, 4])
    end, fold = (".gz", gzip.compress) if packed else ("", bytes)
    path = tmp_path / f"train-images-idx3-ubyte{end}"
    path.write_bytes(fold(images))
    (tmp_path / f"train-labels-idx1-ubyte{end}").write_bytes(fold(labels))
    assert recognise([path]).sentence == "Images, 5 pictures"
    data = read(refer(path))
    assert isinstance(data, Images)
    assert np.array_equal(data.pixels[..., 0], pixels)
    assert [data.attributes["label"].label(i) for i in range(5)] == ["7", "2", "1", "0", "4"]
    assert data.attributes["label"].role is Role.LABEL


def test_a_folder_of_idx_files_is_joined(tmp_path: Path) -> None:
    for part, count in (("train", 4), ("t10k", 2)):
        head = b"\0\0\x08\x03" + struct.pack(">3I", count, 2, 2)
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(head + bytes(count * 4))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01" + struct.pack(">I", count) + bytes(count))
    assert recognise([tmp_path]).sentence == "Images, 6 pictures"
    data = read(refer(tmp_path))
    assert len(data) == 6
    assert [data.attributes["split"].label(i) for i in range(6)] == ["train"] * 4 + ["test"] * 2


def test_hdf5(tmp_path: Path) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (4, 3, 3, 3), np.uint8)
    path = hdf5(tmp_path, {"pixels": pixels, "thickness": np.arange(4.0), "name": np.array([b"a", b"b", b"a", b"b"])})
    data = read(refer(path))
    assert isinstance(data, Images)
    assert np.array_equal(data.pixels, pixels)
    assert data.attributes["name"].levels == ("a", "b")


def test_groups_of_hdf5_are_parts(tmp_path: Path) -> None:
    import h5py

    with h5py.File(tmp_path / "g.h5", "w") as file:
        for part, count in (("train", 3), ("test", 2)):
            group = file.create_group(part)
            group["images"] = np.zeros((count, 2, 2), np.uint8)
            group["labels"] = np.arange(count)
    data = read(refer(tmp_path / "g.h5"))
    assert isinstance(data, Images)
    assert [data.attributes["split"].label(i) for i in range(5)] == ["train"] * 3 + ["test"] * 2
    assert data.attributes["labels"].role is Role.LABEL


def test_four_idx_files_dropped_together_are_their_folder(tmp_path: Path) -> None:
    files = []
    for part, count in (("train", 4), ("t10k", 2)):
        head = b"\0\0\x08\x03" + struct.pack(">3I", count, 2, 2)
        files += [tmp_path / f"{part}-images-idx3-ubyte", tmp_path / f"{part}-labels-idx1-ubyte"]
        files[-2].write_bytes(head + bytes(count * 4))
        files[-1].write_bytes(b"\0\0\x08\x01" + struct.pack(">I", count) + bytes(count))
    found = recognise(files)
    assert (found.data, found.sentence) == (tmp_path, "Images, 6 pictures")


@pytest.mark.parametrize("names", [("data", "labels"), ("arr_0", "arr_1"), ("images", "y"), ("x", "target")])
def test_pictures_and_labels_under_many_names(tmp_path: Path, names: tuple[str, str]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (4, 3, 3), np.uint8)
    np.savez(tmp_path / "n.npz", **dict(zip(names, (pixels, np.array([[2], [0], [1], [2]])))))
    data = read(refer(tmp_path / "n.npz"))
    assert isinstance(data, Images)
    assert np.array_equal(data.pixels[..., 0], pixels)
    assert [data.attributes[names[1]].label(i) for i in range(4)] in ([2.0, 0.0, 1.0, 2.0], ["2", "0", "1", "2"])


def test_labels_that_are_one_of_many_places_are_a_category(tmp_path: Path) -> None:
    np.savez(tmp_path / "n.npz", images=np.zeros((3, 2, 2), np.uint8), labels=np.eye(4)[[2, 0, 3]])
    labels = read(refer(tmp_path / "n.npz")).attributes["labels"]
    assert (labels.role, [labels.label(i) for i in range(3)]) == (Role.LABEL, ["2", "0", "3"])


def test_of_several_arrays_one_is_chosen_by_its_offer(tmp_path: Path) -> None:
    np.savez(tmp_path / "n.npz", noisy=np.ones((3, 2, 2), np.uint8), clean=np.zeros((3, 2, 2), np.uint8))
    reference = refer(tmp_path / "n.npz")
    with pytest.raises(Refusal) as caught:
        read(reference)
    assert caught.value.offers == ("Use noisy", "Use clean")
    better = accept(reference, caught.value, "Use clean")
    assert better is not None
    assert read(better).pixels.max() == 0


def test_a_zip_with_one_text_table_is_that_table(tmp_path: Path) -> None:
    path = zipped(tmp_path, "t.zip", {"inner.csv": b"a,b\n1,2\n3,4\n"})
    assert read(refer(path)).attributes["b"].values.tolist() == [2, 4]


def test_mnist_opens_whole(shared_data: Path) -> None:
    path = shared_data / "mnist.npz"
    assert recognise([path]).sentence == "Images, 70,000 pictures"
    data = read(refer(path))
    assert isinstance(data, Images)
    with np.load(path) as arrays:
        assert np.array_equal(data.pixels[60_000:, ..., 0], arrays["test_images"])
        assert np.array_equal(data.attributes["labels"].values[:60_000], arrays["train_labels"])


def test_the_look_at_a_large_table_estimates_its_rows(tmp_path: Path) -> None:
    (tmp_path / "big.csv").write_text("a,b,c\n" + "1.25,2.5,3.75\n" * 200_000)
    found = recognise([tmp_path / "big.csv"])
    assert found.rows == pytest.approx(200_000, rel=0.01)
    assert found.sentence == "Table, about 200,000 rows"
