from __future__ import annotations

from decimal import Decimal

import pytest

from campaigns.models import Campaign
from orchestration.models import Delivery
from orchestration.verdicts import People
from reporting.cells import Source
from reporting.exports import events_csv, ledger_csv
from reporting.ledger import LedgerSearch
from reporting.reports import By, Question, table, totals
from reporting.rollups import refresh_rollup
from reporting.scopes import Scope
from tests.ledger import make_campaign, make_delivery, make_dimension, make_message, make_run
from tests.reporting.history import make_history
from tests.reporting.recount import Recount, share

pytestmark = pytest.mark.django_db
EITHER = pytest.mark.parametrize("people", list(People))


@pytest.fixture
def campaign() -> Campaign:
    return make_history()


def recount(campaign: Campaign, people: People) -> Recount:
    search = LedgerSearch(campaign=campaign.slug)
    return Recount(ledger_csv(search, personal=True), events_csv(Scope(campaign), personal=True), str(people))


def test_a_campaign_that_sent_nothing_has_zeros_and_no_rates() -> None:
    found = totals(Question(Scope(make_campaign())))
    assert set(found.numbers.values()) == {0}
    assert set(found.rates.values()) == {None}
    assert found.estimated_opens is None


def test_a_test_run_is_in_no_report() -> None:
    campaign = make_campaign()
    make_message(make_delivery(make_dimension(), make_run(campaign, kind="test")), 1, state="ready")
    assert totals(Question(Scope(campaign))).numbers["targeted"] == 0


@EITHER
def test_totals_equal_a_recount_of_the_exported_rows(campaign: Campaign, people: People) -> None:
    found = totals(Question(Scope(campaign), people))
    assert dict(found.numbers) == recount(campaign, people).totals()
    assert found.numbers["unique_opens"] > 20


@EITHER
def test_rates_equal_a_recount(campaign: Campaign, people: People) -> None:
    counts = recount(campaign, people).totals()
    rates = totals(Question(Scope(campaign), people)).rates
    assert rates["ctr"] == share(counts["unique_clicks"], counts["delivered"])
    assert rates["ctor"] == share(counts["unique_clicks"], counts["unique_opens"])
    assert rates["open_rate"] == share(counts["unique_opens"], counts["delivered"])
    assert rates["bounce_rate"] == share(counts["bounces"], counts["sends"])
    assert rates["unsubscribe_rate"] == share(counts["unsubscribes"], counts["delivered"])


def test_everybody_targeted_is_accounted_for(campaign: Campaign) -> None:
    n = totals(Question(Scope(campaign))).numbers
    assert n["targeted"] == n["excluded"] + n["sends"] + n["errors"] + n["cancelled"] + n["pending"]


def test_people_are_fewer_than_all(campaign: Campaign) -> None:
    human, every = (
        totals(Question(Scope(campaign), people)).numbers for people in (People.HUMAN, People.ALL)
    )
    assert 0 < human["clicks"] < every["clicks"]
    assert human["delivered"] == every["delivered"]


@EITHER
@pytest.mark.parametrize(("by", "method"), [(By.DOMAIN, "by_domain"), (By.EXCLUSION_REASON, "by_exclusion")])
def test_tables_equal_a_recount(campaign: Campaign, people: People, by: By, method: str) -> None:
    lines = {line.value: dict(line.numbers) for line in table(Question(Scope(campaign), people), by)}
    assert lines == getattr(recount(campaign, people), method)()
    assert len(lines) > 1


@EITHER
@pytest.mark.parametrize(("by", "column"), [(By.RUN, "delivery"), (By.ACTIVITY, "activity")])
def test_runs_and_activities_equal_a_recount(campaign: Campaign, people: People, by: By, column: str) -> None:
    runs = {str(pk): str(run) for pk, run in Delivery.objects.values_list("pk", "activity_run__run")}
    expected = recount(campaign, people).by(lambda row: runs.get(row[column], row[column]))
    lines = {line.value: dict(line.numbers) for line in table(Question(Scope(campaign), people), by)}
    assert len(lines) == 2
    assert lines == expected


@EITHER
def test_links_equal_a_recount(campaign: Campaign, people: People) -> None:
    lines = table(Question(Scope(campaign), people), By.LINK)
    found = {line.value[1]: (line.numbers["clicks"], line.numbers["unique_clicks"]) for line in lines}
    assert {link: counts for link, counts in found.items() if counts[0]} == recount(
        campaign, people
    ).by_link()
    assert set(found) == {"1", "2", "3"}


@EITHER
@pytest.mark.parametrize(("by", "form"), [(By.HOUR, "%Y-%m-%dT%H:00+05:30"), (By.DAY, "%Y-%m-%d")])
def test_time_is_cut_by_the_clock_of_the_campaign(
    campaign: Campaign, people: People, by: By, form: str
) -> None:
    expected = recount(campaign, people).over_time("Asia/Kolkata", form)
    names = ("opens", "unique_opens", "clicks", "unique_clicks", "unsubscribes")
    lines = {
        line.value: {name: line.numbers[name] for name in names if line.numbers[name]}
        for line in table(Question(Scope(campaign), people), by)
    }
    assert {moment: found for moment, found in lines.items() if found} == expected


def test_the_parts_of_every_table_add_up(campaign: Campaign) -> None:
    question = Question(Scope(campaign), People.ALL)
    whole = totals(question).numbers
    for by in (By.RUN, By.ACTIVITY, By.DAY, By.HOUR):
        for name in ("targeted", "sends", "delivered", "opens", "unique_clicks", "unsubscribes"):
            assert sum(line.numbers[name] for line in table(question, by)) == whole[name], (by, name)


def test_a_scope_can_be_one_run_and_one_activity(campaign: Campaign) -> None:
    delivery = Delivery.objects.filter(kind="live").first()
    scope = Scope(campaign, run=delivery.activity_run.run_id, activity="mail")
    assert totals(Question(scope)).numbers["targeted"] == 30


@EITHER
def test_the_rollup_answers_as_the_live_report_does(campaign: Campaign, people: People) -> None:
    refresh_rollup()
    live, kept = (Question(Scope(campaign), people, source) for source in Source)
    assert totals(kept).numbers == totals(live).numbers
    for by in By:
        assert table(kept, by) == table(live, by), by


def test_estimated_opens_give_software_the_rate_of_people() -> None:
    campaign = make_history(seed=3)
    found = totals(Question(Scope(campaign)))
    n = found.numbers
    rate = Decimal(n["unique_opens"]) / (n["delivered"] - n["machine_opens"])
    assert found.estimated_opens is not None
    assert abs(found.estimated_opens - (n["unique_opens"] + n["machine_opens"] * rate)) < Decimal("0.06")
