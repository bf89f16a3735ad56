from __future__ import annotations

import pydantic
import pytest

from campaigns.content.email_content import EmailContent, check_email
from campaigns.content.links import find_links
from campaigns.problems import Severity

GOOD_HTML = '<p>Hello {{ name }}</p><a href="{{ unsubscribe_url }}">Leave</a> {{ postal_address }}'


def content(**changes: str) -> EmailContent:
    return EmailContent(**({"subject": "Hello {{ name }}", "html": GOOD_HTML} | changes))


def codes(**changes: str) -> list[tuple[str, str, int]]:
    return [(p.code, p.path, p.line) for p in check_email(content(**changes), marketing=True)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"subject": "  "}, ("empty_subject", "/subject", 1)),
        ({"subject": "a\nb"}, ("line_break", "/subject", 1)),
        ({"from_name": "a\rb"}, ("line_break", "/from_name", 1)),
        ({"subject": "x" * 151}, ("long_subject", "/subject", 1)),
        ({"subject": "{{ a | nope }}"}, ("unknown_filter", "/subject", 1)),
        ({"html": GOOD_HTML + "\n{% if %}"}, ("template_syntax", "/html", 2)),
        ({"html": "<p>x</p>"}, ("missing_unsubscribe", "/html", 1)),
        ({"text": "Hello"}, ("missing_unsubscribe", "/text", 1)),
        ({"html": GOOD_HTML.replace("{{ postal_address }}", "")}, ("missing_postal_address", "/html", 1)),
        ({"html": GOOD_HTML + "\n\n<img src=x>"}, ("missing_alt", "/html", 3)),
        ({"html": GOOD_HTML + "<script>"}, ("ineffective_tag", "/html", 1)),
        ({"html": GOOD_HTML + "\n<a href='{{ url }}'>x</a>"}, ("link_host_not_literal", "/html", 2)),
        ({"html": GOOD_HTML + "<!--" + "x" * 103_000 + "-->"}, ("too_large", "/html", 1)),
        (
            {"html": GOOD_HTML + "<p {% if a %}>b{% else %}>c{% endif %}</p>"},
            ("text_not_derivable", "/text", 1),
        ),
    ],
)
def test_finds(changes: dict[str, str], expected: tuple[str, str, int]) -> None:
    assert expected in codes(**changes)


def test_finds_nothing_wrong_with_a_good_message() -> None:
    assert codes() == []


def test_transactional_mail_needs_no_way_out() -> None:
    assert check_email(content(html="<p>Your order</p>"), marketing=False) == []


def test_errors_come_before_warnings() -> None:
    problems = check_email(content(html="<img src=x><p>x</p>"), marketing=True)
    severities = [problem.severity for problem in problems]
    assert severities == sorted(severities, key=[Severity.ERROR, Severity.WARNING].index)
    assert len(set(severities)) == 2


def test_names_nobody_supplies_are_a_problem_and_system_names_are_not() -> None:
    problems = check_email(content(), marketing=True, known=frozenset({"first_name"}))
    assert [(p.code, p.path) for p in problems] == [
        ("unknown_variable", "/html"),
        ("unknown_variable", "/subject"),
    ]


def test_refuses_unknown_fields() -> None:
    with pytest.raises(pydantic.ValidationError, match="colour"):
        content(colour="red")


def test_variables_leave_out_what_the_engine_makes() -> None:
    assert content(text="{{ order.total }}{{ unsubscribe_url }}").variables() == {"name", "order.total"}


def test_a_written_text_part_wins_over_the_derived_one() -> None:
    assert content(text="mine").text_template() == "mine"
    assert content().text_template().startswith("Hello {{ name }}\n\nLeave <{{ unsubscribe_url }}>")


MJML = """<mjml><mj-body><mj-section><mj-column>
<mj-text>Hello {{ name }}, {{ postal_address }}</mj-text>
<mj-button href="https://example.com/a?b=1&amp;c=2">Look</mj-button>
<mj-text><a href="{{ unsubscribe_url }}">Leave</a></mj-text>
</mj-column></mj-section></mj-body></mjml>"""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"html": GOOD_HTML}, ("two_bodies", "/mjml", 1)),
        ({"mjml": "<p>x</p>"}, ("mjml_syntax", "/mjml", 1)),
        ({"mjml": MJML.replace("mj-button", "mj-knob")}, ("mjml_unknown_component", "/mjml", 3)),
        ({"mjml": MJML.replace("https://example.com", "")}, ("link_relative", "/mjml", 3)),
        ({"mjml": MJML.replace("Hello", '<img src="x">')}, ("missing_alt", "/mjml", 2)),
        ({"mjml": MJML.replace("{{ unsubscribe_url }}", "#")}, ("missing_unsubscribe", "/mjml", 1)),
        ({"mjml": MJML.replace("{{ postal_address }}", "")}, ("missing_postal_address", "/mjml", 1)),
        ({"mjml": MJML.replace("Hello", "{% if %}")}, ("template_syntax", "/mjml", 2)),
        ({"mjml": MJML.replace("Hello", "x" * 103_000)}, ("too_large", "/mjml", 1)),
        ({"mjml": ""}, ("empty_html", "/html", 1)),
    ],
)
def test_finds_in_mjml(changes: dict[str, str], expected: tuple[str, str, int]) -> None:
    assert expected in codes(**({"html": "", "mjml": MJML} | changes))


def test_mjml_becomes_html_and_text() -> None:
    written = content(html="", mjml=MJML)
    assert check_email(written, marketing=True) == []
    assert written.variables() == {"name"}
    (link,) = find_links(written.html_template())[0]
    assert (link.url, link.label) == ("https://example.com/a?b=1&c=2", "Look")
    assert written.line_of_link(link) == 3
    assert "Hello {{ name }}, {{ postal_address }}" in written.text_template()
    assert "https://example.com/a?b=1&c=2" in written.text_template()
