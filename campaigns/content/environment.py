"""The two environments templates are parsed in, one that escapes for HTML and one for plain text, with few
tags.

There are no includes, no files and no Python objects: a template sees plain values and the filters of
`filters.py`.
"""

from __future__ import annotations

from typing import Any

from liquid import Environment
from liquid.ast import Node
from liquid.builtin import content, illegal, output
from liquid.builtin.expressions import Path
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.tags import (
    assign_tag,
    capture_tag,
    case_tag,
    comment_tag,
    cycle_tag,
    decrement_tag,
    for_tag,
    if_tag,
    ifchanged_tag,
    increment_tag,
    inline_comment_tag,
    unless_tag,
)
from liquid.context import RenderContext
from liquid.exceptions import LoopIterationLimitError
from liquid.template import BoundTemplate

from campaigns.content.filters import FILTERS
from campaigns.content.limits import MAX_ITERATIONS, MAX_LOCALS, LimitedText, budget

TAGS = (
    assign_tag.AssignTag,
    capture_tag.CaptureTag,
    case_tag.CaseTag,
    comment_tag.CommentTag,
    cycle_tag.CycleTag,
    decrement_tag.DecrementTag,
    for_tag.BreakTag,
    for_tag.ContinueTag,
    for_tag.ForTag,
    if_tag.IfTag,
    ifchanged_tag.IfChangedTag,
    increment_tag.IncrementTag,
    inline_comment_tag.InlineCommentTag,
    unless_tag.UnlessTag,
)
PSEUDO_TAGS = (content.Literal, output.Output, illegal.Illegal)
TAG_NAMES = tuple(sorted({tag.name for tag in TAGS} | {"raw"}))


class BoundedContext(RenderContext):  # type: ignore[misc]
    """Counts all iterations of a rendering together, where the library looks at nested loops only."""

    iterations = 0

    def raise_for_loop_limit(self, length: int = 1) -> None:
        self.iterations += length
        if self.iterations > MAX_ITERATIONS:
            raise LoopIterationLimitError(f"loops run more than {MAX_ITERATIONS} times", token=None)

    def get_buffer(self, buf: object = None) -> LimitedText:
        return LimitedText()

    def get_size_of_locals(self) -> int:
        size = int(super().get_size_of_locals())
        budget.spend(len(self.locals))
        return size


class BoundedTemplate(BoundTemplate):  # type: ignore[misc]
    context_class = BoundedContext


class BoundedRange(RangeLiteral):  # type: ignore[misc]
    """A range that is refused before a reversed loop could turn it into a list."""

    __slots__ = ()

    def evaluate(self, context: RenderContext) -> range:
        values: range = super().evaluate(context)
        if values and values[-1] - values[0] >= MAX_ITERATIONS:
            raise LoopIterationLimitError(f"a range is longer than {MAX_ITERATIONS}", token=self.token)
        return values


class PlainPath(Path):  # type: ignore[misc]
    """A path of constant names, looked up in plain dicts without detours; anything unusual goes the library's
    way.
    """

    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        try:
            value = context.scope[self.path[0]]
            for name in self.path[1:]:
                if type(value) is not dict:
                    return super().evaluate(context)
                value = value[name]
        except KeyError:
            return super().evaluate(context)
        return value


class HardenedEnvironment(Environment):  # type: ignore[misc]
    """Strict syntax, known tags and filters only."""

    template_class = BoundedTemplate
    local_namespace_limit = MAX_LOCALS
    block_nesting_limit = 20

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in PSEUDO_TAGS + TAGS:
            self.add_tag(tag)
        self.filters = dict(FILTERS)


HTML = HardenedEnvironment(autoescape=True)
TEXT = HardenedEnvironment(autoescape=False)


def walk(nodes: Any, context: RenderContext) -> Any:
    """Every node of a parsed template, parents first."""
    for node in nodes:
        yield node
        yield from walk(node.children(context, include_partials=False), context)


def specialise(template: BoundTemplate) -> None:
    """Turns ranges and constant paths into the kinds above, in place."""
    for node in walk(template.nodes, BoundedContext(template)):
        for expression in node.expressions():
            _specialise(expression)


def _specialise(expression: Any) -> None:
    if type(expression) is RangeLiteral:
        expression.__class__ = BoundedRange
    elif type(expression) is Path and all(isinstance(name, str) for name in expression.path):
        expression.__class__ = PlainPath
    for child in expression.children():
        _specialise(child)


__all__ = [
    "HTML",
    "TAG_NAMES",
    "TEXT",
    "BoundedContext",
    "HardenedEnvironment",
    "Node",
    "specialise",
    "walk",
]
