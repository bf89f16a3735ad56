from __future__ import annotations

import pytest

from campaigns.phone_numbers import e164


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("", "KR"),
        (" ", "KR"),
        ("none", "KR"),
        ("010-1234-5678", ""),
        ("010-1234", "KR"),
        ("+82 10-1234-56789", "KR"),
        ("1-800-FLOWERS", "US"),
        ("call +1 212 555 0123", "US"),
        ("+1 212 555 0123 ext. 5", "US"),
        ("+1 212 555 0123;+1 212 555 0124", "US"),
        ("+999 123456789", ""),
        ("++1 212 555 0123", "US"),
        ("1" * 41, "US"),
        ("+1 212 555 0123\0", "US"),
        ("+1-212-555-0123' OR 1=1", "US"),
    ],
)
def test_what_is_no_number_is_none(text: str, region: str) -> None:
    assert e164(text, region) is None


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("010-1234-5678", "KR", "+821012345678"),
        (" 010 1234 5678 ", "KR", "+821012345678"),
        ("01012345678", "KR", "+821012345678"),
        ("+82 (0)10-1234-5678", "", "+821012345678"),
        ("０１０－１２３４－５６７８", "KR", "+821012345678"),
        ("＋82 10 1234 5678", "", "+821012345678"),
        ("00 82 10 1234 5678", "DE", "+821012345678"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("+12125550123", "KR", "+12125550123"),
        ("0171/1234567", "DE", "+491711234567"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(text: str, region: str, number: str) -> None:
    assert e164(text, region) == number
    assert e164(number) == number
