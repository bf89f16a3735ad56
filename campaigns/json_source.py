"""Strict JSON: one value, no repeated keys, no infinities, and the line on which each part stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from campaigns.plain_data import MAX_LEVELS, too_deep
from campaigns.problems import ProblemsError
from campaigns.sources import Source, refuse_line, refuse_repeated
from campaigns.validation import pointer

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\n', re.DOTALL)


def read_json(text: str) -> Source:
    """The source in `text`; raises ProblemsError naming the line."""
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        message = _("This is not JSON (%(reason)s, column %(column)d).") % {
            "reason": error.msg,
            "column": error.colno,
        }
        refuse_line("not_json", error.lineno, message, _("Correct the text at this line."))
    except RecursionError:
        raise ProblemsError([too_deep()]) from None
    except ProblemsError:
        raise
    except ValueError:
        refuse_line("long_number", 1, _("A number has too many digits."), _("Write it as text."))
    return Source(data, _Walk().lines(text))


def _refuse_constant(name: str) -> NoReturn:
    message = _("%(name)s is not a number that JSON knows.") % {"name": name}
    refuse_line("not_json", 1, message, _("Write a plain number."))


class _Walk:
    """One pass over the tokens of text that is known to be JSON."""

    def __init__(self) -> None:
        self._place: list[str | int] = []
        self._keys: list[set[str] | None] = []
        self._expects_key = False
        self._found: dict[str, int] = {}

    def lines(self, text: str) -> dict[str, int]:
        for piece, line in _pieces(text):
            self._take(piece, line)
        return self._found

    def _take(self, piece: str, line: int) -> None:
        match piece:
            case "{" | "[":
                self._open(piece, line)
            case "}" | "]":
                self._close()
            case ",":
                self._next()
            case ":":
                self._expects_key = False
            case _ if self._expects_key:
                self._key(piece, line)
            case _:
                self._note(line)

    def _open(self, piece: str, line: int) -> None:
        self._note(line)
        if len(self._keys) >= MAX_LEVELS:
            problem = too_deep()
            refuse_line("too_deep", line, problem.message, problem.remedy)
        self._keys.append(set() if piece == "{" else None)
        self._place.append(0)
        self._expects_key = piece == "{"

    def _close(self) -> None:
        self._keys.pop()
        self._place.pop()
        self._expects_key = False

    def _next(self) -> None:
        self._expects_key = self._keys[-1] is not None
        last = self._place[-1]
        if isinstance(last, int):
            self._place[-1] = last + 1

    def _key(self, piece: str, line: int) -> None:
        name: Any = json.loads(piece)
        keys = self._keys[-1]
        if keys is None or name in keys:
            refuse_repeated(name, line)
        keys.add(name)
        self._place[-1] = name
        self._note(line)

    def _note(self, line: int) -> None:
        self._found.setdefault(pointer(*self._place), line)


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for match in _PIECE.finditer(text):
        piece = match[0]
        if piece == "\n":
            line += 1
        else:
            yield piece, line
