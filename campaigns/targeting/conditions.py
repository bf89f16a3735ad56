"""Writes a comparison as SQL: constants at once, attributes through the links that lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from campaigns.targeting import comparisons, temporal, trees
from campaigns.targeting.attributes import Attribute, Subject, reach
from campaigns.targeting.operators import Operator
from campaigns.targeting.scope import Compilation, Row, Value
from campaigns.targeting.terms import Comparison, Term


@dataclass(frozen=True, slots=True)
class ConditionWriter:
    """One comparison of one subject; attributes among its terms are reached from `row`."""

    state: Compilation
    row: Row
    comparison: Comparison

    def positive(self, subject: Subject) -> exp.Expr:
        """True where the comparison holds, its negation left aside; false or unknown elsewhere."""
        comparison, clock = self.comparison, self.state.clock
        if comparison.period is not None:
            return temporal.within_period(subject, comparison.period, clock)
        if comparison.window is not None:
            return temporal.anniversary(subject, *comparison.window, clock)
        if comparison.operator is Operator.IN:
            return self._one_of(subject)
        if None in comparison.terms:
            return exp.false()
        if not comparison.attributes():
            return self._constant(subject, comparison.operator, comparison.constants())
        return self._with_attributes(subject)

    def _with_attributes(self, subject: Subject) -> exp.Expr:
        operator, terms = self.comparison.operator, self.comparison.terms
        if operator is Operator.BETWEEN:
            operators = (Operator.GREATER_OR_EQUAL, Operator.LESS_OR_EQUAL)
            return trees.every(map(self._single, (subject, subject), operators, terms))
        return self._single(subject, operator, terms[0])

    def _one_of(self, subject: Subject) -> exp.Expr:
        constants = self.comparison.constants()
        parts = [self._single(subject, Operator.EQUAL, each) for each in self.comparison.attributes()]
        if constants:
            parts.insert(0, self._constant(subject, Operator.IN, constants))
        if len(parts) == 1:
            return parts[0]
        return exp.Paren(this=trees.some(parts)) if parts else exp.false()

    def _single(self, subject: Subject, operator: Operator, term: Term) -> exp.Expr:
        if not isinstance(term, Attribute):
            return exp.false() if term is None else self._constant(subject, operator, [term])
        compare = comparisons.compare_columns
        fold = self.comparison.fold
        return reach(
            self.state, self.row, term.links, lambda end: compare(subject, operator, term.of(end), fold=fold)
        )

    def _constant(self, subject: Subject, operator: Operator, values: Sequence[Value]) -> exp.Expr:
        fold = self.comparison.fold
        return comparisons.compare(subject, operator, values, self.state.clock, fold=fold)
