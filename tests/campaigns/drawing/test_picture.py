from __future__ import annotations

from typing import Any

import pytest

from campaigns.document import parse_document
from campaigns.drawing.picture import Box, Picture, draw
from tests.campaigns.documents import example
from tests.campaigns.kinds import flow, kinds

__all__ = ["kinds"]

pytestmark = pytest.mark.usefixtures("kinds")


def drawn(data: dict[str, Any], **problems: int) -> Picture:
    return draw(parse_document(data), problems)


def box(picture: Picture, activity: str) -> Box:
    return next(each for each in picture.boxes if each.id == activity)


def test_an_empty_document_is_an_empty_picture() -> None:
    assert drawn(example(activities=[], transitions=[])) == Picture()


def test_an_unknown_type_is_drawn_under_its_name() -> None:
    lapsed = box(drawn(example()), "lapsed")
    assert (lapsed.type, lapsed.icon, lapsed.title) == ("unheard_of", "help", "lapsed")


def test_an_arrow_from_an_unknown_port_still_begins_somewhere() -> None:
    data = flow()
    data["transitions"] = [{"from": "people", "port": "nowhere", "to": "over"}]
    assert [outlet.port for outlet in box(drawn(data), "people").outlets] == ["main", "nowhere"]


def test_an_arrow_to_nobody_is_left_out() -> None:
    assert drawn(example(transitions=[{"from": "lapsed", "to": "gone"}])).lines == []


def test_broken_settings_leave_the_main_way_out() -> None:
    data = flow({"id": "step", "type": "step", "config": {"complement": "perhaps"}})
    assert "main" in [outlet.port for outlet in box(drawn(data), "step").outlets]


def test_every_port_of_the_settings_is_a_way_out() -> None:
    data = flow({"id": "step", "type": "step", "config": {"complement": True}})
    outlets = box(drawn(data), "step").outlets
    assert [(outlet.port, outlet.is_taken) for outlet in outlets] == [("main", True), ("complement", False)]


def test_the_only_way_out_has_no_label() -> None:
    assert [outlet.label for outlet in box(drawn(flow()), "people").outlets] == [""]


def test_an_end_has_no_way_out() -> None:
    assert box(drawn(flow()), "over").outlets == []


def test_an_arrow_runs_from_the_port_to_the_middle_of_the_next_box() -> None:
    picture = drawn(flow())
    people, over = box(picture, "people"), box(picture, "over")
    (line,) = picture.lines
    assert line.path.startswith(f"M{people.outlets[0].x:.1f} {people.outlets[0].y:.1f}")
    assert line.path.endswith(f"{over.x:.1f} {over.middle:.1f}")


def test_findings_are_counted_on_their_box() -> None:
    picture = drawn(flow(), people=2)
    assert (box(picture, "people").problems, box(picture, "over").problems) == (2, 0)


def test_everything_lies_within_the_picture() -> None:
    picture = drawn(flow(*({"id": f"s{n}", "type": "step"} for n in range(5))))
    assert all(0 <= each.x <= picture.width and each.bottom <= picture.height for each in picture.boxes)


def test_a_way_back_is_a_line_below_the_boxes_and_no_way_out() -> None:
    steps = [{"id": "work", "type": "step"}, {"id": "again", "type": "returner", "config": {"to": "work"}}]
    picture = drawn(flow(*steps))
    back = next(line for line in picture.lines if line.leads_back)
    assert (back.key, back.target) == ("again.back", "work")
    assert back.y > max(each.bottom for each in picture.boxes)
    assert back.y < picture.height
    assert [outlet.port for outlet in box(picture, "again").outlets] == ["main"]


@pytest.mark.parametrize("to", ["nowhere", "again", "over"])
def test_a_way_back_that_is_none_is_drawn_only_where_it_can_be(to: str) -> None:
    picture = drawn(flow({"id": "again", "type": "returner", "config": {"to": to}}))
    assert len([line for line in picture.lines if line.leads_back]) == (to != "nowhere")
