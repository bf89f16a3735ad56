from __future__ import annotations

import pytest

from campaigns.targeting.particles import with_particles


@pytest.mark.parametrize(
    "words", ["Category이(가) 있음", "“ ”이(가)", "이(가)", "plain words (a)", "수가 이미 이 가"]
)
def test_what_no_sound_decides_stays(words: str) -> None:
    assert with_particles(words) == words


@pytest.mark.parametrize(
    ("words", "decided"),
    [
        ("구매 수이(가) 3 이상", "구매 수가 3 이상"),
        ("합계이(가) 있고 목록이(가) 있음", "합계가 있고 목록이 있음"),
        ("“서울”(으)로 시작", "“서울”로 시작"),
        ("“부산”(으)로 시작", "“부산”으로 시작"),
        ("(구매)이(가) 없음", "(구매)가 없음"),
        ("“2017”을(를)", "“2017”을"),
        ("변수 2을(를)", "변수 2를"),
        ("3은(는) 크다", "3은 크다"),
        ("고객과(와) 상품과(와)", "고객과 상품과"),
        ("10(으)로", "10으로"),
        ("7(으)로", "7로"),
    ],
)
def test_the_sound_before_it_decides(words: str, decided: str) -> None:
    assert with_particles(words) == decided
