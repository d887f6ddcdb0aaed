"""Broken, hostile and absurd files, each made by a function; what is said about each is part of the case."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class Case:
    """One file, what its refusal must say, and whether a look (without reading) refuses it already."""

    name: str
    make: Callable[[Path], Path]
    says: str
    labels: str = ""


CASES: list[Case] = []

HEADER = "dose,age,recovery\n"
ROWS = "".join(f"{i * 0.5},{20 + i},{i % 2}\n" for i in range(40))


def case(says: str, labels: str = "") -> Callable[[Callable[[Path], Path]], Callable[[Path], Path]]:
    """Register a maker under its own name."""

    def registered(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
        CASES.append(Case(make.__name__, make, says, labels))
        return make

    return registered


def written(folder: Path, name: str, content: bytes | str) -> Path:
    """A file with the content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def png(size: tuple[int, int] = (8, 8), value: int = 90) -> bytes:
    """A small grey PNG of (width, height)."""
    return picture(size, value, "PNG")


def picture(size: tuple[int, int], value: int, kind: str) -> bytes:
    """A picture with a gradient, so that it has something to cut off."""
    grey = (np.add.outer(np.arange(size[1]) * 7, np.arange(size[0]) * 13) + value).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, kind)
    return stream.getvalue()


def noisy_png(size: int = 160) -> bytes:
    """A PNG that does not compress, about 26 kB."""
    stream = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (size, size), np.uint8)).save(stream, "PNG")
    return stream.getvalue()


def pictures(folder: Path, name: str = "scans", count: int = 5) -> Path:
    """A folder of good pictures, scan_0.png and on."""
    target = folder / name
    target.mkdir()
    for i in range(count):
        written(target, f"scan_{i}.png", png(value=10 * i))
    return target


def npy(array: np.ndarray, pickled: bool = False) -> bytes:
    """An array in NumPy's format."""
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, allow_pickle=pickled)
    return stream.getvalue()


def npy_header(shape: str, descr: str = "'|u1'") -> bytes:
    """The header alone of an array that claims the shape."""
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


def zipped(folder: Path, name: str, members: dict[str, bytes]) -> Path:
    """A ZIP with the members."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def workbook(folder: Path, name: str, rows: list[list[object]]) -> Path:
    """A minimal XLSX with one sheet."""
    cells = "".join(
        "<row>" + "".join(
            f'<c t="inlineStr"><is><t>{value}</t></is></c>' if isinstance(value, str)
            else "<c/>" if value is None else f"<c><v>{value}</v></c>"
            for value in row
        ) + "</row>"
        for row in rows
    )
    main, office = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org"
    relations = f"{office}/officeDocument/2006/relationships"
    return zipped(folder, name, {
        "[Content_Types].xml": (
            f'<Types xmlns="{office}/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ).encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            '<sheet name="cells" sheetId="1" r:id="r1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ).encode(),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'.encode(),
    })


# ------------------------------------------------------------------------------------------------------ text tables


@case("nothing.csv is empty.")
def empty_file(folder: Path) -> Path:
    return written(folder, "nothing.csv", "")


@case("blank.csv is empty. It holds no values to read.")
def only_blanks(folder: Path) -> Path:
    return written(folder, "blank.csv", "  \n\n \t\n")


@case("header.csv has a header and no rows. Its columns are dose, age, recovery.")
def header_only(folder: Path) -> Path:
    return written(folder, "header.csv", HEADER)


@case("cut.csv is cut off in its last line, 42: 2 of 3 values are there. The other 41 lines are fine.")
def cut_in_a_row(folder: Path) -> Path:
    return written(folder, "cut.csv", HEADER + ROWS + "20.5,6")


@case("ragged.csv: line 6 holds 4 values, the others hold 3. 1 line is uneven, 41 are fine.")
def one_long_row(folder: Path) -> Path:
    lines = (HEADER + ROWS).splitlines()
    return written(folder, "ragged.csv", "\n".join([*lines[:5], "1,2,3,4", *lines[5:]]) + "\n")


@case("short.csv: line 9 holds 2 values, the others hold 3.")
def one_short_row(folder: Path) -> Path:
    lines = (HEADER + ROWS).splitlines()
    return written(folder, "short.csv", "\n".join([*lines[:8], "1,2", *lines[8:]]) + "\n")


@case("prose.csv is not a table: its lines hold between 1 and 4 values.")
def prose(folder: Path) -> Path:
    lines = ["Dear all, hello", "this is one, two, three things", "nothing", "a, b", "more, of, it", "x, y, z, w"]
    return written(folder, "prose.csv", "\n".join(lines * 4) + "\n")


@case("wide.csv: the header names 2 columns, the rows hold 3 values.")
def header_too_short(folder: Path) -> Path:
    return written(folder, "wide.csv", "dose,age\n" + ROWS)


@case("twice.csv has 2 columns called dose. They are columns 1 and 3; names must differ.")
def two_columns_of_one_name(folder: Path) -> Path:
    return written(folder, "twice.csv", "dose,age,dose\n" + ROWS)


@case("thrice.csv has 3 columns called x. They are columns 1 and 2 and 3; names must differ.")
def three_columns_of_one_name(folder: Path) -> Path:
    return written(folder, "thrice.csv", "x,x,x\n" + ROWS)


@case("blanks.csv holds no values: every cell is missing.")
def all_missing(folder: Path) -> Path:
    return written(folder, "blanks.csv", HEADER + "NA,,?\n" * 12)


@case("quote.csv: a quotation mark that opens in line 4 is never closed.")
def quotation_never_closed(folder: Path) -> Path:
    return written(folder, "quote.csv", 'name,age\nann,3\nbob,4\n"carl,5\ndora,6\n')


@case("binary.csv is not a text table: byte 7,001 is zero.")
def zero_bytes_far_inside(folder: Path) -> Path:
    return written(folder, "binary.csv", (HEADER + ROWS * 40).encode()[:7000] + b"\0\0\0")


@case("noise.csv is not a text table: it holds bytes that are no text.")
def random_bytes(folder: Path) -> Path:
    return written(folder, "noise.csv", b"\x01\x02\x00" + np.random.default_rng(0).bytes(5000))


@case("control.csv is not a text table. From byte 6 on it holds no text in UTF-8 or Windows-1252.")
def control_characters(folder: Path) -> Path:
    return written(folder, "control.csv", b"a,b\n1" + b"\xe9\x01\x02\x03\x04,\x05\x06\x07\n" * 30)


@case("japanese.csv is written in an encoding that is not known here. Byte 7 is neither UTF-8 nor Windows-1252.")
def shift_jis(folder: Path) -> Path:
    return written(folder, "japanese.csv", "用,量\n".encode("shift_jis") + b"\x81\x40,1\n" * 6)


@case("half.csv is cut off after 19 bytes, in the middle of a letter.")
def cut_in_a_letter(folder: Path) -> Path:
    return written(folder, "half.csv", "größe,n\n1,2\n3,gr".encode() + "ö".encode()[:1])


@case("damaged.csv is damaged at byte 9. It is UTF-8 text, and what stands there is none.")
def utf8_with_a_fault(folder: Path) -> Path:
    return written(folder, "damaged.csv", "größe,".encode() + b"\xe9" + "n\nä,2\nü,3\nß,4\n".encode())


@case("wide16.csv is cut off or damaged at byte")
def utf16_cut(folder: Path) -> Path:
    return written(folder, "wide16.csv", b"\xff\xfe" + (HEADER + ROWS).encode("utf-16-le")[:-1])


@case("enormous.csv needs")
def larger_than_memory(folder: Path) -> Path:
    path = written(folder, "enormous.csv", HEADER + ROWS * 20)
    with path.open("r+b") as file:
        file.truncate(4 * 1024**4)
    return path


@case("photo.csv is one PNG picture, not a text table.")
def picture_named_csv(folder: Path) -> Path:
    return written(folder, "photo.csv", png())


@case("report.csv is a PDF document, not a text table.")
def pdf_named_csv(folder: Path) -> Path:
    return written(folder, "report.csv", b"%PDF-1.7\n" + b"1 0 obj\n" * 30)


@case("page.csv is a web page, not a text table.")
def web_page_named_csv(folder: Path) -> Path:
    return written(folder, "page.csv", "<!DOCTYPE html>\n<html><body>Sign in first, then download</body></html>\n")


@case("cells.csv is a Parquet file, not a text table. Rename it so that it ends in .parquet.")
def parquet_named_csv(folder: Path) -> Path:
    return parquet(folder).rename(folder / "cells.csv")


@case("book.csv is an Excel workbook, not a text table. Rename it so that it ends in .xlsx.")
def workbook_named_csv(folder: Path) -> Path:
    return workbook(folder, "book.csv", [["a", "b"], [1, 2]])


@case("packed.csv is a gzip file, not a text table.")
def gzip_named_csv(folder: Path) -> Path:
    return written(folder, "packed.csv", gzip.compress((HEADER + ROWS).encode()))


@case("letter.docx is of no kind that is known here.")
def unknown_kind(folder: Path) -> Path:
    return zipped(folder, "letter.docx", {"word/document.xml": b"<w/>"})


@case("tables.sqlite is an SQLite database, not a data set.")
def database(folder: Path) -> Path:
    return written(folder, "tables.sqlite", b"SQLite format 3\0" + bytes(100))


@case("gone.csv is not there any more.")
def missing_file(folder: Path) -> Path:
    return folder / "gone.csv"


# -------------------------------------------------------------------------------------------- column-wise formats


def parquet(folder: Path) -> Path:
    """A good Parquet file."""
    import polars as pl

    path = folder / "table.parquet"
    pl.DataFrame({"dose": np.linspace(0, 1, 500), "name": [f"row {i}" for i in range(500)]}).write_parquet(path)
    return path


@case("table.parquet is cut off after 1.5 kB: the table of contents at its end is missing.")
def parquet_cut(folder: Path) -> Path:
    path = parquet(folder)
    return written(folder, path.name, path.read_bytes()[:1500])


@case("table.parquet begins as a Parquet file, but is cut off or damaged further on.")
def parquet_damaged(folder: Path) -> Path:
    path = parquet(folder)
    content = bytearray(path.read_bytes())
    content[-300:-8] = b"\x99" * 292
    return written(folder, path.name, bytes(content))


@case("csv.parquet is not a Parquet file, or its beginning is damaged.")
def csv_named_parquet(folder: Path) -> Path:
    return written(folder, "csv.parquet", HEADER + ROWS)


@case("lists.parquet: the cells of column tags hold lists or records.")
def parquet_of_lists(folder: Path) -> Path:
    import polars as pl

    path = folder / "lists.parquet"
    pl.DataFrame({"dose": [1.0, 2.0], "tags": [["a"], ["b", "c"]]}).write_parquet(path)
    return path


@case("norows.parquet has a header and no rows. Its columns are dose, age.")
def parquet_without_rows(folder: Path) -> Path:
    import polars as pl

    path = folder / "norows.parquet"
    pl.DataFrame({"dose": [], "age": []}, schema={"dose": pl.Float64, "age": pl.Int64}).write_parquet(path)
    return path


@case("table.feather begins as a Feather file, but is cut off or damaged further on.")
def feather_cut(folder: Path) -> Path:
    import polars as pl

    path = folder / "table.feather"
    pl.DataFrame({"dose": np.linspace(0, 1, 500)}).write_ipc(path)
    return written(folder, path.name, path.read_bytes()[:2000])


@case("old.feather is a Feather file of version 1, which is no longer read.")
def feather_of_version_one(folder: Path) -> Path:
    return written(folder, "old.feather", b"FEA1" + bytes(200) + b"FEA1")


@case("book.xlsx is cut off or damaged: the table of contents at its end is missing.")
def workbook_cut(folder: Path) -> Path:
    path = workbook(folder, "book.xlsx", [["a", "b"], [1, 2]])
    return written(folder, path.name, path.read_bytes()[:500])


@case("hollow.xlsx is empty. Its 1 sheets hold no values.")
def workbook_without_cells(folder: Path) -> Path:
    return workbook(folder, "hollow.xlsx", [])


@case("double.xlsx has 2 columns called dose.")
def workbook_with_one_name_twice(folder: Path) -> Path:
    return workbook(folder, "double.xlsx", [["dose", "dose"], [1, 2], [3, 4]])


@case("bomb.xlsx would unfold from")
def workbook_that_is_a_bomb(folder: Path) -> Path:
    path = workbook(folder, "bomb.xlsx", [["a"], [1]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", bytes(100_000_000))
    return path


@case("old.xls cannot be opened as a workbook: it is cut off, damaged or locked with a password.")
def old_workbook_damaged(folder: Path) -> Path:
    return written(folder, "old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))


@case("survey.dta begins as a Stata file, but is cut off or damaged further on.")
def stata_cut(folder: Path) -> Path:
    import polars as pl
    import pyreadstat

    path = folder / "survey.dta"
    pyreadstat.write_dta(pl.DataFrame({"dose": np.linspace(0, 1, 300), "age": np.arange(300)}), str(path))
    return written(folder, path.name, path.read_bytes()[:1800])


# --------------------------------------------------------------------------------------------------------- arrays


@case("array.npy is cut off: 372 bytes of 800 bytes are there.")
def npy_cut(folder: Path) -> Path:
    return written(folder, "array.npy", npy(np.arange(100.0))[:500])


@case("head.npy is cut off or damaged: its header cannot be read.")
def npy_cut_in_its_header(folder: Path) -> Path:
    return written(folder, "head.npy", npy(np.arange(100.0))[:40])


@case("objects.npy holds Python objects, which can run code when they are read.")
def npy_of_objects(folder: Path) -> Path:
    return written(folder, "objects.npy", npy(np.array([{"a": 1}], dtype=object), pickled=True))


@case("boast.npy is cut off: 16 bytes of 1,000,000 TB are there.")
def npy_that_claims_too_much(folder: Path) -> Path:
    return written(folder, "boast.npy", npy_header("(1000000000, 1000000000)") + bytes(16))


@case("deep.npy: the array value has 5 dimensions. Tables have 2, pictures 3 or 4.")
def npy_of_five_dimensions(folder: Path) -> Path:
    return written(folder, "deep.npy", npy(np.zeros((2, 2, 2, 2, 2))))


@case("nan.npy: picture 3 holds a pixel that is not a number.")
def pictures_with_nan(folder: Path) -> Path:
    pixels = np.zeros((5, 4, 4))
    pixels[2, 1, 1] = np.nan
    return written(folder, "nan.npy", npy(pixels))


@case("far.npy: the pixels lie between -400 and 1000.")
def pictures_out_of_range(folder: Path) -> Path:
    return written(folder, "far.npy", npy(np.linspace(-400, 1000, 48).reshape(3, 4, 4)))


@case("bands.npy: the pictures have 7 channels; 1 or 3 are read.")
def pictures_of_seven_channels(folder: Path) -> Path:
    return written(folder, "bands.npy", npy(np.zeros((3, 5, 5, 7), np.uint8)))


@case("digits.npz is cut off or damaged: the table of contents at its end is missing.")
def npz_cut(folder: Path) -> Path:
    path = zipped(folder, "digits.npz", {"pixels.npy": npy(np.zeros((9, 8, 8), np.uint8))})
    return written(folder, path.name, path.read_bytes()[:120])


@case("lengths.npz: thickness has 8 values for 9 pictures.")
def npz_of_two_lengths(folder: Path) -> Path:
    members = {"pixels.npy": npy(np.zeros((9, 8, 8), np.uint8)), "thickness.npy": npy(np.arange(8.0))}
    return zipped(folder, "lengths.npz", members)


@case("shapes.npz: the array a has 3 rows and b has 4.")
def npz_table_of_two_lengths(folder: Path) -> Path:
    return zipped(folder, "shapes.npz", {"a.npy": npy(np.arange(3.0)), "b.npy": npy(np.arange(4.0))})


@case("two.npz holds 2 arrays that could be the pictures: left, right.")
def npz_with_two_picture_arrays(folder: Path) -> Path:
    members = {f"{side}.npy": npy(np.zeros((2, 4, 4), np.uint8)) for side in ("left", "right")}
    return zipped(folder, "two.npz", members)


@case("none.npz holds no values. Its arrays are empty.")
def npz_of_nothing(folder: Path) -> Path:
    return zipped(folder, "none.npz", {"pixels.npy": npy(np.zeros((0, 4, 4), np.uint8))})


@case("parts.npz: the part test has no array labels.")
def npz_with_a_part_missing(folder: Path) -> Path:
    images = npy(np.zeros((2, 4, 4), np.uint8))
    members = {"train_images.npy": images, "train_labels.npy": npy(np.arange(2)), "test_images.npy": images}
    return zipped(folder, "parts.npz", members)


@case("units.npz: the array units is not a JSON object.")
def npz_with_units_that_are_none(folder: Path) -> Path:
    members = {"pixels.npy": npy(np.zeros((2, 4, 4), np.uint8)), "units.npy": npy(np.array("thickness: px"))}
    return zipped(folder, "units.npz", members)


@case("objects.npz holds Python objects, which can run code when they are read.")
def npz_with_objects(folder: Path) -> Path:
    members = {
        "pixels.npy": npy(np.zeros((2, 4, 4), np.uint8)),
        "labels.npy": npy(np.array(["a", None], dtype=object), pickled=True),
    }
    return zipped(folder, "objects.npz", members)


@case("bomb.npz would unfold from")
def npz_that_is_a_bomb(folder: Path) -> Path:
    return zipped(folder, "bomb.npz", {"pixels.npy": npy(np.zeros((2000, 250, 250), np.uint8))})


@case("damaged.npz is damaged: pixels.npy inside it cannot be unpacked.")
def npz_with_flipped_bytes(folder: Path) -> Path:
    noise = np.random.default_rng(3).integers(0, 256, (20, 30, 30), np.uint8)
    path = zipped(folder, "damaged.npz", {"pixels.npy": npy(noise)})
    content = bytearray(path.read_bytes())
    content[3000:3200] = bytes(200)
    return written(folder, path.name, bytes(content))


@case("digits-idx3-ubyte is cut off: 100 bytes of 640 bytes are there.")
def idx_cut(folder: Path) -> Path:
    return written(folder, "digits-idx3-ubyte", b"\0\0\x08\x03" + struct.pack(">3I", 10, 8, 8) + bytes(100))


@case("digits-idx3-ubyte.gz is cut off or damaged: it cannot be unpacked to its end.")
def idx_packed_and_cut(folder: Path) -> Path:
    noise = np.random.default_rng(2).bytes(640)
    content = gzip.compress(b"\0\0\x08\x03" + struct.pack(">3I", 10, 8, 8) + noise)
    return written(folder, "digits-idx3-ubyte.gz", content[:400])


@case("bomb-idx3-ubyte.gz would unfold from")
def idx_that_is_a_bomb(folder: Path) -> Path:
    content = b"\0\0\x08\x03" + struct.pack(">3I", 100_000, 28, 28) + bytes(78_400_000)
    return written(folder, "bomb-idx3-ubyte.gz", gzip.compress(content, 6))


@case("cells.h5 begins as an HDF5 file, but is cut off or damaged further on.")
def hdf5_cut(folder: Path) -> Path:
    path = hdf5(folder, {"pixels": np.zeros((50, 8, 8), np.uint8)})
    return written(folder, path.name, path.read_bytes()[:900])


@case("cells.h5 holds no data sets. Its groups are empty.")
def hdf5_without_data(folder: Path) -> Path:
    return hdf5(folder, {})


@case("cells.h5 needs")
def hdf5_that_claims_too_much(folder: Path) -> Path:
    import h5py

    path = folder / "cells.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("pixels", (10_000_000, 1000, 1000), "u1", chunks=(1, 1000, 1000))
    return path


@case("renamed.h5 is a NumPy archive, not an HDF5 file. Rename it so that it ends in .npz.")
def npz_named_h5(folder: Path) -> Path:
    return zipped(folder, "renamed.h5", {"pixels.npy": npy(np.zeros((2, 4, 4), np.uint8))})


def hdf5(folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    """An HDF5 file with the arrays."""
    import h5py

    path = folder / "cells.h5"
    with h5py.File(path, "w") as file:
        for name, values in arrays.items():
            file[name] = values
    return path


# -------------------------------------------------------------------------------------------------------- pictures


@case("scan_0412.png is cut off after 18 kB. The other 5 images are fine.")
def picture_cut_in_a_folder(folder: Path) -> Path:
    target = pictures(folder)
    written(target, "scan_0412.png", noisy_png()[:18_000])
    return target


@case("scan_9.png is not a picture, or its beginning is damaged. The other 5 images are fine.")
def text_named_png(folder: Path) -> Path:
    target = pictures(folder)
    written(target, "scan_9.png", "not a picture\n")
    return target


@case("scan_9.png is empty. The other 5 images are fine.")
def empty_picture(folder: Path) -> Path:
    target = pictures(folder)
    written(target, "scan_9.png", b"")
    return target


@case("2 images in scans cannot be read; scan_8.png is empty. The other 5 images are fine.")
def two_bad_pictures(folder: Path) -> Path:
    target = pictures(folder)
    written(target, "scan_8.png", b"")
    written(target, "scan_9.png", b"\x89PNG\r\n\x1a\n")
    return target


@case("huge.png claims more pixels than 1.0 kB can hold. The other 5 images are fine.")
def picture_that_is_a_bomb(folder: Path) -> Path:
    target = pictures(folder)
    header = struct.pack(">2I5B", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1_000_000))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    written(target, "huge.png", b"\x89PNG\r\n\x1a\n" + body)
    return target


@case("only.jpg is cut off after 300 bytes. No other image can be read.")
def only_picture_cut(folder: Path) -> Path:
    target = folder / "one"
    target.mkdir()
    written(target, "only.jpg", picture((64, 64), 3, "JPEG")[:300])
    return target


@case("The images have 3 sizes; the method needs one. 5 of 7 are 8 × 8.")
def three_sizes(folder: Path) -> Path:
    target = pictures(folder)
    written(target, "tall.png", png((8, 20)))
    written(target, "wide.png", png((20, 8)))
    return target


@case("The folder bare is empty.")
def empty_folder(folder: Path) -> Path:
    target = folder / "bare"
    target.mkdir()
    return target


@case("The folder notes holds no pictures. Its 2 files end in .md, .txt.")
def folder_without_pictures(folder: Path) -> Path:
    target = folder / "notes"
    target.mkdir()
    written(target, "a.md", "# a\n")
    written(target, "b.txt", "b\n")
    return target


@case("digit_labels.csv: 2 labels have no image and 1 image has no label.", labels="digit_labels.csv")
def labels_that_do_not_match(folder: Path) -> Path:
    names = ["scan_0.png", "scan_1.png", "scan_2.png", "scan_3.png", "lost_1.png", "lost_2.png"]
    written(folder, "digit_labels.csv", "file,label\n" + "".join(f"{name},{i}\n" for i, name in enumerate(names)))
    return pictures(folder)


@case("others.csv: none of its 6 rows names one of the 5 images.", labels="others.csv")
def labels_of_other_pictures(folder: Path) -> Path:
    written(folder, "others.csv", "file,label\n" + "".join(f"cat_{i}.jpg,{i}\n" for i in range(6)))
    return pictures(folder)


@case("nameless.csv has no column with the names of the images.", labels="nameless.csv")
def labels_without_names(folder: Path) -> Path:
    written(folder, "nameless.csv", "weight\n" + "".join(f"{i}.5\n" for i in range(5)))
    return pictures(folder)


@case("double.csv has two rows for scan_1.png: 2 and 3.", labels="double.csv")
def two_labels_for_one_picture(folder: Path) -> Path:
    rows = ["scan_0", "scan_1", "scan_1", "scan_2", "scan_3", "scan_4"]
    written(folder, "double.csv", "file,label\n" + "".join(f"{name},1\n" for name in rows))
    return pictures(folder)


@case("short.csv has 4 rows for 9 images.", labels="short.csv")
def labels_of_another_length(folder: Path) -> Path:
    written(folder, "short.csv", "label\n1\n2\n3\n4\n")
    return zipped(folder, "digits.npz", {"pixels.npy": npy(np.zeros((9, 8, 8), np.uint8))})


@case("table.csv is a table; labels belong to pictures.", labels="second.csv")
def labels_for_a_table(folder: Path) -> Path:
    written(folder, "second.csv", HEADER + ROWS)
    return written(folder, "table.csv", HEADER + ROWS)


@case("scans.zip is cut off or damaged: the table of contents at its end is missing.")
def zip_cut(folder: Path) -> Path:
    path = zipped(folder, "scans.zip", {f"{i}.png": png(value=i) for i in range(9)})
    return written(folder, path.name, path.read_bytes()[:400])


@case("nothing.zip is empty. The archive holds no files.")
def zip_of_nothing(folder: Path) -> Path:
    return zipped(folder, "nothing.zip", {})


@case("papers.zip holds no pictures. It holds a.pdf, b.pdf.")
def zip_without_pictures(folder: Path) -> Path:
    return zipped(folder, "papers.zip", {"a.pdf": b"%PDF", "b.pdf": b"%PDF"})


@case("bomb.zip would unfold from")
def zip_that_is_a_bomb(folder: Path) -> Path:
    return zipped(folder, "bomb.zip", {"zeros.png": bytes(200_000_000)})


@case("locked.zip is locked with a password.")
def zip_with_a_password(folder: Path) -> Path:
    path = zipped(folder, "locked.zip", {"a.png": png()})
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return written(folder, path.name, bytes(content))


@case("b.png is cut off after 18 kB. The other image is fine.")
def zip_with_a_picture_cut(folder: Path) -> Path:
    return zipped(folder, "scans.zip", {"a.png": noisy_png(), "b.png": noisy_png()[:18_000]})


# ------------------------------------------------------------------------------------------- what would run code


def pickled(target: Path) -> bytes:
    """A pickle that writes a file when it is loaded; assembled by hand."""
    return (
        b"\x80\x02cpathlib\nPath\nX" + struct.pack("<I", len(str(target))) + str(target).encode()
        + b"\x85R\x8c\x05touchcbuiltins\ngetattr\n0."
    )


@case("labels.csv is a pickle, which can run code when it is read.")
def pickle_named_csv(folder: Path) -> Path:
    return written(folder, "labels.csv", pickled(folder / "it ran"))


@case("model.pkl is a pickle, which can run code when it is read.")
def pickle_under_its_own_name(folder: Path) -> Path:
    return written(folder, "model.pkl", pickled(folder / "it ran"))


@case("old.pkl is a pickle, which can run code when it is read.")
def pickle_of_protocol_zero(folder: Path) -> Path:
    return written(folder, "old.pkl", b"cposix\nsystem\n(S'true'\ntR.")


@case("digits.npz is an archive that holds a pickle, which can run code when it is read.")
def npz_with_a_pickle(folder: Path) -> Path:
    return zipped(folder, "digits.npz", {"data.pickle": pickled(folder / "it ran")})


@case("model.pt is a torch file that holds a pickle, which can run code when it is read.")
def torch_file(folder: Path) -> Path:
    return zipped(folder, "model.pt", {"model/data.pkl": pickled(folder / "it ran"), "model/version": b"3\n"})


@case("model.safetensors is of no kind that is known here.")
def weights_dropped_as_data(folder: Path) -> Path:
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    return written(folder, "model.safetensors", struct.pack("<Q", len(header)) + header + bytes(8))
