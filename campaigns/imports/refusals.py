"""A file that is refused as a whole, with the line where that became clear."""

from __future__ import annotations

from campaigns.problems import Problem, ProblemsError


class ImportRefused(ProblemsError):  # noqa: N818 - names what happened
    """The file, or what is asked of it, cannot be imported; nothing was changed."""

    def __init__(self, code: str, message: str, remedy: str, *, line: int | None = None) -> None:
        path = f"/line/{line}" if line else ""
        super().__init__([Problem(code=f"import.{code}", path=path, message=message, remedy=remedy)])
