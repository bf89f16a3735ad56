from __future__ import annotations

import pytest

from campaigns.targeting.expressions.attribute import attributes_in
from campaigns.targeting.problems import RuleError


@pytest.mark.parametrize("text", ["age +", "'open", "Length("])
def test_what_is_no_expression_is_refused_at_its_place(text: str) -> None:
    with pytest.raises(RuleError) as caught:
        list(attributes_in(text))
    assert [problem.path for problem in caught.value.problems] == ["/expression"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1 + 2", []),
        ("age", ["age"]),
        ("city.country || Upper(nick)", ["city.country", "nick"]),
        ("Case When vip Then age Else Sum(orders.lines.price) End", ["vip", "age", "orders.lines.price"]),
        ("not vip and [vip] = active", ["vip", "vip", "active"]),
        ("@score + $number", ["@score"]),
    ],
)
def test_the_attributes_are_named_as_often_as_they_stand_there(text: str, names: list[str]) -> None:
    assert sorted(attributes_in(text)) == sorted(names)
