"""The changes that one node of a tree may suffer: each a small fault of the kind that people make."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, TypeVar

from tests.mutation.left_out import TRANSLATED, called

Changed = tuple[str, ast.AST]
"""The kind of a fault, and the node with it."""
Node = TypeVar("Node", bound=ast.AST)

_COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_COUPLES = ["GT GTE", "LT LTE", "GT LT", "EQ NEQ", "And Or", "Add Sub", "Mul Div", "every some"]
_SQL = {one: other for couple in _COUPLES for one, other in (couple.split(), couple.split()[::-1])}
_SWAP_IS_A_TYPE_ERROR = {"isinstance", "getattr", "issubclass"}
_SWAP_MEANS_THE_SAME = {"EQ", "NEQ", "Add", "Mul", "And", "Or"}
_NOT_SWAPPED = TRANSLATED | _SWAP_IS_A_TYPE_ERROR | _SWAP_MEANS_THE_SAME


def changes(node: ast.AST, parent: ast.AST, field: str) -> Iterator[Changed]:
    """Everything that may become of `node`, which stands in this field of `parent`; neither is touched."""
    for kind, change in _CHANGES:
        for changed in change(node):
            yield ("default" if kind == "constant" and _is_default(parent, field) else kind), changed
    if field in ("test", "ifs") and not isinstance(node, ast.Compare | ast.UnaryOp):
        yield "negated condition", ast.UnaryOp(op=ast.Not(), operand=deepcopy(node))


def _is_default(parent: ast.AST, field: str) -> bool:
    return isinstance(parent, ast.arguments) and field in ("defaults", "kw_defaults")


def _with(node: Node, **fields: Any) -> Node:
    copy = deepcopy(node)
    for name, value in fields.items():
        setattr(copy, name, value)
    return copy


def _comparisons(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Compare):
        return
    for at, sign in enumerate(node.ops):
        for other in _COMPARISONS[type(sign)]:
            yield _with(node, ops=[*node.ops[:at], other(), *node.ops[at + 1 :]])


def _boolean(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


def _dropped_not(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield deepcopy(node.operand)


def _arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield deepcopy(node.operand)
    if isinstance(node, ast.AugAssign | ast.BinOp) and not _is_of_texts_or_types(node):
        yield _with(node, op=_ARITHMETIC[type(node.op)]())


def _is_of_texts_or_types(node: ast.AugAssign | ast.BinOp) -> bool:
    """`"…" % …` and `int | str` have no other sign that makes sense."""
    if type(node.op) not in _ARITHMETIC or isinstance(node, ast.AugAssign):
        return type(node.op) not in _ARITHMETIC
    if isinstance(node.op, ast.Mod):
        return called(node.left) in TRANSLATED or isinstance(node.left, ast.Constant | ast.JoinedStr)
    sides = [node.left, node.right]
    return isinstance(node.op, ast.BitOr) and any(map(_is_type, sides))


def _is_type(node: ast.expr) -> bool:
    """By the house's way of writing: types begin with a capital or are Python's own."""
    if isinstance(node, ast.BinOp):
        return _is_type(node.left)
    text = ast.unparse(node).rpartition(".")[2]
    return text == "None" or text.lstrip("_")[:1].isupper() or text.partition("[")[0] in dir(builtins)


def _constants(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield _with(node, value=not value)
    elif isinstance(value, int | float):
        yield from (_with(node, value=value + by) for by in (1, -1))
    elif isinstance(value, str):
        yield _with(node, value=value + "x")


def _removed(node: ast.AST) -> Iterator[ast.AST]:
    stored = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute | ast.Subscript)
    if stored or isinstance(
        node, ast.Expr | ast.AugAssign | ast.Raise | ast.Delete | ast.Break | ast.Continue
    ):
        yield ast.Pass()


def _returned(node: ast.AST) -> Iterator[ast.AST]:
    """A constant is changed as such; none for `False` would mean the same."""
    if isinstance(node, ast.Return) and not isinstance(node.value, ast.Constant | None):
        yield _with(node, value=ast.Constant(value=None))


def _swapped(node: ast.AST) -> Iterator[ast.AST]:
    """Two arguments of one form beside each other, also where both are named."""
    if not isinstance(node, ast.Call) or called(node) in _NOT_SWAPPED:
        return
    for at, (one, other) in enumerate(zip(node.args, node.args[1:], strict=False)):
        if not isinstance(one, ast.Starred) and _may_be_taken_for(one, other):
            yield _with(node, args=[*node.args[:at], other, one, *node.args[at + 2 :]])
    for at, (left, right) in enumerate(zip(node.keywords, node.keywords[1:], strict=False)):
        if left.arg and right.arg and _may_be_taken_for(left.value, right.value):
            named = [_with(left, value=right.value), _with(right, value=left.value)]
            yield _with(node, keywords=[*node.keywords[:at], *named, *node.keywords[at + 2 :]])


def _may_be_taken_for(one: ast.AST, other: ast.AST) -> bool:
    """A name for a name, a text for a text: others are a type error at once, and would flatter the score."""
    alike = type(one) is type(other) and type(getattr(one, "value", 0)) is type(getattr(other, "value", 0))
    return alike and ast.dump(one) != ast.dump(other)


def _sql(node: ast.AST) -> Iterator[ast.AST]:
    """Another operator in the SQL that is written: `exp.GT` for `exp.GTE`."""
    if isinstance(node, ast.Attribute) and node.attr in _SQL and ast.unparse(node.value) in ("exp", "trees"):
        yield _with(node, attr=_SQL[node.attr])


_CHANGES: list[tuple[str, Callable[[ast.AST], Iterator[ast.AST]]]] = [
    ("comparison", _comparisons),
    ("boolean", _boolean),
    ("dropped not", _dropped_not),
    ("arithmetic", _arithmetic),
    ("constant", _constants),
    ("removed statement", _removed),
    ("returned nothing", _returned),
    ("swapped arguments", _swapped),
    ("SQL operator", _sql),
]
