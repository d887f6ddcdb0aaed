"""Wishes such as “home like a place of one's own”: how far each level of a column is from a text or a picture.

A column of texts, or of paths of pictures; each level is embedded once, before the search. What counts is the cosine
distance of a candidate's level to the wish, one more objective beside the targets. Symbols: k levels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from engines.abilities import Feature
from engines.counterfactual_tables.multi_objective_counterfactuals.embedding import (
    is_picture,
    picture_vectors,
    text_vectors,
)
from engines.counterfactual_tables.multi_objective_counterfactuals.wishes import Like
from engines.refusals import Refusal


def told_apart(text: str, features: Sequence[Feature]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The targets without the clauses of likeness, and those as columns with their wishes.

    Raises:
        Refusal: when a column is no category, or stands in two such clauses.
    """
    if text.lstrip().startswith("{"):
        return text, ()
    others, found = [], dict[str, str]()
    for clause in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        feature = next((f for f in features if re.match(rf"{re.escape(f.name)}\s+like\s+\S", clause)), None)
        if feature is None:
            others.append(clause)
            continue
        if not feature.levels:
            raise Refusal(f"{feature.name} is a number, which is like no text and no picture.",
                          "A column of categories can be, whose levels are texts or paths of pictures.",
                          about=(feature.name,))
        if feature.name in found:
            raise Refusal(f"{feature.name} is to be like two things.", "Say one of them.", about=(feature.name,))
        found[feature.name] = re.split(r"\s+like\s+", clause[len(feature.name):], maxsplit=1)[1].strip(" \"“”")
    return "; ".join(others), tuple(found.items())


def likes(wishes: Sequence[tuple[str, str]], folder: str, features: Sequence[Feature]) -> tuple[Like, ...]:
    """Each wish with the distance of every level to it, by the encoder in the folder.

    Raises:
        Refusal: when no folder is given, or its encoder cannot be used.
    """
    if wishes and not folder:
        raise Refusal(f"{wishes[0][0]} is to be like something, and no encoder is given that tells how alike they are.",
                      "Give a folder that holds one under Embedding.", about=("embedding",))
    place, by_name = Path(folder).expanduser(), {f.name: f for f in features}
    found = []
    for column, wish in wishes:
        levels = by_name[column].levels
        if is_picture(wish):
            picture = Path(wish).expanduser()
            vectors = picture_vectors(place, [*(picture.parent / level for level in levels), picture])
        else:
            vectors = text_vectors(place, [*levels, wish])
        found.append(Like(column, wish, tuple((1.0 - vectors[:-1] @ vectors[-1]).tolist())))
    return tuple(found)
