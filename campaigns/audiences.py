"""What is done to audiences, each as one plain function: the admin, the API, activities and imports call these.

A change and its record are one transaction, begun by locking the audience's row; two who change one audience come one
after the other. Reading its members needs no lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.audience_refusals import AudienceChanged, refuse, refused_by
from campaigns.audience_tables import append_members, create_member_table, ensure_schema, remove_members
from campaigns.audience_uses import uses_of
from campaigns.audit import record
from campaigns.catalogue import load_catalogue
from campaigns.column_data import column_to_data
from campaigns.models import Audience, AudienceChange, TargetingDimension
from campaigns.targeting import schema
from campaigns.targeting.compile import compile_condition
from campaigns.targeting.problems import RuleError
from campaigns.targeting.rules import dump_rule, parse_rule
from campaigns.targeting.schema import Catalogue, Column
from campaigns.targeting.scope import Scope

Mode = AudienceChange.Mode
COMPOSED, IMPORTED, SAVED = Audience.Origin.COMPOSED, Audience.Origin.IMPORTED, Audience.Origin.SAVED
WRITING = frozenset({Mode.CREATE, Mode.OVERWRITE, Mode.APPEND, Mode.IMPORT})


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who or what makes a change: a person, or an activity in a run of a campaign; `source` names a file."""

    by: Any = None
    campaign: str = ""
    run: int | None = None
    activity: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Members:
    """People to write: a SELECT that yields `key`, each once, and these columns by their names."""

    select: exp.Select
    columns: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Description:
    """What people call an audience, and how long its members are kept (None: for ever)."""

    slug: str
    label: str
    dimension: str
    description: str = ""
    retention_days: int | None = None


@transaction.atomic
def compose_audience(description: Description, rule: Any, *, by: Any = None) -> Audience:
    """A new audience of whom the rule finds, always as the data are; raises ProblemsError or RuleError."""
    audience = _new(description, COMPOSED, by)
    audience.rule = _checked_rule(audience, rule)
    _insert(audience)
    _write_down(audience, Mode.COMPOSE, Provenance(by=by))
    return audience


@transaction.atomic
def add_audience(description: Description, origin: Audience.Origin, *, by: Any = None) -> Audience:
    """A new audience without members yet; raises ProblemsError."""
    audience = _new(description, origin, by)
    _insert(audience)
    return audience


@transaction.atomic
def change_rule(audience: Audience, rule: Any, *, if_match: int | None = None, by: Any = None) -> Audience:
    """Give a composed audience another rule; raises ProblemsError or RuleError."""
    locked = lock_audience(audience.slug, if_match=if_match)
    if not locked.is_composed:
        refuse("audience.not_composed", _("Only a composed audience has a rule."), "/rule")
    locked.rule = _checked_rule(locked, rule)
    _write_down(locked, Mode.COMPOSE, Provenance(by=by), rule=locked.rule)
    return locked


@transaction.atomic
def describe_audience(
    audience: Audience, changes: Mapping[str, Any], *, if_match: int | None = None, by: Any = None
) -> Audience:
    """Change label, description or how many days its members are kept; the slug is for ever."""
    locked = lock_audience(audience.slug, if_match=if_match)
    for name in ("label", "description", "retention_days"):
        setattr(locked, name, changes.get(name, getattr(locked, name)))
    _refuse_invalid(locked)
    described = {name: getattr(locked, name) for name in ("label", "description", "retention_days")}
    _write_down(locked, Mode.DESCRIBE, Provenance(by=by), **described, expires_at=_expiry(locked))
    return locked


@transaction.atomic
def archive_audience(audience: Audience, *, if_match: int | None = None, by: Any = None) -> Audience:
    """No longer offered; whoever uses it goes on doing so, and is told by the lint."""
    locked = lock_audience(audience.slug, if_match=if_match)
    if locked.archived_at:
        refuse("audience.wrong_state", _("It is in the archive already."))
    _write_down(locked, Mode.ARCHIVE, Provenance(by=by), archived_at=timezone.now())
    return locked


@transaction.atomic
def restore_audience(audience: Audience, *, if_match: int | None = None, by: Any = None) -> Audience:
    locked = lock_audience(audience.slug, if_match=if_match)
    if not locked.archived_at:
        refuse("audience.wrong_state", _("It is not in the archive."))
    _write_down(locked, Mode.RESTORE, Provenance(by=by), archived_at=None)
    return locked


@transaction.atomic
def delete_audience(audience: Audience, *, if_match: int | None = None, by: Any = None) -> None:
    """Delete it with its history, unless something uses it; housekeeping drops its members."""
    locked = lock_audience(audience.slug, if_match=if_match)
    uses = uses_of(locked.slug)
    if uses:
        listed = "; ".join(use.words() for use in uses[:20])
        message = _("“%(label)s” is in use: %(uses)s.")
        words = {"label": locked.label, "uses": listed}
        refuse("audience.in_use", message % words, remedy=_("Take it out there first, or archive it."))
    record("audience.delete", f"audience {locked.slug}", by=by, name=locked.label)
    locked.delete()


@transaction.atomic
def put_back(change: AudienceChange, *, if_match: int | None = None, by: Any = None) -> Audience:
    """Make the members as they were after `change` the present ones again."""
    locked = lock_audience(change.audience.slug, if_match=if_match)
    if not change.table_name or change.dropped_at or change.table_name == locked.table_name:
        message = _("These members are not kept any more, or are the present ones.")
        refuse("audience.nothing_to_put_back", message)
    provenance = Provenance(by=by)
    last = locked.changes.filter(table_name=change.table_name).order_by("-pk").first() or change
    back = replace(_now_of(locked), table=last.table_name, rows=last.rows_after, filled_at=last.at)
    _fill(locked, Mode.PUT_BACK, provenance, back, columns=last.columns)
    if locked.is_due():
        refuse("audience.nothing_to_put_back", _("These members have expired by now."))
    return locked


@transaction.atomic
def write_members(
    audience: Audience, mode: AudienceChange.Mode, members: Members, provenance: Provenance, *, append: bool
) -> AudienceChange:
    """Write people into a locked audience: in the place of those there, or with `append` beside them.

    In the caller's transaction, which is rolled back as a whole: to write again after a crash doubles nobody.
    """
    if audience.is_composed:
        refuse(
            "audience.composed",
            _("“%(label)s” is composed: its rule says who belongs to it.") % _words(audience),
        )
    now = _now_of(audience)
    if append and audience.table_name and not audience.missing:
        added = append_members(audience.table_name, members.select, list(members.columns))
        return _fill(audience, mode, provenance, replace(now, rows=(now.rows or 0) + added, added=added))
    ensure_schema()
    name = _next_table(audience)
    count = create_member_table(name, members.select, list(members.columns))
    made = replace(now, table=name, rows=count, added=count)
    columns = [column_to_data(column) for column in members.columns.values()]
    return _fill(audience, mode, provenance, made, columns=columns)


@transaction.atomic
def take_members_out(
    audience: Audience, keys: list[str], *, if_match: int | None = None, by: Any = None
) -> int:
    """Remove the members whose keys are listed; how many there were."""
    locked = lock_audience(audience.slug, if_match=if_match)
    if locked.is_composed or locked.missing:
        refuse("audience.no_members", _("“%(label)s” has no members that could be removed.") % _words(locked))
    removed = remove_members(locked.table_name, keys)
    now = _now_of(locked)
    _fill(
        locked, Mode.REMOVE, Provenance(by=by), replace(now, rows=(now.rows or 0) - removed, removed=removed)
    )
    return removed


@transaction.atomic
def expire_audience(audience: Audience) -> None:
    """Let go of members that are due; every table that held them is dropped by housekeeping."""
    locked = lock_audience(audience.slug)
    if locked.table_name and locked.is_due():
        _fill(locked, Mode.EXPIRE, Provenance(), replace(_now_of(locked), table="", rows=0), columns=[])


def lock_audience(slug: str, *, if_match: int | None = None) -> Audience:
    """The audience, held until the transaction ends; raises Audience.DoesNotExist, or AudienceChanged where its
    edition is not the one that is meant.
    """
    audience = (
        Audience.objects.select_for_update(of=("self",)).select_related("dimension__table").get(slug=slug)
    )
    if if_match is not None and audience.edition != if_match:
        raise AudienceChanged(audience.edition)
    return audience


def member_problems(
    audience: Audience, dimension: str, columns: Mapping[str, Column], *, append: bool
) -> None:
    """Raises ProblemsError where people of `dimension` with these columns cannot be written into the audience."""
    if audience.dimension.slug != dimension:
        message = _("“%(label)s” is an audience of “%(dimension)s”.")
        words = {"label": audience.label, "dimension": audience.dimension.slug}
        refuse("audience.dimension", message % words, remedy=_("Save into another audience."))
    kept = {data["slug"]: data["type"] for data in audience.columns}
    if not append or not audience.table_name or audience.missing:
        return
    for name, column in columns.items():
        if kept.get(name) != column.type.value:
            message = _("The members of “%(label)s” have no column “%(name)s” of type %(type)s.")
            words = {"label": audience.label, "name": name, "type": column.type.value}
            refuse(
                "audience.columns",
                message % words,
                remedy=_("Leave the column out, or overwrite the audience."),
            )


@dataclass(frozen=True, slots=True)
class _Filled:
    """The members as a change leaves them, and what it did."""

    table: str
    rows: int | None
    added: int | None = None
    removed: int | None = None
    filled_at: datetime | None = None


def _now_of(audience: Audience) -> _Filled:
    return _Filled(audience.table_name, audience.row_count)


def _fill(
    audience: Audience,
    mode: AudienceChange.Mode,
    provenance: Provenance,
    made: _Filled,
    *,
    columns: list[dict[str, Any]] | None = None,
) -> AudienceChange:
    before = audience.row_count
    written_at = made.filled_at or (timezone.now() if mode in WRITING else audience.filled_at)
    audience.columns = audience.columns if columns is None else columns
    audience.filled_at = written_at
    fields = {
        "table_name": made.table,
        "row_count": made.rows,
        "columns": audience.columns,
        "filled_at": written_at,
        "expires_at": _expiry(audience) if made.table else audience.expires_at,
    }
    if provenance.campaign and mode is not Mode.APPEND:
        fields["campaign"] = provenance.campaign
    change = _write_down(audience, mode, provenance, **fields)
    change.rows_before, change.rows_after = before, made.rows
    change.rows_added, change.rows_removed = made.added, made.removed
    change.table_name, change.columns = made.table, audience.columns
    change.save()
    return change


def _write_down(
    audience: Audience, mode: AudienceChange.Mode, provenance: Provenance, **fields: Any
) -> AudienceChange:
    """Store what is new of the audience with its next edition, the change, and a person's act."""
    mine = Audience.objects.filter(pk=audience.pk, edition=audience.edition)
    if not mine.update(**fields, edition=F("edition") + 1, modified_at=timezone.now()):
        raise AudienceChanged(audience.edition)
    audience.refresh_from_db()
    person = provenance.by if provenance.by is not None and provenance.by.is_authenticated else None
    if person:
        record(f"audience.{mode}", f"audience {audience.slug}", by=person)
    return AudienceChange.objects.create(
        audience=audience,
        mode=mode,
        by=person,
        by_name=person.get_username() if person else "",
        campaign=provenance.campaign,
        run=provenance.run,
        activity=provenance.activity,
        source=provenance.source[:255],
    )


def _next_table(audience: Audience) -> str:
    """A name no earlier edition has: editions only count upwards, and what is rolled back left no table."""
    return f"a{audience.pk}_e{audience.edition + 1}"


def _expiry(audience: Audience) -> datetime | None:
    if audience.retention_days is None or audience.filled_at is None:
        return None
    return audience.filled_at + timedelta(days=audience.retention_days)


def _new(description: Description, origin: Audience.Origin, by: Any) -> Audience:
    dimension = TargetingDimension.objects.filter(slug=description.dimension).first()
    if dimension is None:
        message = _("There is no targeting dimension “%(name)s”.") % {"name": description.dimension[:80]}
        refuse("audience.dimension_unknown", message, "/dimension", _("Choose one that is registered."))
    return Audience(
        slug=description.slug,
        label=description.label,
        description=description.description,
        dimension=dimension,
        origin=origin,
        rule={} if origin == COMPOSED else None,
        retention_days=None if origin == COMPOSED else description.retention_days,
        created_by=by if by is not None and by.is_authenticated else None,
    )


def _insert(audience: Audience) -> None:
    """A name that somebody takes at the same moment is refused as one taken before."""
    _refuse_invalid(audience)
    try:
        with transaction.atomic():
            audience.save(force_insert=True)
    except IntegrityError:
        refuse(
            "audience.taken", _("Another audience has this slug or label."), "/slug", _("Choose another one.")
        )


def _refuse_invalid(audience: Audience) -> None:
    try:
        audience.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise refused_by(error) from error


def _checked_rule(audience: Audience, data: Any) -> dict[str, Any]:
    """The rule in its plain form; raises RuleError with everything that keeps it from being evaluated anywhere."""
    rule = parse_rule(data)
    plain = dump_rule(rule)
    catalogue = _with(load_catalogue(), audience, plain)
    table = audience.dimension.table.slug
    # No variables: an audience belongs to no campaign. It is read inside of itself, so that a circle is found.
    own = parse_rule({"kind": "member", "audience": audience.slug})
    scope = Scope(catalogue=catalogue, table=table, now=datetime(2018, 1, 1, tzinfo=UTC), zone="UTC")
    compile_condition(rule, scope)
    try:
        compile_condition(own, scope)
    except RuleError as error:
        raise RuleError(replace(problem, path="") for problem in error.problems) from error
    return plain


def _with(catalogue: Catalogue, audience: Audience, rule: dict[str, Any]) -> Catalogue:
    dimension = audience.dimension
    candidate = schema.Audience(
        slug=audience.slug,
        label=audience.label,
        dimension=dimension.slug,
        table=dimension.table.slug,
        key=dimension.key_field.slug,
        rule=rule,
        origin=COMPOSED,
    )
    return replace(catalogue, audiences={**catalogue.audiences, audience.slug: candidate})


def _words(audience: Audience) -> dict[str, str]:
    return {"label": audience.label}
