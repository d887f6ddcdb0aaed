"""Excel workbooks (XLSX, XLS, XLSB, ODS): the first sheet that holds something, or the sheet that is asked for."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engines.data.kinds import DataKind, Table
from engines.data.readers import Estimate, Reader, Wishes, _frames, _zip
from engines.data.readers.delimited import column_names
from engines.data.refusing import READ_AGAIN, DataRefusal
from engines.refusals import Refusal

if TYPE_CHECKING:
    import polars as pl

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}


def read(path: Path, wishes: Wishes) -> Table:
    """The table of one sheet; its first row is the header."""
    book = _opened(path)
    names = list(book.sheet_names)
    if wishes.sheet and wishes.sheet not in names:
        raise Refusal(
            f"{path.name} has no sheet {wishes.sheet}.", f"Its sheets are {', '.join(names)}.", about=(path.name,)
        )
    for sheet in [wishes.sheet] if wishes.sheet else names:
        header, frame = _sheet(path, book, sheet)
        if header:
            return _frames.table_of(path.name, path.stem, frame.rename(_renaming(path, header, frame, wishes)))
    raise Refusal(f"{path.name} is empty.", f"Its {len(names)} sheets hold no values.", about=(path.name,))


def _opened(path: Path) -> Any:
    import fastexcel

    _check_archive(path)
    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        raise _damaged(path) from error


def _check_archive(path: Path) -> None:
    """All workbooks but the old XLS are ZIP archives."""
    with path.open("rb") as file:
        packed = file.read(4) == _zip.MAGIC
    if packed:
        with _zip.opened(path) as archive:
            _zip.check(path, archive.infolist())


def _sheet(path: Path, book: Any, sheet: str) -> tuple[list[str], pl.DataFrame]:
    """The cells of the first row as text, and the frame below it under the names that the library gave."""
    import fastexcel
    import polars as pl

    try:
        top = book.load_sheet(sheet, header_row=None, n_rows=1, dtypes="string").to_polars()
        if top.is_empty() or not top.width:
            return [], pl.DataFrame()
        frame = book.load_sheet(sheet, header_row=0, schema_sample_rows=None).to_polars()
    except fastexcel.FastExcelError as error:
        raise _damaged(path) from error
    header = ["" if value is None else str(value) for value in top.row(0)]
    return header + [""] * (frame.width - len(header)), frame


def _renaming(path: Path, header: list[str], frame: pl.DataFrame, wishes: Wishes) -> dict[str, str]:
    return dict(zip(frame.columns, column_names(path.name, header[: frame.width], wishes)))


def _damaged(path: Path) -> Refusal:
    return DataRefusal(
        f"{path.name} cannot be opened as a workbook: it is cut off, damaged or locked with a password.",
        "Open it in a spreadsheet program and save it again.",
        (READ_AGAIN,),
        (path.name,),
    )


def _owns(path: Path, head: bytes) -> bool:
    if head.startswith(_OLD):
        return True
    if not head.startswith(_zip.MAGIC):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(_PARTS & set(archive.namelist()))
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return path.suffix.lower() == ".xlsx"


def _estimate(path: Path) -> Estimate:
    _check_archive(path)
    return Estimate(DataKind.TABLE)


reader = Reader("an Excel workbook", (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"), _owns, _estimate, read)
