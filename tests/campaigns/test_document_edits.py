from __future__ import annotations

from typing import Any

import pytest

from campaigns.document import ActivityPart, Document, parse_document
from campaigns.document_edits import (
    added,
    connected,
    disconnected,
    free_id,
    removed,
    with_activity,
    with_section,
)
from campaigns.graph import Arrow
from campaigns.problems import ProblemsError
from tests.campaigns.kinds import flow, kinds

__all__ = ["kinds"]

pytestmark = pytest.mark.usefixtures("kinds")


def document(*steps: str) -> Document:
    return parse_document(flow(*({"id": step, "type": "step"} for step in steps)))


def arrows(found: Document) -> set[str]:
    return {f"{t.source}.{t.port}>{t.target}" for t in found.transitions}


def part(name: str, kind: str = "step", **config: Any) -> ActivityPart:
    return ActivityPart(id=name, type=kind, config=config)


def test_a_circle_is_refused() -> None:
    with pytest.raises(ProblemsError) as refused:
        connected(document("a", "b"), Arrow("b", "main", "a"))
    assert refused.value.problems[0].code == "graph.cycle"


def test_an_activity_is_not_connected_with_itself() -> None:
    with pytest.raises(ProblemsError):
        connected(document("a"), Arrow("a", "main", "a"))


def test_a_schedule_may_be_unfinished() -> None:
    assert with_section(document(), "schedule", {"frequency": "daily"}).schedule == {"frequency": "daily"}


def test_an_end_put_into_an_arrow_leads_nowhere() -> None:
    found = added(document(), part("stop", "finish"), after=Arrow("people", "main", "over"))
    assert arrows(found) == {"people.main>stop"}


def test_an_activity_put_into_an_arrow_takes_its_place() -> None:
    found = added(document(), part("new"), after=Arrow("people", "main", "over"))
    assert arrows(found) == {"people.main>new", "new.main>over"}


def test_an_activity_put_behind_a_port_leaves_the_other_arrows() -> None:
    found = added(document(), part("new"), after=Arrow("people", "main", ""))
    assert arrows(found) == {"people.main>over", "people.main>new"}


def test_an_activity_alone_has_no_arrow() -> None:
    assert arrows(added(document(), part("new"))) == {"people.main>over"}


def test_removing_leads_what_came_in_to_where_it_led() -> None:
    assert arrows(removed(document("a"), "a", reconnect=True)) == {"people.main>over"}


def test_removing_without_reconnecting_leaves_a_gap() -> None:
    found = removed(document("a"), "a", reconnect=False)
    assert (arrows(found), [p.id for p in found.activities]) == (set(), ["people", "over"])


def test_removing_between_neighbours_does_not_double_an_arrow() -> None:
    both = connected(document("a"), Arrow("people", "main", "over"))
    assert arrows(removed(both, "a", reconnect=True)) == {"people.main>over"}


def test_connecting_twice_is_connecting_once() -> None:
    assert connected(document(), Arrow("people", "main", "over")) == document()


def test_disconnecting_takes_one_arrow() -> None:
    assert arrows(disconnected(document("a"), Arrow("a", "main", "over"))) == {"people.main>a"}


def test_settings_are_replaced_as_a_whole() -> None:
    found = with_activity(document("a"), "a", label="New", config={"complement": True})
    assert found.activity("a").label == "New"
    assert found.activity("a").config == {"complement": True}
    assert found.activity("people") == document("a").activity("people")


def test_an_id_is_free_when_neither_used_nor_published() -> None:
    assert free_id(document("mail", "mail-2"), "mail", taken=["mail-3"]) == "mail-4"
    assert free_id(document(), "-" * 80) == "activity"
