"""The attributes somebody likes, and those they used last: kept for each person, wherever they sign in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.conflicts import refuse
from campaigns.models import AttributeMark
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.problems import RuleError
from campaigns.targeting.statements import preview_statement

MOST_FAVOURITES = 20
KEPT_RECENTS = 20
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@dataclass(frozen=True, slots=True)
class Marks:
    """The attributes of one table that one person has marked, latest first."""

    favourites: Sequence[str] = ()
    recents: Sequence[str] = ()


def marks_of(user: Any, table: str) -> Marks:
    found: Mapping[str, list[str]] = {kind: [] for kind in AttributeMark.Kind.values}
    for mark in AttributeMark.objects.filter(user=user, table=table):
        found[mark.kind].append(mark.attribute)
    return Marks(found["favourite"], found["recent"])


@transaction.atomic
def like(question: RuleQuestion, attribute: str, *, by: Any) -> None:
    """Make the attribute a favourite; raises ProblemsError for a twenty-first, RuleError for an unknown one."""
    _refuse_unknown(question, attribute)
    _one_at_a_time(by)
    liked = AttributeMark.objects.filter(user=by, kind=AttributeMark.Kind.FAVOURITE)
    same = {"table": question.table, "attribute": attribute}
    if liked.filter(**same).exists():
        return
    if liked.count() >= MOST_FAVOURITES:
        message = _("You have %(most)d favourites already.") % {"most": MOST_FAVOURITES}
        refuse("favourite.too_many", "/attribute", message, _("Remove one of them first."))
    AttributeMark.objects.create(user=by, kind=AttributeMark.Kind.FAVOURITE, **same)


def unlike(table: str, attribute: str, *, by: Any) -> bool:
    """Whether it was a favourite."""
    liked = AttributeMark.objects.filter(user=by, kind=AttributeMark.Kind.FAVOURITE)
    return bool(liked.filter(table=table, attribute=attribute).delete()[0])


@transaction.atomic
def note_use(question: RuleQuestion, attribute: str, *, by: Any) -> None:
    """Remember that the attribute was used just now, and forget the oldest beyond twenty."""
    _refuse_unknown(question, attribute)
    _one_at_a_time(by)
    AttributeMark.objects.update_or_create(
        user=by,
        kind=AttributeMark.Kind.RECENT,
        table=question.table,
        attribute=attribute,
        defaults={"marked_at": Now()},
    )
    recents = AttributeMark.objects.filter(user=by, kind=AttributeMark.Kind.RECENT)
    kept = recents.order_by("-marked_at", "-pk").values("pk")[:KEPT_RECENTS]
    recents.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


def _one_at_a_time(user: Any) -> None:
    """Two clicks at once must not make twenty-one."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"attribute marks of {user.pk}"])


def _refuse_unknown(question: RuleQuestion, attribute: str) -> None:
    """An attribute of linked rows, through to-one links only: what a condition can name."""
    try:
        preview_statement(None, question.scope, columns=[attribute])
    except RuleError as error:
        problem = error.problems[0]
        refuse(f"attribute.{problem.code}", "/attribute", problem.message, problem.remedy)
