from __future__ import annotations

import time
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils.safestring import mark_safe

from campaigns.content.templates import RenderError, check_template, compile_template, variables_of
from campaigns.problems import ProblemsError


def render(source: str, *, html: bool = False, **values: object) -> str:
    return compile_template(source, where="html", html=html).render(values)


def codes(source: str, known: frozenset[str] | None = None) -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in check_template(source, where="html", known=known)]


REFUSED = {
    "range into a filter": ("{{ (1..300000000) | join }}", "range_outside_loop"),
    "range into an assignment": ("{% assign a = (1..9) %}", "range_outside_loop"),
    "range into a condition": ("{% if (1..9) contains 3 %}{% endif %}", "range_outside_loop"),
    "range as a filter's argument": ("{{ a | concat: (1..99999999) }}", "range_outside_loop"),
    "long range": ("{% for i in (1..1001) %}{% endfor %}", "loop_too_long"),
    "attribute of a text": ("{{ ''.__class__ }}", "template_syntax"),
    "include": ("{% include 'x' %}", "template_syntax"),
    "render": ("{% render 'x' %}", "template_syntax"),
    "extends": ("{% extends 'x' %}", "template_syntax"),
    "liquid tag": ("{% liquid assign a = 1 %}", "template_syntax"),
    "tablerow": ("{% tablerow i in (1..3) %}{% endtablerow %}", "template_syntax"),
    "unknown filter": ("{{ a | nope }}", "unknown_filter"),
    "safe filter": ("{{ a | safe }}", "unknown_filter"),
    "unclosed output": ("{{ a ", "unclosed_markup"),
    "unclosed tag": ("{% if a", "unclosed_markup"),
    "unclosed raw": ("{% raw %}{{ a }}", "unclosed_markup"),
    "unclosed block": ("{% if a %}", "template_syntax"),
    "break outside a loop": ("{% if a %}{% break %}{% endif %}", "outside_loop"),
    "NUL": ("a\x00b", "reserved_character"),
    "noncharacter": ("a\ufdd0b", "reserved_character"),
    "long source": ("a" * 600_000, "source_too_long"),
    "much markup": ("{{ a }}" * 2_001, "too_much_markup"),
    "deep nesting": ("{% if a %}" * 60 + "{% endif %}" * 60, "template_syntax"),
    "long blanks": ("{{" + " " * 50_000 + "}}", "unclosed_markup"),
}


@pytest.mark.parametrize(("source", "code"), REFUSED.values(), ids=REFUSED)
def test_refuses_with_a_code_and_a_remedy(source: str, code: str) -> None:
    problems = check_template("\n\n" + source, where="html")
    assert code in {problem.code for problem in problems}
    assert all(problem.message and problem.remedy and problem.path == "/html" for problem in problems)
    with pytest.raises(ProblemsError):
        compile_template("\n\n" + source, where="html")


def test_a_problem_names_its_line() -> None:
    assert codes("one\ntwo {{ a | nope }}\n{% for i in (1..5000) %}{% endfor %}") == [
        ("unknown_filter", 2),
        ("loop_too_long", 3),
    ]


BIG = "{% capture a %}" + "x" * 60_000 + "{% endcapture %}"
DOUBLING_CAPTURE = "{% for i in (1..900) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}"
BOMBS = {
    "doubling by append": BIG + "{% for i in (1..900) %}{% assign a = a | append: a %}{% endfor %}",
    "doubling by capture": BIG + DOUBLING_CAPTURE,
    "replacing nothing": BIG + "{{ a | replace: '', a }}",
    "replacing much": BIG + "{{ a | replace: 'x', a }}",
    "joining": BIG + "{% assign l = a | split: '' %}{{ l | join: a }}",
    "doubling a list": BIG + "{% assign l = a | split: '@' %}{% for i in (1..900) %}"
    "{% assign l = l | concat: l %}{% endfor %}{{ l | join }}",
    "long output": BIG + "{% for i in (1..900) %}{{ a }}{% endfor %}",
    "dynamic range": "{% assign n = 300000000 %}{% for i in (1..n) reversed %}{{ i }}{% endfor %}",
    "range from data": "{% for i in (1..n) reversed %}{{ i }}{% endfor %}",
    "nested loops": "{% for i in (1..100) %}{% for j in (1..100) %}{{ j }}{% endfor %}{% endfor %}",
    "loops in a row": "{% for i in (1..600) %}.{% endfor %}{% for i in (1..600) %}.{% endfor %}",
    "great number": "{% assign n = 99999999 %}{% for i in (1..9) %}{% assign n = n | times: n %}{% endfor %}",
    "great exponent": "{{ '1e999999999' | plus: 1 | ceil }}",
    "not a number": "{{ 'NaN' | plus: 1 }}",
    "infinity": "{{ 'Infinity' | times: 2 }}",
    "division by zero": "{{ 1 | divided_by: 0 }}",
    "modulo zero": "{{ 1 | modulo: 0 }}",
    "places": "{{ 1.5 | round: 99999999 }}",
    "quadratic uniq": BIG + "{{ a | split: '' | uniq | size }}",
    "long date format": "{{ 'now' | date: f }}",
    "mixed sort": "{{ l | sort | size }}",
    "comparison of text and number": "{% if t > 3 %}{% endif %}",
}


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_a_bomb_ends_soon_with_a_render_error(source: str) -> None:
    started = time.process_time()
    with pytest.raises(RenderError):
        render(source, n=300_000_000, f="%Y" * 60, l=[1, "a", {}], t="x")
    assert time.process_time() - started < 1


HOSTILE = [
    "{{ a.__class__ }}",
    "{{ a['__class__'] }}",
    "{{ a.__class__.__mro__ }}",
    "{{ a.keys }}",
    "{{ a.items }}",
    "{{ a | map: '__class__' }}",
    "{{ a.format }}",
    "{{ t.upper }}",
    "{{ t.__init__.__globals__ }}",
    "{{ forloop }}",
    "{{ self }}{{ context }}{{ env }}{{ settings }}",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_reaches_no_python(source: str) -> None:
    assert render(source, a={"x": 1}, t="text").strip("\n ") == ""


@pytest.mark.parametrize("value", [SimpleNamespace(x=1), mark_safe("<b>"), object(), {"a": {1, 2}}, [b"x"]])
def test_takes_plain_values_only(value: object) -> None:
    with pytest.raises(TypeError, match="plain values"):
        render("{{ a }}", a=value)


@pytest.mark.parametrize("opening", ["{{", "{%", "{% raw %}", "{{ a", "{% doc %}", "{% capture a %}", "{%-"])
def test_checking_takes_linear_time(opening: str) -> None:
    started = time.process_time()
    check_template(opening * (500_000 // len(opening)), where="html")
    assert time.process_time() - started < 1


def test_html_escapes_values_and_text_does_not() -> None:
    assert render("{{ a }}", html=True, a="<b>&\"'") == "&lt;b&gt;&amp;&#34;&#39;"
    assert render("{{ a }}", a="<b>&") == "<b>&"


def test_an_escaped_value_is_escaped_once() -> None:
    assert render("{{ a | escape }}|{{ a | newline_to_br }}", html=True, a="<\n") == "&lt;\n|&lt;<br />\n"


def test_missing_values_are_empty() -> None:
    source = "[{{ a }}{{ a.b.c }}{{ a | upcase }}{% if a > 3 %}x{% endif %}{% for i in a %}y{% endfor %}]"
    assert render(source) == "[]"
    assert render(source, a=None) == "[]"


def test_missing_values_are_a_problem_when_the_known_ones_are_given() -> None:
    assert codes("{{ name }}\n{{ order.total }}{{ nmae }}", frozenset({"name", "order"})) == [
        ("unknown_variable", 2)
    ]


def test_prices_are_exact_decimals() -> None:
    assert (
        render("{{ a | plus: 1 }} {{ a | times: 3 }} {{ a | round: 1 }}", a=Decimal("2.25"))
        == "3.25 6.75 2.3"
    )
    assert render("{{ l | sum: 'p' }}", l=[{"p": Decimal("0.10")}, {"p": Decimal("0.20")}]) == "0.30"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ 7 | divided_by: 2 }}", "3"),
        ("{{ 7.0 | divided_by: 2 }}", "3.5"),
        ("{{ -3 | abs }}", "3"),
        ("{{ 1.2 | ceil }}{{ 1.8 | floor }}", "21"),
        ("{{ 5 | at_most: 3 }}{{ 5 | at_least: 8 }}", "38"),
        ("{{ 2.5 | round }}", "3"),
        ("{{ 'x' | plus: 2 }}", "2"),
        ("{{ 7 | modulo: 4 }}{{ 9 | minus: 4 }}", "35"),
    ],
)
def test_arithmetic_is_as_liquid_has_it(source: str, expected: str) -> None:
    assert render(source) == expected


def test_dates_are_formatted() -> None:
    values = {"d": date(2026, 3, 9), "t": datetime(2026, 3, 9, 14, 5, tzinfo=UTC)}
    assert render("{{ d | date: '%d.%m.%Y' }} {{ t | date: '%H:%M' }}", **values) == "09.03.2026 14:05"
    assert render("{{ '2026-03-09' | date: '%A' }} {{ 'soon' | date: '%Y' }}") == "Monday soon"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ a.b.c }}{{ q['x y'] }}", {"a.b.c", "q.x y"}),
        ("{% for i in a.orders %}{{ i.name }}{{ forloop.index }}{% endfor %}", {"a.orders"}),
        ("{% assign z = w.x %}{{ z }}{% if k == 1 %}{% endif %}", {"w.x", "k"}),
        ("{{ a.list.size }}{{ b[0].name }}", {"a.list", "b"}),
        ("{% raw %}{{ a }}{% endraw %}{% comment %}{{ b }}{% endcomment %}", set()),
    ],
)
def test_variables_are_what_comes_from_outside(source: str, expected: set[str]) -> None:
    assert variables_of(source) == expected


def test_one_rendering_does_not_pay_for_another() -> None:
    template = compile_template(BIG + "{{ a | upcase | downcase | size }}", where="html")
    assert {template.render({}) for _ in range(50)} == {"60000"}
