from __future__ import annotations

import base64
import string

import pytest

from orchestration.tokens import Purpose, TokenContent, make_token, make_tokens, read_token, url_of

ALPHABET = string.ascii_letters + string.digits + "-_"


@pytest.mark.parametrize("purpose", Purpose)
def test_every_other_character_at_every_place_is_refused(purpose: Purpose) -> None:
    token = make_token(purpose, message=123_456_789, link=7)
    forged = [
        token[:place] + character + token[place + 1 :]
        for place in range(len(token))
        for character in ALPHABET
        if character != token[place]
    ]
    assert len(forged) == 32 * 63
    assert [text for text in forged if read_token(purpose, text) is not None] == []


def test_every_flipped_bit_is_refused() -> None:
    signed = base64.urlsafe_b64decode(make_token(Purpose.CLICK, message=1, link=2))
    for bit in range(len(signed) * 8):
        forged = bytearray(signed)
        forged[bit // 8] ^= 1 << bit % 8
        assert read_token(Purpose.CLICK, base64.urlsafe_b64encode(forged).decode()) is None


@pytest.mark.parametrize(
    "token",
    ["", "x", "=" * 32, "é" * 32, "A" * 31, "A" * 33, "A" * 32, " " + "A" * 31, "A" * 31 + "\n", "\x00" * 32],
)
def test_refuses_what_is_no_token(token: str) -> None:
    assert read_token(Purpose.CLICK, token) is None


def test_a_token_with_something_around_it_is_refused() -> None:
    token = make_token(Purpose.OPEN, message=1)
    assert [
        read_token(Purpose.OPEN, text) for text in (token + "\n", " " + token, token + "=", token[1:])
    ] == [None] * 4


@pytest.mark.parametrize("made", Purpose)
def test_a_token_serves_its_own_purpose_only(made: Purpose) -> None:
    token = make_token(made, message=1, link=2)
    assert [purpose for purpose in Purpose if read_token(purpose, token)] == [made]


@pytest.mark.parametrize(("message", "link"), [(0, 0), (1, 65_535), (2**63 - 1, 1)])
def test_a_token_says_what_it_was_made_of(message: int, link: int) -> None:
    token = make_token(Purpose.CLICK, message=message, link=link)
    assert read_token(Purpose.CLICK, token) == TokenContent(message, link)


def test_many_tokens_are_those_made_one_by_one() -> None:
    pairs = [(5, number) for number in range(1, 18)]
    assert list(make_tokens(Purpose.CLICK, pairs)) == [
        make_token(Purpose.CLICK, message=m, link=n) for m, n in pairs
    ]


def test_a_token_survives_a_new_key_until_the_old_one_is_dropped(settings: object) -> None:
    token = make_token(Purpose.CLICK, message=1)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 40  # type: ignore[attr-defined]
    assert read_token(Purpose.CLICK, token) is None
    settings.SECRET_KEY_FALLBACKS = ["m" * 40, old]  # type: ignore[attr-defined]
    assert read_token(Purpose.CLICK, token) == TokenContent(1, 0)


def test_the_unsubscribe_url_of_a_35_character_base_has_70_characters() -> None:
    base = "https://news.example-of-35-chars.co"
    url = url_of(Purpose.UNSUBSCRIBE, make_token(Purpose.UNSUBSCRIBE, message=2**63 - 1), base=base)
    assert (len(base), len(url)) == (35, 70)
