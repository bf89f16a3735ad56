from __future__ import annotations

import pytest

from campaigns.content.mjml_structure import MAX_DEPTH, structure_problems
from campaigns.problems import ProblemsError


def codes(source: str) -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in structure_problems(source, where="mjml")]


def body(inside: str) -> str:
    return f"<mjml>\n<mj-body>\n{inside}\n</mj-body></mjml>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ("mjml_syntax", 1)),
        ("<p>HTML</p>", ("mjml_syntax", 1)),
        (body("<mj-section>"), ("mjml_syntax", 3)),
        (body("</mj-section>"), ("mjml_syntax", 3)),
        (body("<mj-text>\n<b>bold</mj-text>"), ("mjml_syntax", 4)),
        (body("<mj-text>1 < 2</mj-text>"), ("mjml_syntax", 3)),
        (body("<mj-text align=left>x</mj-text>"), ("mjml_syntax", 3)),
        (body('<mj-include path="/etc/passwd" />'), ("mjml_include", 3)),
        (body("<mj-txt>x</mj-txt>"), ("mjml_unknown_component", 3)),
        (body('<mj-social-element name="x">x</mj-social-element>'), ("mjml_foreign_icon", 3)),
        (body("<b>" * (MAX_DEPTH + 1)), ("mjml_nesting", 3)),
    ],
)
def test_names_the_line_of(source: str, expected: tuple[str, int]) -> None:
    assert expected in codes(source)


def test_what_is_near_is_offered() -> None:
    (problem,) = structure_problems(body("<mj-txt>x</mj-txt>"), where="mjml")
    assert "<mj-text>" in problem.remedy


@pytest.mark.parametrize(
    "source",
    [
        body("<mj-text>a<br>b <img src='x' alt=''> {% if a < b %}<b>c</b>{% endif %}</mj-text>"),
        body("<!-- <mj-nothing> -->\n{% for x in y %}<mj-section />{% endfor %}"),
        "<!-- first -->" + body(""),
    ],
)
def test_says_nothing_of(source: str) -> None:
    assert codes(source) == []


def test_markup_without_an_end_is_refused_first() -> None:
    with pytest.raises(ProblemsError) as refused:
        structure_problems(body("{{ name"), where="mjml")
    assert refused.value.problems[0].code == "unclosed_markup"


def test_a_nesting_without_end_is_told_once() -> None:
    assert codes("<mjml>" + "<b>" * 100_000) == [("mjml_nesting", 1)]
