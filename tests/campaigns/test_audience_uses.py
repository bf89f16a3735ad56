from __future__ import annotations

import pytest

from campaigns.audience_uses import audiences_named, uses_of
from campaigns.audiences import Description, add_audience
from campaigns.drafts import save_draft
from campaigns.models import Audience
from tests.campaigns.documents import named
from tests.ledger import make_dimension


def test_names_are_found_wherever_they_stand() -> None:
    data = {"audience": "a", "rule": {"of": [{"kind": "member", "audience": "b"}, {"audience": 3}]}, "x": "c"}
    assert sorted(audiences_named(data)) == [("/audience", "a"), ("/rule/of/0/audience", "b")]


def test_depth_costs_no_recursion() -> None:
    data: object = {"audience": "deep"}
    for _level in range(5_000):
        data = [data]
    assert [slug for _place, slug in audiences_named(data)] == ["deep"]


@pytest.mark.django_db
def test_a_word_like_the_slug_is_no_use() -> None:
    make_dimension()
    add_audience(Description("loyal", "Loyal", "person"), Audience.Origin.IMPORTED)
    rule = {"kind": "condition", "attribute": "name", "operator": "equal", "value": "loyal"}
    activity = {"id": "a", "type": "build_audience", "config": {"dimension": "person", "rule": rule}}
    save_draft(None, named("welcome", activities=[activity]))
    assert uses_of("loyal") == []
