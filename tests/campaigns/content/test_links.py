from __future__ import annotations

import time

import pytest

from campaigns.content.links import find_links, target_of


def found(html: str) -> list[tuple[int, str, str]]:
    links, problems = find_links(html)
    assert problems == []
    return [(link.number, link.url, link.label) for link in links]


@pytest.mark.parametrize(
    "href",
    [
        "mailto:a@example.com",
        "MAILTO:a@example.com",
        "tel:+1555",
        "sms:123",
        "#top",
        "{{ unsubscribe_url }}",
        " {{- unsubscribe_url -}} ",
    ],
)
def test_never_tracks(href: str) -> None:
    assert found(f'<a href="{href}">x</a>') == []


@pytest.mark.parametrize(
    ("href", "code"),
    [
        ("", "link_empty"),
        ("{{ url }}", "link_host_not_literal"),
        ("https://{{ host }}/x", "link_host_not_literal"),
        ("https://shop.{{ tld }}/x", "link_host_not_literal"),
        ("https://shop.test{{ path }}", "link_host_not_literal"),
        ("{{ scheme }}://shop.test/", "link_host_not_literal"),
        ("https://a:b@shop.test/", "link_credentials"),
        ("https://shop.test@evil.test/", "link_credentials"),
        ("https://shop.test:99999/", "link_malformed"),
        ("https:///x", "link_malformed"),
        ("https://shop.test/a b", "link_malformed"),
        ("https://shop.test\\{{ x }}", "link_host_not_literal"),
        ("javascript:alert(1)", "link_scheme"),
        ("data:text/html,x", "link_scheme"),
        ("/path", "link_relative"),
        ("//shop.test/x", "link_relative"),
        ("www.shop.test", "link_relative"),
    ],
)
def test_refuses_with_line_and_remedy(href: str, code: str) -> None:
    links, problems = find_links(f'<p>\n<a href="{href}">x</a>')
    assert links == []
    assert [(problem.code, problem.line, bool(problem.remedy)) for problem in problems] == [(code, 2, True)]


@pytest.mark.parametrize(
    "html",
    [
        "<!-- <a href='https://a.test'>x</a> -->",
        "{% comment %}<a href='https://a.test'>x</a>{% endcomment %}",
        "{% raw %}<a href='https://a.test'>x</a>{% endraw %}",
        "{% capture c %}<a href='https://a.test'>x</a>{% endcapture %}",
        "<style>a { content: '<a href=https://a.test>' }</style>",
        "<a name='x'>y</a>",
    ],
)
def test_finds_no_link_where_none_is_shown(html: str) -> None:
    assert found(html) == []


def test_numbers_links_and_keeps_fragment_and_query_order() -> None:
    html = '<a href="https://a.test/?z=1&amp;a=2#f">One</a><a href="https://a.test/?z=1&a=2#f">Two</a>'
    assert found(html) == [(1, "https://a.test/?z=1&a=2#f", "One"), (2, "https://a.test/?z=1&a=2#f", "Two")]


@pytest.mark.parametrize(
    ("anchor", "label"),
    [
        ("<a href='https://a.test'> Shop \n <b>now</b> </a>", "Shop now"),
        ("<a href='https://a.test' title='Shop'><img src=x></a>", "Shop"),
        ("<a href='https://a.test'><img alt='Sale &amp; more'></a>", "Sale & more"),
        ("<a href='https://a.test'></a>", "https://a.test"),
        ("<a href='https://a.test'>Hi {{ name }}</a>", "Hi {{ name }}"),
    ],
)
def test_labels_come_from_text_image_or_title(anchor: str, label: str) -> None:
    assert found(anchor) == [(1, "https://a.test", label)]


def test_positions_bound_the_value_in_the_source() -> None:
    html = "{% if a > 1 %}<a {{ c }} href='https://a.test/{{ sku | default: \"x\" }}?a=1'>x</a>{% endif %}"
    (link,), problems = find_links(html)
    assert html[link.start : link.end] == 'https://a.test/{{ sku | default: "x" }}?a=1'
    assert problems == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.test/?z=1&a=2#f", "https://a.test/?z=1&a=2#f"),
        ("https://a.test/{{ sku }}?q={{ q | url_encode }}", "https://a.test/x%20y?q=%26"),
        ("https://a.test/{{ evil }}", "https://a.test///evil.test%0D%0ASet-Cookie:x"),
        ("https://a.test/{{ missing }}", "https://a.test/"),
        ("https://café.test/é", "https://caf%C3%A9.test/%C3%A9"),
        ("https://a.test/{{ n | divided_by: 0 }}", None),
        ("{{ evil }}", None),
        ("javascript:alert(1)", None),
    ],
)
def test_targets_stay_on_their_host(url: str, expected: str | None) -> None:
    values = {"sku": "x y", "q": "&", "evil": "//evil.test\r\nSet-Cookie:x", "n": 1}
    assert target_of(url, values) == expected


def test_many_links_take_linear_time_and_are_a_problem() -> None:
    started = time.process_time()
    links, problems = find_links("<a href='https://a.test/'>x</a>" * 15_000)
    assert (len(links), [problem.code for problem in problems]) == (15_000, ["too_many_links"])
    assert time.process_time() - started < 2
