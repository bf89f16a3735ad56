"""What is refused, with its code and the offset of the fault."""

from __future__ import annotations

import pytest

from campaigns.targeting.expressions.registry import REFUSALS
from tests.campaigns.targeting.expressions.conftest import Calculator

pytestmark = pytest.mark.django_db

FAULTS = [
    ("", "unfinished", 0),
    ("age +", "unfinished", 5),
    ("age 5", "unexpected", 4),
    ("(age", "unfinished", 4),
    ("age)", "unexpected", 3),
    ("age = 1 = 1", "unexpected", 8),
    ("1 < age < 5", "unexpected", 8),
    ("Length(name", "unfinished", 11),
    ("Length(,)", "unexpected", 7),
    ("city.", "unfinished", 5),
    ("city..country", "unexpected", 5),
    ("age; 1", "unreadable", 3),
    ("age -- x", "unknown_attribute", 7),
    ("age /* x */", "unexpected", 5),
    ("12abc", "unreadable", 0),
    ("1e5", "unreadable", 0),
    (".5", "unexpected", 0),
    ("9" * 51, "long_number", 0),
    ("name = 'x", "open_text", 7),
    ('name = "x"', "double_quote", 7),
    ("$$x$$", "unreadable", 0),
    ("name::text", "unreadable", 4),
    ("null", "null", 0),
    ("end", "reserved", 0),
    ("Case age End", "unexpected", 5),
    ("Case When vip Then 1", "unfinished", 20),
    ("Case(When(vip), Else(1))", "wrong_arity", 9),
    ("Case(When(vip, 1), Else(1, 2))", "wrong_arity", 23),
    ("nothing_like_it", "unknown_attribute", 0),
    ("1 + city.cuntry", "unknown_attribute", 4),
    ("1 + orders.total", "collection", 4),
    ("ctiy.country", "unknown_link", 0),
    ("@score2", "unknown_attribute", 0),
    ("$nobody", "unknown_variable", 0),
    ("Lenght(name)", "unknown_function", 0),
    ("Length()", "wrong_arity", 0),
    ("1 + Length(name, 2)", "wrong_arity", 4),
    ("Length(age)", "wrong_type", 7),
    ("Substring(name, 1.5)", "wrong_type", 16),
    ("Year(name)", "wrong_type", 5),
    ("1 + Length(Oldest(born, married))", "wrong_type", 11),
    ("Year('2024-13-01')", "wrong_type", 5),
    ("born > 'yesterday'", "wrong_type", 7),
    ("age + name", "wrong_type", 6),
    ("name + nick", "wrong_type", 5),
    ("born + 30", "dates", 5),
    ("not name", "wrong_type", 4),
    ("age and vip", "wrong_type", 0),
    ("vip > active", "no_order", 4),
    ("age = name", "types_differ", 6),
    ("name = ''", "empty_text", 7),
    ("Iif(age, 1, 2)", "wrong_type", 4),
    ("Iif(vip, 1, name)", "types_differ", 12),
    ("Greatest(name, nick)", "wrong_type", 9),
    ("TruncDate(joined, 0)", "bad_constant", 18),
    ("TruncDate(joined, age)", "not_constant", 18),
    ("TruncDateTZ(joined, 60, 'Europe/Atlantis')", "unknown_zone", 24),
    ("ToDate(vip)", "wrong_type", 7),
    ("Sum(age)", "no_collection", 4),
    ("Sum(orders)", "no_field", 4),
    ("Sum(orders.shop)", "wrong_type", 4),
    ("Sum(orders.total * 2)", "no_collection", 17),
    ("Count(city)", "no_collection", 6),
    ("Max(age, 5)", "wrong_arity", 0),
    ("StringAgg(orders.shop, name)", "not_constant", 23),
    ("extra", "json", 0),
    ("1 + referrer.extra", "json", 4),
    ("1 + Max(referrals.extra)", "json", 8),
    ("1 + Sum(ordrs.total)", "unknown_link", 8),
    ("1" + "+1" * 60, "too_deep", 0),
    ("(" * 60 + "1" + ")" * 60, "too_deep", 50),
    (" or ".join(["vip"] * 501), "too_large", 3500),
]


@pytest.mark.parametrize(("text", "code", "at"), FAULTS, ids=[fault[0][:30] for fault in FAULTS])
def test_a_fault_is_refused_at_its_place(calculator: Calculator, text: str, code: str, at: int) -> None:
    problem = calculator.problem(text or " ")
    assert problem is not None
    assert problem.code == f"expression_{code}"
    if code not in ("too_deep", "too_large"):
        assert problem.position == (at or (1 if not text else 0))


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_what_has_no_meaning_here_is_refused_by_name_with_its_reason(
    calculator: Calculator, name: str
) -> None:
    problem = calculator.problem(f"age + {name.upper()}(name)")
    assert problem is not None
    assert (problem.code, problem.position) == ("expression_refused_function", 6)
    assert REFUSALS[name].name in problem.message
    assert str(REFUSALS[name].reason) in problem.message
    assert problem.remedy == str(REFUSALS[name].remedy)


def test_windows_lead_to_the_rule_on_rows(calculator: Calculator) -> None:
    problem = calculator.problem("RowNum(PartitionBy(age), OrderBy(age))")
    assert problem is not None
    assert "deduplication" in problem.remedy


def test_a_path_to_no_collection_is_named_as_it_was_written(calculator: Calculator) -> None:
    problem = calculator.problem("Count(referrer.city)")
    assert problem is not None
    assert problem.message == "1:7: “referrer.city” leads to no collection."


def test_the_message_names_line_and_column(calculator: Calculator) -> None:
    problem = calculator.problem("Length(name)\n  + Lenght(nick)")
    assert problem is not None
    assert problem.message.startswith("2:5: ")
    assert "length" in problem.remedy
