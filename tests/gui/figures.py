"""What stands in a file that was exported, read from the file alone: sizes, words, fonts, drawn elements."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Drawing:
    """`texts`: in drawing order; `fonts`: their families (SVG) or the fonts whose outlines lie in the file (PDF)."""

    width: float
    height: float
    texts: tuple[str, ...]
    fonts: frozenset[str]
    pictures: int
    shapes: int

    @property
    def words(self) -> str:
        return " ".join(self.texts)


def read_svg(path: Path) -> Drawing:
    """A drawing, px."""
    root = ET.fromstring(path.read_bytes())
    texts = list(root.iter(f"{SVG}text"))
    width, height = (float(part) for part in root.get("viewBox", "").split()[2:])
    shapes = sum(1 for kind in ("path", "rect", "circle", "ellipse", "polyline", "polygon", "line")
                 for _ in root.iter(f"{SVG}{kind}"))
    return Drawing(
        width, height, tuple("".join(text.itertext()) for text in texts),
        frozenset(text.get("font-family", "") for text in texts), len(list(root.iter(f"{SVG}image"))), shapes,
    )


def read_pdf(path: Path) -> Drawing:
    """The one page of a PDF, px; a text is what was shown between two moves to another line or font."""
    objects = {
        int(number): body
        for number, body in re.findall(rb"(?:^|\n)(\d+) 0 obj\s*(.*?)\nendobj", path.read_bytes(), re.DOTALL)
    }
    (page,) = (body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body))
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page)
    contents = re.search(rb"/Contents (\d+) 0 R", page)
    assert box is not None
    assert contents is not None
    drawn = _stream(objects[int(contents.group(1))])
    letters = {number: _letters(objects, body) for number, body in objects.items() if b"/ToUnicode" in body}
    texts = []
    for block in re.findall(rb"BT\n(.*?)ET", drawn, re.DOTALL):
        font = re.search(rb"/F(\d+) ", block)
        assert font is not None
        known = letters[int(font.group(1))]
        codes = re.findall(rb"[0-9a-fA-F]{4}", b"".join(re.findall(rb"<([0-9a-fA-F]+)>", block)))
        texts.append("".join(known.get(int(code, 16), " ") for code in codes))      # Qt names no letter for a space
    embedded = {
        name.decode() for body in objects.values() if b"/FontFile" in body
        for name in re.findall(rb"/FontName /\w+\+([\w-]+)", body)
    }
    pictures = sum(1 for _ in re.finditer(rb"/Im\d+\s+Do", drawn))
    shapes = sum(1 for _ in re.finditer(rb"(?m)^(?:f\*?|S|B\*?)$", drawn))
    width, height = (float(part) * 96 / 72 for part in box.groups())
    return Drawing(width, height, tuple(texts), frozenset(embedded), pictures, shapes)


def _stream(body: bytes) -> bytes:
    content = body.partition(b"stream\n")[2].rpartition(b"\nendstream")[0]
    return zlib.decompressobj().decompress(content) if b"/FlateDecode" in body.partition(b"stream\n")[0] else content


def _letters(objects: dict[int, bytes], font: bytes) -> dict[int, str]:
    """Letters by glyph, as the font's own table says."""
    at = re.search(rb"/ToUnicode (\d+) 0 R", font)
    assert at is not None
    found = {}
    for section in re.findall(rb"beginbfrange\n(.*?)endbfrange", _stream(objects[int(at.group(1))]), re.DOTALL):
        for first, last, rest in re.findall(rb"<(\w+)> <(\w+)> (\[.*?\]|<\w+>)", section, re.DOTALL):
            start, codes = int(first, 16), re.findall(rb"<(\w+)>", rest)
            for i in range(int(last, 16) - start + 1):
                one_by_one = rest.startswith(b"[")
                code = int(codes[i if one_by_one else 0][:4], 16) + (0 if one_by_one else i)
                found[start + i] = chr(code)
    return found
