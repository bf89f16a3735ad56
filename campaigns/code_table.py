"""All codes of problems a document may have, with what is said and what to do: for the documentation and
the command.

Placeholders are shown as the words they stand for, in braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from campaigns.lint_codes import CODES
from campaigns.problems import Severity
from campaigns.validation import SAID

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One line of the table."""

    code: str
    severity: str
    message: str
    remedy: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def code_rows() -> Iterator[CodeRow]:
    """Codes of the lint, then those of misshapen documents and settings."""
    for code, said in CODES.items():
        yield CodeRow(code, str(said.severity), _shown(said.message), _shown(said.remedy))
    for code, message, remedy in dict.fromkeys(SAID.values()):
        yield CodeRow(
            f"document.{code}, settings.{code}", str(Severity.ERROR), _shown(message), _shown(remedy)
        )


def markdown() -> str:
    """The table as it stands in the documentation."""
    lines = [f"| `{row.code}` | {row.severity} | {row.message} | {row.remedy} |" for row in code_rows()]
    return "\n".join(["| code | severity | message | remedy |", "|---|---|---|---|", *lines])


def _shown(text: object) -> str:
    return _PLACEHOLDER.sub(r"{\1}", str(text)).replace("|", "\\|")
