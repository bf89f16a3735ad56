"""A JSON Schema and a value become the elements of a form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.forms.durations import DURATION_UNITS, split_duration
from campaigns.forms.elements import Element, Variant
from campaigns.forms.formulas import ATTRIBUTE, as_formula
from campaigns.forms.schemas import Choice, Kind, Node, Schema
from campaigns.forms.words import word
from campaigns.problems import Problem
from campaigns.validation import pointer

MOST_LEVELS = 12
ABSENT = object()

Options = Mapping[str, Callable[[], Sequence[Choice]]]
"""Closed sets that a schema only names by its widget, such as the dimensions there are."""


def draw_form(
    schema: Node,
    value: Any,
    *,
    place: str,
    options: Options | None = None,
    problems: Iterable[Problem] = (),
    typed: Mapping[str, str] | None = None,
) -> Element:
    """The form for `value`, whose names begin with `place`; problems appear at the elements they point to.

    `typed` holds texts of rules, by their names, that could not be read and are shown again.
    """
    drawing = _Drawing(options or {}, _by_path(problems), typed or {})
    return drawing.element(Schema.of(schema), value, place)


def _by_path(problems: Iterable[Problem]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.path.lstrip("/"), []).append(f"{problem.message} {problem.remedy}".strip())
    return found


@dataclass
class _Drawing:
    options: Options
    problems: dict[str, list[str]]
    typed: Mapping[str, str]

    def element(self, schema: Schema, value: Any, name: str, *, is_required: bool = True) -> Element:
        if name.count("/") > MOST_LEVELS:
            raise ValueError(f"the form nests too deep at {name}")
        draw = _DRAW.get(schema.kind, _Drawing._plain)
        return draw(self, schema, value, name, is_required)

    def _common(self, schema: Schema, name: str, is_required: bool) -> dict[str, Any]:
        return {
            "name": name,
            "label": schema.title,
            "help": schema.help,
            "widget": schema.widget,
            "problems": self._problems(schema, name),
            "is_required": is_required and not schema.is_optional,
            "is_optional": schema.is_optional,
        }

    def _problems(self, schema: Schema, name: str) -> list[str]:
        """A rule shows what is wrong anywhere within; other elements what is wrong with themselves."""
        if schema.kind is not Kind.RULE:
            return self.problems.get(name, [])
        return [text for path, texts in self.problems.items() if _within(path, name) for text in texts]

    def _plain(self, schema: Schema, value: Any, name: str, is_required: bool) -> Element:
        choices: Sequence[Choice] = schema.choices
        kind = schema.kind
        if schema.offer in self.options:
            kind, choices = Kind.CHOICE, self.options[schema.offer]()
        shown = schema.node.get("default") if value is ABSENT else value
        return Element(
            kind=kind,
            value=_as_text(as_formula(shown) if schema.widget == ATTRIBUTE else shown),
            choices=_with_present(choices, shown),
            limits=_limits(schema.node),
            **self._common(schema, name, is_required),
        )

    def _duration(self, schema: Schema, value: Any, name: str, is_required: bool) -> Element:
        shown = schema.node.get("default", "") if value is ABSENT else value
        amount, unit = split_duration(shown)
        return Element(
            kind=Kind.DURATION,
            value=amount,
            choices=[Choice(each, word(each)) for each in DURATION_UNITS],
            limits={"unit": unit},
            **self._common(schema, name, is_required),
        )

    def _toggle(self, schema: Schema, value: Any, name: str, is_required: bool) -> Element:
        shown = schema.node.get("default", False) if value is ABSENT else value
        return Element(kind=Kind.TOGGLE, value=shown is True, **self._common(schema, name, is_required))

    def _several(self, schema: Schema, value: Any, name: str, is_required: bool) -> Element:
        shown = _list(schema, value)
        return Element(
            kind=Kind.CHOICES,
            value=[str(each) for each in shown],
            choices=schema.items.choices,
            **self._common(schema, name, is_required),
        )

    def _rule(self, schema: Schema, value: Any, name: str, is_required: bool) -> Element:
        known = "" if value is ABSENT or value is None else json.dumps(value, ensure_ascii=False)
        text = self.typed.get(name, known)
        return Element(kind=Kind.RULE, value=text, **self._common(schema, name, is_required))

    def _group(self, schema: Schema, value: Any, name: str, is_required: bool) -> Element:
        given = value if isinstance(value, Mapping) else {}
        children = [
            self.element(
                child, given.get(key, ABSENT), name + pointer(key), is_required=key in schema.required
            )
            for key, child in schema.properties
        ]
        is_there = isinstance(value, Mapping)
        return Element(
            kind=Kind.GROUP,
            value=is_there or not schema.is_optional,
            children=_labels_first(children),
            **self._common(schema, name, is_required),
        )

    def _list(self, schema: Schema, value: Any, name: str, is_required: bool) -> Element:
        placeholder = f"__{name.count('/')}__"
        items = schema.items
        entries = [
            self.element(items, each, f"{name}/{number}") for number, each in enumerate(_list(schema, value))
        ]
        return Element(
            kind=Kind.LIST,
            children=entries,
            pattern=self.element(items, ABSENT, f"{name}/{placeholder}"),
            placeholder=placeholder,
            limits={"least": schema.node.get("minItems", 0), "most": schema.node.get("maxItems", 1000)},
            **self._common(schema, name, is_required),
        )

    def _union(self, schema: Schema, value: Any, name: str, is_required: bool) -> Element:
        shown = schema.node.get("default", ABSENT) if value is ABSENT else value
        given = shown if isinstance(shown, Mapping) else {}
        chosen = given.get(schema.discriminator, "" if schema.is_optional else schema.variants[0][0].value)
        variants = [
            Variant(
                choice,
                self._variant(schema, member, given if choice.value == chosen else {}, name),
                choice.value == chosen,
            )
            for choice, member in schema.variants
        ]
        return Element(
            kind=Kind.UNION,
            value=chosen,
            choices=[variant.choice for variant in variants],
            variants=variants,
            **{
                **self._common(schema, name, is_required),
                "label": schema.union_title,
                "widget": schema.discriminator,
            },
        )

    def _variant(self, union: Schema, member: Schema, value: Mapping[str, Any], name: str) -> Element:
        """The discriminator itself is asked for once, by the union."""
        group = self._group(member, value, name, True)
        rest = [child for child in group.children if child.name != f"{name}/{union.discriminator}"]
        return Element(kind=Kind.GROUP, name=name, value=True, children=rest)


_DRAW: Mapping[Kind, Callable[[_Drawing, Schema, Any, str, bool], Element]] = {
    Kind.DURATION: _Drawing._duration,
    Kind.TOGGLE: _Drawing._toggle,
    Kind.CHOICES: _Drawing._several,
    Kind.RULE: _Drawing._rule,
    Kind.GROUP: _Drawing._group,
    Kind.LIST: _Drawing._list,
    Kind.UNION: _Drawing._union,
}


def _within(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}/")


def _list(schema: Schema, value: Any) -> Sequence[Any]:
    shown = schema.node.get("default", ()) if value is ABSENT else value
    return shown if isinstance(shown, list | tuple) else ()


def _as_text(value: Any) -> str:
    if value is None or value is ABSENT:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _with_present(choices: Sequence[Choice], value: Any) -> Sequence[Choice]:
    """A value that is no longer among the choices is shown, not silently replaced."""
    if not choices or value in (None, "", ABSENT) or any(choice.value == value for choice in choices):
        return choices
    return [*choices, Choice(str(value), str(value))]


_LIMITS = ("minimum", "maximum", "maxLength", "pattern", "format", "type")


def _limits(node: Node) -> dict[str, Any]:
    return {name: node[name] for name in _LIMITS if name in node}


def _labels_first(children: Sequence[Element]) -> Sequence[Element]:
    """Where a part has both, people name it first; its id follows from the name."""
    names = {child.name.rpartition("/")[2]: child for child in children}
    if "label" not in names or not names.keys() & {"id", "name"}:
        return children
    label = names["label"]
    derived = [child for child in children if child.name.rpartition("/")[2] in ("id", "name")]
    first = min(children.index(child) for child in derived)
    rest = [child for child in children if child is not label]
    return [*rest[:first], label, *rest[first:]]
