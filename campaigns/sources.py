"""The text of a document as somebody wrote it: what it says, and on which line each part of it stands.

`campaigns.json_source` and `campaigns.yaml_source` make a `Source`; `campaigns.document_text` chooses between
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from campaigns.problems import Problem, ProblemsError

MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """Decoded data, the line of each JSON pointer in it, and whether comments stood beside it."""

    data: Any
    lines: Mapping[str, int]
    has_comments: bool = False

    def located(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """The same problems, each with the line of its place or of the nearest part around it."""
        return tuple(replace(problem, line=self._line(problem.path)) for problem in problems)

    def _line(self, path: str) -> int:
        while path and path not in self.lines:
            path = path.rpartition("/")[0]
        return self.lines.get(path, 1)


def refuse_line(code: str, line: int, message: str, remedy: str) -> NoReturn:
    """Refuses the text as a whole, at one of its lines (counted from 1)."""
    raise ProblemsError([Problem(f"text.{code}", "", message, remedy, line=line)])


def refuse_repeated(name: str, line: int) -> NoReturn:
    message = _("“%(name)s” stands twice in the same object.") % {"name": name[:80]}
    refuse_line("repeated_key", line, message, _("Remove one of the two."))


def decoded(raw: bytes) -> str:
    """The bytes as UTF-8 text, a byte order mark taken off; refused when too large or not UTF-8."""
    if len(raw) > MAX_BYTES:
        message = _("The document has %(size)d bytes; the limit is %(limit)d.") % {
            "size": len(raw),
            "limit": MAX_BYTES,
        }
        refuse_line("too_large", 1, message, _("Shorten it, or make two campaigns of it."))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = _("The text is not UTF-8: byte %(byte)d cannot be read.") % {"byte": error.start + 1}
        refuse_line("not_utf8", raw.count(b"\n", 0, error.start) + 1, message, _("Save the file as UTF-8."))
