from __future__ import annotations

import pytest

from campaigns.personal_data import hidden_fields, may_see
from campaigns.registration import register_table
from tests.campaigns.api.callers import make_holder
from tests.campaigns.shop import open_shop

pytestmark = pytest.mark.django_db


def test_whoever_may_change_campaigns_does_not_see_people_by_that() -> None:
    assert not may_see(make_holder("author", "change_campaign", "publish_campaign"))
    assert may_see(make_holder("insider", "view_personal_data"))


def test_personal_fields_are_hidden_and_no_others() -> None:
    open_shop()
    register_table("shop", "person")
    hidden = hidden_fields("person", personal=False)
    assert "email" in hidden
    assert not {"person_id", "balance"} & hidden


def test_nothing_is_hidden_from_those_who_may_see() -> None:
    open_shop()
    register_table("shop", "person")
    assert hidden_fields("person", personal=True) == frozenset()
