"""Keeps a spreadsheet from running text as a formula when somebody opens an exported file."""

from __future__ import annotations

import re

# A line that begins, after blanks, with what a spreadsheet takes for a formula, in wide characters too. One
# that looks guarded already is guarded once more, so that `unguard` always gives back what there was.
_RISKY = r"'*[ \u00a0]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]"
LINE_LIKE_A_FORMULA = rf"^(?={_RISKY})"
"""For PostgreSQL too, whose flag “w” is Python's MULTILINE."""
_FORMULA = re.compile(LINE_LIKE_A_FORMULA, re.MULTILINE)
_GUARDED = re.compile(rf"^'(?={_RISKY})", re.MULTILINE)


def guard(text: str) -> str:
    """The text with an apostrophe before each line that would be read as a formula."""
    return _FORMULA.sub("'", text)


def unguard(text: str) -> str:
    """What `guard` was given."""
    return _GUARDED.sub("", text)
