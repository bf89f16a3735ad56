import threading
import time
from collections.abc import Iterator

import pytest
from django.utils import translation

from campaigns.imports.prefetch import prefetched


def test_an_exception_arrives_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("two")

    stream = prefetched(items())
    assert next(stream) == 1
    with pytest.raises(ValueError, match="two"):
        next(stream)


def test_a_consumer_that_stops_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    stream = prefetched(iter(range(1000)))
    assert next(stream) == 0
    stream.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_items_are_made_one_ahead_in_order() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(5):
            made.append(number)
            yield number

    stream = prefetched(items())
    assert next(stream) == 0
    deadline = time.monotonic() + 5
    while made != [0, 1] and time.monotonic() < deadline:
        time.sleep(0.001)
    assert made == [0, 1]
    assert list(stream) == [1, 2, 3, 4]


def test_words_are_in_the_language_of_the_caller() -> None:
    with translation.override("ko"):
        assert list(prefetched(translation.get_language() for _ in range(2))) == ["ko", "ko"]
