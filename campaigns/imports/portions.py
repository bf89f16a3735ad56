"""Batches in portions that are committed together: fewer commits, and a stream that the database reads on from meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from campaigns.imports.checking import Checked
from campaigns.imports.refusals import ImportRefused

BLOCKS = 64
PARQUET_BATCHES = 8
"""About 16 megabytes, which is what an interruption costs."""


def portions(batches: Iterable[Checked], at_once: int) -> Iterator[Iterator[Checked]]:
    """Each portion has to be used up before the next. ImportRefused is raised after the last, so that none is lost."""
    refused: list[ImportRefused] = []
    source = _until_refused(batches, refused)
    for first in source:
        yield chain([first], islice(source, at_once - 1))
    for error in refused:
        raise error


def _until_refused(batches: Iterable[Checked], refused: list[ImportRefused]) -> Iterator[Checked]:
    try:
        yield from batches
    except ImportRefused as error:
        refused.append(error)
