from __future__ import annotations

from django.conf import LazySettings

from orchestration.checks import LONGEST_BASE_URL, base_url_leaves_room
from orchestration.tokens import Purpose, make_token, url_of


def test_a_long_base_url_is_warned_of(settings: LazySettings) -> None:
    settings.PUBLIC_BASE_URL = "https://" + "m" * (LONGEST_BASE_URL - 7)
    assert [warning.id for warning in base_url_leaves_room(None)] == ["orchestration.W001"]


def test_the_longest_that_is_not_warned_of_leaves_the_header_on_one_line(settings: LazySettings) -> None:
    settings.PUBLIC_BASE_URL = "https://" + "m" * (LONGEST_BASE_URL - 8)
    assert base_url_leaves_room(None) == []
    token = make_token(Purpose.UNSUBSCRIBE, message=2**40)
    assert len(url_of(Purpose.UNSUBSCRIBE, token, base=settings.PUBLIC_BASE_URL)) <= 70
