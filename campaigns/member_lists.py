"""People of an audience as lists of keys: put in, taken out, counted and shown, as the API and the admin ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.audience_refusals import refuse
from campaigns.audience_tables import member_relation
from campaigns.audiences import Members, Provenance, lock_audience, take_members_out, write_members
from campaigns.catalogue import load_catalogue
from campaigns.limited_queries import answer
from campaigns.models import Audience, AudienceChange
from campaigns.personal_data import MASKED, hides_carried, hides_key
from campaigns.rule_questions import RuleQuestion, Sample
from campaigns.targeting import trees
from campaigns.targeting.bound import Bound, data_type
from campaigns.targeting.memberships import MEMBER_KEY
from campaigns.targeting.problems import shown
from campaigns.targeting.render import render
from campaigns.targeting.schema import FieldType
from campaigns.targeting.values import storable

MOST_KEYS = 10_000
SHOWN_UNKNOWN = 20
SHOWN_MEMBERS = 8

_ARRAYS = {FieldType.INTEGER: "bigint[]", FieldType.UUID: "uuid[]", FieldType.TEXT: "text[]"}
_LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a list of keys: how many were given, are people of the dimension, and are new members.

    `unknown` are the first of those who are nobody.
    """

    given: int
    found: int
    added: int
    members: int
    unknown: tuple[str, ...]


@transaction.atomic
def put_members(
    audience: Audience,
    keys: Sequence[Any],
    *,
    replace: bool = False,
    if_match: int | None = None,
    by: Any = None,
) -> Put:
    """Add the people with these keys, or with `replace` make them the members; raises ProblemsError.

    Who is nobody in the dimension is left out and told.
    """
    locked = lock_audience(audience.slug, if_match=if_match)
    typed = _typed(locked, keys)
    people = _people(locked, typed)
    missing = _missing(locked, typed)
    members = Members(people, {})
    mode, provenance = AudienceChange.Mode.IMPORT, Provenance(by=by, source=_("a list of keys"))
    change = write_members(locked, mode, members, provenance, append=not replace)
    return Put(
        given=len(typed),
        found=len(typed) - len(missing),
        added=change.rows_added or 0,
        members=change.rows_after or 0,
        unknown=tuple(map(str, missing[:SHOWN_UNKNOWN])),
    )


def remove_keys(
    audience: Audience, keys: Sequence[Any], *, if_match: int | None = None, by: Any = None
) -> int:
    """Take the people with these keys out; how many of them were members."""
    texts = [str(key) for key in _typed(audience, keys)]
    return take_members_out(audience, texts, if_match=if_match, by=by)


def member_question(audience: Audience) -> RuleQuestion:
    """Who is in the audience now and has a row in its dimension, as a question that can be counted and shown."""
    rule = {"kind": "member", "audience": audience.slug}
    return RuleQuestion(rule, audience.dimension.table.slug, load_catalogue())


def count_members(audience: Audience) -> int:
    """How many are in it now: those written down, or those its rule finds. Raises RuleError or Unanswered."""
    if audience.is_composed:
        return int(member_question(audience).count().rows[0][0])
    return audience.row_count or 0


def kept_values(audience: Audience, *, personal: bool) -> Sample:
    """The first members by key with the columns kept of them; texts are masked from who may not see people's data."""
    catalogue = load_catalogue().audiences[audience.slug]
    names = [column.name for column in catalogue.columns.values()]
    made = [trees.column("m", name) for name in (MEMBER_KEY, *names)]
    select = trees.select(made, member_relation(audience.table_name))
    select.set(
        "order", exp.Order(expressions=[exp.Ordered(this=trees.column("m", MEMBER_KEY), nulls_first=False)])
    )
    select.set("limit", exp.Limit(expression=exp.Literal.number(SHOWN_MEMBERS)))
    found = answer(render(select))
    hides = [
        hides_key(audience.dimension, personal=personal),
        *(hides_carried(column.type, personal=personal) for column in catalogue.columns.values()),
    ]
    rows = [[_shown(*each) for each in zip(row, hides, strict=True)] for row in found.rows]
    return Sample(catalogue.columns, rows, found.seconds)


def _shown(value: Any, hides: bool) -> str | None:
    if value is None:
        return None
    return MASKED if hides else str(value)


def _typed(audience: Audience, keys: Sequence[Any]) -> list[Any]:
    """The keys in the type of the dimension's, each once; raises ProblemsError at the first that is none."""
    if len(keys) > MOST_KEYS:
        message = _("These are %(count)d keys; the limit is %(most)d.") % {
            "count": len(keys),
            "most": MOST_KEYS,
        }
        refuse("audience.too_many_keys", message, "/keys", _("Send them in several parts, or import a file."))
    read = _READERS[FieldType(audience.dimension.key_field.type)]
    return list(dict.fromkeys(_read(read, key, number) for number, key in enumerate(keys)))


def _read(read: Any, key: Any, number: int) -> Any:
    try:
        return read(key)
    except (ValueError, TypeError, AttributeError):
        message = _("“%(key)s” is no key of this dimension.") % {"key": shown(key)}
        refuse("audience.bad_key", message, f"/keys/{number}", _("Send keys as they stand in its table."))


def _integer(key: Any) -> int:
    if isinstance(key, bool) or not isinstance(key, int | str):
        raise TypeError
    number = int(key)
    if not -_LARGEST <= number < _LARGEST:
        raise ValueError
    return number


def _text(key: Any) -> str:
    if not isinstance(key, str) or not key:
        raise TypeError
    return str(storable(key, ""))


def _uuid(key: Any) -> UUID:
    if not isinstance(key, str):
        raise TypeError
    return UUID(key)


_READERS = {FieldType.INTEGER: _integer, FieldType.TEXT: _text, FieldType.UUID: _uuid}


def _people(audience: Audience, keys: list[Any]) -> exp.Select:
    """The keys of those of the dimension whose keys are listed."""
    dimension = audience.dimension
    alias = exp.TableAlias(this=trees.name("t"))
    table = exp.Table(
        this=trees.name(dimension.table.table_name), db=trees.name(dimension.table.schema_name), alias=alias
    )
    key = trees.column("t", dimension.key_field.column_name)
    listed = exp.In(this=key.copy(), query=exp.Subquery(this=_listed(audience, keys)))
    return trees.select([trees.named(key, MEMBER_KEY)], table, listed)


def _listed(audience: Audience, keys: Iterable[Any]) -> exp.Select:
    array = exp.Cast(
        this=Bound(this=list(keys)), to=data_type(_ARRAYS[FieldType(audience.dimension.key_field.type)])
    )
    return exp.Select(expressions=[trees.call("UNNEST", array)])


def _missing(audience: Audience, keys: list[Any]) -> list[Any]:
    statement = render(_people(audience, keys))
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.parameters)
        found = {row[0] for row in cursor.fetchall()}
    return [key for key in keys if key not in found]
