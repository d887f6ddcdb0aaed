"""A measured figure beside what is asked of it: printed at once, and handed to the one table of `table.py`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "OTHERWISE_FIGURES"
"""Environment variable: the file that gets a JSON line a figure."""


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        what: What was measured, in words that stay the same from one time to the next.
        most, least: What is asked: at most, or at least; None for a figure of which nothing is asked.
    """

    what: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def held(self) -> bool | None:
        """Whether it is as asked; None where nothing is."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    @property
    def asked(self) -> str:
        """What is asked, in words."""
        parts = [f"at most {self.most:g}"] if self.most is not None else []
        parts += [f"at least {self.least:g}"] if self.least is not None else []
        return " and ".join(parts)

    @property
    def verdict(self) -> str:
        """Held, not held, or nothing."""
        return "" if self.held is None else "held" if self.held else "NOT HELD"


def tell(*figures: Figure) -> None:
    """Print the figures, and hand them to the table when one is being made."""
    for figure in figures:
        asked = f" ({figure.asked} is asked: {figure.verdict})" if figure.asked else ""
        print(f"{figure.what}: {figure.value:.4g} {figure.unit}".rstrip() + asked, flush=True)
    if path := os.environ.get(FILE):
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(figure)) + "\n" for figure in figures)
