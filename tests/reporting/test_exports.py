from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from campaigns.formula_guard import unguard
from orchestration.models import EventKind
from reporting import exports
from reporting.csv_text import csv_lines, safe_cell
from reporting.exports import events_csv, ledger_csv, table_csv
from reporting.ledger import LedgerSearch
from reporting.reports import By, Question, table
from reporting.scopes import Scope
from tests.ledger import add_event, make_delivery, make_dimension, make_message
from tests.reporting.history import make_history
from tests.reporting.recount import read

LEADS = ("=", "+", "-", "@", "\t", "\r")
BLANKS = ("", " ", "\u00a0", "\n")


@pytest.mark.parametrize("lead", LEADS)
@pytest.mark.parametrize("blank", BLANKS)
def test_no_cell_begins_a_formula_and_the_text_comes_back(lead: str, blank: str) -> None:
    text = f"{blank}{lead}cmd|' /C calc'!A0"
    cell = str(safe_cell(text))
    assert not any(line.lstrip(" \u00a0").startswith(LEADS) for line in cell.split("\n") if line)
    assert unguard(cell) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [(-5, -5), (Decimal("-0.25"), Decimal("-0.25")), (None, ""), (True, "true"), ("-5", "'-5"), ("5", "5")],
)
def test_numbers_stay_numbers(value: object, cell: object) -> None:
    assert safe_cell(value) == cell


def test_times_are_written_with_their_zone() -> None:
    assert safe_cell(datetime(2026, 3, 1, 9, 30, tzinfo=UTC)) == "2026-03-01T09:30:00+00:00"


def test_a_cell_may_hold_every_separator() -> None:
    text = 'a,"b"\r\nc;d'
    (row,) = list(csv.reader("".join(csv_lines(["h"], [[text]])).splitlines(keepends=True)))[1:]
    assert row == [text]


@pytest.mark.django_db
def test_an_export_is_read_in_pieces_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = make_history()
    whole = list(events_csv(Scope(campaign), personal=True))
    monkeypatch.setattr(exports, "_CHUNK", 7)
    assert list(events_csv(Scope(campaign), personal=True)) == whole
    assert len(whole) > 100


@pytest.mark.django_db
def test_who_may_not_see_personal_data_gets_none() -> None:
    message = make_message(
        make_delivery(make_dimension()), 7, address="ann@example.com", reply="550 ann unknown"
    )
    add_event(message, EventKind.OPENED, ip="203.0.113.77")
    campaign = message.delivery.campaign
    for personal in (False, True):
        search = LedgerSearch(campaign=campaign.slug)
        text = "".join(
            [*ledger_csv(search, personal=personal), *events_csv(Scope(campaign), personal=personal)]
        )
        assert ("ann" in text, "203.0.113.77" in text) == (personal, personal)


@pytest.mark.django_db
def test_a_hostile_key_and_agent_are_harmless_in_a_spreadsheet() -> None:
    message = make_message(make_delivery(make_dimension(key_type="text")), "=1+1", address="")
    add_event(message, EventKind.OPENED, user_agent="@SUM(A1)")
    campaign = message.delivery.campaign
    (row,) = read(ledger_csv(LedgerSearch(campaign=campaign.slug), personal=True))
    (event,) = read(events_csv(Scope(campaign), personal=True))
    assert (row["recipient"], event["user_agent"]) == ("'=1+1", "'@SUM(A1)")


@pytest.mark.django_db
def test_every_table_of_a_report_can_be_exported() -> None:
    campaign = make_history()
    for by in By:
        lines = table(Question(Scope(campaign)), by)
        rows = read(table_csv(lines))
        assert [row["Value"] for row in rows] == [line.value for line in lines]
        assert [int(row["Sends"]) for row in rows] == [line.numbers["sends"] for line in lines]
