"""A reference to a data set: enough to read exactly the same values again, in another process or another year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class DataReference:
    """Where a data set comes from and how it was prepared.

    Attributes:
        path: File or folder, absolute.
        fingerprint: Of its bytes; a run stops when it has changed. Empty: not checked.
        labels: A second file with the attributes of images, or empty.
        roles: Role by column name, where it differs from the guess.
        types: Column type by name, where it differs from the guess.
        steps: Recorded preparation in order, each a plain mapping with the key "step".
        split: Shares by name such as {"train": 0.8, "test": 0.2} and "seed"; empty: not split.
        part: The name of the split part meant, or empty for all.
    """

    path: str
    fingerprint: str = ""
    labels: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Mapping[str, Any], ...] = ()
    split: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""
