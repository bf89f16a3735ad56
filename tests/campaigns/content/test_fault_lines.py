from __future__ import annotations

import pytest

from campaigns.content.templates import check_template


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a\n\n{{ x | }}", 3),
        ("\n{{ a }}\n{{ }}", 3),
        ("\n{% assign x %}", 2),
        ("\n{{ a.b. }}", 2),
        ("{{ a }}\n{% if x == %}{% endif %}", 2),
        ("\n{% if a %}{% endif %}\n{% if b %}\n{{ c }}", 3),
        ("{% if a %}\n{% if b %}\n{% endif %}", 1),
        ("\n{% for a in b %}\nx", 2),
        ("{% raw %}{{ }}{% endraw %}\n{{ }}", 2),
    ],
)
def test_a_fault_at_the_end_of_an_expression_has_its_line(source: str, line: int) -> None:
    (problem,) = check_template(source, where="html")
    assert (problem.code, problem.line) == ("template_syntax", line)
