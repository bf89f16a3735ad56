"""What a JSON Schema node means for a form: references followed, optional parts and choices recognised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

from campaigns.forms.words import word

Node = Mapping[str, Any]
NULL = "null"


class Kind(StrEnum):
    """How a value is asked for. Each kind has a template of its name."""

    TEXT = "text"
    NUMBER = "number"
    TOGGLE = "toggle"
    CHOICE = "choice"
    CHOICES = "choices"
    GROUP = "group"
    LIST = "list"
    UNION = "union"
    RULE = "rule"
    DURATION = "duration"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a closed set, and what people read for it."""

    value: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Schema:
    """One node, with what it stands among: the definitions that references point to."""

    node: Node
    definitions: Mapping[str, Node] = field(default_factory=dict)
    is_optional: bool = False
    """Whether `null`, or nothing at all, is a value too."""

    @classmethod
    def of(cls, root: Node) -> Schema:
        return cls(root, root.get("$defs", {}))._resolved()

    def child(self, node: Node) -> Schema:
        return Schema(node, self.definitions)._resolved()

    def _resolved(self) -> Schema:
        """Follows references and takes `null` out; what stands beside a reference wins over what it points
        to.
        """
        node, is_optional = dict(self.node), self.is_optional
        while "$ref" in node or "anyOf" in node:
            if "$ref" in node:
                target = self.definitions[str(node.pop("$ref")).rpartition("/")[2]]
                node = {**_without_docstring(target), **node}
                continue
            options = [option for option in node.pop("anyOf") if option.get("type") != NULL]
            is_optional = is_optional or len(options) < len(self._options())
            node = {**_narrowest(options), **node}
        return Schema(node, self.definitions, is_optional)

    def _options(self) -> Sequence[Node]:
        options: Sequence[Node] = self.node.get("anyOf", ())
        return options

    @property
    def kind(self) -> Kind:
        if self.widget == Kind.RULE:
            return Kind.RULE
        if "discriminator" in self.node:
            return Kind.UNION
        if self.choices:
            return Kind.CHOICE
        return self._kind_by_type()

    def _kind_by_type(self) -> Kind:
        if self.node.get("format") == "duration":
            return Kind.DURATION
        match self.node.get("type"):
            case "object":
                return Kind.GROUP
            case "array":
                return Kind.CHOICES if self.items.choices else Kind.LIST
            case "boolean":
                return Kind.TOGGLE
            case "integer" | "number":
                return Kind.NUMBER
        return Kind.TEXT

    @property
    def widget(self) -> str:
        return str(self.node.get("widget", ""))

    @property
    def offer(self) -> str:
        """The name of the closed set that a form offers: that of the widget, and which of its choices."""
        return "/".join(filter(None, (self.widget, str(self.node.get("of", "")))))

    @property
    def title(self) -> str:
        return str(self.node.get("title", ""))

    @property
    def help(self) -> str:
        return str(self.node.get("description", ""))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The closed set of values, where there is one."""
        if "enum" in self.node:
            return tuple(Choice(str(value), word(str(value))) for value in self.node["enum"])
        options = self.node.get("oneOf", ())
        if options and all("const" in option for option in options):
            return tuple(Choice(str(o["const"]), o.get("title", str(o["const"]))) for o in options)
        return ()

    @property
    def items(self) -> Schema:
        return self.child(self.node.get("items", {}))

    @property
    def properties(self) -> Iterator[tuple[str, Schema]]:
        for name, node in self.node.get("properties", {}).items():
            yield name, self.child(node)

    @property
    def required(self) -> frozenset[str]:
        return frozenset(self.node.get("required", ()))

    @property
    def discriminator(self) -> str:
        return str(self.node["discriminator"]["propertyName"])

    @property
    def union_title(self) -> str:
        """What is chosen: the union's own title, else what all members call their discriminator."""
        titles = {dict(member.properties)[self.discriminator].title for _choice, member in self.variants}
        return self.title or (titles.pop() if len(titles) == 1 else "")

    @property
    def variants(self) -> tuple[tuple[Choice, Schema], ...]:
        """The members of a union, each with its value of the discriminator."""
        mapping: Mapping[str, str] = self.node["discriminator"]["mapping"]
        members = [(value, self.child({"$ref": target})) for value, target in mapping.items()]
        order = [option.get("$ref") for option in self.node.get("oneOf", ())]
        members.sort(key=lambda member: order.index(mapping[member[0]]) if mapping[member[0]] in order else 0)
        titles = [dict(member.properties)[self.discriminator].title for _value, member in members]
        is_named = len(set(titles)) == len(titles)
        return tuple(
            (Choice(value, title if is_named else member.title), member)
            for (value, member), title in zip(members, titles, strict=True)
        )


def _without_docstring(definition: Node) -> Node:
    """The description of a model or an enumeration is its docstring, written for whoever reads the code."""
    is_class = definition.get("type") == "object" or "enum" in definition
    return {key: value for key, value in definition.items() if not (is_class and key == "description")}


def _narrowest(options: Sequence[Node]) -> Node:
    """Of several scalar types the text: it can hold them all, and is read back as what it says."""
    if len(options) == 1:
        return options[0]
    texts = [option for option in options if option.get("type") == "string"]
    return texts[0] if texts else options[0]
