import pytest

from campaigns.problems import ProblemsError
from campaigns.sources import decoded


def test_other_encodings_are_refused_at_their_line():
    with pytest.raises(ProblemsError) as raised:
        decoded("a: 1\nb: é".encode("latin-1"))
    assert (raised.value.problems[0].code, raised.value.problems[0].line) == ("text.not_utf8", 2)


def test_more_than_two_million_bytes_are_refused():
    with pytest.raises(ProblemsError, match="2000001 bytes"):
        decoded(b"x" * 2_000_001)


def test_a_byte_order_mark_is_taken_off():
    assert decoded("\ufeffa: 한".encode()) == "a: 한"
