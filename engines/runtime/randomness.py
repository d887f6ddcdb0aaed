"""The randomness of a run: its own generators, and the global ones of numpy, random and torch, forked and restored.

A method draws from its run's generators. Library modules that draw from global state are made repeatable by `Fork`,
which seeds that state around `fit` and `answer` and puts it back afterwards. torch is touched only where it is loaded.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import torch

_MOST = 2**32


class Generators:
    """The seeded generators of one run; the torch one is made when it is first asked for."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._own_torch: torch.Generator | None = None
        self.own = np.random.default_rng(seed)

    @property
    def own_torch(self) -> torch.Generator:
        """On the CPU."""
        if self._own_torch is None:
            import torch

            self._own_torch = torch.Generator().manual_seed(self._seed)
        return self._own_torch

    def state(self) -> dict[str, Any]:
        """All states, own and global, as nested plain values and arrays."""
        return {
            "numpy": self.own.bit_generator.state,
            "torch": None if self._own_torch is None else self._own_torch.get_state(),
            "global": _global_state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Put every generator where `state` says."""
        self.own.bit_generator.state = state["numpy"]
        if state["torch"] is not None:
            self.own_torch.set_state(state["torch"])
        _set_global_state(state["global"])


class Fork:
    """A context with global random state of its own, seeded; entered again, it goes on where it left."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._inside: _Raw | None = None

    def __enter__(self) -> None:
        self._outside = _raw_state()
        if self._inside is not None:
            _set_raw_state(self._inside)
            return
        random.seed(self._seed)
        np.random.seed(self._seed % _MOST)  # noqa: NPY002 - libraries draw from it
        if torch := sys.modules.get("torch"):
            torch.manual_seed(self._seed)

    def __exit__(self, *error: object) -> None:
        self._inside = _raw_state()
        _set_raw_state(self._outside)


@dataclass(frozen=True, eq=False)
class _Raw:
    """Global states as their libraries give them; None where a library is not loaded."""

    python: Any
    numpy: Any
    torch: Any
    cuda: Any


def _raw_state() -> _Raw:
    torch = sys.modules.get("torch")
    on_cuda = torch is not None and torch.cuda.is_initialized()
    return _Raw(
        random.getstate(),
        np.random.get_state(legacy=False),  # noqa: NPY002
        torch.get_rng_state() if torch else None,
        torch.cuda.get_rng_state_all() if torch and on_cuda else None,
    )


def _set_raw_state(state: _Raw) -> None:
    random.setstate(state.python)
    np.random.set_state(state.numpy)  # noqa: NPY002
    if state.torch is not None:
        import torch

        torch.set_rng_state(state.torch)
        if state.cuda is not None:
            torch.cuda.set_rng_state_all(state.cuda)


def _global_state() -> dict[str, Any]:
    raw = _raw_state()
    version, words, gauss = raw.python
    python = {"version": version, "words": np.array(words, dtype=np.uint64), "gauss": gauss}
    return {"python": python, "numpy": raw.numpy, "torch": raw.torch, "cuda": raw.cuda}


def _set_global_state(state: Mapping[str, Any]) -> None:
    plain = state["python"]
    python = (plain["version"], tuple(int(word) for word in plain["words"]), plain["gauss"])
    cuda = None if state["cuda"] is None else list(state["cuda"])
    _set_raw_state(_Raw(python, state["numpy"], state["torch"], cuda))
