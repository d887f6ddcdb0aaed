"""Words to the numbers of a vocabulary, as the encoders of the BERT family take them (WordPiece, `vocab.txt`)."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from engines.refusals import Refusal

VOCABULARY, SETTINGS = "vocab.txt", "tokenizer_config.json"
UNKNOWN, FIRST, LAST = "[UNK]", "[CLS]", "[SEP]"
LONGEST_WORD = 100
MOST = 256
"""Pieces of a text that are read; what comes after is not."""


@dataclass(frozen=True)
class WordPiece:
    """The pieces of a vocabulary with their places; `lower`: it knows no capitals and no accents."""

    places: dict[str, int]
    lower: bool = True

    @staticmethod
    def of(folder: Path) -> WordPiece:
        """Read from a folder.

        Raises:
            Refusal: when there is no vocabulary of this kind.
        """
        path = folder / VOCABULARY
        if not path.is_file():
            raise Refusal(f"{folder.name} has no {VOCABULARY}: what its encoder calls words is not known.",
                          "Only WordPiece vocabularies are read, one piece a line.", about=(folder.name,))
        try:
            pieces = path.read_text("utf-8").splitlines()
            settings = json.loads((folder / SETTINGS).read_text("utf-8")) if (folder / SETTINGS).is_file() else {}
            lower = bool(settings.get("do_lower_case", True))
        except (OSError, ValueError, AttributeError) as error:
            raise Refusal(f"The words of {folder.name} cannot be read.", f"{str(error)[:200]}.") from error
        places = {piece: place for place, piece in enumerate(pieces)}
        if UNKNOWN not in places:
            raise Refusal(f"{VOCABULARY} of {folder.name} has no {UNKNOWN}.", "It is no WordPiece vocabulary.")
        return WordPiece(places, lower)

    def numbers(self, text: str) -> list[int]:
        """The places of the text's pieces, begun and ended as the vocabulary has it."""
        found = [self.places[piece] for word in self._words(text) for piece in self._pieces(word)]
        ends = [[self.places[mark]] if mark in self.places else [] for mark in (FIRST, LAST)]
        return [*ends[0], *found[: MOST - len(ends[0]) - len(ends[1])], *ends[1]]

    def _words(self, text: str) -> list[str]:
        if self.lower:
            text = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
        return "".join(f" {c} " if _stands_alone(c) else c for c in text).split()

    def _pieces(self, word: str) -> list[str]:
        """The longest known beginnings, one after the other; unknown where the rest begins with none."""
        found, start = [], 0
        while start < len(word):
            ends = range(len(word), start, -1) if len(word) <= LONGEST_WORD else ()
            lead = "##" if start else ""
            end = next((end for end in ends if lead + word[start:end] in self.places), None)
            if end is None:
                return [UNKNOWN]
            found.append(lead + word[start:end])
            start = end
        return found


def _stands_alone(c: str) -> bool:
    """Whether a character is a word of its own: marks, signs, and those of scripts that are written without spaces."""
    ascii_sign = c.isascii() and not c.isalnum() and not c.isspace()
    return ascii_sign or unicodedata.category(c).startswith("P") or "\u3400" <= c <= "\u9fff"
