from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from campaigns.document import Document, canonical, parse_document
from campaigns.drafts import load_draft, save_draft
from campaigns.models import Campaign, Consent, Field, TargetingDimension
from campaigns.publishing import publish_campaign
from orchestration import forecasts
from orchestration.confirmation import confirm_delivery
from orchestration.exceptions import Refused
from orchestration.execution import execute_activity
from orchestration.forecasts import Forecast, forecast, last_run
from orchestration.housekeeping import drop_old_tables
from orchestration.models import CampaignRun, Delivery, Population
from orchestration.population_changes import Change, Samples, Unknown
from orchestration.runs import start_live_run, start_test_run
from orchestration.sending import drain_bucket
from orchestration.working_tables import SCHEMA
from tests.config.admin.offices import drop_working_tables
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import email, make_channel, work_off

pytestmark = pytest.mark.django_db

SPRING = {key: "Busan" if key % 2 else "Seoul" for key in range(1, 21)}
"""The people of the first run by key, with their city."""
AUTUMN = {key: "Busan" if key % 3 else "Seoul" for key in range(5, 31)}
"""Those of the second: some have gone, some have come, some have moved."""
CONSENTED = {key for key in range(1, 31) if key % 4}


def city(name: str) -> dict[str, Any]:
    return {"kind": "condition", "attribute": "city", "operator": "equal", "value": name}


def document(
    slug: str = "fair", cities: tuple[str, ...] = ("Busan",), *, overlap: bool = False, **more: Any
) -> Document:
    """Everybody, split by city; those of the first one get a mail, the others a fork that leads to ends."""
    subsets = [{"id": name.lower(), "label": name, "rule": city(name)} for name in cities]
    first = cities[0].lower()
    return parse_document(
        {
            "tutti": 1,
            "campaign": {"slug": slug, "name": slug},
            "activities": [
                {"id": "all", "type": "build_audience", "config": {"dimension": "person"}},
                {
                    "id": "by-city",
                    "type": "split",
                    "config": {"subsets": subsets, "complement": True, "overlap": overlap},
                },
                email(),
                {"id": "over", "type": "end"},
            ],
            "transitions": [
                {"from": "all", "to": "by-city"},
                {"from": "by-city", "port": first, "to": "mail"},
                {"from": "mail", "port": "sent", "to": "over"},
            ],
            **more,
        }
    )


@pytest.fixture
def dimension() -> TargetingDimension:
    made = make_dimension()
    make_channel(provider="file", provider_config={"folder": "tests"})
    for key in CONSENTED:
        Consent.objects.create(dimension=made, recipient_key=str(key), channel="email", state="opted_in")
    populate(made, SPRING)
    return made


def populate(dimension: TargetingDimension, people: dict[int, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person")
    for key, lives in people.items():
        add_person(dimension, key, city=lives)


def completed_test(made: Document) -> CampaignRun:
    campaign = Campaign.objects.filter(slug=made.campaign.slug).first() or save_draft(None, made)
    return work_off(start_test_run(campaign))


def lived(made: Document) -> CampaignRun:
    campaign = save_draft(None, made)
    version = publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    run = work_off(start_live_run(version))
    delivery = Delivery.objects.get(activity_run__run=run)
    confirm_delivery(delivery)
    for bucket in delivery.buckets.all():
        drain_bucket(bucket.pk)
    return work_off(run)


def numbers(found: Forecast) -> dict[str, tuple[int | None, ...]]:
    return {f"{c.activity}.{c.port}": (c.enter, c.leave, c.stay) for c in found.changes}


def at(found: Forecast, activity: str, port: str) -> Change:
    return next(c for c in found.changes if (c.activity, c.port) == (activity, port))


def sets(before: set[int], now: set[int]) -> tuple[int, int, int]:
    return len(now - before), len(before - now), len(now & before)


def living(people: dict[int, str], name: str) -> set[int]:
    return {key for key, lives in people.items() if lives == name}


def everything() -> dict[str, Any]:
    """How many rows each table has, and which tables there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'work') ORDER BY 1, 2"
        )
        found = {}
        for schema, table in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table)))
            found[f"{schema}.{table}"] = cursor.fetchone()[0]
    return found


def test_a_document_that_does_not_run_to_its_end_is_refused(dimension: TargetingDimension) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE person RENAME COLUMN city TO town")
    with pytest.raises(Refused, match="stops at “by-city”"):
        forecast(document())
    assert not CampaignRun.objects.exists()


def test_without_a_completed_run_everybody_is_new(dimension: TargetingDimension) -> None:
    start_test_run(save_draft(None, document()))
    found = forecast(document())
    assert found.last is None
    new = at(found, "all", "main")
    assert replace(new, samples=Samples()) == Change(
        "all", "main", now=20, before=0, enter=20, leave=0, stay=0
    )


@pytest.mark.django_db(transaction=True)
def test_nothing_at_all_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of any transaction: what the forecast wrote would stay."""
    hints: list[str] = []
    monkeypatch.setattr("orchestration.queues._send", lambda task, key: hints.append(task))
    made = make_dimension()
    make_channel(provider="file", provider_config={"folder": "tests"})
    populate(made, SPRING)
    completed_test(document())
    hints.clear()
    before = everything()
    found = forecast(document(cities=("Seoul",)))
    assert at(found, "mail", "excluded").now == 10
    assert everything() == before
    assert hints == []
    drop_working_tables()


@pytest.mark.django_db(transaction=True)
def test_what_others_change_meanwhile_is_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_dimension()
    make_channel(provider="file", provider_config={"folder": "tests"})
    populate(made, SPRING)

    def overtaken(activity_run_id: int, *, lasts: bool) -> bool:
        done = execute_activity(activity_run_id, lasts=lasts)
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("DELETE FROM person")
        other.close()
        return done

    monkeypatch.setattr(forecasts, "execute_activity", overtaken)
    assert at(forecast(document()), "by-city", "busan").now == 10
    assert at(forecast(document()), "by-city", "busan").now == 0
    drop_working_tables()


def test_an_open_test_run_is_not_in_the_way(dimension: TargetingDimension) -> None:
    completed_test(document())
    waiting = start_test_run(Campaign.objects.get())
    assert at(forecast(document()), "all", "main").stay == 20
    waiting.refresh_from_db()
    assert waiting.state == "running"
    assert work_off(waiting).state == "completed"


def test_the_numbers_are_those_of_plain_sets(dimension: TargetingDimension) -> None:
    last = completed_test(document())
    populate(dimension, AUTUMN)
    found = forecast(document())
    busan = living(SPRING, "Busan"), living(AUTUMN, "Busan")
    sent = busan[0] & CONSENTED, busan[1] & CONSENTED
    assert found.last == last
    assert numbers(found) == {
        "all.main": sets(set(SPRING), set(AUTUMN)),
        "by-city.busan": sets(*busan),
        "by-city.complement": sets(living(SPRING, "Seoul"), living(AUTUMN, "Seoul")),
        "mail.sent": sets(*sent),
        "mail.excluded": sets(busan[0] - CONSENTED, busan[1] - CONSENTED),
        "mail.failed": (0, 0, 0),
        "mail.undecided": (0, 0, 0),
    }


def keys_shown(change: Change) -> tuple[list[str | None], ...]:
    """Of those who enter, leave and stay."""
    samples = change.samples
    return tuple([row[0] for row in rows] for rows in (samples.enter, samples.leave, samples.stay))


def first(people: set[int]) -> list[str]:
    return [str(key) for key in sorted(people)][:20]


def test_personal_values_are_masked_in_the_samples(dimension: TargetingDimension) -> None:
    Field.objects.filter(slug__in=("email", "id")).update(personal=True)
    (hidden,) = {row[2] for row in at(forecast(document()), "all", "main").samples.enter}
    seen = at(forecast(document(), personal=True), "all", "main").samples.enter[0]
    keys = {row[0] for row in at(forecast(document()), "mail", "sent").samples.enter}
    assert (hidden, keys) == ("•••", {"•••"})
    assert seen == ["1", "Person 1", "p1@example.com", "en", "Busan"]


def test_the_first_who_enter_leave_and_stay_are_shown(dimension: TargetingDimension) -> None:
    completed_test(document())
    populate(dimension, AUTUMN)
    found = forecast(document())
    spring, autumn = set(SPRING), set(AUTUMN)
    assert keys_shown(at(found, "all", "main")) == tuple(
        map(first, (autumn - spring, spring - autumn, spring & autumn))
    )
    sent = (living(people, "Busan") & CONSENTED for people in (SPRING, AUTUMN))
    before, now = sent
    assert keys_shown(at(found, "mail", "sent")) == tuple(
        map(first, (now - before, before - now, now & before))
    )


def test_of_who_is_gone_the_key_is_shown(dimension: TargetingDimension) -> None:
    completed_test(document())
    populate(dimension, AUTUMN)
    samples = at(forecast(document(), personal=True), "all", "main").samples
    assert [each.name for each in samples.columns] == ["id", "name", "email", "language", "city"]
    assert samples.leave[0] == ["1", None, None, None, None]
    assert samples.enter[0] == ["21", "Person 21", "p21@example.com", "en", "Seoul"]


def test_no_more_than_twenty_are_shown(dimension: TargetingDimension) -> None:
    populate(dimension, dict.fromkeys(range(1, 26), "Busan"))
    new = at(forecast(document()), "all", "main")
    assert (new.enter, len(new.samples.enter)) == (25, 20)


def test_another_document_is_compared_port_by_port(dimension: TargetingDimension) -> None:
    """A port that is new takes everybody in, one that is gone lets everybody out."""
    completed_test(document())
    found = numbers(forecast(document(cities=("Seoul",))))
    seoul, busan = living(SPRING, "Seoul"), living(SPRING, "Busan")
    assert found["by-city.seoul"] == (len(seoul), 0, 0)
    assert found["by-city.busan"] == (0, len(busan), 0)
    assert found["by-city.complement"] == sets(seoul, busan)
    assert found["mail.sent"] == sets(busan & CONSENTED, seoul & CONSENTED)


def test_a_live_run_is_preferred_to_a_later_test(dimension: TargetingDimension) -> None:
    live = lived(document())
    populate(dimension, AUTUMN)
    later = completed_test(document())
    assert (live.state, later.state, later.pk > live.pk) == ("completed", "completed", True)
    assert last_run("fair") == live
    sent = living(SPRING, "Busan") & CONSENTED, living(AUTUMN, "Busan") & CONSENTED
    assert numbers(forecast(document()))["mail.sent"] == sets(*sent)


def test_keys_that_retention_has_taken_are_said_to_be_gone(dimension: TargetingDimension) -> None:
    run = completed_test(document())
    CampaignRun.objects.filter(pk=run.pk).update(finished_at="2018-01-01T00:00:00Z")
    assert drop_old_tables() > 0
    found = forecast(document())
    gone = at(found, "all", "main")
    assert (gone.before, gone.now, gone.enter, gone.unknown) == (20, 20, None, Unknown.DROPPED)
    assert gone.samples == Samples()
    excluded = living(SPRING, "Busan") - CONSENTED
    assert numbers(found)["mail.excluded"] == (0, 0, len(excluded)), "the ledger is kept"


def test_keys_that_were_of_another_type_are_compared_as_text(dimension: TargetingDimension) -> None:
    run = completed_test(document())
    tables = Population.objects.filter(activity_run__run=run, owns_table=True).values_list(
        "table_name", flat=True
    )
    with connection.cursor() as cursor:
        for name in tables:
            table = sql.Identifier(SCHEMA, name)
            cursor.execute(sql.SQL("ALTER TABLE {} ALTER COLUMN key TYPE text").format(table))
    found = at(forecast(document()), "all", "main")
    assert (found.enter, found.leave, found.stay) == (0, 0, 20)
    assert {row[1] for row in found.samples.stay} == {f"Person {key}" for key in SPRING}


def test_populations_of_different_dimensions_are_not_compared(dimension: TargetingDimension) -> None:
    completed_test(document())
    Population.objects.filter(port="main").update(dimension="household")
    assert at(forecast(document()), "all", "main").unknown is Unknown.DIMENSION


def test_a_failure_that_the_campaign_ignores_is_told(dimension: TargetingDimension) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE person RENAME COLUMN city TO town")
    found = forecast(document(errors={"policy": "ignore"}))
    assert set(found.failures) == {"by-city"}
    assert at(found, "all", "main").samples.enter[0] == ["1", None, None, None, None]


def test_planner_settings_of_an_activity_end_with_it(
    dimension: TargetingDimension, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The law of overlapping subsets is checked with a setting of its own."""
    seen = set()

    def looking(activity_run_id: int, *, lasts: bool) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('enable_hashagg'), current_setting('random_page_cost')")
            seen.add(cursor.fetchone())
        return execute_activity(activity_run_id, lasts=lasts)

    monkeypatch.setattr(forecasts, "execute_activity", looking)
    forecast(document(overlap=True))
    assert len(seen) == 1


def test_the_draft_stays_as_it_is(dimension: TargetingDimension) -> None:
    completed_test(document())
    forecast(document(cities=("Seoul",)))
    assert canonical(load_draft(Campaign.objects.get())) == canonical(document())
