"""Documents for tests: one that is valid, and a strategy that makes any document there can be."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from campaigns.document import Document, parse_document

LETTERS = st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")
ODD = st.sampled_from(
    [
        "",
        " ",
        "yes",
        "2018-01-01",
        "1e3",
        "-",
        "# no",
        "a: b",
        "null",
        "007",
        "~",
        "👩‍👩‍👧",
        "한글",
        "e\u0301",
        "ÅÅ",
        "\ufeff",
    ]
)
TEXT = ODD | st.text(LETTERS, max_size=40) | st.lists(ODD, min_size=2, max_size=4).map("\n".join)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.recursive(
    TEXT | NUMBERS | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)
IDS = st.from_regex(r"[a-z0-9]{1,6}([_-][a-z0-9]{1,6}){0,2}", fullmatch=True)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)
LABELS = st.text(LETTERS, max_size=30)
NOTES = st.fixed_dictionaries(
    {"text": TEXT, "at": st.tuples(*[st.integers(-9999, 9999)] * 2).map(list)},
    optional={"size": st.tuples(*[st.integers(80, 2000)] * 2).map(list)},
)
TITLES = LABELS.map(lambda text: f"N{text}")


def example(**changes: Any) -> dict[str, Any]:
    """A small document as plain data."""
    return {
        "tutti": 1,
        "campaign": {"slug": "win-back", "name": "Win back"},
        "activities": [
            {"id": "lapsed", "type": "unheard_of", "config": {"rule": None}},
            {"id": "done", "type": "end"},
        ],
        "transitions": [{"from": "lapsed", "to": "done"}],
    } | changes


def named(slug: str, **changes: Any) -> Document:
    return parse_document(example(campaign={"slug": slug, "name": slug.title()}, **changes))


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    ids = draw(st.lists(IDS, max_size=4, unique=True))
    parts = [
        {
            "id": i,
            "type": draw(NAMES),
            "label": draw(LABELS),
            "config": draw(st.dictionaries(TEXT, PLAIN, max_size=3)),
        }
        for i in ids
    ]
    header = {
        "slug": draw(IDS),
        "name": draw(TITLES),
        "description": draw(TEXT),
        "tags": draw(st.lists(TITLES, max_size=3)),
    }
    variables = {name: {"type": "text", "value": draw(TEXT)} for name in draw(st.lists(NAMES, max_size=2))}
    return {
        "tutti": 1,
        "campaign": header,
        "variables": variables,
        "schedule": draw(st.dictionaries(NAMES, PLAIN, max_size=2)),
        "activities": parts,
        "transitions": [{"from": a, "to": b} for a, b in draw(_pairs(ids))],
        "layout": {i: [draw(st.integers(-9999, 9999)), 0] for i in ids},
        "notes": draw(st.dictionaries(IDS, NOTES, max_size=2)),
    }


def _pairs(ids: list[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    if not ids:
        return st.just([])
    one = st.sampled_from(ids)
    return st.lists(st.tuples(one, one), max_size=4, unique=True)
