from __future__ import annotations

import pytest

from campaigns.content.plain_text import plain_text
from campaigns.content.templates import compile_template


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<style>p{}</style><title>t</title><script>x</script>", ""),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<b>Hel</b>lo  \n <i>you</i>", "Hello you"),
        ("<ul><li>x</li><li>y</li></ul>", "- x\n- y"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("5 &lt; 6 &amp; &eacute;", "5 < 6 & é"),
        ('<a href="https://a.test/?x=1&amp;y=2">Shop</a>.', "Shop <https://a.test/?x=1&y=2>."),
        ('<a href="https://a.test">https://a.test</a>', "https://a.test"),
        ('<a href="https://a.test"><img alt="Sale"></a>', "Sale <https://a.test>"),
        ('<a href="#x">Top</a> <a href="mailto:a@b.test">Mail</a>', "Top Mail"),
        ("Hi {{ name | default: '<b>' }}!", "Hi {{ name | default: '<b>' }}!"),
        ('<a href="{{ unsubscribe_url }}">Leave</a>', "Leave <{{ unsubscribe_url }}>"),
        ("{% if a %}<p>x</p>{% endif %}", "{% if a %}\n\nx\n\n{% endif %}"),
    ],
)
def test_says_what_the_html_says(html: str, text: str) -> None:
    assert plain_text(html).strip() == text


def test_the_derived_template_renders() -> None:
    html = "<ul>{% for i in items %}<li>{{ i.name }}: {{ i.price }}</li>{% endfor %}</ul>"
    template = compile_template(plain_text(html), where="text")
    rendered = template.render({"items": [{"name": "A & B", "price": 1}, {"name": "C", "price": 2}]})
    assert [line for line in rendered.splitlines() if line.strip()] == ["- A & B: 1", "- C: 2"]
