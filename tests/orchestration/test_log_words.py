from __future__ import annotations

import pytest
from django.utils import translation

from orchestration.compilation import Dead, Populations, Prepared, References, WaitUntil
from orchestration.log_words import EVENTS, detail_words, event_words
from orchestration.models import RunLogEntry, RunRequest


def entry(event: str, **detail: object) -> RunLogEntry:
    return RunLogEntry(event=event, detail=detail)


def test_an_unknown_event_is_shown_as_its_code() -> None:
    assert event_words(entry("pie_baked")) == "pie_baked"


@pytest.mark.parametrize("kind", [Populations, References, WaitUntil, Prepared, Dead])
def test_whatever_an_activity_answers_has_words(kind: type) -> None:
    assert f"activity_{kind.__name__.lower()}" in EVENTS


@pytest.mark.parametrize("action", RunRequest.Action.values)
def test_whatever_a_person_asks_of_a_run_has_words(action: str) -> None:
    assert f"run_{action}" in EVENTS


def test_words_are_in_the_reader_s_language() -> None:
    with translation.override("ko"):
        assert event_words(entry("run_started")) == "실행 시작"
        assert detail_words(entry("run_started", kind="test")) == [("종류", "테스트")]


def test_numbers_stay_numbers() -> None:
    assert detail_words(entry("delivery_confirmed", will_send=1200)) == [("will get a message", "1200")]
