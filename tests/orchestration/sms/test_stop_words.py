from __future__ import annotations

import pytest

from orchestration.sms.stop_words import says_stop


@pytest.mark.parametrize(
    "text",
    ["", "...", "stop it please", "I cannot stop", "stopp", "start", "뭐 하세요?", "end of story", "\ud800"],
)
def test_what_is_no_such_word_is_none(text: str) -> None:
    assert not says_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        " stop. ",
        "Stop!",
        "ＳＴＯＰ",
        "«stop»",
        "stop\n",
        "OPT-OUT",
        "Stop all",
        "수신거부",
        " 수신 거부! ",
        "거부",
    ],
)
def test_the_words_are_heard_however_they_are_written(text: str) -> None:
    assert says_stop(text)
