"""Acts of a person behind buttons: what follows is shown first, with its numbers, and has to be confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from campaigns.admin.page import Text
from campaigns.problems import Problem

MOST_WITHOUT_TYPING = 10_000


@dataclass(frozen=True, slots=True)
class Consequences:
    """What an act leads to: sentences, rows of a table (label, number), and how many people it concerns."""

    sentences: Sequence[Text] = ()
    rows: Sequence[tuple[Text, Any]] = ()
    people: int | None = None

    @property
    def must_be_typed(self) -> bool:
        """Whether the name has to be typed: many people are concerned."""
        return (self.people or 0) > MOST_WITHOUT_TYPING


@dataclass(frozen=True, slots=True)
class Act:
    """One act on one kind of thing. `perform` answers what to tell, or raises ProblemsError."""

    name: str
    label: Text
    icon: str
    permission: Callable[[Any], str]
    is_possible: Callable[[Any], bool]
    consequences: Callable[[Any], Consequences]
    perform: Callable[[Any, HttpRequest], Text]
    tone: str = ""
    ends: bool = False
    """Whether the thing is gone afterwards."""


def possible(acts: Sequence[Act], thing: Any, user: Any) -> list[Act]:
    """The acts this person may do on the thing as it is now."""
    return [act for act in acts if act.is_possible(thing) and user.has_perm(act.permission(thing))]


def typing_problem(consequences: Consequences, name: str, sent: Mapping[str, Any]) -> Problem | None:
    """What is missing where the name has to be typed."""
    if not consequences.must_be_typed or sent.get("typed_name", "").strip() == name:
        return None
    message = _("The name does not match. Nothing was done.")
    return Problem("act.name", "", message, _("Type “%(name)s” to confirm.") % {"name": name})
