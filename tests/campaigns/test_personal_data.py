from __future__ import annotations

import pytest

from campaigns.catalogue import load_catalogue
from campaigns.personal_data import PersonalFields, hidden_fields, may_see
from campaigns.registration import register_table
from campaigns.targeting.operands import Expression
from campaigns.targeting.rules import JsonAttribute
from campaigns.targeting.schema import FieldType
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


CARRIED = {"mail": FieldType.TEXT, "day": FieldType.DATE, "points": FieldType.DECIMAL, "more": FieldType.JSON}


@pytest.mark.parametrize(
    "attribute",
    [
        "@mail",
        "@day",
        "@more",
        "@unheard_of",
        JsonAttribute(name="@more", path=("a",), type="decimal"),
        Expression(expression="length(@mail)"),
    ],
)
def test_whatever_people_carry_may_be_theirs(attribute: str | JsonAttribute | Expression) -> None:
    open_shop()
    register_table("shop", "person")
    assert PersonalFields(load_catalogue(), False, CARRIED).hides("person", attribute)
    assert not PersonalFields(load_catalogue(), True, CARRIED).hides("person", attribute)


@pytest.mark.parametrize("attribute", ["@points", Expression(expression="@points * 2")])
def test_figures_that_people_carry_are_shown(attribute: str | Expression) -> None:
    assert not PersonalFields(load_catalogue(), False, CARRIED).hides("person", attribute)
