from decimal import Decimal

import pytest

from campaigns.plain_data import normal, with_names
from campaigns.problems import ProblemsError


def nested(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("code", "path", "data"),
    [
        ("data.nul", "/a/0", {"a": ["\0"]}),
        ("data.surrogate", "/a", {"a": "\ud83d"}),
        ("data.not_finite", "/a", {"a": float("inf")}),
        ("data.not_finite", "/0", [float("nan")]),
        ("data.same_key", "/a", {"a": {"é": 1, "e\u0301": 2}}),
        ("data.not_plain", "/a", {"a": object()}),
        ("data.long_name", "/a", {"a": {"n" * 151: 1}}),
        ("data.too_deep", "", nested(201)),
        ("data.too_deep", "", nested(900)),
    ],
)
def test_what_cannot_be_stored_is_refused_at_its_place(code, path, data):
    with pytest.raises(ProblemsError) as raised:
        normal(data)
    assert [(problem.code, problem.path) for problem in raised.value.problems] == [(code, path)]


def test_what_is_equal_becomes_the_same():
    assert normal({"e\u0301": (1.0, -0.0, 1e22, 0.5, Decimal("1.50"), True, None)}) == {
        "é": [1, 0, 10**22, 0.5, "1.50", True, None]
    }


def test_two_hundred_levels_are_allowed():
    assert normal(nested(200)) == nested(200)


def test_a_text_is_left_as_it_is_given():
    decomposed = "Cafe\u0301", "\u1112\u1161\u11ab", "\u212b"
    assert normal({"value": list(decomposed), "path": decomposed}) == {
        "value": list(decomposed),
        "path": list(decomposed),
    }


def test_only_what_people_call_a_thing_by_is_composed():
    given = {"label": "Cafe\u0301", "rule": {"label": "e\u0301"}, "description": None}
    assert with_names(given, "label", "description") == {
        "label": "Café",
        "rule": {"label": "e\u0301"},
        "description": None,
    }
