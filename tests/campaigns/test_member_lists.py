from __future__ import annotations

from typing import Any

import pytest
from sqlglot import exp

from campaigns.audiences import (
    Description,
    Members,
    Mode,
    Provenance,
    add_audience,
    lock_audience,
    write_members,
)
from campaigns.member_lists import kept_values
from campaigns.models import Audience, Field
from campaigns.personal_data import MASKED
from campaigns.targeting import trees
from campaigns.targeting.schema import Column, FieldType
from tests.ledger import add_person, make_dimension

pytestmark = pytest.mark.django_db
HOME = Column(slug="home", name="home", type=FieldType.TEXT, label="Home")


@pytest.fixture
def kept() -> Audience:
    """One person, with a city that was kept."""
    add_person(make_dimension(), 1, city="Busan")
    audience = add_audience(Description("loyal", "Loyal", "person"), Audience.Origin.SAVED)
    made = [trees.named(trees.column("t", name), slug) for name, slug in (("id", "key"), ("city", "home"))]
    select = trees.select(
        made, exp.Table(this=trees.name("person"), alias=exp.TableAlias(this=trees.name("t")))
    )
    write_members(
        lock_audience("loyal"), Mode.CREATE, Members(select, {"home": HOME}), Provenance(), append=False
    )
    audience.refresh_from_db()
    return audience


def rows(audience: Audience, *, personal: bool) -> list[list[Any]]:
    return [list(row) for row in kept_values(audience, personal=personal).rows]


def test_keys_are_masked_where_they_are_personal_and_texts_always(kept: Audience) -> None:
    assert rows(kept, personal=False) == [["1", MASKED]]
    Field.objects.filter(slug="id").update(personal=True)
    again = Audience.objects.get()
    assert rows(again, personal=False) == [[MASKED, MASKED]]
    assert rows(again, personal=True) == [["1", "Busan"]]
