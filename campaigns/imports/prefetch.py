"""Works ahead in a thread: the next item is made while the database is busy with this one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.utils import translation

Item = TypeVar("Item")

_END = object()


def prefetched(items: Iterable[Item]) -> Iterator[Item]:
    """The same items and the same exception, with one item made in advance.

    What makes them must not use the database: a connection belongs to the thread that opened it.
    """
    source, language = iter(items), translation.get_language()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="prefetch") as thread:
        ahead = thread.submit(_next_in, language, source)
        while (item := ahead.result()) is not _END:
            ahead = thread.submit(_next_in, language, source)
            yield item  # type: ignore[misc]  # anything but the end is an item


def _next_in(language: str | None, source: Iterator[Item]) -> object:
    """Reasons are put into words where they arise, so the thread speaks the language of its caller."""
    with translation.override(language):
        return next(source, _END)
