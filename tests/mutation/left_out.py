"""What is never changed, since no test could or should notice."""

from __future__ import annotations

import ast
from collections.abc import Iterator

# A place in a tree: what holds it, the name of the field, and where in it when it is a list.
Place = tuple[ast.AST, str, int | None]

TRANSLATED = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
# Their arguments are for type checkers or for errors that a type checker finds before.
DECLARING = {"dataclass", "TypeVar", "cast"}
_ANNOTATIONS = {"annotation", "returns"}
_LEFT_OUT = (ast.Import, ast.ImportFrom, ast.Assert, ast.alias)


def called(node: ast.AST) -> str:
    """The last part of the name of what is called, "" for anything else."""
    function = node.func if isinstance(node, ast.Call) else None
    return getattr(function, "id", "") or getattr(function, "attr", "")


def places(parent: ast.AST) -> Iterator[Place]:
    """Every place that may be changed below `parent`, in the order of the source."""
    for field, value in ast.iter_fields(parent):
        for at, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(node, ast.AST) and not _is_left_out(parent, field, at, node):
                yield parent, field, at
                yield from places(node)


def _is_left_out(parent: ast.AST, field: str, at: int | None, node: ast.AST) -> bool:
    return (
        field in _ANNOTATIONS
        or isinstance(node, _LEFT_OUT)
        or called(node) in DECLARING
        or _is_documentation(field, node)
        or _is_for_type_checkers(node)
        or _is_translated(parent, node)
        or _is_impossible(node)
        or (isinstance(node, ast.keyword) and node.arg == "strict" and called(parent) == "zip")
    )


def _is_documentation(field: str, node: ast.AST) -> bool:
    """Docstrings, and texts below a name that say what it is."""
    return field == "body" and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _is_impossible(node: ast.AST) -> bool:
    """What is raised where nobody comes."""
    return isinstance(node, ast.Raise) and node.exc is not None and called(node.exc) == "AssertionError"


def _is_translated(parent: ast.AST, node: ast.AST) -> bool:
    return called(parent) in TRANSLATED and isinstance(node, ast.Constant)
