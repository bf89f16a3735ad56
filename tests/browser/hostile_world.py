"""A company in which every name, label, text and value is a payload, each of them in each kind of place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from campaigns.audiences import Description, compose_audience
from campaigns.audit import record
from campaigns.campaign_templates.saving import save_as_template
from campaigns.document import as_data, parse_document
from campaigns.drafts import read_draft, save_draft
from campaigns.files.store import keep_upload, path_of
from campaigns.files.suggestions import suggest
from campaigns.models import (
    Audience,
    Campaign,
    CampaignFolder,
    CampaignTemplate,
    ChannelConfiguration,
    Consent,
    Field,
    Link,
    PredefinedFilter,
    StoredFile,
    Table,
    TargetingDimension,
)
from campaigns.predefined_filters import content_hash, create_filter
from campaigns.publishing import publish_campaign
from orchestration.models import ActivityRun, CampaignRun, RunLogEntry
from orchestration.runs import start_live_run
from tests.browser.payloads import PAYLOADS, fit
from tests.orchestration.engine import HTML, draft, email, make_channel, work_off
from tests.orchestration.texting import make_phone_dimension, make_sms_channel, sms

MANY = len(PAYLOADS)
SPLIT = 50
"""A split has no more subsets than this; the other branches are those of a fork."""
TEXT = {"kind": "condition", "operator": "equal"}
REFERRED = (0, 6)
LAUNCHING = 12
"""Campaigns that are published; each of them takes its time."""
ENUMERATED = {**TEXT, "attribute": "language", "value": fit(6)}


@dataclass(frozen=True)
class World:
    campaign: Campaign
    run: CampaignRun
    failed: CampaignRun
    audience: Audience
    file: StoredFile
    loading: Campaign


def make_world(owner: User) -> World:
    dimension = _people()
    make_channel(provider="file", provider_config={"folder": "tests"})
    make_sms_channel(opt_out_text="Reply STOP", sender_name=fit(7, 11))
    _catalogue(dimension)
    _channels()
    users = _users()
    audience = _audiences(dimension)
    _filters(owner)
    _campaigns_and_folders()
    campaign = _campaign()
    publish_campaign(campaign, by=owner, if_match=campaign.draft_hash, confirm_warnings=True)
    run = work_off(start_live_run(campaign.versions.get()))
    failed = _failure(campaign, users)
    _templates(campaign, owner)
    _changed(campaign)
    file = _files()
    _acts(campaign, users)
    return World(campaign, run, failed, audience, file, _loading(file))


def _people() -> TargetingDimension:
    """One for each payload, who is called so and lives there."""
    dimension = make_phone_dimension(*(f"010-1234-{number:04}" for number in range(MANY)))
    rows = [(fit(number), fit(number), number) for number in range(MANY)]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE person SET name = %s, city = %s WHERE id = %s", rows)
        for number in range(MANY):
            cursor.execute(f"ALTER TABLE person ADD h{number} text DEFAULT 'h'")
    Consent.objects.bulk_create(
        Consent(dimension=dimension, recipient_key=str(number), channel="email", state="opted_in")
        for number in range(MANY)
    )
    return dimension


def _catalogue(dimension: TargetingDimension) -> None:
    table = dimension.table
    name = Field.objects.get(table=table, slug="name")
    TargetingDimension.objects.update(label=fit(0), name_field=name)
    Table.objects.update(label=fit(1), description=fit(2))
    Field.objects.filter(slug="language").update(enumeration={fit(n): fit(n) for n in range(MANY)})
    Field.objects.bulk_create(
        Field(
            table=table,
            slug="constructor" if fit(number) == "constructor" else f"h{number}",
            column_name=f"h{number}",
            type="text",
            label=fit(number),
            description=fit(number),
            position=20 + number,
        )
        for number in range(MANY)
    )
    Link.objects.bulk_create(
        Link(
            slug=f"l{number}",
            label=fit(number),
            source=table,
            target=table,
            on=[["id", "id"]],
            cardinality="many",
        )
        for number in range(MANY)
    )


def _channels() -> None:
    for number in range(MANY):
        made = make_channel(f"channel-{number}", provider="file", provider_config={"folder": "tests"})
        ChannelConfiguration.objects.filter(pk=made.pk).update(name=fit(number, 120))


def _users() -> list[User]:
    given = [
        {"username": fit(n, 150), "first_name": fit(n, 150), "last_name": fit(n, 150)} for n in range(MANY)
    ]
    return User.objects.bulk_create(User(is_staff=True, **names) for names in given)


def _is(number: int) -> dict[str, Any]:
    return {**TEXT, "attribute": "city", "value": fit(number)}


def _audiences(dimension: TargetingDimension) -> Audience:
    """One is made as people make them; the others are rows like its own."""
    first = compose_audience(Description("audience_0", fit(0), "person", description=fit(0)), _is(0))
    Audience.objects.bulk_create(
        Audience(
            slug=f"audience_{number}",
            label=fit(number),
            description=fit(number),
            dimension=dimension,
            origin=first.origin,
            rule=_is(number),
        )
        for number in range(1, MANY)
    )
    return first


def _filters(owner: User) -> None:
    for number in REFERRED:
        create_filter(f"filter_{number}", _filter(number), by=owner)
    rows = [
        PredefinedFilter(slug=f"filter_{number}", owner=owner, **_filter(number))
        for number in range(MANY)
        if number not in REFERRED
    ]
    for row in rows:
        row.content_hash = content_hash(row)
    PredefinedFilter.objects.bulk_create(rows)


def _filter(number: int) -> dict[str, Any]:
    return {
        "label": fit(number),
        "description": fit(number),
        "table": "person",
        "rule": {**TEXT, "attribute": "city", "value": {"parameter": "city"}},
        "parameters": [{"name": "city", "type": "text", "label": fit(number), "default": fit(number)}],
        "shared": True,
    }


def _campaigns_and_folders() -> None:
    """The first are live and launch each day, so that the calendar has them too."""
    for number in range(MANY):
        folder = CampaignFolder.objects.create(name=fit(number, 80))
        everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
        named = {
            "slug": f"c{number}",
            "name": fit(number),
            "description": fit(number),
            "tags": [fit(number, 40)],
        }
        schedule = {"frequency": "daily", "at": "09:00"}
        made = draft(
            "x", [everybody, {"id": "over", "type": "end"}], ["all over"], campaign=named, schedule=schedule
        )
        if number < LAUNCHING:
            publish_campaign(made, by=None, if_match=made.draft_hash, confirm_warnings=True)
        Campaign.objects.filter(pk=made.pk).update(folder=folder)


def end_of(number: int) -> str:
    """An id may be a word that every object of JavaScript knows."""
    return "constructor" if fit(number) == "constructor" else f"end-{number}"


def _campaign() -> Campaign:
    ends = [{"id": end_of(n), "type": "end", "label": fit(n)} for n in range(MANY)]
    subsets = [{"id": f"h{n}", "label": _settings_text(n), "rule": _is(n)} for n in range(SPLIT)]
    branches = [{"id": f"h{n}", "label": _settings_text(n)} for n in range(SPLIT, MANY)]
    named = [{"id": each, "label": each} for each in ("split", "mail", "text")]
    content = {"subject": "{{ profile.name }} <b>", "preheader": fit(6), "html": HTML}
    rule = {
        "kind": "any",
        "of": [*map(_is, range(MANY)), *map(_unlike, REFERRED), *map(_filtered, REFERRED), ENUMERATED],
    }
    return draft(
        "hostile",
        [
            {
                "id": "all",
                "type": "build_audience",
                "label": fit(0),
                "config": {"dimension": "person", "rule": rule},
            },
            {"id": "fork", "type": "fork", "label": fit(1), "config": {"branches": [*named, *branches]}},
            {"id": "split", "type": "split", "label": fit(2), "config": {"subsets": subsets}},
            {**email(), "label": fit(3), "config": {"channel": "channel-7", "content": content}},
            {**sms("text", content={"text": "{{ profile.name }} <b> {{ opt_out_text }}"}), "label": fit(4)},
            *ends,
        ],
        [],
        campaign={
            "slug": "hostile",
            "name": fit(6),
            "description": fit(7),
            "tags": [fit(n, 40) for n in range(MANY)],
        },
        variables={_variable(n): {"type": "text", "value": fit(n), "label": fit(n)} for n in range(MANY)},
        transitions=[
            {"from": "all", "to": "fork", "label": fit(8)},
            *(
                {"from": "fork", "port": each, "to": each, "label": fit(9)}
                for each in ("split", "mail", "text")
            ),
            *_to_ends("split", range(SPLIT)),
            *_to_ends("fork", range(SPLIT, MANY)),
        ],
    )


def _variable(number: int) -> str:
    return "constructor" if fit(number) == "constructor" else f"v{number}"


def _to_ends(source: str, numbers: Iterable[int]) -> Iterator[dict[str, str]]:
    for number in numbers:
        yield {"from": source, "port": f"h{number}", "to": end_of(number), "label": fit(number)}


def _settings_text(number: int) -> str:
    """Settings take no control characters."""
    return fit(number).replace("\t", " ")


def _unlike(number: int) -> dict[str, Any]:
    slug = "constructor" if fit(number) == "constructor" else f"h{number}"
    return {"kind": "condition", "attribute": slug, "operator": "is_empty"}


def _filtered(number: int) -> dict[str, Any]:
    return {"kind": "filter", "filter": f"filter_{number}", "parameters": {"city": fit(number)}}


def hostile_html() -> str:
    """Everything that Liquid does not take for its own."""
    payloads = (text for text in PAYLOADS.values() if "{{" not in text and "{%" not in text)
    return f"<p id='there'>{{{{ profile.name }}}}</p>{HTML}" + "\n".join(
        f"<p>{each}</p>" for each in payloads
    )


def _failure(campaign: Campaign, users: list[User]) -> CampaignRun:
    """A run that failed at every activity, with a payload for a reason, and was acted on by everybody."""
    run = start_live_run(campaign.versions.get())
    for number in range(MANY):
        ActivityRun.objects.create(
            run=run, activity_id=end_of(number), type="end", state="failed", problem=fit(number)
        )
        RunLogEntry.objects.create(
            run=run,
            level="error",
            event="activity_failed",
            detail={"problem": fit(number)},
            actor=users[number],
        )
    CampaignRun.objects.filter(pk=run.pk).update(state="failed", problem=fit(6))
    run.refresh_from_db()
    return run


def _templates(campaign: Campaign, owner: User) -> None:
    first = save_as_template(
        campaign, slug="t0", name=fit(0, 120), description=fit(0), needs=fit(0), by=owner
    )
    for number in range(1, MANY):
        CampaignTemplate.objects.create(
            slug=f"t{number}",
            name=fit(number, 120),
            description=fit(number),
            needs=fit(number),
            document=first.document,
            blanks=[{**each, "label": fit(number)} for each in first.blanks],
            owner=owner,
        )


def _changed(campaign: Campaign) -> None:
    """The draft differs from what is published in every label, and has an e-mail that could not be published."""
    now = read_draft(campaign.slug)
    data = as_data(now.document)
    for number in range(MANY):
        (part,) = (each for each in data["activities"] if each["id"] == end_of(number))
        part["label"] = fit(number + 1)
    (mail,) = (each for each in data["activities"] if each["id"] == "mail")
    mail["config"]["content"] |= {"html": hostile_html(), "text": fit(4) + " {{ unsubscribe_url }}"}
    save_draft(now.campaign, parse_document(data), if_match=now.hash)


def _files() -> StoredFile:
    """Each is called like a payload, as far as a file may be; the first has columns and cells called so."""
    header = ",".join('"' + fit(number).replace('"', '""') + '"' for number in range(MANY))
    file = keep_upload("hostile.csv", [f"{header}\n{header}\n".encode()])
    for number in range(MANY):
        made = keep_upload(fit(number) + ".csv", [b"id\n1\n"])
        StoredFile.objects.filter(pk=made.pk).update(name=fit(number) + ".csv")
    return file


def _loading(file: StoredFile) -> Campaign:
    """A draft with the columns of that file, as they are read from it."""
    read = suggest(path_of(file))
    config = {"source": {"kind": "stored", "file": file.slug}, "format": read.format, "columns": read.columns}
    return draft("loading", [{"id": "load", "type": "load_file", "label": fit(6), "config": config}], [])


def _acts(campaign: Campaign, users: list[User]) -> None:
    for number, user in enumerate(users):
        record(
            "campaign.save",
            f"campaign {campaign.slug}",
            by=user,
            door="admin",
            name=fit(number),
            reason=fit(number),
        )
