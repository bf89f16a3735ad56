"""A template: checked and compiled once, rendered for one person after another.

Template sources are written by people who are trusted with the text of a message, not with the server: what
they may use is in `environment.py` and `filters.py`, what it may cost in `limits.py`. Lint beyond syntax is
in `template_lint.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext as _
from liquid.builtin.content import ContentNode
from liquid.exceptions import LiquidError
from liquid.template import BoundTemplate

from campaigns.content.environment import HTML, TEXT, BoundedContext, specialise
from campaigns.content.fault_lines import line_of_fault
from campaigns.content.limits import LimitedText, budget
from campaigns.content.problems import line_of, refusal
from campaigns.content.scanning import scan
from campaigns.content.template_lint import lint, paths
from campaigns.problems import Problem, ProblemsError

PLAIN = frozenset({str, int, float, bool, type(None), Decimal, date, datetime, time, UUID})


class Buffer(Protocol):
    """Where rendered text goes, piece by piece."""

    def write(self, text: str, /) -> int: ...


class RenderError(Exception):
    """One person's message cannot be rendered; `where` names the template, `line` is 0 when unknown."""

    def __init__(self, message: str, *, where: str, line: int = 0) -> None:
        super().__init__(message)
        self.where = where
        self.line = line


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template. Rendering it has no side effect and may be repeated."""

    bound: BoundTemplate
    where: str

    @property
    def constant(self) -> str | None:
        """What the template renders for everybody, if it has neither values nor tags."""
        nodes = self.bound.nodes
        return (
            "".join(node.text for node in nodes) if all(type(node) is ContentNode for node in nodes) else None
        )

    def render(self, values: Mapping[str, Any]) -> str:
        """`values` is a plain dict of plain values, lists and dicts; missing ones are empty. Raises
        RenderError.
        """
        require_plain(values)
        buffer = LimitedText()
        self.render_into(buffer, values)
        return buffer.getvalue()

    def render_into(self, buffer: Buffer, values: Mapping[str, Any]) -> None:
        """As `render`, into a buffer that bears its own limit, of values that have passed `require_plain`."""
        budget.reset()
        try:
            self.bound.render_with_context(BoundedContext(self.bound, globals=values), buffer)
        except LiquidError as error:
            raise RenderError(str(error.message), where=self.where, line=_line(error)) from error
        except RecursionError as error:
            raise RenderError("the template is nested too deeply", where=self.where) from error


def compile_template(source: str, *, where: str, html: bool = False) -> Template:
    """Raises ProblemsError with what `check_template` would list. `html` escapes every value."""
    bound = _parse(source, where, html=html)
    if problems := lint(bound, source, where=where):
        raise refusal(problems[0])
    specialise(bound)
    return Template(bound, where)


def compile_rewritten(source: str, *, where: str) -> Template:
    """The HTML template `source`, made by our own hands from one that `compile_template` has accepted."""
    bound = HTML.from_string(source)
    specialise(bound)
    return Template(bound, where)


def check_template(source: str, *, where: str, known: frozenset[str] | None = None) -> list[Problem]:
    """All problems of a template, empty when it can be compiled.

    `known` holds the dotted paths that will have a value; a path outside of it (and below none of it) is
    reported.
    """
    try:
        bound = _parse(source, where, html=False)
    except ProblemsError as error:
        return list(error.problems)
    return lint(bound, source, where=where, known=known)


def variables_of(source: str, *, where: str = "template") -> frozenset[str]:
    """Dotted paths that the template reads from outside; for a loop the path of the collection."""
    return frozenset(paths(_parse(source, where, html=False)))


def require_plain(values: Mapping[str, Any]) -> None:
    """Refuses model instances, marked-safe texts and anything else that could bring behaviour into a
    template.
    """
    pending: list[Any] = [values]
    while pending:
        value = pending.pop()
        kind = type(value)
        if kind in PLAIN:
            continue
        if kind is dict:
            pending.extend(value.values())
        elif kind in (list, tuple):
            pending.extend(value)
        else:
            raise TypeError(f"Templates take plain values only, not {kind.__name__}.")


def _parse(source: str, where: str, *, html: bool) -> BoundTemplate:
    scan(source, where=where)
    try:
        return (HTML if html else TEXT).from_string(source)
    except LiquidError as error:
        raise refusal(_syntax_problem(error, source, where)) from error
    except RecursionError as error:
        raise refusal(_nesting_problem(where)) from error


def _syntax_problem(error: LiquidError, source: str, where: str) -> Problem:
    return Problem(
        "template_syntax",
        "/" + where,
        _("The template cannot be read: %(error)s.") % {"error": error.message},
        _("Correct the tag or output on this line."),
        line=_line(error) or line_of_fault(source, str(error.message)),
    )


def _nesting_problem(where: str) -> Problem:
    return Problem(
        "template_nesting",
        "/" + where,
        _("The template is nested too deeply."),
        _("Use fewer blocks inside each other."),
    )


def _line(error: LiquidError) -> int:
    token = error.token
    return line_of(token.source, token.start_index) if token is not None and token.start_index >= 0 else 0
