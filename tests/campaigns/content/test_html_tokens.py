from __future__ import annotations

import time

import pytest

from campaigns.content.html_tokens import Tag, Text, tokens

HOSTILE = [
    "<",
    "<a ",
    "<!--",
    '<a x="',
    "<a x=\"y='",
    "<!x",
    "<?x",
    "</a",
    "<script>",
    "<style></s",
    "<a b= ",
    "<a b",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_input_takes_linear_time(piece: str) -> None:
    started = time.process_time()
    list(tokens(piece * (300_000 // len(piece))))
    assert time.process_time() - started < 2


def tags(source: str) -> list[tuple[str, dict[str, str | None]]]:
    found = [token for token in tokens(source) if isinstance(token, Tag) and not token.closing]
    return [(tag.name, {name: tag.value(source, name) for name in tag.attributes}) for tag in found]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<A HREF="x&amp;y" b>', [("a", {"href": "x&y", "b": ""})]),
        ("<a href='x y' href=z>", [("a", {"href": "x y"})]),
        ("<a href=https://x.test/y>", [("a", {"href": "https://x.test/y"})]),
        ('<img alt = "a > b"/>', [("img", {"alt": "a > b"})]),
        ("<!-- <a href=x> --><br>", [("br", {})]),
        ("<script><a href=x></script><p>", [("script", {}), ("p", {})]),
        ("1 < 2 <3", []),
        ("<a href", [("a", {"href": ""})]),
    ],
)
def test_reads_tags_as_mail_has_them(source: str, expected: list[object]) -> None:
    assert tags(source) == expected


def test_text_and_tags_cover_the_source_in_order() -> None:
    source = "a<b>c</b>d<title>e<f></title>g < h"
    pieces = [source[token.start : token.end] for token in tokens(source)]
    assert "".join(pieces) == source
    assert [source[t.start : t.end] for t in tokens(source) if isinstance(t, Text) and t.raw] == ["e<f>"]
