"""Messages as bytes: a JSON head, then the raw buffers of the arrays in it. No pickle.

Frame: 4 bytes length of the head, head, buffers in the order in which the head names them, all padded so that each
buffer begins at a multiple of 8 bytes. Only the classes of the
closed unions in `messages`, `results`, `contract`, `data` and `graph` are written and read.
"""

from __future__ import annotations

import dataclasses
import json
import struct
from collections.abc import Mapping
from enum import Enum
from typing import Any

import numpy as np

from engines import contract, controls, results
from engines.data import kinds, reference
from engines.data.roles import Role
from engines.graph import graph, knowledge
from engines.runtime import messages, states


def _classes() -> dict[str, type]:
    known: dict[str, type] = {}
    for module in (messages, states, results, contract, controls, kinds, reference, graph, knowledge):
        for name, value in vars(module).items():
            if not isinstance(value, type) or value.__module__ != module.__name__:
                continue
            if dataclasses.is_dataclass(value) or issubclass(value, Enum):
                known[name] = value
    known["Role"] = Role
    return known


_KNOWN = _classes()
_HEAD = struct.Struct("<I")


def encode(value: Any) -> bytes:
    """The value as one frame."""
    buffers: list[np.ndarray] = []
    head = json.dumps(_plain(value, buffers), separators=(",", ":")).encode()
    head += b" " * _padding(_HEAD.size + len(head))
    parts = [_HEAD.pack(len(head)), head]
    for buffer in buffers:
        parts += [buffer.tobytes(), b"\0" * _padding(buffer.nbytes)]
    return b"".join(parts)


def decode(frame: bytes) -> Any:
    """The inverse of `encode`; arrays are read-only views of the frame.

    Raises:
        ValueError: when the frame is cut off or names a class that is not known.
    """
    try:
        (length,) = _HEAD.unpack_from(frame)
        plain = json.loads(frame[_HEAD.size : _HEAD.size + length])
        return _rich(plain, memoryview(frame), _HEAD.size + length)
    except (struct.error, json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"A message could not be read: {error!r}") from error


def to_plain(value: Any) -> Any:
    """A value without arrays as JSON data (for the store)."""
    buffers: list[np.ndarray] = []
    plain = _plain(value, buffers)
    if buffers:
        raise TypeError("This value holds arrays; encode it instead.")
    return plain


def from_plain(plain: Any) -> Any:
    """The inverse of `to_plain`."""
    return _rich(plain, memoryview(b""), 0)


def _padding(size: int) -> int:
    return -size % 8


def _plain(value: Any, buffers: list[np.ndarray]) -> Any:
    if isinstance(value, Enum):
        return {"$enum": type(value).__name__, "value": value.value}
    match value:
        case None | bool() | int() | str() | float():
            return value
        case np.generic():
            return value.item()
        case np.ndarray():
            if value.dtype == object:
                return {"$texts": value.tolist()}
            offset = sum(b.nbytes + _padding(b.nbytes) for b in buffers)
            buffers.append(np.ascontiguousarray(value))
            return {"$array": offset, "dtype": value.dtype.str, "shape": list(value.shape)}
        case tuple() | list():
            return [_plain(v, buffers) for v in value]
        case frozenset() | set():
            return {"$set": [_plain(v, buffers) for v in sorted(value)]}
        case Mapping():
            return {"$map": [[k, _plain(v, buffers)] for k, v in value.items()]}
        case messages.Events():
            return _plain_events(value, buffers)
    if type(value).__name__ in _KNOWN and dataclasses.is_dataclass(value):
        fields = {f.name: _plain(getattr(value, f.name), buffers) for f in dataclasses.fields(value)}
        return {"$": type(value).__name__, **fields}
    raise TypeError(f"A {type(value).__name__} cannot travel in a message.")


def _plain_events(batch: messages.Events, buffers: list[np.ndarray]) -> Any:
    """A batch with its scalars as columns, many times shorter and quicker than one by one. They come back first."""
    scalars = [event for event in batch.events if isinstance(event, messages.Scalar)]
    curves = {curve: i for i, curve in enumerate(dict.fromkeys((s.name, s.unit) for s in scalars))}
    return {
        "$events": batch.run,
        "sequence": batch.sequence,
        "curves": list(curves),
        "which": _plain(np.array([curves[s.name, s.unit] for s in scalars], dtype=np.int32), buffers),
        "steps": _plain(np.array([s.step for s in scalars], dtype=np.int64), buffers),
        "values": _plain(np.array([s.value for s in scalars], dtype=np.float64), buffers),
        "others": _plain([event for event in batch.events if not isinstance(event, messages.Scalar)], buffers),
    }


def _rich_events(plain: Mapping[str, Any], frame: memoryview, start: int) -> messages.Events:
    """The inverse of `_plain_events`."""
    which, steps, values = (_rich(plain[name], frame, start).tolist() for name in ("which", "steps", "values"))
    curves = plain["curves"]
    scalars = [
        messages.Scalar(curves[curve][0], step, value, curves[curve][1])
        for curve, step, value in zip(which, steps, values)
    ]
    return messages.Events(plain["$events"], plain["sequence"], (*scalars, *_rich(plain["others"], frame, start)))


def _rich(plain: Any, frame: memoryview, start: int) -> Any:
    match plain:
        case {"$array": int(offset), "dtype": dtype, "shape": shape}:
            count = int(np.prod(shape, dtype=np.int64))
            return np.frombuffer(frame, dtype=dtype, count=count, offset=start + offset).reshape(shape)
        case {"$texts": texts}:
            return np.array(texts, dtype=object)
        case {"$enum": name, "value": value}:
            return _KNOWN[name](value)
        case {"$set": items}:
            return frozenset(_rich(v, frame, start) for v in items)
        case {"$map": pairs}:
            return {k: _rich(v, frame, start) for k, v in pairs}
        case {"$events": _}:
            return _rich_events(plain, frame, start)
        case {"$": name, **fields}:
            return _KNOWN[name](**{str(k): _rich(v, frame, start) for k, v in fields.items()})
        case list():
            return tuple(_rich(v, frame, start) for v in plain)
    return plain
