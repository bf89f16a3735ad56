from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from campaigns.document import Document, parse_document
from campaigns.rule_questions import surroundings_of
from tests.campaigns.documents import example


def with_zone(zone: str) -> Document:
    return parse_document(example(campaign={"slug": "a", "name": "A", "time_zone": zone}))


def test_a_zone_that_is_none_counts_as_utc_until_it_is_mended() -> None:
    assert surroundings_of(with_zone("Mars/Olympus")).zone == "UTC"
    assert surroundings_of(with_zone("Asia/Seoul")).zone == "Asia/Seoul"


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("number", "many", None),
        ("date", "2018-02-30", None),
        ("text", "", None),
        ("number", "1.50", Decimal("1.50")),
        ("date", "2018-01-31", date(2018, 1, 31)),
        ("boolean", False, False),
    ],
)
def test_variables_have_their_type_or_no_value(kind: str, value: object, expected: object) -> None:
    document = parse_document(example(variables={"x": {"type": kind, "value": value}}))
    assert surroundings_of(document).variables == {"x": expected}
