from __future__ import annotations

import pytest

from campaigns.problems import ProblemsError
from campaigns.schedules.zones import zone_named


@pytest.mark.parametrize(
    "name", ["", "America", "../UTC", "/etc/passwd", "europe/paris", "Mars/Base", "UTC\0", "x" * 9999]
)
def test_what_is_not_listed_is_refused(name: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        zone_named(name)
    assert [problem.code for problem in caught.value.problems] == ["schedule.unknown_zone"]


@pytest.mark.parametrize(
    ("name", "near"),
    [("Europe/Pariss", "Europe/Paris"), ("america/new york", "America/New_York"), ("¿?", "UTC")],
)
def test_the_remedy_names_near_zones(name: str, near: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        zone_named(name)
    assert near in caught.value.problems[0].remedy


def test_a_listed_zone_is_opened() -> None:
    assert zone_named("Asia/Seoul").key == "Asia/Seoul"
