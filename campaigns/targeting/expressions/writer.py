"""Nodes to typed SQL: every name looked up, every type checked, every value bound; or refused at its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.expressions.calls import write_call
from campaigns.targeting.expressions.comparing import compared
from campaigns.targeting.expressions.conversions import as_condition, as_number, as_text, same_type
from campaigns.targeting.expressions.nodes import (
    Call,
    Case,
    Node,
    Number,
    Operation,
    Path,
    Text,
    Truth,
    Variable,
)
from campaigns.targeting.expressions.numbers import add, divide, multiply, remainder, subtract
from campaigns.targeting.expressions.parser import COMPARISONS
from campaigns.targeting.expressions.places import ExpressionError
from campaigns.targeting.expressions.reading import read_attribute
from campaigns.targeting.expressions.texts import concatenated
from campaigns.targeting.expressions.typed import MOMENTS, Typed, Writing, constant, nothing
from campaigns.targeting.problems import nearest, shown
from campaigns.targeting.schema import FieldType

_ARITHMETIC: Mapping[str, Callable[[exp.Expr, exp.Expr], exp.Expr]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": remainder,
}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the nodes of one expression for one row."""

    writing: Writing

    def write(self, node: Node) -> Typed:
        match node:
            case Operation():
                return self._contained(self._operation(node))
            case Call():
                return self._contained(write_call(self.writing, node, self.write))
            case Case():
                return self._case(node)
            case Path():
                return read_attribute(self.writing, node)
            case Variable():
                return self._variable(node)
        return _literal(node)

    def _contained(self, value: Typed) -> Typed:
        """In brackets: what stands in brackets is rendered first, so that depth costs no recursion."""
        sql = value.sql if isinstance(value.sql, exp.Paren | exp.Subquery) else exp.Paren(this=value.sql)
        return Typed(value.at, value.type, sql, value.literal, value.constant, value.is_nothing)

    def _variable(self, node: Variable) -> Typed:
        variables = self.writing.state.scope.variables
        if node.name not in variables:
            message = _("There is no variable “%(name)s”.") % {"name": shown(node.name)}
            raise ExpressionError(node.at, "unknown_variable", message, nearest(node.name, variables))
        value = variables[node.name]
        if value is None or value == "":
            return nothing(node.at)
        if isinstance(value, datetime):
            value = value.astimezone(UTC) if value.tzinfo else self.writing.state.clock.instant_of(value)
        made = constant(node.at, value)
        # Another run has another value, so it is no constant that could be judged before.
        return Typed(node.at, made.type, made.sql)

    def _case(self, node: Case) -> Typed:
        conditions = [as_condition(self.write(condition)) for condition, _value in node.branches]
        values = [self.write(value) for _condition, value in node.branches]
        default = [self.write(node.otherwise)] if node.otherwise else []
        values = same_type(self.writing, [*values, *default])
        ifs = [exp.If(this=each.sql, true=value.sql) for each, value in zip(conditions, values, strict=False)]
        otherwise = values[-1].sql if default else None
        return Typed(node.at, values[0].type, exp.Paren(this=exp.Case(ifs=ifs, default=otherwise)))

    # --- operators

    def _operation(self, node: Operation) -> Typed:
        operands = [self.write(each) for each in node.operands]
        if node.sign in ("and", "or", "not"):
            return _logical(node, operands)
        if node.sign in COMPARISONS:
            return compared(self.writing, node, operands)
        if node.sign == "||":
            sql = concatenated(*(as_text(each).sql for each in operands))
            return Typed(node.at, FieldType.TEXT, sql)
        if node.sign == "negate":
            value = as_number(operands[0])
            return Typed(
                node.at, value.type, exp.Paren(this=exp.Neg(this=value.sql)), constant=_negated(value)
            )
        return _calculated(node, operands)


def _literal(node: Number | Text | Truth) -> Typed:
    match node:
        case Number(digits=digits):
            return constant(node.at, Decimal(digits) if "." in digits else int(digits))
        case Truth(value=value):
            sql = exp.true() if value else exp.false()
            return Typed(node.at, FieldType.BOOLEAN, sql, constant=value)
    made = constant(node.at, node.value) if node.value else nothing(node.at)
    return Typed(node.at, FieldType.TEXT, made.sql, node.value, node.value)


def _negated(value: Typed) -> int | Decimal | None:
    return -value.constant if isinstance(value.constant, int | Decimal) else None


def _logical(node: Operation, operands: Sequence[Typed]) -> Typed:
    conditions = [as_condition(each).sql for each in operands]
    if node.sign == "not":
        return Typed(node.at, FieldType.BOOLEAN, exp.Paren(this=exp.Not(this=conditions[0])))
    joined = trees.every(conditions) if node.sign == "and" else trees.some(conditions)
    return Typed(node.at, FieldType.BOOLEAN, exp.Paren(this=joined))


def _calculated(node: Operation, operands: Sequence[Typed]) -> Typed:
    _check_no_dates(node, operands)
    left, right = (as_number(each) for each in operands)
    kinds = {left.type, right.type}
    whole = kinds == {FieldType.INTEGER} and node.sign != "/"
    made = FieldType.INTEGER if whole else FieldType.DECIMAL
    return Typed(node.at, made, _ARITHMETIC[node.sign](left.sql, right.sql))


def _check_no_dates(node: Operation, operands: Sequence[Typed]) -> None:
    if any(each.type in MOMENTS for each in operands):
        message = _("“%(sign)s” is not for dates.") % {"sign": node.sign}
        remedy = _("Use AddDays, SubDays, DaysDiff or their like.")
        raise ExpressionError(node.at, "dates", message, remedy)
    if node.sign == "+" and all(each.type is FieldType.TEXT for each in operands):
        message = _("“+” is for numbers.")
        raise ExpressionError(node.at, "wrong_type", message, _("Put texts together with ||."))
