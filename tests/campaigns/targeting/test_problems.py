from __future__ import annotations

import pytest

from campaigns.targeting.problems import RuleError, RuleProblem, as_problems, nearest, pointer, refusal, shown

FAULT = RuleProblem("/of/1", "odd", "It is odd.", "Make it even.", 7)


def test_as_problems_of_what_holds_the_rule_they_have_its_place_before_theirs() -> None:
    (problem,) = as_problems([FAULT], "/settings/rule")
    assert (problem.path, problem.code, problem.position) == ("/settings/rule/of/1", "rule.odd", 7)
    assert (problem.message, problem.remedy) == ("It is odd.", "Make it even.")


def test_the_error_tells_every_problem_and_the_rule_itself_by_a_slash() -> None:
    error = RuleError([FAULT, RuleProblem("", "bad", "It is bad.", "")])
    assert str(error) == "/of/1: It is odd.; /: It is bad."
    assert refusal("/x", "odd", "It is odd.", "No.").problems == (
        RuleProblem("/x", "odd", "It is odd.", "No.", None),
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb\x00", "a�b�"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        (12, "12"),
    ],
)
def test_a_value_is_shown_short_and_on_one_line(value: object, text: str) -> None:
    assert shown(value) == text


def test_the_nearest_names_are_told_or_else_the_first_few() -> None:
    assert nearest("nmae", ["name", "zip"]) == "Did you mean: name?"
    assert nearest("?", list("ihgfedcba")) == "Known here: a, b, c, d, e, f, g, h."
    assert nearest("nmae", []) == "Nothing of this kind is known here."
    assert nearest("name" + "x" * 100, ["name" + "x" * 56]) == f"Did you mean: {'name' + 'x' * 56}?"
    assert nearest("aaaa", ["aaab", "aaac", "aaad", "aaae"]).count(",") == 2


def test_steps_that_hold_slashes_and_tildes_are_escaped() -> None:
    assert pointer("a/b", 0, "c~d") == "/a~1b/0/c~0d"
    assert pointer() == ""
