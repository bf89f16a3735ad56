"""What is wrong with a rule, where, and what to do about it.

Every refusal of `campaigns.targeting` is a `RuleError` that carries at least one `RuleProblem`; how a page or
the API shows them is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.utils.translation import gettext as _

from campaigns.fixes import Fixes
from campaigns.problems import Problem

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One fault; `path` is a JSON pointer (RFC 6901) into the rule as given, "" for the rule itself.

    `position` is an offset into the text that stands there, where the fault is at a place of an expression.
    """

    path: str
    code: str
    message: str
    remedy: str
    position: int | None = None
    fixes: Fixes = field(default=(), hash=False)


def as_problems(problems: Iterable[RuleProblem], place: str) -> Iterator[Problem]:
    """The same as problems of what holds the rule at `place`, a JSON pointer."""
    for found in problems:
        yield Problem(
            f"rule.{found.code}",
            found.path,
            found.message,
            found.remedy,
            position=found.position,
            fixes=found.fixes,
        ).under(place)


class RuleError(ValueError):
    """A rule that cannot be used, with every problem that was found in it."""

    def __init__(self, problems: Iterable[RuleProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{each.path or '/'}: {each.message}" for each in self.problems))


def refusal(path: str, code: str, message: str, remedy: str, fixes: Fixes = ()) -> RuleError:
    """The error for one problem, to be raised by the caller."""
    return RuleError([RuleProblem(path, code, message, remedy, fixes=fixes)])


def shown(value: object) -> str:
    """The value as a message quotes it: short, printable, on one line."""
    text = "".join(letter if letter.isprintable() else "�" for letter in str(value)[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def nearest(name: str, known: Iterable[str]) -> str:
    """A remedy that lists the known names most like `name`, or the first few when none is."""
    names = sorted(known)
    close = get_close_matches(name[:_SHOWN], names, n=3, cutoff=0.5)
    if close:
        return _("Did you mean: %(names)s?") % {"names": ", ".join(close)}
    if names:
        return _("Known here: %(names)s.") % {"names": ", ".join(names[:8])}
    return _("Nothing of this kind is known here.")


def pointer(*steps: str | int) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
