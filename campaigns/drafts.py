"""The draft of a campaign as rows: saved by compare-and-set, read in one statement, never half.

What a draft lacks is `campaigns.lint`'s to say, making a version of it `campaigns.publishing`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject, Now
from django.utils.translation import gettext as _

from campaigns.audit import record
from campaigns.conflicts import DraftConflict, refuse
from campaigns.document import Document, as_data, canonical, document_hash, parse_document, parse_text
from campaigns.lint_codes import finding
from campaigns.merging import compare
from campaigns.models import Activity, Campaign, DraftRevision, PublishedActivityId, Transition
from campaigns.problems import Problem, ProblemsError

EDITABLE = ("draft", "scheduled", "live", "completed")
KEPT_REVISIONS = 50


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as one statement found it: the document and the hash it was saved under, which is its ETag."""

    campaign: Campaign
    document: Document

    @property
    def hash(self) -> str:
        return self.campaign.draft_hash


def read_draft(slug: str) -> Draft:
    """The draft and its ETag, consistent whatever is written meanwhile; raises Campaign.DoesNotExist."""
    campaign = _with_parts().get(slug=slug)
    return Draft(campaign, parse_document(_data(campaign)))


def load_draft(campaign: Campaign) -> Document:
    """The draft as it is in the database now."""
    return parse_document(_data(_with_parts().get(pk=campaign.pk)))


def _with_parts() -> Any:
    return Campaign.objects.annotate(
        activity_parts=ArraySubquery(
            _parts_in_order(Activity, id="activity_id", **_same("type", "label", "config"))
        ),
        transition_parts=ArraySubquery(
            _parts_in_order(Transition, **{"from": "source", "to": "target"}, **_same("port", "label"))
        ),
    )


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _parts_in_order(model: Any, **fields: str) -> Any:
    rows = model.objects.filter(campaign=OuterRef("pk")).order_by("pk")
    return rows.values_list(JSONObject(**fields), flat=True)


def _data(campaign: Any) -> dict[str, Any]:
    return {
        "tutti": 1,
        "campaign": {
            "slug": campaign.slug,
            "name": campaign.name,
            "description": campaign.description,
            "time_zone": campaign.time_zone,
            "tags": campaign.tags,
        },
        "variables": campaign.variables,
        "schedule": campaign.schedule,
        "errors": campaign.errors,
        "activities": campaign.activity_parts,
        "transitions": campaign.transition_parts,
        "layout": campaign.layout,
        "notes": campaign.notes,
    }


@transaction.atomic
def save_draft(
    campaign: Campaign | None,
    document: Document,
    *,
    if_match: str | None = None,
    by: Any = None,
    keep_positions: bool = False,
) -> Campaign:
    """Create a campaign, or replace the draft of one whose draft still has the hash `if_match`.

    Raises DraftConflict when it has another, ProblemsError when the document may not stand there. A
    document that differs in its layout only always saves and leaves hash and revision as they are. Where
    positions are kept, those of the document are for activities that have none.
    """
    if campaign is None:
        return _create(document, by)
    _refuse_other_slug(campaign, document)
    _refuse_taken_ids(campaign, document)
    if keep_positions:
        document = _with_positions_of(campaign, document)
    new_hash = document_hash(document)
    if not _replace(campaign, document, if_match, new_hash):
        _refuse_replacement(campaign, document, if_match)
    campaign.refresh_from_db()
    if new_hash != if_match:
        _write_parts(campaign, document)
        _remember(campaign, document, by)
        record("campaign.save", f"campaign {campaign.slug}", by=by, revision=campaign.revision, hash=new_hash)
    return campaign


def _with_positions_of(campaign: Campaign, document: Document) -> Document:
    """The document, its activities where they stand now; the campaign's row is held from here on."""
    stored = (
        Campaign.objects.select_for_update(no_key=True).values_list("layout", flat=True).get(pk=campaign.pk)
    )
    data = as_data(document)
    known = {part["id"] for part in data.get("activities", [])}
    placed = data.get("layout", {}) | stored
    return parse_document(data | {"layout": {name: place for name, place in placed.items() if name in known}})


def _create(document: Document, by: Any) -> Campaign:
    columns = _columns(document)
    try:
        with transaction.atomic():
            campaign = Campaign.objects.create(
                slug=document.campaign.slug,
                draft_hash=document_hash(document),
                revision=1,
                owner=by,
                **columns,
            )
    except IntegrityError:
        message = _("A campaign with the slug “%(slug)s” is there already.") % {
            "slug": document.campaign.slug
        }
        refuse(
            "campaign.slug_taken",
            "/campaign/slug",
            message,
            _("Choose another slug, or change that campaign."),
        )
    campaign.refresh_from_db()
    _write_parts(campaign, document)
    _remember(campaign, document, by)
    record("campaign.create", f"campaign {campaign.slug}", by=by, hash=campaign.draft_hash)
    return campaign


def _replace(campaign: Campaign, document: Document, if_match: str | None, new_hash: str) -> int:
    """The compare-and-set; it also holds the campaign's row until the parts are written."""
    rows = Campaign.objects.filter(pk=campaign.pk, draft_hash=if_match or "", state__in=EDITABLE)
    if new_hash == if_match:
        return rows.update(layout=as_data(document).get("layout", {}))
    columns = _columns(document)
    return rows.update(draft_hash=new_hash, revision=F("revision") + 1, modified_at=Now(), **columns)


def _columns(document: Document) -> dict[str, Any]:
    data = as_data(document)
    header = document.campaign
    return {
        "name": header.name,
        "description": data["campaign"].get("description", ""),
        "time_zone": header.time_zone,
        "tags": data["campaign"].get("tags", []),
        "variables": data.get("variables", {}),
        "schedule": data.get("schedule", {}),
        "errors": data.get("errors", {}),
        "layout": data.get("layout", {}),
        "notes": data.get("notes", {}),
    }


def _write_parts(campaign: Campaign, document: Document) -> None:
    data = as_data(document)
    campaign.activities.all().delete()
    campaign.transitions.all().delete()
    Activity.objects.bulk_create(_activity(campaign, part) for part in data.get("activities", []))
    Transition.objects.bulk_create(_transition(campaign, part) for part in data.get("transitions", []))


def _activity(campaign: Campaign, part: Mapping[str, Any]) -> Activity:
    return Activity(
        campaign=campaign,
        activity_id=part["id"],
        type=part["type"],
        label=part.get("label", ""),
        config=part.get("config", {}),
    )


def _transition(campaign: Campaign, part: Mapping[str, Any]) -> Transition:
    more = {name: part[name] for name in ("port", "label") if name in part}
    return Transition(campaign=campaign, source=part["from"], target=part["to"], **more)


def _remember(campaign: Campaign, document: Document, by: Any) -> None:
    DraftRevision.objects.create(
        campaign=campaign,
        revision=campaign.revision,
        definition=canonical(document),
        hash=campaign.draft_hash,
        saved_by=by,
    )
    campaign.draft_revisions.filter(revision__lte=campaign.revision - KEPT_REVISIONS).delete()


def _refuse_replacement(campaign: Campaign, document: Document, if_match: str | None) -> None:
    current = read_draft(campaign.slug)
    if current.campaign.state not in EDITABLE:
        message = _("The campaign is %(state)s and cannot be edited.")
        state = current.campaign.get_state_display()
        refuse("campaign.not_editable", "", message % {"state": state}, _("Duplicate it and edit the copy."))
    parts = compare(_base(campaign, if_match), theirs=current.document, yours=document)
    raise DraftConflict(yours=if_match or "", current=current.hash, parts=parts)


def _base(campaign: Campaign, if_match: str | None) -> Document | None:
    """The draft that had the hash, as long as it is remembered."""
    kept = campaign.draft_revisions.filter(hash=if_match or "").order_by("-revision").first()
    return parse_text(kept.definition) if kept else None


def _refuse_other_slug(campaign: Campaign, document: Document) -> None:
    if document.campaign.slug != campaign.slug:
        message = _("The slug of a campaign cannot change; this one is “%(slug)s”.") % {"slug": campaign.slug}
        refuse(
            "campaign.slug_changed",
            "/campaign/slug",
            message,
            _("Put the old slug back, or duplicate the campaign."),
        )


def _refuse_taken_ids(campaign: Campaign, document: Document) -> None:
    problems = tuple(taken_ids(campaign, document))
    if problems:
        raise ProblemsError(problems)


def taken_ids(campaign: Campaign, document: Document) -> Iterator[Problem]:
    """Ids that a published version gave to an activity of another type."""
    taken = dict(PublishedActivityId.objects.filter(campaign=campaign).values_list("activity_id", "type"))
    for number, part in enumerate(document.activities):
        if taken.get(part.id, part.type) != part.type:
            path = f"/activities/{number}/id"
            yield finding("activity.id_taken", path, activity=part.id, id=part.id, type=taken[part.id])


@transaction.atomic
def save_layout(campaign: Campaign, layout: Mapping[str, Sequence[int] | None]) -> None:
    """Place activities on the canvas: entries are added to those there are, None takes one out. It never
    conflicts.
    """
    row = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    known = set(row.activities.values_list("activity_id", flat=True))
    placed = {**row.layout, **layout}
    row.layout = {name: list(place) for name, place in placed.items() if name in known and place}
    row.save(update_fields=["layout"])


@transaction.atomic
def duplicate_campaign(campaign: Campaign, *, slug: str, name: str = "", by: Any = None) -> Campaign:
    """A new draft with the same content, in the same folder; nothing that happened comes along."""
    data = as_data(load_draft(campaign))
    data["campaign"] |= {"slug": slug, "name": name or _copy_of(campaign.name)}
    copy = save_draft(None, parse_document(data), by=by)
    copy.folder_id = campaign.folder_id
    copy.save(update_fields=["folder"])
    return copy


def _copy_of(name: str) -> str:
    return (_("Copy of %(name)s") % {"name": name})[:200]
