"""What the fields of every settings model share: the words a form draws them with, and refusals with their remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError


class RefusedError(PydanticCustomError):
    """A value was refused: a stable code, what is wrong, and what to write instead.

    `place` names a field below the refused value, as a JSON pointer, where the value itself is not the right
    place.
    """

    def __new__(cls, code: str, message: str, remedy: str, place: str = "") -> RefusedError:
        return super().__new__(cls, code, "{message}", {"message": message, "remedy": remedy, "place": place})


@dataclass(frozen=True, slots=True)
class Shown:
    """How a form names a field and explains it, in the language active when the JSON schema is made."""

    title: Promise
    help: Promise | None = None

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        drawn = handler(schema)
        drawn["title"] = str(self.title)
        if self.help:
            drawn["description"] = str(self.help)
        return drawn
