from __future__ import annotations

import pytest

from campaigns.activity_parts import known_ports
from campaigns.activity_types import registered
from campaigns.document import ActivityPart


def names(type_id: str) -> list[str]:
    return [port.name for port in known_ports(ActivityPart(id="new", type=type_id))]


def test_an_unknown_activity_has_no_known_port() -> None:
    assert names("unheard_of") == []


@pytest.mark.parametrize("type_id", registered())
def test_an_activity_not_filled_in_yet_has_ports_to_draw(type_id: str) -> None:
    assert names(type_id) or type_id == "end"


def test_a_control_group_without_a_size_shows_both_its_ports() -> None:
    assert names("control_group") == ["main", "control"]


def test_an_email_without_content_leaves_by_the_ports_of_every_email() -> None:
    assert names("email") == ["sent", "excluded", "failed", "undecided"]


def test_settings_that_are_not_valid_yet_give_ports_as_far_as_they_go() -> None:
    half = ActivityPart(id="new", type="build_audience", config={"complement": True, "rule": {"kind": "?"}})
    assert [port.name for port in known_ports(half)] == ["main", "complement"]


@pytest.mark.parametrize("type_id", registered())
@pytest.mark.parametrize("odd", [5, "x", None, [], {}, [5], [{}]])
def test_whatever_the_settings_hold_there_are_ports_to_draw(type_id: str, odd: object) -> None:
    config = dict.fromkeys([*registered()[type_id].Config.model_fields, "_fields_set", "cls"], odd)
    assert isinstance(known_ports(ActivityPart(id="new", type=type_id, config=config)), tuple)
