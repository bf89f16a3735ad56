"""An expression where a rule names an attribute: what it gives, as a column that the row carries.

`attribute_of` is the one door of this package for those who compile rules and settings.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from campaigns.targeting.attributes import Attribute, find_attribute
from campaigns.targeting.expressions.nodes import Node, Path, children
from campaigns.targeting.expressions.parser import parse_expression
from campaigns.targeting.expressions.places import ExpressionError
from campaigns.targeting.expressions.typed import Writing, result
from campaigns.targeting.expressions.writer import Writer
from campaigns.targeting.operands import Expression
from campaigns.targeting.rules import JsonAttribute
from campaigns.targeting.schema import Column, FieldType
from campaigns.targeting.scope import Compilation, Row, Scope

Wanted = str | JsonAttribute | Expression


def attribute_of(state: Compilation, row: Row, wanted: Wanted, place: str) -> Attribute:
    """The field, the place in its JSON or the expression that a rule names; raises RuleError."""
    if not isinstance(wanted, Expression):
        return find_attribute(state.scope.catalogue, row, wanted, place)
    place, text = f"{place}/expression", wanted.expression
    try:
        return _carried(Writing(state, row), parse_expression(text), text)
    except ExpressionError as error:
        raise error.located(text, place) from None


def expression_type(scope: Scope, text: str) -> FieldType:
    """What an expression gives on a row that a rule is about; raises RuleError."""
    state = Compilation.of(scope)
    return attribute_of(state, state.root(), Expression(expression=text), "").type


def _carried(writing: Writing, node: Node, text: str) -> Attribute:
    value = Writer(writing).write(node)
    made: exp.Expr = exp.Paren(this=result(value))
    return Attribute((), Column("expression", "expression", value.type, text), carried=made)


def attributes_in(text: str) -> Iterator[str]:
    """The attributes that an expression names, each as often as it does; raises RuleError for what is none."""
    try:
        waiting = [parse_expression(text)]
    except ExpressionError as error:
        raise error.located(text, "/expression") from None
    while waiting:
        node = waiting.pop()
        waiting.extend(children(node))
        if isinstance(node, Path):
            yield ".".join(node.steps)
