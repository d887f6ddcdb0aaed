"""A limit of time for searches that can grow beyond all bounds: what has been found by then is what there is."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 5.0
"""How long a search over a graph may take while an analyst looks at it."""


class Burnt(Exception):
    """The time is up, or nobody waits for the result any more."""


class Fuse:
    """Burns for some seconds; a search asks it between its steps.

    Args:
        seconds: Until it has burnt; infinity for a search that may take its time.
        unwanted: Whether nobody waits any more; asked at each check.
    """

    def __init__(self, seconds: float = SECONDS, unwanted: Callable[[], bool] = lambda: False) -> None:
        self._end = time.monotonic() + seconds
        self._unwanted = unwanted

    @property
    def dropped(self) -> bool:
        """Whether nobody waits any more, so that what was found is of no use."""
        return self._unwanted()

    @property
    def burnt(self) -> bool:
        return time.monotonic() > self._end or self._unwanted()

    def check(self) -> None:
        """Go on, unless it has burnt.

        Raises:
            Burnt: when it has.
        """
        if self.burnt:
            raise Burnt
