from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

MOMENT = datetime(2026, 11, 23, 23, 46, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "form", "words"),
    [
        ("en", "DATETIME_FORMAT", "Nov. 23, 2026, 11:46 p.m. UTC"),
        ("en", "SHORT_DATETIME_FORMAT", "11/23/2026 11:46 p.m. UTC"),
        ("en", "MONTH_DAY_FORMAT", "Nov. 23"),
        ("ko", "DATETIME_FORMAT", "2026년 11월 23일 오후 11:46 UTC"),
        ("ko", "SHORT_DATETIME_FORMAT", "2026-11-23. 오후 11:46 UTC"),
    ],
)
def test_a_time_is_shown_with_its_zone(language: str, form: str, words: str) -> None:
    with translation.override(language):
        assert date_format(MOMENT, form) == words
