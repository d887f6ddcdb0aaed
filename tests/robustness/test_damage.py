"""Good files of every format, damaged at random: each is read, or refused with a sentence, and nothing else happens."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engines.data.kinds import Images, Table
from engines.data.reading import read, recognise, refer
from engines.refusals import Refusal
from tests.robustness.corpus import hdf5, noisy_png, npy, parquet, picture, png, workbook, written, zipped


def csv(folder: Path) -> Path:
    return written(folder, "t.csv", "dose,arm,note\n" + "".join(f'{i}.5,a{i % 3},"n, {i}"\n' for i in range(300)))


def npz(folder: Path) -> Path:
    return zipped(folder, "t.npz", {
        "pixels.npy": npy(np.random.default_rng(0).integers(0, 256, (9, 12, 12), np.uint8)),
        "thickness.npy": npy(np.arange(9.0)), "name.npy": npy(np.array(list("abcdefghi"))),
    })


def array(folder: Path) -> Path:
    return written(folder, "t.npy", npy(np.random.default_rng(0).normal(size=(40, 5))))


def idx(folder: Path) -> Path:
    return written(folder, "t-idx3-ubyte", b"\0\0\x08\x03" + struct.pack(">3I", 9, 8, 8) + bytes(range(256)) * 3)


def idx_packed(folder: Path) -> Path:
    path = idx(folder)
    return written(folder, "t-idx3-ubyte.gz", gzip.compress(path.read_bytes()))


def h5(folder: Path) -> Path:
    return hdf5(folder, {"pixels": np.random.default_rng(0).integers(0, 256, (9, 8, 8), np.uint8), "a": np.arange(9.0)})


def feather(folder: Path) -> Path:
    import polars as pl

    path = folder / "t.feather"
    pl.DataFrame({"dose": np.linspace(0, 1, 500), "name": [f"row {i}" for i in range(500)]}).write_ipc(path)
    return path


def stata(folder: Path) -> Path:
    import polars as pl
    import pyreadstat

    path = folder / "t.dta"
    frame = pl.DataFrame({"dose": np.linspace(0, 1, 60), "arm": [i % 3 for i in range(60)]})
    pyreadstat.write_dta(frame, str(path), variable_value_labels={"arm": {0: "a", 1: "b", 2: "c"}})
    return path


def excel(folder: Path) -> Path:
    rows: list[list[object]] = [["dose", "arm"], *([i * 0.5, f"a{i % 3}"] for i in range(40))]
    return workbook(folder, "t.xlsx", rows)


def archive(folder: Path) -> Path:
    return zipped(folder, "t.zip", {f"{i}.png": png(value=i) for i in range(4)})


def one_picture(folder: Path, name: str, content: bytes) -> Path:
    (folder / "p").mkdir()
    return written(folder / "p", name, content)


def grey_png(folder: Path) -> Path:
    return one_picture(folder, "a.png", noisy_png(40))


def jpeg(folder: Path) -> Path:
    return one_picture(folder, "a.jpg", picture((40, 40), 5, "JPEG"))


def tiff(folder: Path) -> Path:
    return one_picture(folder, "a.tif", picture((40, 40), 5, "TIFF"))


def gif(folder: Path) -> Path:
    return one_picture(folder, "a.gif", picture((40, 40), 5, "GIF"))


def webp(folder: Path) -> Path:
    return one_picture(folder, "a.webp", picture((40, 40), 5, "WEBP"))


FORMATS = [
    csv, npz, array, idx, idx_packed, h5, parquet, feather, stata, excel, archive, grey_png, jpeg, tiff, gif, webp,
]


def damaged(content: bytes, draw: np.random.Generator) -> bytes:
    """Cut off, or with bytes turned, wiped or doubled somewhere."""
    data = bytearray(content)
    start = int(draw.integers(0, len(data)))
    length = int(draw.integers(1, max(len(data) // 8, 2)))
    match int(draw.integers(0, 5)):
        case 0:
            del data[start:]
        case 1:
            for place in draw.integers(0, len(data), 8):
                data[place] ^= int(draw.integers(1, 256))
        case 2:
            data[start : start + length] = bytes(len(data[start : start + length]))
        case 3:
            del data[start : start + length]
        case 4:
            data[start:start] = data[start : start + length]
    return bytes(data)


def try_out(make: Callable[[Path], Path], folder: Path, seed: int) -> None:
    folder.mkdir()
    path = make(folder)
    path.write_bytes(damaged(path.read_bytes(), np.random.default_rng(seed)))
    target = path.parent if path.parent != folder else path
    assert recognise([target]).sentence
    result = outcome(target)
    if isinstance(result, Refusal):
        assert result.sentence.endswith(".")
    else:
        assert len(result) > 0


def outcome(target: Path) -> Table | Images | Refusal:
    try:
        return read(refer(target))
    except Refusal as refusal:
        return refusal


@pytest.mark.parametrize("make", FORMATS, ids=lambda make: make.__name__)
def test_a_good_file_is_read(make: Callable[[Path], Path], tmp_path: Path) -> None:
    path = make(tmp_path)
    assert len(read(refer(path.parent if path.parent != tmp_path else path))) > 0


@pytest.mark.parametrize("make", FORMATS, ids=lambda make: make.__name__)
def test_damage_ends_in_data_or_a_sentence(make: Callable[[Path], Path], tmp_path: Path) -> None:
    for seed in range(12):
        try_out(make, tmp_path / str(seed), seed)


@pytest.mark.robustness
@pytest.mark.parametrize("make", FORMATS, ids=lambda make: make.__name__)
def test_much_damage_ends_in_data_or_a_sentence(make: Callable[[Path], Path], tmp_path: Path) -> None:
    for seed in range(1000, 1600):
        try_out(make, tmp_path / str(seed), seed)
