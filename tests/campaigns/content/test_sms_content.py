from __future__ import annotations

import pytest
from pydantic import ValidationError

from campaigns.content.sms_content import SmsContent, check_sms, visible
from campaigns.problems import ProblemsError


def found(text: str, *, marketing: bool = False, known: frozenset[str] | None = None) -> dict[str, str]:
    """Code → severity."""
    problems = check_sms(SmsContent(text=text), marketing=marketing, known=known)
    assert {problem.path for problem in problems} <= {"/text"}
    assert all(problem.remedy for problem in problems)
    return {problem.code: str(problem.severity) for problem in problems}


@pytest.mark.parametrize("data", [{}, {"text": 1}, {"text": "x", "html": "y"}, {"text": "x" * 10_001}])
def test_what_is_no_content_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SmsContent.model_validate(data)


@pytest.mark.parametrize("text", ["", " \n ", "\r\n"])
def test_an_empty_text_is_an_error(text: str) -> None:
    assert found(text) == {"sms.empty_text": "error"}


def test_what_cannot_be_read_is_shown_at_its_line() -> None:
    (problem,) = check_sms(SmsContent(text="Hello\n{% if x"), marketing=True)
    assert (problem.path, problem.line) == ("/text", 2)


def test_a_value_that_is_not_known_is_an_error() -> None:
    assert found("{{ profile.nmae }}", known=frozenset({"profile.name"})) == {"unknown_variable": "error"}
    assert found("{{ profile.name }}", known=frozenset({"profile.name"})) == {}


def test_the_opt_out_text_is_the_engines_own() -> None:
    assert found("{{ opt_out_text }}", marketing=True, known=frozenset()) == {}
    content = SmsContent(text="{{ profile.name }} {{ opt_out_text }} {{ variables.shop }}")
    assert content.variables() == {"profile.name", "variables.shop"}
    with pytest.raises(ProblemsError):
        SmsContent(text="{{").variables()


def test_marketing_without_a_way_out_is_pointed_out() -> None:
    assert found("Sale!", marketing=True) == {"sms.missing_opt_out": "warning"}
    assert found("Your parcel is here.") == {}


def test_many_segments_are_pointed_out_and_too_many_refused() -> None:
    assert found("a" * 459) == {}
    assert found("a" * 460) == {"sms.many_segments": "warning"}
    assert found("a" * 1530) == {"sms.many_segments": "warning"}
    assert found("a" * 1531) == {"sms.too_many_segments": "error"}
    assert found("한" * 671) == {"sms.too_many_segments": "error"}


def test_values_count_for_nothing_and_branches_only_for_a_warning() -> None:
    assert found("{{ profile.name | upcase | truncate: 40 }}" * 200) == {}
    assert found("{% if a %}" + "a" * 1000 + "{% else %}" + "b" * 1000 + "{% endif %}") == {
        "sms.many_segments": "warning"
    }


def test_a_few_characters_that_cost_segments_are_named() -> None:
    problems = check_sms(SmsContent(text="It’s here – " + "a" * 100), marketing=False)
    assert [problem.code for problem in problems] == ["sms.forces_unicode"]
    assert "’ (U+2019) – (U+2013)" in problems[0].message
    assert "1 instead of 2" in problems[0].remedy


def test_a_language_that_needs_unicode_is_left_in_peace() -> None:
    assert found("여름 할인이 오늘 시작합니다. 매장에서 만나요! " * 3) == {}
    assert found("It’s here") == {}


def test_what_cannot_be_seen_is_named_by_its_number() -> None:
    assert visible("\u00a0") == "U+00A0"
    assert visible("\u200b") == "U+200B"
    assert visible("ê") == "ê (U+00EA)"
