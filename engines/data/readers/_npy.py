"""One array in NumPy's own format, its header looked at before a byte of it is allocated. Never unpickles."""

from __future__ import annotations

from tokenize import TokenError
from typing import IO, Any

import numpy as np

from engines.data.limits import check_memory, in_words
from engines.data.refusing import READ_AGAIN, DataRefusal
from engines.refusals import Refusal

MAGIC = b"\x93NUMPY"
_UNREADABLE = (ValueError, EOFError, SyntaxError, TypeError, LookupError, TokenError, RecursionError, MemoryError)
"""What NumPy's parser of headers, which reads Python literals, raises over damaged ones."""


def header(file: str, stream: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and type stated at the beginning of an array file; the stream stands behind the header afterwards."""
    form: Any = np.lib.format
    try:
        version = form.read_magic(stream)
        parse = form.read_array_header_1_0 if version == (1, 0) else form.read_array_header_2_0
        shape, _, dtype = parse(stream)
    except _UNREADABLE as error:
        raise DataRefusal(
            f"{file} is cut off or damaged: its header cannot be read.", "Copy it again.", (READ_AGAIN,), (file,)
        ) from error
    if dtype.hasobject:
        raise Refusal(
            f"{file} holds Python objects, which can run code when they are read.",
            "Save plain numbers or text instead: numpy.save(..., allow_pickle=False).",
            about=(file,),
        )
    return tuple(shape), dtype


def array(file: str, stream: IO[bytes], size: int) -> np.ndarray:
    """The array in a stream of `size` bytes.

    Raises:
        Refusal: damaged, cut off, too large, or holding Python objects.
    """
    shape, dtype = header(file, stream)
    stated = int(np.prod([int(n) for n in shape], dtype=object)) * dtype.itemsize
    there = size - stream.tell()
    if stated > there:
        raise DataRefusal(
            f"{file} is cut off: {in_words(max(there, 0))} of {in_words(stated)} are there.",
            "Copy it again.",
            (READ_AGAIN,),
            (file,),
        )
    check_memory(file, 2 * stated)
    stream.seek(0)
    return np.lib.format.read_array(stream, allow_pickle=False)
