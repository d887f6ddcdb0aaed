"""Text tables: CSV, TSV and their relatives. Encoding, separator, header and decimal comma are found out.

The lines are cut with numpy (quotation marks counted, so that separators and line ends inside them do not count);
rows that are too long or too short are found there, by number, before the table is parsed.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engines.data.kinds import Column, ColumnType, DataKind, Table
from engines.data.limits import check_memory, in_words
from engines.data.readers import Estimate, Reader, Wishes
from engines.data.refusing import READ_AGAIN, DataRefusal
from engines.data.types import MISSING, guessed
from engines.refusals import Refusal

if TYPE_CHECKING:
    import polars as pl

SEPARATORS = (",", ";", "\t", "|")
_LOOK = 1024 * 1024
_BLOCK = 4 * 1024 * 1024
_UNFOLDS = 6                       # bytes of memory a byte of text, text and numbers side by side
_QUOTE = ord('"')
_MARKS = ((codecs.BOM_UTF8, ""), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def read(path: Path, wishes: Wishes) -> Table:
    """The table of a text file; row ids count the rows below the header, those left out included."""
    check_memory(path.name, _UNFOLDS * path.stat().st_size)
    return table_of_text(path.name, path.stem, path.read_bytes(), wishes)


def table_of_text(file: str, name: str, raw: bytes, wishes: Wishes) -> Table:
    """The table in the bytes of a text file; `file` is named in refusals, `name` becomes the table's."""
    import polars as pl

    text = _decoded(file, raw)
    separator = _separator(text[:_LOOK])
    if separator == " ":
        text, separator = re.sub(rb"[ \t]+", b"\t", re.sub(rb"(?m)^[ \t]+|[ \t]+$", b"", text)), "\t"
    lines = _cut(text, separator)
    if not len(lines.ends):
        raise Refusal(f"{file} holds no values.", "It has blank lines only.", about=(file,))
    quote = None if lines.odd_quotes else '"'
    if lines.odd_quotes:
        lines = _cut(text, separator, quoted=False)
        _check_quotes(file, text, lines, separator)
    lines, kept = _even(file, lines, wishes)
    try:
        frame = pl.read_csv(
            io.BytesIO(lines.joined(text)), has_header=False, separator=separator, quote_char=quote,
            infer_schema=False, raise_if_empty=True,
        )
    except pl.exceptions.PolarsError as error:
        raise Refusal(f"{file} cannot be read as a table.", _first_line(error), about=(file,)) from error
    first = [value or "" for value in frame.row(0)]
    header = _is_header(first)
    names = column_names(file, first if header else [""] * frame.width, wishes)
    if header:
        frame = frame.slice(1)
    if frame.is_empty():
        raise Refusal(f"{file} has a header and no rows.", f"Its columns are {', '.join(names[:8])}.", about=(file,))
    comma = separator != ","
    columns = []
    for i, label in enumerate(names):
        wishes.watch(len(frame) * i // len(names), len(frame))
        columns.append(_column(label, frame.to_series(i), comma))
    if all(bool(column.missing.all()) for column in columns):
        raise Refusal(f"{file} holds no values: every cell is missing.", f"It has {len(frame):,} rows.", about=(file,))
    return Table(name, tuple(columns), (kept[1:] if header else kept + 1).astype(np.int64))


def column_names(file: str, names: list[str], wishes: Wishes) -> list[str]:
    """Names without surrounding blanks; nameless columns are numbered.

    Raises:
        DataRefusal: when two columns have the same name.
    """
    named = [name.strip() or f"column {i}" for i, name in enumerate(names, start=1)]
    twice = [name for name, count in Counter(named).items() if count > 1]
    if twice and not wishes.number_names:
        places = [i for i, name in enumerate(named, start=1) if name == twice[0]]
        more = f" {len(twice) - 1} more names occur twice." if len(twice) > 1 else ""
        raise DataRefusal(
            f"{file} has {len(places)} columns called {twice[0]}.",
            f"They are columns {' and '.join(map(str, places[:4]))}; names must differ.{more}",
            about=tuple(twice),
            remedies={"Number them": {"step": "number_names"}},
        )
    seen: Counter[str] = Counter()
    numbered = []
    for name in named:
        seen[name] += 1
        numbered.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return numbered


# ------------------------------------------------------------------------------------------------------ decoding


def _decoded(file: str, raw: bytes) -> bytes:
    """The text as UTF-8 with line ends \\n."""
    if not raw.strip():
        raise Refusal(f"{file} is empty.", "It holds no values to read." if raw else "It has no bytes.", about=(file,))
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            raw = raw[len(mark) :]
            raw = _recoded(file, raw, encoding) if encoding else raw
            break
    else:
        if encoding := _unmarked_utf16(raw):
            raw = _recoded(file, raw, encoding)
    if b"\0" in raw:
        raise Refusal(
            f"{file} is not a text table: byte {raw.index(0) + 1:,} is zero.",
            "It is a file of another kind, or it was damaged when it was copied.",
            about=(file,),
        )
    raw = _as_utf8(file, raw)
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw if raw.endswith(b"\n") else raw + b"\n"


def _unmarked_utf16(raw: bytes) -> str:
    head = np.frombuffer(raw[: 2 * (min(len(raw), 2000) // 2)], np.uint8)
    if len(head) < 8:
        return ""
    even, odd = float(np.mean(head[0::2] == 0)), float(np.mean(head[1::2] == 0))
    return "utf-16-le" if odd > 0.7 > 0.3 > even else "utf-16-be" if even > 0.7 > 0.3 > odd else ""


def _recoded(file: str, raw: bytes, encoding: str) -> bytes:
    try:
        return raw.decode(encoding).encode()
    except UnicodeDecodeError as error:
        raise DataRefusal(
            f"{file} is cut off or damaged at byte {error.start + 1:,}.",
            "It begins as UTF-16 text, and what stands there is none.",
            (READ_AGAIN,),
            (file,),
        ) from error


def _as_utf8(file: str, raw: bytes) -> bytes:
    try:
        raw.decode()
        return raw
    except UnicodeDecodeError as error:
        tail = len(raw) - error.start
        if tail < 4 and error.reason == "unexpected end of data":
            raise DataRefusal(
                f"{file} is cut off after {in_words(len(raw))}, in the middle of a letter.",
                "Copy it again.",
                (READ_AGAIN,),
                (file,),
            ) from error
        position = error.start
        if _mostly_utf8(raw):
            raise DataRefusal(
                f"{file} is damaged at byte {position + 1:,}.",
                "It is UTF-8 text, and what stands there is none.",
                (READ_AGAIN,),
                (file,),
            ) from error
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Refusal(
            f"{file} is written in an encoding that is not known here.",
            f"Byte {error.start + 1:,} is neither UTF-8 nor Windows-1252. Save it as UTF-8.",
            about=(file,),
        ) from error
    strange = sum(not (c.isprintable() or c in "\t\r\n") for c in text[:20_000])
    if strange > 0.01 * len(text[:20_000]):
        raise Refusal(
            f"{file} is not a text table.",
            f"From byte {position + 1:,} on it holds no text in UTF-8 or Windows-1252.",
            about=(file,),
        )
    return text.encode()


def _mostly_utf8(raw: bytes) -> bool:
    """Most letters beyond ASCII are well-formed UTF-8: then it is UTF-8 with a fault, not another encoding."""
    text = raw.decode(errors="replace")
    return sum(c > "\x7f" and c != "\ufffd" for c in text) > 2 * text.count("\ufffd")


# ------------------------------------------------------------------------------------------------ lines and fields


@dataclass(frozen=True)
class _Lines:
    """The lines that hold something: begin and end (the position of the line's \\n), and the fields of each."""

    starts: np.ndarray
    ends: np.ndarray
    fields: np.ndarray
    odd_quotes: bool
    whole: bool

    def at(self, keep: np.ndarray) -> _Lines:
        return _Lines(self.starts[keep], self.ends[keep], self.fields[keep], self.odd_quotes, False)

    def joined(self, text: bytes) -> bytes:
        if self.whole:
            return text
        return b"".join(text[a : b + 1] for a, b in zip(self.starts.tolist(), self.ends.tolist()))


def _cut(text: bytes, separator: str, quoted: bool = True) -> _Lines:
    data = np.frombuffer(text, np.uint8)
    ends, fields, letters = [], [], []
    inside = separators = filled = 0
    for begin in range(0, len(data), _BLOCK):
        part = data[begin : begin + _BLOCK]
        line_end, cut = part == 10, part == ord(separator)
        quotes = part == _QUOTE
        if quoted and (inside or quotes.any()):
            state = (np.cumsum(quotes, dtype=np.int64) + inside) & 1
            outside = state == 0
            line_end, cut = line_end & outside, cut & outside
            inside = int(state[-1])
        where = np.flatnonzero(line_end)
        cuts = np.cumsum(cut, dtype=np.int64) + separators
        seen = np.cumsum(part > 32, dtype=np.int64) + filled
        ends.append(where + begin)
        fields.append(cuts[where])
        letters.append(seen[where])
        separators, filled = int(cuts[-1]), int(seen[-1])
    end = np.concatenate(ends)
    count = np.diff(np.concatenate(fields), prepend=0) + 1
    start = np.concatenate([[0], end[:-1] + 1])
    keep = (count > 1) | (np.diff(np.concatenate(letters), prepend=0) > 0)
    lines = _Lines(start, end, count, bool(inside), True)
    return lines if keep.all() else lines.at(keep)


def _separator(head: bytes) -> str:
    """The separator that gives most lines the same number of fields, and the most fields."""
    lines = [line for line in head.split(b"\n")[:200] if line.strip()]
    if len(head) == _LOOK and len(lines) > 1:
        lines = lines[:-1]
    best, choice = (0.0, 0), ","
    for separator in SEPARATORS:
        counts = Counter(_fields(line, separator.encode()) for line in lines)
        fields, often = max(counts.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]))
        if fields > 1 and (often / len(lines), fields) > best:
            best, choice = (often / len(lines), fields), separator
    if best == (0.0, 0):
        words = {len(line.split()) for line in lines}
        if len(words) == 1 and next(iter(words)) > 1 and b'"' not in head:
            return " "
    return choice


def _fields(line: bytes, separator: bytes) -> int:
    if b'"' not in line:
        return line.count(separator) + 1
    return b"".join(line.split(b'"')[0::2]).count(separator) + 1


def _check_quotes(file: str, text: bytes, lines: _Lines, separator: str) -> None:
    """A mark inside a word (5" pipe) is a letter; one that opens a field must be closed."""
    opens = re.compile(rb'(?:^|%s)"[^"]*$' % re.escape(separator.encode()))
    for row, (a, b) in enumerate(zip(lines.starts.tolist(), lines.ends.tolist())):
        line = text[a:b]
        if line.count(b'"') % 2 and opens.search(line):
            raise DataRefusal(
                f"{file}: a quotation mark that opens in line {row + 1:,} is never closed.",
                "Everything after it would be one value. Close it, or copy the file again.",
                (READ_AGAIN,),
                (file,),
            )


def _even(file: str, lines: _Lines, wishes: Wishes) -> tuple[_Lines, np.ndarray]:
    """Lines of equal length, and the position of each among all (0 = the first)."""
    width = int(np.bincount(lines.fields[:1000]).argmax()) if len(lines.fields) > 2 else int(lines.fields[0])
    uneven = np.flatnonzero(lines.fields != width)
    if not len(uneven):
        return lines, np.arange(len(lines.fields))
    if wishes.uneven_rows == "drop":
        keep = lines.fields == width
        return lines.at(keep), np.flatnonzero(keep)
    row = int(uneven[0])
    have = int(lines.fields[row])
    last = row == len(lines.fields) - 1
    drop = {"step": "drop_uneven_rows"}
    if last and have < width and len(lines.fields) > 1:
        raise DataRefusal(
            f"{file} is cut off in its last line, {row + 1:,}: {have} of {width} values are there.",
            f"The other {len(lines.fields) - 1:,} lines are fine.",
            (READ_AGAIN,),
            (file,),
            remedies={"Leave it out": drop},
        )
    if row == 0 and len(uneven) == 1:
        raise Refusal(
            f"{file}: the header names {have} columns, the rows hold {width} values.",
            "Correct the first line.",
            about=(file,),
        )
    others = len(lines.fields) - len(uneven)
    if others < 0.5 * len(lines.fields):
        raise Refusal(
            f"{file} is not a table: its lines hold between {lines.fields.min()} and {lines.fields.max()} values.",
            "Every row of a table has the same number of values.",
            about=(file,),
        )
    raise DataRefusal(
        f"{file}: line {row + 1:,} holds {have} values, the others hold {width}.",
        f"{len(uneven):,} {'line is' if len(uneven) == 1 else 'lines are'} uneven, {others:,} are fine.",
        (READ_AGAIN, "Show them"),
        (file,),
        remedies={f"Leave out {'the line' if len(uneven) == 1 else f'the {len(uneven):,} lines'}": drop},
        lists={"Uneven lines": tuple(f"line {i + 1:,}" for i in uneven[:1000])},
    )


# ------------------------------------------------------------------------------------------------ header and values


def _is_header(first: list[str]) -> bool:
    """The first line is a header unless it holds a number."""
    return not any(_plain_number(value) for value in first)


def _plain_number(value: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?", value.strip()) is not None


def _column(name: str, series: pl.Series, comma: bool) -> Column:
    """A column by its values. Where commas do not separate, one may stand for the decimal point; where they do, a
    quoted number may be grouped by them ("1,204").
    """
    column = guessed(name, series)
    if column.type is ColumnType.NUMBER:
        return column
    text = series.str.strip_chars()
    present = text.filter(~text.is_in(list(MISSING)))
    if not len(present):
        return column
    if comma and present.str.contains(r"^[+-]?\d*,?\d+([eE][+-]?\d+)?$").all():
        return guessed(name, text.str.replace(",", ".", literal=True))
    if not comma and present.str.contains(r"^[+-]?\d{1,3}(,\d{3})*(\.\d+)?$").all():
        return guessed(name, text.str.replace_all(",", "", literal=True))
    return column


def _first_line(error: Exception) -> str:
    line = str(error).strip().splitlines()[0].strip()
    return f"{line[:1].upper()}{line[1:200].rstrip('.')}." if line else ""


# ----------------------------------------------------------------------------------------------------- recognising


def _owns(_: Path, head: bytes) -> bool:
    marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return marked or b"\0" not in head or bool(_unmarked_utf16(head))


def _estimate(path: Path) -> Estimate:
    size = path.stat().st_size
    check_memory(path.name, _UNFOLDS * size)
    with path.open("rb") as file:
        head = file.read(_LOOK)
    lines = head.count(b"\n") or head.count(b"\r") or 1
    if size <= len(head):
        return Estimate(DataKind.TABLE, max(lines - head.endswith((b"\n", b"\r")), 0), exact=True)
    return Estimate(DataKind.TABLE, round(size * lines / len(head)))


reader = Reader("a text table", (".csv", ".tsv", ".txt", ".tab", ".dat", ".data"), _owns, _estimate, read, signed=False)
