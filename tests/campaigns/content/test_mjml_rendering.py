from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.content.mjml_rendering import html_of_mjml
from campaigns.content.scanning import MAX_SOURCE
from campaigns.content.templates import compile_template
from campaigns.problems import Problem, ProblemsError


def message(text: str = "Hello", *, head: str = "", around: str = "HERE") -> str:
    section = f"<mj-section><mj-column><mj-text>{text}</mj-text></mj-column></mj-section>"
    return f"<mjml><mj-head>{head}</mj-head><mj-body>{around.replace('HERE', section)}</mj-body></mjml>"


def refused(source: str) -> Problem:
    with pytest.raises(ProblemsError) as refusal:
        html_of_mjml(source)
    return refusal.value.problems[0]


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("<p>no MJML</p>", "mjml_syntax", 1),
        (message('\n<mj-include path="/etc/passwd" />'), "mjml_include", 2),
        (message("a\n\n<b>c"), "mjml_syntax", 3),
        ("<mjml>\n<mj-head>\n<mj-text>x</mj-text></mj-head><mj-body></mj-body></mjml>", "mjml_syntax", 3),
        ("\n<mjml><mj-body {% if a %}\nwidth='1px'{% endif %}></mj-body></mjml>", "mjml_syntax", 2),
        (message(head="\n<mj-breakpoint width='{{ wide }}' />"), "mjml_lost", 2),
    ],
)
def test_refuses_naming_the_line(source: str, code: str, line: int) -> None:
    problem = refused(source)
    assert (problem.code, problem.path) == (code, "/mjml")
    assert problem.line == line or code == "mjml_syntax"


def test_what_becomes_too_large_is_refused() -> None:
    section = "<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>"
    source = f"<mjml><mj-body>{section * 400}</mj-body></mjml>"
    assert len(source) < MAX_SOURCE
    assert refused(source).code == "source_too_long"


def test_asks_no_other_server_for_anything() -> None:
    html = html_of_mjml(message('<a href="https://example.com">x</a>', head="<mj-title>T</mj-title>"))
    assert "fonts.googleapis.com" not in html
    assert re.findall(r"https?://[^\"'\s>]+", html.replace("http://www.w3.org/1999/xhtml", "")) == [
        "https://example.com"
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "{{ profile.name | default: \"you\" | append: '!' }}",
        "{% if a < b and c > d %}x{% else %}y{% endif %}",
        "{% raw %}{{ not this }}{% endraw %}",
    ],
)
def test_markup_comes_through_as_it_stands(markup: str) -> None:
    assert markup in html_of_mjml(message(markup))
    button = f"<mj-button href='https://example.com/?a={markup}'>x</mj-button>"
    assert f'href="https://example.com/?a={markup}"' in html_of_mjml(message(around=f"HERE{button}"))


def test_blocks_go_around_components() -> None:
    html = html_of_mjml(message("{{ item }}", around="{% for item in items %}HERE{% endfor %}"))
    rendered = compile_template(html, where="mjml", html=True).render({"items": ["one", "<two>"]})
    assert re.findall(r">(one|&lt;two&gt;)<", rendered) == ["one", "&lt;two&gt;"]


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="<>&{}\"'\r\n\0", exclude_categories=("Cs",))))
def test_texts_come_through_letter_by_letter(text: str) -> None:
    if re.search("[\ufdd0-\ufdef\x01-\x1f\x7f]|^\\s|\\s$", text):
        return
    source = message(f'{text}<img src="x" alt="{text}" />')
    html = html_of_mjml(source)
    assert f'alt="{text}"' in html
    assert f">{text}<img" in html


def test_quotes_within_quotes_stay_in_their_value() -> None:
    html = html_of_mjml(message("<img src='x' alt='say \"hi\" \\ bye' />"))
    assert 'alt="say &quot;hi&quot; \\ bye"' in html


def test_what_stands_in_comments_may_get_lost() -> None:
    assert "<body" in html_of_mjml(message(head="<!-- {{ nobody }} -->"))
