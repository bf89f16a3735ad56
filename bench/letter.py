"""The message of the sending benchmark: 18 KB of HTML, 17 links, a condition, a loop. Both template languages read it."""

from __future__ import annotations

from typing import Any

SENDER = "news@shop.example"
BASE = "http://127.0.0.1:8000"
SUBJECT = "{{ profile.first_name }}, this week for you"
TEXT = "Dear {{ profile.first_name }},\n\nSeasonal picks for you.\n\n{{ postal_address }}\n{{ unsubscribe_url }}\n"
_ROW = (
    '<tr><td style="padding:12px 24px;font-family:Helvetica,Arial,sans-serif;font-size:15px;color:#333333">'
)
_HEAD = (
    "<html><body><table>\n"
    + _ROW
    + "{{ profile.first_name }} ({{ profile.country }}, {{ profile.tier }}),</td></tr>\n"
)
_LINK = _ROW + '<a href="https://shop.example/products/{0}?from=mail">Product {0}</a></td></tr>\n'
_LOOP = (
    "{% for line in target.bought %}" + _ROW + "{{ line.category }}: {{ line.paid }}</td></tr>\n{% endfor %}"
)
_CONDITION = (
    '{% if profile.tier == "gold" %}<tr><td>Thanks.</td></tr>{% else %}<tr><td>Hello.</td></tr>{% endif %}'
)
_PARAGRAPH = _ROW + "Seasonal picks, chosen for you – fresh from the market, at honest prices.</td></tr>\n"
_FOOT = '<tr><td>{{ postal_address }} <a href="{{ unsubscribe_url }}">Unsubscribe</a></td></tr>\n</table></body></html>\n'
HTML = (
    _HEAD
    + "".join(_LINK.format(number) for number in range(1, 18))
    + _LOOP
    + _CONDITION
    + _PARAGRAPH * 77
    + _FOOT
)


def values_of(number: int) -> dict[str, Any]:
    """What a template is given for one person, in the shape of real ones."""
    bought = [{"category": f"c{line}", "paid": f"{line}.99"} for line in range(3)]
    return {
        "profile": {
            "first_name": f"Name{number % 5000}",
            "country": "KR",
            "tier": ("gold", "none")[number % 2],
        },
        "target": {"bought": bought},
    }
