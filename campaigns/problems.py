"""What is wrong with a thing somebody wrote: where, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from campaigns.fixes import Fixes


class Severity(StrEnum):
    """An error blocks publishing; a warning has to be confirmed."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `path` is a JSON pointer into the document, `code` is stable and never translated."""

    code: str
    path: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    activity: str = ""
    line: int = 0
    """The line of the text the document was read from, where there was one."""
    position: int | None = None
    """The offset in the expression that stands at `path`, where one is at fault."""
    fixes: Fixes = field(default=(), hash=False)
    """Ways to mend it at once; their paths begin where `path` does."""

    def under(self, prefix: str, *, activity: str = "") -> Problem:
        """The same problem as seen from an outer document that holds this one at `prefix`."""
        fixes = tuple(fix.under(prefix) for fix in self.fixes)
        return replace(self, path=prefix + self.path, activity=activity or self.activity, fixes=fixes)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON data; `activity`, `line`, `position` and `fixes` only where they are known."""
        always = {
            name: str(getattr(self, name)) for name in ("code", "path", "message", "remedy", "severity")
        }
        known = {"activity": self.activity or None, "line": self.line or None, "position": self.position}
        fixes = [fix.as_dict() for fix in self.fixes] or None
        rare = {**known, "fixes": fixes}
        return always | {name: value for name, value in rare.items() if value is not None}


class ProblemsError(ValueError):
    """Something was refused; `problems` says where and what to do."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.path or '/'}: {p.message} {p.remedy}" for p in self.problems))


def errors_of(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)
