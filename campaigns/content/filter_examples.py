"""An example of each filter: what stands before it, how it is written, and what may have to follow to show what it gives,
which is worked out and not written down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from campaigns.content.filters import FILTERS
from campaigns.content.templates import compile_template

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "abs": ("-5", "abs"),
    "append": ('"Ann"', 'append: "!"'),
    "at_least": ("3", "at_least: 10"),
    "at_most": ("30", "at_most: 10"),
    "capitalize": ('"busan"', "capitalize"),
    "ceil": ("4.2", "ceil"),
    "compact": ('people | map: "city"', "compact", 'join: ", "'),
    "concat": ("numbers", "concat: numbers", 'join: ", "'),
    "date": ('"2018-01-31"', 'date: "%d.%m.%Y"'),
    "default": ('""', 'default: "friend"'),
    "divided_by": ("20", "divided_by: 8"),
    "downcase": ('"SALE"', "downcase"),
    "escape": ('"A & B"', "escape"),
    "escape_once": ('"A &amp; B"', "escape_once"),
    "find": ("people", 'find: "city", "Seoul"', 'map: "name"'),
    "find_index": ("people", 'find_index: "city", "Seoul"'),
    "first": ("numbers", "first"),
    "floor": ("4.8", "floor"),
    "has": ("people", 'has: "city", "Seoul"'),
    "join": ("numbers", 'join: " – "'),
    "last": ("numbers", "last"),
    "lstrip": ('"  Ann"', "lstrip"),
    "map": ("people", 'map: "name"', 'join: ", "'),
    "minus": ("20", "minus: 8"),
    "modulo": ("20", "modulo: 8"),
    "newline_to_br": ('"Ann"', "newline_to_br"),
    "plus": ("20", "plus: 8"),
    "prepend": ('"Ann"', 'prepend: "Dear "'),
    "reject": ("people", 'reject: "city", "Seoul"', 'map: "name" | join: ", "'),
    "remove": ('"A-1-2"', 'remove: "-"'),
    "remove_first": ('"A-1-2"', 'remove_first: "-"'),
    "remove_last": ('"A-1-2"', 'remove_last: "-"'),
    "replace": ('"A-1-2"', 'replace: "-", "/"'),
    "replace_first": ('"A-1-2"', 'replace_first: "-", "/"'),
    "replace_last": ('"A-1-2"', 'replace_last: "-", "/"'),
    "reverse": ("numbers", "reverse", 'join: ", "'),
    "round": ("12.345", "round: 2"),
    "rstrip": ('"Ann  "', "rstrip"),
    "size": ('"Busan"', "size"),
    "slice": ('"Busan"', "slice: 0, 3"),
    "sort": ("numbers", "sort", 'join: ", "'),
    "sort_natural": ("people", 'sort_natural: "name"', 'map: "name" | join: ", "'),
    "split": ('"a,b,c"', 'split: ","', "last"),
    "squish": ('" Ann   Lee "', "squish"),
    "strip": ('"  Ann  "', "strip"),
    "strip_html": ('"<b>Ann</b>"', "strip_html"),
    "strip_newlines": ('"Ann"', "strip_newlines"),
    "sum": ("numbers", "sum"),
    "times": ("20", "times: 8"),
    "truncate": ('"A long summer sale"', "truncate: 10"),
    "truncatewords": ('"A long summer sale"', "truncatewords: 2"),
    "uniq": ('"a,b,a" | split: ","', "uniq", 'join: ","'),
    "upcase": ('"sale"', "upcase"),
    "url_decode": ('"a%20b"', "url_decode"),
    "url_encode": ('"a b"', "url_encode"),
    "where": ("people", 'where: "city", "Seoul"', 'map: "name" | join: ", "'),
}
VALUES = {
    "numbers": [3, 1, 2],
    "people": [
        {"name": "Ann", "city": "Busan"},
        {"name": "Bo", "city": "Seoul"},
        {"name": "Cy", "city": "Seoul"},
    ],
}


@dataclass(frozen=True, slots=True)
class DescribedFilter:
    """A filter with its usual arguments, `written` so behind a value, and what the `example` gives."""

    name: str
    written: str
    example: str
    gives: str


def described_filters() -> Iterator[DescribedFilter]:
    """Every filter by name."""
    for name in sorted(FILTERS):
        example, written = " | ".join(EXAMPLES[name]), EXAMPLES[name][1]
        gives = compile_template("{{ " + example + " }}", where="example").render(VALUES)
        yield DescribedFilter(name, written, example, gives)
