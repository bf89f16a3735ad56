"""What the forms of the library show and what they send, between a page's fields and the acts on audiences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.admin.editor_words import editor_words
from campaigns.audience_refusals import refuse
from campaigns.audiences import Description, add_audience, change_rule, compose_audience, describe_audience
from campaigns.document_text import Form, read_source
from campaigns.imports.plans import ImportOptions
from campaigns.models import Audience, ImportJob, TargetingDimension
from campaigns.models.audience import LONGEST_DAYS, SHORTEST_DAYS
from campaigns.naming import slug_of

Sent = Mapping[str, Any]


def form_context(audience: Audience | None, sent: Sent) -> dict[str, Any]:
    """What a form shows: what was sent, else what is stored."""
    dimensions = list(TargetingDimension.objects.select_related("table"))
    stored = {} if audience is None else _stored(audience)
    shown = {**stored, **{name: value for name, value in sent.items() if name != "file"}}
    tables = {each.slug: each.table.slug for each in dimensions}
    return {
        "audience": audience,
        "sent": shown,
        "dimensions": dimensions,
        "picker": {
            "table": audience.dimension.table.slug if audience else "",
            "dimensions": tables,
            "columns": [],
            "variables": {},
        },
        "words": editor_words(),
    }


def _stored(audience: Audience) -> dict[str, Any]:
    return {
        "label": audience.label,
        "slug": audience.slug,
        "description": audience.description,
        "retention_days": audience.retention_days or "",
        "rule": json.dumps(audience.rule) if audience.is_composed else "",
        "edition": audience.edition,
    }


def composed(sent: Sent, *, by: Any) -> Audience:
    """Raises ProblemsError or RuleError."""
    return compose_audience(_description(sent), _rule(sent), by=by)


def imported(sent: Sent, *, by: Any) -> Audience:
    """A new audience for the people of a file; raises ProblemsError."""
    return add_audience(_description(sent), Audience.Origin.IMPORTED, by=by)


@transaction.atomic
def described(audience: Audience, sent: Sent, *, by: Any) -> Audience:
    """All that the form shows, if it is still the edition that was seen; raises ProblemsError or RuleError."""
    seen = str(sent.get("edition", ""))
    edition = int(seen) if seen.isdecimal() else -1
    if audience.is_composed:
        audience = change_rule(audience, _rule(sent), if_match=edition, by=by)
        edition = audience.edition
    changes: dict[str, Any] = {name: str(sent.get(name, "")).strip() for name in ("label", "description")}
    if not audience.is_composed:
        changes["retention_days"] = _days(sent)
    return describe_audience(audience, changes, if_match=edition, by=by)


def file_options(sent: Sent) -> tuple[str, ImportOptions]:
    """The field that lines are recognised by, and how the file is read."""
    mode = ImportJob.Mode.REPLACE if sent.get("mode") == "replace" else ImportJob.Mode.APPEND
    column = str(sent.get("column", "")).strip()
    zone = str(sent.get("zone", "")) or "UTC"
    return str(sent.get("match", "")).strip(), ImportOptions(
        mode=mode, key=[column] if column else (), zone=zone
    )


def _description(sent: Sent) -> Description:
    label = str(sent.get("label", "")).strip()
    return Description(
        slug=str(sent.get("slug", "")).strip() or slug_of(label, fallback="audience"),
        label=label,
        dimension=str(sent.get("dimension", "")),
        description=str(sent.get("description", "")).strip(),
        retention_days=_days(sent),
    )


def _days(sent: Sent) -> int | None:
    text = str(sent.get("retention_days", "")).strip()
    if not text:
        return None
    if not text.isdecimal() or not SHORTEST_DAYS <= int(text[:9]) <= LONGEST_DAYS:
        message = _("“%(text)s” is no number of days from 1 to 90.") % {"text": text[:40]}
        refuse("audience.bad_days", message, "/retention_days", _("Leave it empty to keep members for ever."))
    return int(text)


def _rule(sent: Sent) -> Any:
    """The editor sends JSON, whoever types it as text YAML: which JSON is too."""
    text = str(sent.get("rule", "")).strip()
    if not text:
        message = _("The audience has no rule yet.")
        refuse("audience.no_rule", message, "/rule", _("Add a condition that says who belongs to it."))
    return read_source(text.encode(), Form.YAML).data
