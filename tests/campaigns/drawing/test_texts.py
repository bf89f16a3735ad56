from __future__ import annotations

from campaigns.drawing.texts import cut, width_of, wrapped


def test_nothing_is_no_line() -> None:
    assert wrapped("  ", width=10, lines=2) == ()


def test_what_is_left_over_becomes_an_ellipsis() -> None:
    assert wrapped("one two three four five", width=9, lines=2) == ("one two", "three fo…")


def test_a_word_longer_than_a_line_is_broken() -> None:
    assert wrapped("abcdefghijkl", width=6, lines=2) == ("abcdef", "ghijkl")


def test_words_stay_whole_where_they_fit() -> None:
    assert wrapped("Lapsed pet owners", width=12, lines=2) == ("Lapsed pet", "owners")


def test_a_hangul_syllable_is_twice_as_wide() -> None:
    assert width_of("한글") == 4
    assert cut("한글날 축하", 6) == "한글…"


def test_a_text_that_fits_is_left_alone() -> None:
    assert cut("main", 4) == "main"
