"""Splits: which row belongs to which part, decided by seed and row id alone.

Every row draws a number from (seed, row id); the rows with the smallest numbers make the first part. So the shares are
exact, the order of the rows plays no role, and dropping rows later moves no other row to another part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engines.data.kinds import Table
from engines.data.roles import Role
from engines.refusals import Refusal

_SAME = {"training": "train", "testing": "test", "valid": "val", "validation": "val", "dev": "val"}


def drawn(row_ids: np.ndarray, shares: Mapping[str, float], seed: int) -> np.ndarray:
    """(n,) the part of each row, by name, for shares that sum to one.

    Raises:
        Refusal: when the shares are not positive or do not sum to one.
    """
    sizes = np.array(list(shares.values()), dtype=np.float64)
    if not len(sizes) or (sizes < 0).any() or abs(sizes.sum() - 1) > 1e-6:
        given = ", ".join(f"{name} {share:g}" for name, share in shares.items())
        raise Refusal(f"The shares of a split must sum to 1; {given} do not.")
    rank = np.empty(len(row_ids), dtype=np.int64)
    rank[np.lexsort((row_ids, mixed(row_ids, seed)))] = np.arange(len(row_ids))
    borders = np.rint(np.cumsum(sizes) * len(row_ids))
    borders[-1] = len(row_ids)
    return np.array(list(shares), dtype=object)[np.searchsorted(borders, rank, side="right")]


def parts(table: Table, split: Mapping[str, Any]) -> np.ndarray | None:
    """(n,) the part of each row: as the recorded split says, else as a column with the role split says, else None."""
    if split:
        shares = {str(name): float(share) for name, share in split.items() if name != "seed"}
        return drawn(table.row_ids, shares, int(split.get("seed", 0)))
    for column in table.having(Role.SPLIT):
        names = [column.label(i) for i in range(len(table))]
        return np.array(["" if name is None else part_name(str(name)) for name in names], dtype=object)
    return None


def part_name(name: str) -> str:
    """One spelling for the usual parts: train, val, test."""
    return _SAME.get(name.strip().lower(), name.strip().lower())


def mixed(row_ids: np.ndarray, seed: int) -> np.ndarray:
    """A 64-bit hash of seed and row id (the finaliser of SplitMix64; Steele, Lea, Flood 2014)."""
    with np.errstate(over="ignore"):
        z = row_ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15) * np.uint64((seed & 0xFFFFFFFF) + 1)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))
