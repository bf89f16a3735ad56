"""Rows as COPY reads them in its CSV form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

LINE_END = b"\r\n"
"""With both in it: `csv` quotes a cell for a line feed or a carriage return only where it is a part of the line's end."""


def copy_text(rows: Iterable[Iterable[object]], *, delimiter: str = ",") -> str:
    """An empty cell is written unquoted, which COPY reads as NULL."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=LINE_END.decode()).writerows(rows)
    return stream.getvalue()
