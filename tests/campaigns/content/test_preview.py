from __future__ import annotations

import time
from datetime import UTC, date, datetime
from datetime import time as clock
from decimal import Decimal
from uuid import UUID

import pytest

from campaigns.content.email_content import EmailContent
from campaigns.content.preview import preview
from campaigns.content.preview_values import decoded, encoded
from campaigns.problems import ProblemsError

SLOW = (
    "{% assign s = 'aaaaaaaaaa' %}{% for i in (1..1000) %}"
    + "{% if s contains i %}{% endif %}" * 950
    + "{% endfor %}"
)


def test_a_slow_template_is_stopped() -> None:
    started = time.perf_counter()
    with pytest.raises(ProblemsError, match="stopped"):
        preview(EmailContent(subject="x", html=SLOW), {})
    assert time.perf_counter() - started < 40


def test_a_failing_template_names_field_and_line() -> None:
    with pytest.raises(ProblemsError) as refused:
        preview(EmailContent(subject="x", html="\n{{ 1 | divided_by: n }}"), {"n": 0})
    (problem,) = refused.value.problems
    assert (problem.code, problem.path, problem.line) == ("render_failed", "/html", 2)


def test_a_broken_template_is_refused_before_a_process_starts() -> None:
    with pytest.raises(ProblemsError, match="no filter"):
        preview(EmailContent(subject="{{ a | nope }}", html="x"), {})


def test_all_parts_are_rendered_with_their_types() -> None:
    content = EmailContent(
        subject="Hi {{ n }}", preheader="{{ p | plus: 1 }}", from_name="F", html="<b>{{ n }}</b>"
    )
    shown = preview(content, {"n": "Ö & é", "p": Decimal("2.50")})
    assert (shown.subject, shown.preheader, shown.from_name) == ("Hi Ö & é", "3.50", "F")
    assert (shown.html, shown.text) == ("<b>Ö &amp; é</b>", "Ö & é\n")


def test_values_survive_the_way_to_the_process() -> None:
    values = {
        "a": [1, 2.5, None, True, "x"],
        "b": {"c": [Decimal("1.50"), date(2026, 1, 2), clock(3, 4), datetime(2026, 1, 2, 3, tzinfo=UTC)]},
        "d": UUID(int=7),
    }
    assert decoded(encoded(values)) == values
