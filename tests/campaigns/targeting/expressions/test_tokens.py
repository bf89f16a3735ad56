from __future__ import annotations

import pytest

from campaigns.targeting.expressions.places import ExpressionError, line_and_column
from campaigns.targeting.expressions.tokens import MAX_LENGTH, speaks_of_columns, tokens_of


def refusal_of(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        tokens_of(text)
    return caught.value


@pytest.mark.parametrize(("text", "at"), [("1 + 'a\x00b'", 4), ("'\ud800'", 0), ("+'\udfff'", 1)])
def test_a_text_that_cannot_be_stored_is_refused(text: str, at: int) -> None:
    error = refusal_of(text)
    assert (error.at, error.code) == (at, "bad_character")
    assert str(error) == error.message == "This text holds a character that no text can hold."
    assert error.remedy == "Remove the NUL character or the unpaired surrogate."


def test_letters_beside_the_surrogates_are_letters() -> None:
    assert tokens_of("'\ud7ff\ue000'")[0].text == "\ud7ff\ue000"


def test_a_number_of_fifty_signs_is_read_and_no_longer_one() -> None:
    assert tokens_of("9" * 50)[0].text == "9" * 50
    error = refusal_of("1 + " + "9" * 51)
    assert (error.at, error.code, error.remedy) == (4, "long_number", "Use at most 49 digits.")


def test_what_cannot_be_read_is_shown_by_its_first_twelve_signs() -> None:
    error = refusal_of("age #23456789abcdef")
    assert (error.at, error.code) == (4, "unreadable")
    assert error.message == "“#23456789abc” cannot be read here."


def test_an_expression_too_long_is_refused_at_its_end() -> None:
    assert len(tokens_of("1" + " " * (MAX_LENGTH - 1))) == 2
    error = refusal_of("1" + " " * MAX_LENGTH)
    assert (error.at, error.code) == (MAX_LENGTH, "too_long")
    assert str(MAX_LENGTH) in error.message


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("age + 1", False),
        ("'@score'", False),
        ("[@score]", False),
        ("@", False),
        ("@score + '", False),
        ("age + @score", True),
    ],
)
def test_it_is_known_whether_columns_are_named(text: str, speaks: bool) -> None:
    assert speaks_of_columns(text) is speaks


@pytest.mark.parametrize(("at", "place"), [(0, (1, 1)), (1, (1, 2)), (2, (2, 1)), (4, (3, 1)), (5, (3, 2))])
def test_a_place_is_told_as_editors_count(at: int, place: tuple[int, int]) -> None:
    assert line_and_column("a\nb\nc", at) == place
