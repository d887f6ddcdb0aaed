"""How documents stand in the database: as JSON text, packed where it is long.

Paths inside the project are relative, so that it can be moved with all that it refers to.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

_INSIDE = "project://"
_LONG = 4096            # letters from which a document is packed


def packed(plain: Any, root: Path) -> str | bytes:
    """A document as it is stored in the project that lies at `root`."""
    text = json.dumps(plain)
    if json.dumps(str(root))[1:-1] in text:
        text = json.dumps(_mapped(plain, lambda inner: inward(inner, root)))
    return text if len(text) < _LONG else zlib.compress(text.encode(), 1)


def unpacked(stored: str | bytes, root: Path) -> Any:
    """The inverse of `packed`."""
    text = stored if isinstance(stored, str) else zlib.decompress(stored).decode()
    plain = json.loads(text)
    return _mapped(plain, lambda inner: outward(inner, root)) if _INSIDE in text else plain


def inward(text: str, root: Path) -> str:
    """A path inside the project as it is stored; any other text as it is."""
    inside = f"{root}{os.sep}"
    return _INSIDE + text.removeprefix(inside).replace(os.sep, "/") if text.startswith(inside) else text


def outward(text: str, root: Path) -> str:
    """The inverse of `inward`."""
    return str(root / text.removeprefix(_INSIDE)) if text.startswith(_INSIDE) else text


def _mapped(plain: Any, change: Callable[[str], str]) -> Any:
    """JSON data with every text value changed."""
    match plain:
        case str():
            return change(plain)
        case list() | tuple():
            return [_mapped(item, change) for item in plain]
        case dict():
            return {name: _mapped(value, change) for name, value in plain.items()}
    return plain
