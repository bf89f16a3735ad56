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
