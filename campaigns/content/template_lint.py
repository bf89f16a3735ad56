"""What is wrong with a template that can be parsed: unknown filters, ranges in the wrong place, missing
variables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from liquid.builtin.expressions import FilteredExpression, LoopExpression
from liquid.builtin.expressions.primitive import IntegerLiteral, RangeLiteral
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForNode
from liquid.template import BoundTemplate

from campaigns.content.environment import BoundedContext
from campaigns.content.filters import FILTERS
from campaigns.content.limits import MAX_ITERATIONS
from campaigns.content.problems import line_of
from campaigns.problems import Problem


def lint(
    template: BoundTemplate, source: str, *, where: str, known: frozenset[str] | None = None
) -> list[Problem]:
    """All findings, in the order of their lines."""
    found = list(_of_nodes(template, where, source))
    if known is not None:
        found += _unknown_variables(template, where, source, known)
    return sorted(found, key=lambda problem: problem.line)


def paths(template: BoundTemplate) -> Iterator[str]:
    for name, _index in _reads(template):
        yield name


def _reads(template: BoundTemplate) -> Iterator[tuple[str, int]]:
    for variables in template.analyze(include_partials=False).globals.values():
        for variable in variables:
            yield _dotted(variable.segments), variable.span.index


def _dotted(segments: list[Any]) -> str:
    """The leading names of a path; what follows an index is an item of a list and has no name of its own."""
    names = []
    for segment in segments:
        if not isinstance(segment, str):
            break
        names.append(segment)
    if len(names) > 1 and names[-1] in {"size", "first", "last"}:
        names.pop()
    return ".".join(names)


def _of_nodes(template: BoundTemplate, where: str, source: str) -> Iterator[Problem]:
    for node, in_loop in _walk(template.nodes, BoundedContext(template)):
        if isinstance(node, BreakNode | ContinueNode) and not in_loop:
            yield _outside_loop(where, line_of(source, node.token.start_index))
        for expression in node.expressions():
            yield from _of_expression(expression, where)


def _walk(nodes: Any, context: BoundedContext, *, in_loop: bool = False) -> Iterator[tuple[Any, bool]]:
    for node in nodes:
        yield node, in_loop
        children = node.children(context, include_partials=False)
        yield from _walk(children, context, in_loop=in_loop or isinstance(node, ForNode))


def _of_expression(expression: Any, where: str) -> Iterator[Problem]:
    children = list(expression.children())
    if isinstance(expression, LoopExpression) and isinstance(expression.iterable, RangeLiteral):
        yield from _of_loop_range(expression.iterable, where)
        children.remove(expression.iterable)
    elif isinstance(expression, RangeLiteral):
        yield _range_outside_loop(where, _line(expression))
    elif isinstance(expression, FilteredExpression):
        yield from _unknown_filters(expression, where)
    for child in children:
        yield from _of_expression(child, where)


def _of_loop_range(literal: RangeLiteral, where: str) -> Iterator[Problem]:
    start, stop = literal.start, literal.stop
    if not isinstance(start, IntegerLiteral) or not isinstance(stop, IntegerLiteral):
        return
    if stop.value - start.value >= MAX_ITERATIONS:
        yield _loop_too_long(where, _line(literal))


def _line(expression: Any) -> int:
    return line_of(expression.token.source, expression.token.start_index)


def _unknown_filters(expression: FilteredExpression, where: str) -> Iterator[Problem]:
    for one in expression.filters or ():
        if one.name not in FILTERS:
            yield _unknown_filter(one.name, where, line_of(one.token.source, one.token.start_index))


def _unknown_variables(
    template: BoundTemplate, where: str, source: str, known: frozenset[str]
) -> Iterator[Problem]:
    for name, index in _reads(template):
        if not _is_known(name, known):
            yield _unknown_variable(name, where, line_of(source, index))


def _is_known(name: str, known: frozenset[str]) -> bool:
    parts = name.split(".")
    return any(".".join(parts[: length + 1]) in known for length in range(len(parts)))


def _outside_loop(where: str, line: int) -> Problem:
    return Problem(
        "outside_loop",
        "/" + where,
        _("“break” and “continue” work inside a loop only."),
        _("Move the tag between “for” and “endfor”, or delete it."),
        line=line,
    )


def _range_outside_loop(where: str, line: int) -> Problem:
    return Problem(
        "range_outside_loop",
        "/" + where,
        _("A range such as (1..5) can only be looped over."),
        _("Write {% for i in (1..5) %}, without filters."),
        line=line,
    )


def _loop_too_long(where: str, line: int) -> Problem:
    return Problem(
        "loop_too_long",
        "/" + where,
        _("The loop runs more than %(limit)d times.") % {"limit": MAX_ITERATIONS},
        _("Choose a shorter range."),
        line=line,
    )


def _unknown_filter(name: str, where: str, line: int) -> Problem:
    return Problem(
        "unknown_filter",
        "/" + where,
        _("There is no filter “%(name)s”.") % {"name": name},
        _("Use one of: %(names)s.") % {"names": ", ".join(sorted(FILTERS))},
        line=line,
    )


def _unknown_variable(name: str, where: str, line: int) -> Problem:
    return Problem(
        "unknown_variable",
        "/" + where,
        _("Nothing supplies “%(name)s”; it would be empty for everybody.") % {"name": name},
        _("Correct the name, or add the attribute by an enrichment before this activity."),
        line=line,
    )
