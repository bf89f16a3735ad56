from __future__ import annotations

import random
from itertools import combinations

import pytest

from campaigns.drawing.layers import Layout, Spacing, columns_of, lay_out
from campaigns.graph import Arrow, Graph

SPACING = Spacing(width=200, columns=100, rows=30)
HEIGHT = 80.0


def graph(*arrows: str) -> Graph:
    """`a>b` is an arrow, `a` an activity alone."""
    ids = {name for arrow in arrows for name in arrow.split(">")}
    pairs = (arrow.split(">") for arrow in arrows if ">" in arrow)
    return Graph(ids, (Arrow(source, "main", target) for source, target in pairs))


def placed(drawn: Graph) -> Layout:
    return lay_out(drawn, dict.fromkeys(drawn.ids, HEIGHT), SPACING)


def test_nothing_needs_no_place() -> None:
    assert placed(graph()).places == {}


def test_a_circle_ends() -> None:
    columns = columns_of(graph("a>b", "b>c", "c>b", "c>d"))
    assert columns == {"a": 0, "b": 1, "c": 2, "d": 3}


def test_a_circle_without_a_start_ends() -> None:
    assert set(columns_of(graph("a>b", "b>a"))) == {"a", "b"}


def test_an_activity_that_leads_to_itself_has_a_place() -> None:
    assert columns_of(graph("a>a")) == {"a": 0}


def test_an_activity_stands_behind_the_furthest_that_leads_to_it() -> None:
    assert columns_of(graph("a>d", "a>b", "b>c", "c>d"))["d"] == 3


def test_a_straight_flow_is_drawn_straight() -> None:
    places = placed(graph("a>b", "b>c")).places
    assert [places[i].x for i in "abc"] == [0, 300, 600]
    assert len({places[i].y for i in "abc"}) == 1


def test_a_long_arrow_passes_through_every_column_between() -> None:
    layout = placed(graph("a>b", "b>c", "c>d", "a>d"))
    long = layout.waypoints[Arrow("a", "main", "d")]
    assert [place.x for place in long] == [400, 700]


def test_a_long_arrow_does_not_pass_under_a_box() -> None:
    layout = placed(graph("a>b", "b>c", "a>c"))
    (passed,) = layout.waypoints[Arrow("a", "main", "c")]
    top = layout.places["b"].y
    assert not top < passed.y < top + HEIGHT


def test_the_same_graph_gives_the_same_places() -> None:
    arrows = ["a>b", "a>c", "b>d", "c>d", "a>d"]
    assert placed(graph(*arrows)) == placed(graph(*reversed(arrows)))


def test_what_leaves_by_a_lower_port_runs_lower() -> None:
    drawn = Graph(
        "abcz",
        [Arrow("a", "main", "b"), Arrow("a", "rest", "z"), Arrow("b", "main", "c"), Arrow("c", "main", "z")],
    )
    layout = lay_out(drawn, dict.fromkeys(drawn.ids, HEIGHT), SPACING, {"a": ["main", "rest"]})
    passed = layout.waypoints[Arrow("a", "rest", "z")]
    assert all(place.y > layout.places["b"].y + HEIGHT for place in passed)


def test_two_separate_flows_do_not_touch() -> None:
    places = placed(graph("a>b", "c>d")).places
    assert abs(places["a"].y - places["c"].y) >= HEIGHT + SPACING.rows


@pytest.mark.parametrize("seed", range(20))
def test_boxes_never_overlap(seed: int) -> None:
    draw = random.Random(seed)
    names = [f"n{number}" for number in range(draw.randint(2, 40))]
    arrows = [f"{draw.choice(names)}>{draw.choice(names)}" for _ in range(draw.randint(1, 60))]
    places = placed(graph(*names, *arrows)).places
    assert len(places) == len(names)
    for one, other in combinations(places.values(), 2):
        assert one.x != other.x or abs(one.y - other.y) >= HEIGHT + SPACING.rows - 0.001


def test_five_hundred_activities_are_laid_out_at_once() -> None:
    names = [f"n{number:03}" for number in range(500)]
    drawn = graph(*names, *(f"{names[i // 2]}>{names[i]}" for i in range(1, 500)))
    assert len(placed(drawn).places) == 500
