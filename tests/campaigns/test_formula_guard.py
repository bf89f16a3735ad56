import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.formula_guard import guard, unguard


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "\uff1d"])
@pytest.mark.parametrize("hidden_by", ["", " ", "\u00a0", "first line\n", "first line\n  "])
def test_a_line_that_would_run_is_guarded(lead: str, hidden_by: str) -> None:
    text = f"{hidden_by}{lead}HYPERLINK(1)"
    last = guard(text).split("\n")[-1]
    assert last.startswith("'")


@pytest.mark.parametrize("text", ["", "Ada", "a=b", "it's", "1-2", "'quoted'"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert guard(text) == text


@given(st.text(alphabet="'=+-@\t\r\n \u00a0ab"))
def test_unguarding_gives_back_what_was_guarded(text: str) -> None:
    assert unguard(guard(text)) == text
