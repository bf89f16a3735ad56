"""A file, or what is asked of it, that is refused as a whole."""

from __future__ import annotations

from campaigns.problems import Problem, ProblemsError


class FileRefused(ProblemsError):  # noqa: N818 - names what happened
    """The file cannot be kept or read; nothing was changed. `line` is that of the file, where one is to blame."""

    def __init__(self, code: str, message: str, remedy: str, *, line: int | None = None) -> None:
        path = f"/line/{line}" if line else ""
        super().__init__([Problem(code=f"file.{code}", path=path, message=message, remedy=remedy)])
