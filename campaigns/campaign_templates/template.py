"""A template as the gallery shows it, shipped or saved, and the campaign that is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise

from campaigns.campaign_templates.blanks import Blank, answered, blanks_in, filled
from campaigns.document import Document, parse_document
from campaigns.drafts import save_draft
from campaigns.folders import put_into_folder
from campaigns.models import Campaign
from campaigns.world import load_world

EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Template:
    """`document` gives the data with its blanks, said in the language of whoever asks. Galleries begin with the lowest
    `rank`.
    """

    slug: str
    name: str | Promise
    sentence: str | Promise
    needs: str | Promise
    blanks: Sequence[Blank]
    document: Callable[[], dict[str, Any]]
    is_shipped: bool = False
    rank: int = 0
    icon: str = "draft"

    def example(self) -> Document:
        """With anything in the blanks: for the drawing, not for use."""
        data = self.document()
        return _document(data, dict.fromkeys(blanks_in(data), EXAMPLE), {"slug": EXAMPLE, "name": EXAMPLE})


@transaction.atomic
def create_from_template(
    template: Template,
    header: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    folder: int | None = None,
    by: Any = None,
) -> Campaign:
    """A new draft; `header` gives its slug and name, and if wished its time zone.

    Raises ProblemsError with what is not answered, or what is wrong with the header.
    """
    data = template.document()
    world = load_world(template.example())
    values = answered(template.blanks, answers, world, slug=header["slug"], used=blanks_in(data))
    campaign = save_draft(None, _document(data, values, header), by=by)
    if folder is not None:
        put_into_folder([campaign], folder, by=by)
    return campaign


def _document(data: Mapping[str, Any], values: Mapping[str, str], header: Mapping[str, str]) -> Document:
    given = {key: value for key, value in header.items() if value}
    return parse_document(filled({**data, "campaign": {**data.get("campaign", {}), **given}}, values))
