from __future__ import annotations

from campaigns.campaign_templates.gallery import shipped_templates
from campaigns.document import parse_document
from campaigns.drawing.miniature import SIDE, draw_small

EMPTY = parse_document({"tutti": 1, "campaign": {"slug": "empty", "name": "Empty"}})


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw_small(EMPTY).tiles == ()


def test_boxes_stand_apart_and_inside() -> None:
    for template in shipped_templates():
        small = draw_small(template.example())
        places = [(tile.x, tile.y) for tile in small.tiles]
        assert len(small.lines) == len(template.document()["transitions"])
        assert all(small.left <= x <= small.left + small.width - SIDE for x, _y in places)
        assert all(0 <= y <= small.height - SIDE for _x, y in places)
        pairs = [(a, b) for a in places for b in places if a < b]
        assert all(abs(a[0] - b[0]) >= SIDE or abs(a[1] - b[1]) >= SIDE for a, b in pairs), template.slug
