"""What a verb answers: data for machines, lines for people, and an exit code that tells the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.utils.translation import gettext as _

from campaigns.conflicts import DraftConflict
from campaigns.problems import Problem, Severity


class Exit(IntEnum):
    """The exit codes; argparse itself ends with 2 for a command it does not understand."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    CONFLICT = 3
    NOT_FOUND = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of a verb. `text`, where it is set, is printed as it is, for files and pipes."""

    data: Mapping[str, Any]
    lines: tuple[str, ...] = ()
    exit: Exit = Exit.DONE
    text: str = ""
    notes: tuple[str, ...] = field(default=())
    """Said beside the answer, on standard error."""


class NotFound(LookupError):  # noqa: N818 - names what happened
    """There is nothing of that name; the text says what was looked for and what to do."""


def of_problems(problems: Iterable[Problem], *, exit_code: Exit = Exit.REFUSED) -> Outcome:
    found = tuple(problems)
    data = {"ok": False, "problems": [problem.as_dict() for problem in found]}
    return Outcome(data, tuple(problem_line(problem) for problem in found), exit_code)


def of_conflict(conflict: DraftConflict) -> Outcome:
    parts = [part.as_dict() for part in conflict.parts]
    data = {
        "ok": False,
        "conflict": str(conflict),
        "remedy": conflict.remedy,
        "yours": conflict.yours,
        "current": conflict.current,
        "mergeable": conflict.mergeable,
        "parts": parts,
    }
    lines = (
        str(conflict),
        *(f"  {part['part']} {part['name']}: {part['remedy']}" for part in parts),
        conflict.remedy,
    )
    return Outcome(data, lines, Exit.CONFLICT)


def problem_line(problem: Problem) -> str:
    """“error 12: /activities/3/config/rule (rule.unknown) What is wrong. What to do.”"""
    kind = _("error") if problem.severity is Severity.ERROR else _("warning")
    where = f"{kind} {_('line')} {problem.line}" if problem.line else kind
    return f"{where}: {problem.path or '/'} ({problem.code}) {problem.message} {problem.remedy}".rstrip()
