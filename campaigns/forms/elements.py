"""What a page draws: a tree of elements, each with its value, its problems and the name it is sent under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from campaigns.forms.schemas import Choice, Kind


@dataclass(frozen=True, slots=True)
class Element:
    """One thing on a form. `name` is the JSON pointer of its value without the first slash.

    Groups hold their members in `children`, lists their entries; a union holds its `variants`.
    """

    kind: Kind
    name: str
    label: str = ""
    help: str = ""
    value: Any = None
    widget: str = ""
    problems: Sequence[str] = ()
    is_required: bool = False
    is_optional: bool = False
    choices: Sequence[Choice] = ()
    children: Sequence[Element] = ()
    variants: Sequence[Variant] = ()
    pattern: Element | None = None
    """For a list: an entry to be copied; the number in its names is `placeholder`."""
    placeholder: str = ""
    limits: dict[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return f"campaigns/forms/{self.kind}.html"

    @property
    def element_id(self) -> str:
        return "f-" + self.name.replace("/", "-")

    @property
    def has_collection(self) -> bool:
        """Whether a link chosen here decides what the attributes within belong to."""
        return any(child.widget == "link" and child.is_required for child in self.children)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to fill a union."""

    choice: Choice
    element: Element
    is_chosen: bool
