"""CHECK conditions that list the values a column may have."""

from __future__ import annotations

from sqlglot import exp

MOST_CHOICES = 1000


def choices_of(condition: exp.Expr) -> tuple[str, list[str]] | None:
    """The column and its values, for `column IN ('a', 'b')` and for the form PostgreSQL dumps it in."""
    plain = _bare(condition)
    if isinstance(plain, exp.In):
        return _listed(plain.this, plain.expressions)
    if isinstance(plain, exp.EQ) and isinstance(plain.expression, exp.Any):
        listed = _bare(plain.expression.this)
        return _listed(plain.this, listed.expressions) if isinstance(listed, exp.Array) else None
    return None


def _listed(column: exp.Expr, values: list[exp.Expr]) -> tuple[str, list[str]] | None:
    named, found = _bare(column), [_bare(value) for value in values]
    texts = [value.name for value in found if isinstance(value, exp.Literal) and value.is_string]
    if not isinstance(named, exp.Column) or len(texts) < len(values) or not texts:
        return None
    return (named.name, texts) if len(texts) <= MOST_CHOICES else None


def _bare(expression: exp.Expr) -> exp.Expr:
    """Without the parentheses and casts around it."""
    while isinstance(expression, exp.Paren | exp.Cast):
        expression = expression.this
    return expression
