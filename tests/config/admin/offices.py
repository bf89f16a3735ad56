"""People of every group, and one thing of each kind for them to look at and act on."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from django.utils import timezone
from psycopg import sql

from campaigns.audiences import Description, add_audience
from campaigns.campaign_templates.saving import save_as_template
from campaigns.drafts import load_draft
from campaigns.files.store import keep_upload
from campaigns.folders import create_folder
from campaigns.member_lists import put_members
from campaigns.models import (
    ApiToken,
    Audience,
    AudienceChange,
    AuditEntry,
    Campaign,
    Consent,
    ConsentRecord,
    Field,
    ImportJob,
    Link,
    Suppression,
    TargetingDimension,
)
from campaigns.predefined_filters import create_filter
from campaigns.publishing import publish_campaign
from orchestration.models import CampaignRun, Delivery, Occurrence, Population, QueryMarker
from orchestration.runs import start_live_run
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel, work_off

GROUPS = ("Viewer", "Author", "Approver", "Publisher", "Administrator")
ROLES = ("nobody", *GROUPS)
PASSWORD = "a password of tests"  # noqa: S105
PERMITTING = ("0003_file_permissions", "0004_audience_permissions")
"""Migrations that let the groups do what came after them."""


def person(role: str) -> User:
    """Staff in the group, or in none."""
    user = User.objects.create_user(role.lower(), password=PASSWORD, is_staff=True)
    if role in GROUPS:
        user.groups.add(_group(role))
    return user


def _group(role: str) -> Group:
    """After a test without a transaction Django has emptied all tables, the groups of the migration too."""
    found = Group.objects.filter(name=role).first()
    if found is None:
        with connection.schema_editor() as editor:
            import_module("config.migrations.0002_groups").create_groups(apps, editor)
            for name in PERMITTING:
                import_module(f"config.migrations.{name}").allow(apps, editor)
        found = Group.objects.get(name=role)
    return found


@dataclass(frozen=True)
class Office:
    """Keys of what there is: a draft, and a campaign that was published, ran and waits for a confirmation."""

    draft: Campaign
    live: Campaign
    run: CampaignRun
    delivery: Delivery
    population: Population
    things: dict[str, Any]


def furnish(owner: User) -> Office:
    dimension = make_dimension()
    for key in range(3):
        add_person(dimension, key)
        Consent.objects.create(dimension=dimension, recipient_key=str(key), channel="email", state="opted_in")
    channel = make_channel(provider="file", provider_config={"folder": "tests"})
    live = draft("live", *_mailing())
    version = publish_campaign(live, by=None, if_match=live.draft_hash, confirm_warnings=True)
    run = work_off(start_live_run(version))
    loyal = add_audience(Description("loyal", "Loyal", "person"), Audience.Origin.IMPORTED)
    put_members(loyal, [1], by=owner)
    things = {
        "audience": Audience.objects.get(),
        "audience_change": AudienceChange.objects.get(),
        "audience_file": ImportJob.objects.create(
            target="loyal", audience=loyal, file_name="x.csv", path="x.csv"
        ),
        "table": dimension.table,
        "targetingdimension": dimension,
        "link": Link.objects.first(),
        "channelconfiguration": channel,
        "storedfile": keep_upload("people.csv", [b"id,name\n1,Ada\n"], by=owner),
        "importjob": ImportJob.objects.create(target="x", file_name="x.csv", path="x.csv"),
        "consent": Consent.objects.first(),
        "consentrecord": ConsentRecord.objects.create(
            dimension=dimension, recipient_key="1", channel="email", state="opted_in", source="letter"
        ),
        "suppression": Suppression.objects.create(channel="email", address="x@example.com", reason="manual"),
        "apitoken": ApiToken.objects.create(
            user=owner, name="mine", digest="0" * 64, scopes=["read"], expires_at=timezone.now()
        ),
        "predefinedfilter": create_filter(
            "has_mail",
            {
                "label": "Has an address",
                "table": "person",
                "rule": {"kind": "condition", "attribute": "email", "operator": "is_not_empty"},
                "parameters": [],
                "shared": True,
            },
            by=owner,
        ),
        "folder": create_folder("Kept together", by=owner),
        "template": save_as_template(live, slug="mine", name="Mine", by=owner),
        "auditentry": AuditEntry.objects.first(),
        "campaignrun": run,
        "occurrence": Occurrence.objects.create(campaign=live, planned_at=timezone.now()),
        "delivery": Delivery.objects.get(),
        "user": owner,
        "group": Group.objects.get(name="Viewer"),
    }
    population = Population.objects.exclude(table_name="").get(activity_run__activity_id="all")
    drafted = draft("drafted", *_mailing())
    for campaign in (drafted, live):
        QueryMarker.objects.create(campaign=campaign, activity_id="news")
    return Office(drafted, live, run, things["delivery"], population, things)


def _mailing() -> tuple[list[dict[str, Any]], list[str]]:
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    return [everybody, email()], ["all mail"]


def with_dates(dimension: TargetingDimension) -> TargetingDimension:
    """The people of the dimension get a date since when they are known."""
    with connection.cursor() as cursor:
        table = sql.Identifier(dimension.table.table_name)
        cursor.execute(sql.SQL("ALTER TABLE {} ADD COLUMN joined_on date").format(table))
        cursor.execute(sql.SQL("UPDATE {} SET joined_on = current_date").format(table))
    Field.objects.create(
        table=dimension.table,
        slug="joined_on",
        column_name="joined_on",
        type="date",
        label="Joined on",
        position=9,
    )
    return dimension


def current_hash(campaign: Campaign) -> str:
    load_draft(campaign)
    return Campaign.objects.get(pk=campaign.pk).draft_hash


def drop_working_tables() -> None:
    """What a test without a transaction left in the schema of working tables."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS work CASCADE")
        cursor.execute("CREATE SCHEMA work")
