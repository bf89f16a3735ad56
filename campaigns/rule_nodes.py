"""The conditions and groups a rule is made of: each with its JSON pointer and the table its rows are of."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from campaigns.targeting.problems import pointer
from campaigns.targeting.rules import All, Any_, Except, Not, Rule
from campaigns.targeting.schema import Catalogue

GROUPS = (All, Any_, Except, Not)
"""Rules that are decided by those in them and nothing else."""


@dataclass(frozen=True, slots=True)
class Node:
    """A rule in its place. `table` is the slug of its own table: what `link` leads to inside a `where`, else
    the rule's; None where a link on the way is not known. `way` are the links, joined by dots, from the rule's
    table to it.
    """

    path: str
    rule: Rule
    table: str | None
    way: str = ""


def nodes_of(rule: Rule, catalogue: Catalogue, table: str) -> Iterator[Node]:
    """The rule itself and everything in it, outermost first."""
    waiting = deque([Node("", rule, table)])
    while waiting:
        node = waiting.popleft()
        yield node
        waiting.extend(_children(node, catalogue))


def sole(node: Node) -> Node:
    """What decides the node alone: of groups that hold one rule each, the innermost rule."""
    while isinstance(node.rule, All | Any_) and len(node.rule.of) == 1:
        node = replace(node, path=f"{node.path}/of/0", rule=node.rule.of[0])
    return node


def _children(node: Node, catalogue: Catalogue) -> Iterator[Node]:
    link = getattr(node.rule, "link", None)
    table = end_of(catalogue, node.table, link) if link else node.table
    way = ".".join(filter(None, (node.way, link)))
    for path, rule in _rules_in(node.rule, node.path):
        yield Node(path, rule, table, way)


def _rules_in(part: Any, path: str) -> Iterator[tuple[str, Rule]]:
    """Rules anywhere below a part of a rule, whatever kinds of rules there are."""
    if isinstance(part, tuple):
        for number, each in enumerate(part):
            yield from _itself_or_below(each, f"{path}/{number}")
    else:
        for name in type(part).model_fields:
            yield from _itself_or_below(getattr(part, name), path + pointer(name))


def _itself_or_below(value: Any, path: str) -> Iterator[tuple[str, Rule]]:
    if hasattr(value, "kind"):
        yield path, value
    elif isinstance(value, tuple) or hasattr(type(value), "model_fields"):
        yield from _rules_in(value, path)


def end_of(catalogue: Catalogue, table: str | None, path: str) -> str | None:
    """The table that links, joined by dots, lead to."""
    for step in path.split("."):
        link = catalogue.links.get((table or "", step))
        table = link.target if link else None
    return table
