"""Refusals of data, with the recorded steps that put them right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from engines.data.reference import DataReference
from engines.refusals import Refusal

NOTHING: Mapping[str, Any] = MappingProxyType({})


class DataRefusal(Refusal):
    """A data set that is refused, together with the ways out.

    Attributes:
        remedies: By offer: the preparation step that makes the reading succeed. An offer without a remedy is something
            else to do, such as reading again or showing a list.
        lists: By heading: what "Show ..." shows, such as the images without a label.
    """

    def __init__(
        self,
        sentence: str,
        cause: str = "",
        offers: tuple[str, ...] = (),
        about: tuple[str, ...] = (),
        remedies: Mapping[str, Mapping[str, Any]] = NOTHING,
        lists: Mapping[str, tuple[str, ...]] = NOTHING,
    ) -> None:
        super().__init__(sentence, cause, (*remedies, *(o for o in offers if o not in remedies)), about)
        self.remedies = remedies
        self.lists = lists


def accept(reference: DataReference, refusal: Refusal, offer: str) -> DataReference | None:
    """The reference with the step that the offer stands for; None if the offer is not a change of the data.

    "Read again" gives the reference without its fingerprint, so that a file that was mended is read afresh. A refusal
    of a run names columns only; its offers to leave them out or to drop their gaps are understood too.
    """
    if offer == READ_AGAIN:
        return replace(reference, fingerprint="")
    remedy = getattr(refusal, "remedies", NOTHING).get(offer)
    if remedy is None and offer in _OF_COLUMNS and offer in refusal.offers and refusal.about:
        remedy = {"step": _OF_COLUMNS[offer], "columns": list(refusal.about)}
    return replace(reference, steps=(*reference.steps, dict(remedy))) if remedy is not None else None


def lists_of(refusal: Refusal, offer: str) -> Mapping[str, tuple[str, ...]]:
    """By heading, what an offer such as "Show both lists" shows; empty for an offer that is something else."""
    if offer == READ_AGAIN or offer in getattr(refusal, "remedies", NOTHING):
        return NOTHING
    return getattr(refusal, "lists", NOTHING)


READ_AGAIN = "Read again"
_OF_COLUMNS = {
    "Leave it out": "leave_out_columns",
    "Leave the column out": "leave_out_columns",
    "Drop these rows": "drop_missing_rows",
}
