"""What columns are called in a file, and how many of them settings may name."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

MOST_COLUMNS = 400
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
Header = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
