"""Tables of the pages as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A head and rows, quoted where they need it."""
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(head)
    table.writerows(rows)
    return lines.getvalue()
