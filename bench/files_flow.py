"""The work that `bench.files` measures: activities executed by the engine, and the same rows by COPY alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from campaigns.document import parse_document
from campaigns.drafts import save_draft
from campaigns.files.store import keep_upload, path_of
from campaigns.managed_tables import DATABASE_TYPE
from campaigns.models import CampaignVersion, StoredFile
from campaigns.publishing import publish_campaign
from campaigns.targeting.schema import FieldType
from orchestration.execution import execute_activity
from orchestration.models import ActivityRun, CampaignRun
from orchestration.runs import advance_run

BLOCK = 1 << 20


def copy_in(path: Path, names: list[str], kinds: list[str]) -> None:
    """COPY into a table in one go: what no loading can be faster than."""
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(name), DATABASE_TYPE[FieldType(kind)])
        for name, kind in zip(names, kinds, strict=True)
    ]
    with transaction.atomic(), connection.cursor() as cursor, path.open("rb") as stream:
        cursor.execute("DROP TABLE IF EXISTS copied")
        cursor.execute(sql.SQL("CREATE TABLE copied ({})").format(sql.SQL(", ").join(columns)))
        with cursor.copy("COPY copied FROM STDIN (FORMAT csv, HEADER)") as copy:
            while block := stream.read(BLOCK):
                copy.write(block)
        cursor.execute("ALTER TABLE copied ADD PRIMARY KEY (number)")
        cursor.execute("ANALYZE copied")


def copy_out() -> None:
    with connection.cursor() as cursor, cursor.copy("COPY copied TO STDOUT (FORMAT csv)") as copy:
        for _row in copy:
            pass


def load(path: Path, columns: list[dict[str, Any]], format_: dict[str, Any]) -> None:
    with path.open("rb") as stream:
        file = keep_upload(path.name, iter(lambda: stream.read(BLOCK), b""))
    config = {"source": {"kind": "stored", "file": file.slug}, "columns": columns, "format": format_}
    _run([{"id": "load", "type": "load_file", "config": config}], [])


def extract(names: list[str], output: dict[str, Any]) -> Path:
    """Write the population that was loaded first, by an activity behind the same load; only it is executed here."""
    config = {"columns": [{"attribute": f"@{name}"} for name in names], "output": output}
    run = CampaignRun.objects.filter(activity_runs__activity_id="load", kind="live").latest("pk")
    activity_run = ActivityRun.objects.create(
        run=_with_extraction(run, config), activity_id="out", type="extract_file"
    )
    execute_activity(activity_run.pk)
    activity_run.refresh_from_db()
    _demand(activity_run)
    return path_of(StoredFile.objects.get(activity_run=activity_run.pk))


def _with_extraction(run: CampaignRun, config: dict[str, Any]) -> CampaignRun:
    """The run as if its document had the extraction behind the load, none of it executed yet."""
    loading = json.loads(run.definition)["activities"][0]
    document = _document(
        [loading, {"id": "out", "type": "extract_file", "config": config}], [{"from": "load", "to": "out"}]
    )
    run.activity_runs.filter(activity_id="out").delete()
    CampaignRun.objects.filter(pk=run.pk).update(definition=json.dumps(document), state="running")
    run.refresh_from_db()
    return run


def _run(activities: list[dict[str, Any]], transitions: list[dict[str, Any]]) -> None:
    document = _document(activities, transitions)
    version = CampaignVersion.objects.first() or _published(document)
    run = CampaignRun.objects.create(
        campaign=version.campaign, version=version, kind="live", definition=json.dumps(document)
    )
    advance_run(run.pk)
    activity_run = run.activity_runs.get()
    execute_activity(activity_run.pk)
    activity_run.refresh_from_db()
    _demand(activity_run)


def _published(document: dict[str, Any]) -> CampaignVersion:
    draft = save_draft(None, parse_document(document))
    return publish_campaign(draft, by=None, if_match=draft.draft_hash, confirm_warnings=True)


def _demand(activity_run: ActivityRun) -> None:
    if activity_run.state != "succeeded":
        raise SystemExit(f"{activity_run}: {activity_run.problem}")


def _document(activities: list[dict[str, Any]], transitions: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "tutti": 1,
        "campaign": {"slug": "bench", "name": "Bench"},
        "activities": activities,
        "transitions": transitions,
    }
