"""A saved filter in a rule becomes the rule it stands for: found by its slug, its parameters bound.

Binding replaces data by data before the rule is read, so a value can stand wherever a rule has one and
nowhere else; what is read afterwards is a rule like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from campaigns.fixes import instead
from campaigns.targeting.limits import MAX_LEVELS, MAX_NODES, levels_of, measured
from campaigns.targeting.operands import PERIODS, Now, Operand, OtherAttribute, Parameter, Today, Variable
from campaigns.targeting.problems import RuleError, RuleProblem, nearest, pointer, refusal
from campaigns.targeting.rules import Filter, Rule, parse_rule
from campaigns.targeting.saved_filters import FilterParameter, SavedFilter
from campaigns.targeting.schema import Catalogue

MOST_NESTED = 5
MOST_EXPANDED = 200
FROZEN = "frozen"
"""A filter that another one carries along has parameters of its own."""
_OPERAND: TypeAdapter[Any] = TypeAdapter(Operand)


@dataclass(slots=True)
class Expansions:
    """The filters that one compilation is inside of, and how much they have added to it."""

    inside: list[str] = field(default_factory=list)
    made: int = 0
    parts: int = 0

    @contextmanager
    def of(self, slug: str, place: str) -> Iterator[None]:
        self.made += 1
        if slug in self.inside:
            circle = " → ".join([*self.inside, slug])
            message = _("The filters use each other in a circle: %(circle)s.") % {"circle": circle}
            raise refusal(place, "filter_circle", message, _("Take one of them out of the other."))
        if len(self.inside) >= MOST_NESTED:
            message = _("Filters stand more than %(levels)d deep in each other.") % {"levels": MOST_NESTED}
            raise refusal(place, "filters_too_deep", message, _("Write the inner ones out as conditions."))
        if self.made > MOST_EXPANDED:
            message = _("The rule uses saved filters more than %(most)d times.") % {"most": MOST_EXPANDED}
            raise refusal(place, "too_many_filters", message, _("Use one filter for what repeats."))
        self.inside.append(slug)
        try:
            yield
        finally:
            self.inside.pop()

    def add(self, data: object, place: str, above: int) -> None:
        """Takes a rule in that stands `above` levels deep; raises RuleError where all becomes too much."""
        parts, levels = measured(data)
        self.parts += parts
        if above + levels > MAX_LEVELS:
            message = _("With its filters written out the rule is more than %(levels)d levels deep.")
            remedy = _("Flatten the groups, or nest the filters less deep.")
            raise refusal(place, "too_deep", message % {"levels": MAX_LEVELS}, remedy)
        if self.parts > MAX_NODES:
            message = _("With its filters written out the rule has more than %(nodes)d parts.")
            remedy = _("Load a long list as a table and use “exists” on it.")
            raise refusal(place, "too_large", message % {"nodes": MAX_NODES}, remedy)


def expand(
    node: Filter, catalogue: Catalogue, *, table: str, place: str, expansions: Expansions, levels: int = 0
) -> Rule:
    """The rule that the filter stands for on rows of `table`; raises RuleError at `place`.

    The rule that `place` leads into stands `levels` deep itself.
    """
    saved = found(node, catalogue, place)
    if saved.table != table:
        message = _("The filter “%(filter)s” is about %(its)s, and this is a place for %(here)s.") % {
            "filter": saved.label,
            "its": _label(catalogue, saved.table),
            "here": _label(catalogue, table),
        }
        raise refusal(f"{place}/filter", "wrong_filter_table", message, _("Choose a filter of this table."))
    data = bind(saved, _given(node, saved, place))
    expansions.add(data, place, levels + levels_of(place))
    try:
        return parse_rule(data)
    except RuleError as error:
        raise RuleError(in_filter(each, saved.label, place) for each in error.problems) from None


def found(node: Filter, catalogue: Catalogue, place: str) -> SavedFilter:
    """The filter the node names, or the one frozen in it."""
    saved = node.frozen or catalogue.filters.get(node.filter)
    if saved is None:
        message = _("There is no shared filter “%(name)s”.") % {"name": node.filter[:60]}
        at, known = f"{place}/filter", catalogue.filters
        fixes = instead(at, node.filter, known)
        raise refusal(at, "unknown_filter", message, nearest(node.filter, known), fixes)
    return saved


def in_filter(problem: RuleProblem, label: str, place: str) -> RuleProblem:
    """A problem inside a filter, told where the filter is used."""
    message = _("In the filter “%(filter)s”: %(message)s") % {"filter": label, "message": problem.message}
    return RuleProblem(place, problem.code, message, problem.remedy)


def bind(saved: SavedFilter, values: Mapping[str, Any]) -> dict[str, Any]:
    """The filter's rule as data with every `{parameter: …}` replaced; `values` are data too."""
    filled: dict[str, Any] = _bound(saved.rule, values)
    return filled


def _bound(data: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(data, Mapping):
        named = data.get("parameter")
        if len(data) == 1 and isinstance(named, str) and named in values:
            return values[named]
        return {key: value if key == FROZEN else _bound(value, values) for key, value in data.items()}
    return [_bound(each, values) for each in data] if isinstance(data, list | tuple) else data


def parameters_in(data: Any) -> set[str]:
    """The names of the parameters that a filter's rule asks for."""
    if isinstance(data, Mapping):
        named = data.get("parameter")
        if len(data) == 1 and isinstance(named, str):
            return {named}
        return parameters_in([value for key, value in data.items() if key != FROZEN])
    return set().union(*map(parameters_in, data)) if isinstance(data, list | tuple) else set()


def _given(node: Filter, saved: SavedFilter, place: str) -> dict[str, Any]:
    """The values by name, given or by default; raises RuleError with all that are wrong."""
    values: dict[str, Any] = {}
    problems = list(_unknown(node, saved, place))
    for parameter in saved.parameters:
        value = node.parameters.get(parameter.name, parameter.default)
        problem = _problem(parameter, value, place + pointer("parameters", parameter.name))
        problems += [problem] if problem else []
        values[parameter.name] = None if value is None else dumped(value)
    if problems:
        raise RuleError(problems)
    return values


def _unknown(node: Filter, saved: SavedFilter, place: str) -> Iterable[RuleProblem]:
    known = {parameter.name for parameter in saved.parameters}
    for name in node.parameters.keys() - known:
        message = _("The filter “%(filter)s” has no parameter “%(name)s”.") % {
            "filter": saved.label,
            "name": name[:60],
        }
        at = place + pointer("parameters", name)
        yield RuleProblem(at, "unknown_parameter", message, nearest(name, known))


def _problem(parameter: FilterParameter, value: Any, place: str) -> RuleProblem | None:
    name = parameter.label or parameter.name
    if value is None:
        message = _("The parameter “%(name)s” has no value.") % {"name": name}
        return RuleProblem(place, "missing_parameter", message, _("Give it one, or a default in the filter."))
    if suits(parameter, value):
        return None
    message = _("This does not suit the parameter “%(name)s”.") % {"name": name}
    return RuleProblem(place, "wrong_parameter", message, _remedy(parameter))


def _remedy(parameter: FilterParameter) -> str:
    one = {
        "text": _("Give a text."),
        "number": _("Give a number."),
        "date": _("Give a date as 2030-12-31, or a relative date."),
        "boolean": _("Give true or false."),
        "period": _("Give a period such as {last: 30, unit: day}."),
    }[parameter.type]
    return one + " " + _("It is a list of such values.") if parameter.many else one


def suits(parameter: FilterParameter, value: Any) -> bool:
    """Whether an operand is of the parameter's type; variables and outer parameters are taken as they are."""
    if parameter.many:
        return isinstance(value, tuple) and bool(value) and all(_is(parameter.type, each) for each in value)
    return _is(parameter.type, value)


def _is(kind: str, value: Any) -> bool:
    return isinstance(value, Variable | Parameter | OtherAttribute) or _KINDS[kind](value)


_KINDS: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float | str) and not isinstance(value, bool),
    "date": lambda value: isinstance(value, str | Today | Now),
    "boolean": lambda value: isinstance(value, bool),
    "period": lambda value: isinstance(value, PERIODS),
}


def dumped(value: Any) -> Any:
    """An operand as the data it was read from."""
    return _OPERAND.dump_python(value, mode="json", exclude_defaults=True)


def _label(catalogue: Catalogue, table: str) -> str:
    known = catalogue.tables.get(table)
    return known.label if known else table[:60]
