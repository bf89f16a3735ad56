"""The language of templates, as completion asks for it."""

from __future__ import annotations

from rest_framework.test import APIClient

from campaigns.content.environment import TAG_NAMES
from campaigns.content.filters import FILTERS
from tests.campaigns.api.callers import caller, is_problem

__all__ = ["caller"]

URL = "/api/v1/templates/language/"


def test_filters_tags_and_what_every_message_has_are_listed(caller: APIClient) -> None:
    found = caller.get(URL).json()
    assert [each["name"] for each in found["filters"]] == sorted(FILTERS)
    assert found["tags"] == list(TAG_NAMES)
    assert found["variables"] == ["postal_address", "unsubscribe_url"]
    shown = next(each for each in found["filters"] if each["name"] == "default")
    assert shown["written"] == 'default: "friend"'
    assert (shown["example"], shown["gives"]) == ('"" | default: "friend"', "friend")


def test_only_who_has_signed_in_is_answered(caller: APIClient) -> None:
    assert is_problem(APIClient().get(URL), 401, "not_authenticated")
