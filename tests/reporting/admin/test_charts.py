from __future__ import annotations

import pytest

from reporting.admin.charts import HEIGHT, WIDTH, chart, shares


@pytest.mark.parametrize("rows", [[], [("Monday", (0, 0))]])
def test_nothing_to_see_is_no_chart(rows: list[tuple[str, tuple[int, ...]]]) -> None:
    assert chart(rows) is None


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (1, ("1", "0")),
        (2, ("2", "1", "0")),
        (3, ("4", "2", "0")),
        (5, ("10", "5", "0")),
        (999, ("1,000", "500", "0")),
        (1000, ("1,000", "500", "0")),
    ],
)
def test_the_axis_ends_at_a_round_number_above_the_greatest(most: int, ticks: tuple[str, ...]) -> None:
    drawn = chart([("Monday", (most, 0))])
    assert drawn is not None
    assert drawn.ticks == ticks


def test_columns_stand_on_the_axis_side_by_side_within_the_chart() -> None:
    drawn = chart([("Monday", (4, 1)), ("Tuesday", (2, 0))])
    assert drawn is not None
    opens, clicks, later, none = drawn.columns
    assert (opens.height, opens.y, later.height, none.height) == (HEIGHT, 0, HEIGHT / 2, 0)
    assert clicks.x == opens.x + opens.width
    assert (clicks.series, clicks.label, clicks.number) == (1, "Monday", "1")
    assert 0 <= opens.x < clicks.x < WIDTH / 2 < later.x < none.x + none.width <= WIDTH


def test_few_places_have_a_mark_each() -> None:
    drawn = chart([(str(day), (1,)) for day in range(6)])
    assert drawn is not None
    assert [(mark.label, mark.places) for mark in drawn.marks] == [(str(day), 1) for day in range(6)]


def test_marks_of_many_places_cover_the_axis() -> None:
    drawn = chart([(str(day), (1,)) for day in range(31)])
    assert drawn is not None
    assert [mark.label for mark in drawn.marks] == ["0", "6", "12", "18", "24", "30"]
    assert sum(mark.places for mark in drawn.marks) == drawn.places == 31


def test_shares_are_of_the_first_step() -> None:
    assert shares([("targeted", 8), ("sent", 4)]) == [("targeted", 8, 100), ("sent", 4, 50)]
    assert shares([("targeted", 0)]) == [("targeted", 0, 0)]
