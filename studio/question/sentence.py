"""A sentence of the question bar: words and chips."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A piece of a sentence: plain words, or a chip.

    Attributes:
        text: What is read.
        chip: "" for words, "item" for the factual, "do" for an intervention, "data" for a data set.
        name: The factor of a "do" chip.
    """

    text: str
    chip: str = ""
    name: str = ""


def plain(parts: list[Part]) -> str:
    """The sentence as one line: accessible name and caption of every export."""
    text = " ".join(part.text for part in parts)
    return text.replace(" ?", "?")
