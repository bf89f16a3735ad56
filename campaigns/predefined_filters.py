"""Saved filters: made, changed by compare-and-set, deleted when nothing uses them, liked by people.

What a filter means in a rule is `campaigns.targeting.expansion`; the filter a published version carries is
`campaigns.frozen_filters`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pydantic
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import BooleanField, F, Func, JSONField, Q, QuerySet, Value
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.audit import record
from campaigns.catalogue import load_catalogue, saved_filter
from campaigns.conflicts import refuse
from campaigns.document import canonical_text
from campaigns.filter_reach import audience_problems, circle_problems
from campaigns.models import Activity, Audience, FilterFavourite, PredefinedFilter
from campaigns.plain_data import with_names
from campaigns.problems import Problem, ProblemsError
from campaigns.rule_questions import RuleQuestion, Surroundings
from campaigns.targeting.expansion import bind, parameters_in
from campaigns.targeting.problems import RuleError, as_problems, nearest
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.saved_filters import FilterParameter, SavedFilter
from campaigns.targeting.schema import Catalogue
from campaigns.validation import pointer, problems_of

PARTS = ("label", "description", "table", "rule", "parameters", "shared")
MOST_USERS_NAMED = 20
_USES = '$.** ? (@.kind == "filter" && @.filter == $slug && !exists(@.frozen))'
# Any value will do to see whether the rule compiles.
_EXAMPLES: Mapping[str, Any] = {
    "text": "example",
    "number": 1,
    "date": "2024-01-31",
    "boolean": True,
    "period": {"last": 30},
}


class FilterConflict(Exception):  # noqa: N818 - names what happened
    """The filter is no longer the one the change was made for; nothing was written."""

    def __init__(self, *, yours: str, current: str) -> None:
        self.yours, self.current = yours, current
        super().__init__(_("Somebody else has changed this filter since you read it. Nothing was saved."))


def visible_filters(user: Any) -> QuerySet[PredefinedFilter]:
    """One's own and the shared ones."""
    return PredefinedFilter.objects.filter(Q(shared=True) | Q(owner=user.pk)).select_related("owner")


def may_change(user: Any, row: PredefinedFilter) -> bool:
    """Shared filters belong to all who compose campaigns, private ones to their owner."""
    return bool(user.has_perm("campaigns.change_campaign")) and (row.shared or row.owner_id == user.pk)


@transaction.atomic
def create_filter(slug: str, parts: Mapping[str, Any], *, by: Any) -> PredefinedFilter:
    """A new filter of `by`; raises ProblemsError with everything that is wrong with it."""
    _refuse_slug(slug)
    row = PredefinedFilter(slug=slug, owner=by, **_checked(slug, parts))
    row.content_hash = content_hash(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        message = _("There is a filter “%(slug)s” already.") % {"slug": slug}
        refuse("filter.slug_taken", "/slug", message, _("Choose another slug."))
    record("filter.create", f"filter {slug}", by=by, shared=row.shared)
    row.refresh_from_db()
    return row


@transaction.atomic
def save_filter(
    row: PredefinedFilter, parts: Mapping[str, Any], *, if_match: str, by: Any
) -> PredefinedFilter:
    """Replace the filter that has the hash; raises FilterConflict where it has another by now.

    Drafts and composed audiences that use it mean the new one from now on; published versions keep the one they were
    published with.
    """
    new = PredefinedFilter(slug=row.slug, **_checked(row.slug, parts))
    if row.shared and not new.shared:
        _refuse_used(row, _("While it is used it stays shared."), _("Remove it there, or keep it shared."))
    values = {name: getattr(new, name) for name in PARTS} | {"content_hash": content_hash(new)}
    same = PredefinedFilter.objects.filter(pk=row.pk, content_hash=if_match)
    if not same.update(**values, modified_at=Now()):
        raise _conflict(row, if_match)
    record("filter.save", f"filter {row.slug}", by=by, shared=new.shared)
    row.refresh_from_db()
    return row


@transaction.atomic
def delete_filter(row: PredefinedFilter, *, if_match: str, by: Any) -> None:
    """Delete it unless a draft, another filter or a composed audience uses it."""
    _refuse_used(row, _("The filter is used."), _("Remove it there first."))
    if not PredefinedFilter.objects.filter(pk=row.pk, content_hash=if_match).delete()[0]:
        raise _conflict(row, if_match)
    record("filter.delete", f"filter {row.slug}", by=by)


def set_favourite(row: PredefinedFilter, *, user: Any, favourite: bool) -> None:
    if favourite:
        FilterFavourite.objects.get_or_create(user=user, filter=row)
    else:
        FilterFavourite.objects.filter(user=user, filter=row).delete()


def applied(saved: SavedFilter, values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the filter's rule with these values, or their defaults, in it; raises ProblemsError.

    The values are judged where a rule would judge them, by using the filter in one.
    """
    node = {"kind": "filter", "filter": "copy", "parameters": dict(values), "frozen": _dumped(saved)}
    known = load_catalogue()
    question = RuleQuestion(node, saved.table, known) if saved.table in known.tables else None
    problems = question.problems() if question else ()
    if problems:
        raise ProblemsError(as_problems(problems, ""))
    defaults = {each.name: _plain_default(each) for each in saved.parameters if each.default is not None}
    return bind(saved, {**defaults, **values})


def users_of(row: PredefinedFilter) -> list[str]:
    """Where the filter stands by its slug, in words: drafts, other filters and composed audiences."""
    drafts = _using(Activity.objects.all(), "config", row.slug).select_related("campaign")
    filters = _using(PredefinedFilter.objects.exclude(pk=row.pk), "rule", row.slug)
    audiences = _using(Audience.objects.filter(origin=Audience.Origin.COMPOSED), "rule", row.slug)
    in_drafts = (
        _("campaign “%(campaign)s”, activity “%(activity)s”")
        % {"campaign": each.campaign.slug, "activity": each.activity_id}
        for each in drafts.order_by("campaign__slug", "activity_id")[:MOST_USERS_NAMED]
    )
    in_filters = (
        _("filter “%(filter)s”") % {"filter": each.slug}
        for each in filters.order_by("slug")[:MOST_USERS_NAMED]
    )
    in_audiences = (
        _("audience “%(name)s”") % {"name": each.label}
        for each in audiences.order_by("slug")[:MOST_USERS_NAMED]
    )
    return [*in_drafts, *in_filters, *in_audiences]


def content_hash(row: PredefinedFilter) -> str:
    """SHA-256 of what the filter says: its ETag."""
    return hashlib.sha256(canonical_text({name: getattr(row, name) for name in PARTS}).encode()).hexdigest()


def _dumped(saved: SavedFilter) -> dict[str, Any]:
    return saved.model_dump(mode="json", exclude_defaults=True)


def _plain_default(parameter: FilterParameter) -> Any:
    return parameter.model_dump(mode="json", exclude_defaults=True)["default"]


def _using(rows: QuerySet[Any], column: str, slug: str) -> QuerySet[Any]:
    variables = Value({"slug": slug}, output_field=JSONField())
    uses = Func(
        F(column), Value(_USES), variables, function="jsonb_path_exists", output_field=BooleanField(),
        template="%(function)s(%(expressions)s)",
    )  # fmt: skip
    return rows.filter(uses)


def _refuse_used(row: PredefinedFilter, message: str, remedy: str) -> None:
    users = users_of(row)
    if users:
        named = _("It is used in: %(users)s.") % {"users": "; ".join(users)}
        refuse("filter.in_use", "", f"{message} {named}", remedy)


def _conflict(row: PredefinedFilter, if_match: str) -> FilterConflict:
    current = PredefinedFilter.objects.filter(pk=row.pk).values_list("content_hash", flat=True).first()
    return FilterConflict(yours=if_match, current=current or "")


def _refuse_slug(slug: str) -> None:
    try:
        PredefinedFilter._meta.get_field("slug").clean(slug, None)
    except ValidationError as error:
        refuse("filter.bad_slug", "/slug", _("This is no slug of a filter."), " ".join(error.messages))


def check_filter(slug: str, parts: Mapping[str, Any]) -> None:
    """Raises ProblemsError with everything that keeps the parts from being a filter."""
    _checked(slug, parts)


def _checked(slug: str, parts: Mapping[str, Any]) -> dict[str, Any]:
    """The parts as they are stored; raises ProblemsError at their places."""
    plain = with_names({name: parts[name] for name in ("label", "table", "rule", "parameters")}, "label")
    try:
        saved = SavedFilter.model_validate(plain)
    except pydantic.ValidationError as error:
        raise ProblemsError(problems_of(error, plain, "filter")) from None
    known = load_catalogue()
    problems = tuple(_problems(slug, saved, known)) or tuple(audience_problems(slug, saved, known))
    if problems:
        raise ProblemsError(problems)
    rest = {"description": parts.get("description", ""), "shared": bool(parts.get("shared"))}
    stored = [each.model_dump(mode="json", exclude_defaults=True) for each in saved.parameters]
    return {"label": saved.label, "table": saved.table, "rule": saved.rule, "parameters": stored, **rest}


def _problems(slug: str, saved: SavedFilter, known: Catalogue) -> Iterator[Problem]:
    """What is wrong with the rule whatever the parameters, and parameters that do not match it."""
    if saved.table not in known.tables:
        message = _("“%(name)s” is not known here.") % {"name": saved.table[:60]}
        yield Problem("filter.unknown_table", "/table", message, nearest(saved.table, known.tables))
        return
    yield from as_problems(_shape_problems(saved), "/rule")
    yield from _parameter_problems(saved)
    yield from circle_problems(slug, saved, known)
    if not parameters_in(saved.rule) - {each.name for each in saved.parameters}:
        filled = bind(saved, {each.name: _example(each) for each in saved.parameters})
        yield from as_problems(RuleQuestion(filled, saved.table, known, Surroundings()).problems(), "/rule")


def _shape_problems(saved: SavedFilter) -> Sequence[Any]:
    try:
        parse_rule(saved.rule)
    except RuleError as error:
        return error.problems
    return ()


def _parameter_problems(saved: SavedFilter) -> Iterator[Problem]:
    asked = parameters_in(saved.rule)
    known = {each.name for each in saved.parameters}
    for name in sorted(asked - known):
        message = _("The rule asks for a parameter “%(name)s”, which is not described.") % {"name": name[:60]}
        yield Problem("filter.undescribed_parameter", "/rule", message, nearest(name, known))
    for number, each in enumerate(saved.parameters):
        if each.name not in asked:
            message = _("The rule does not use the parameter “%(name)s”.") % {"name": each.name}
            yield Problem(
                "filter.needless_parameter",
                pointer("parameters", number),
                message,
                _("Remove it, or use it."),
            )


def _example(parameter: FilterParameter) -> Any:
    if parameter.default is not None:
        return _plain_default(parameter)
    one = _EXAMPLES[parameter.type]
    return [one] if parameter.many else one


__all__ = [
    "FilterConflict",
    "applied",
    "check_filter",
    "content_hash",
    "create_filter",
    "delete_filter",
    "may_change",
    "save_filter",
    "saved_filter",
    "set_favourite",
    "users_of",
    "visible_filters",
]
