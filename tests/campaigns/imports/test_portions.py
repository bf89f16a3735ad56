from collections.abc import Iterator

import pytest

from campaigns.imports import portions as module
from campaigns.imports import records
from campaigns.imports.checking import Checked
from campaigns.imports.portions import portions
from campaigns.imports.records import Position
from campaigns.imports.refusals import ImportRefused


def batches(count: int, *, refused: bool = False) -> Iterator[Checked]:
    for number in range(count):
        yield Checked(1, b"", [], Position(number, number))
    if refused:
        raise ImportRefused("line_too_long", "too long", "shorten it")


def sizes(source: Iterator[Checked]) -> Iterator[int]:
    for portion in portions(source, 8):
        yield len(list(portion))


def test_a_refusal_comes_after_everything_before_it() -> None:
    found = sizes(batches(10, refused=True))
    assert [next(found), next(found)] == [8, 2]
    with pytest.raises(ImportRefused, match="too long"):
        next(found)


def test_a_file_that_is_refused_at_once_has_no_portion() -> None:
    with pytest.raises(ImportRefused):
        list(sizes(batches(0, refused=True)))


@pytest.mark.parametrize(("count", "expected"), [(0, []), (3, [3]), (8, [8]), (17, [8, 8, 1])])
def test_all_batches_come_in_portions(count: int, expected: list[int]) -> None:
    assert list(sizes(batches(count))) == expected


def test_an_interruption_costs_sixteen_megabytes() -> None:
    assert (module.BLOCKS * records.BLOCK, module.PARQUET_BATCHES) == (16 << 20, 8)


def test_batches_are_made_only_as_they_are_used() -> None:
    made: list[int] = []

    def watched() -> Iterator[Checked]:
        for batch in batches(20):
            made.append(batch.end.line)
            yield batch

    portion = next(iter(portions(watched(), 8)))
    next(portion)
    assert made == [0]
