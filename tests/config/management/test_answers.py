from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from config.management.campaign_verbs.outcome import Exit
from orchestration.models import EventKind
from tests.ledger import add_event, make_campaign, make_delivery, make_dimension, make_messages, make_run

pytestmark = pytest.mark.django_db


def ask(*arguments: object) -> tuple[int, Any]:
    """The exit code and the answer as data."""
    out, code = io.StringIO(), 0
    try:
        call_command("campaign", *map(str, arguments), "--format", "json", stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(out.getvalue())


def test_a_report_of_an_unknown_campaign_is_not_found() -> None:
    assert ask("report", "nowhere")[0] == Exit.NOT_FOUND


def test_a_trace_of_an_unknown_run_is_not_found() -> None:
    assert ask("trace", 404, 1)[0] == Exit.NOT_FOUND


def test_a_report_counts_what_left_and_what_came_back() -> None:
    campaign = make_campaign("shoes")
    delivery = make_delivery(make_dimension(), make_run(campaign))
    first, _second = make_messages(delivery, [1, 2])
    make_messages(delivery, [3], state="excluded")
    add_event(first, EventKind.CLICKED, link_number=1)
    code, answer = ask("report", "shoes", "--people", "all")
    assert code == Exit.DONE
    assert {
        name: answer["numbers"][name] for name in ("targeted", "sends", "delivered", "unique_clicks")
    } == {
        "targeted": 3,
        "sends": 2,
        "delivered": 2,
        "unique_clicks": 1,
    }
