"""All templates there are: those that people saved first, then those that are shipped."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from campaigns.campaign_templates import shipped
from campaigns.campaign_templates.blanks import Blank, Kind
from campaigns.campaign_templates.template import Template
from campaigns.models import CampaignTemplate


def all_templates() -> list[Template]:
    return [*map(of_row, CampaignTemplate.objects.all()), *shipped_templates()]


def template_named(slug: str) -> Template | None:
    row = CampaignTemplate.objects.filter(slug=slug).first()
    return of_row(row) if row else next((each for each in shipped_templates() if each.slug == slug), None)


@cache
def shipped_templates() -> tuple[Template, ...]:
    """One in each file of `shipped`; whoever adds one edits no list."""
    modules = (import_module(f"{shipped.__name__}.{each.name}") for each in iter_modules(shipped.__path__))
    return tuple(sorted((module.TEMPLATE for module in modules), key=lambda each: (each.rank, each.slug)))


def of_row(row: CampaignTemplate) -> Template:
    return Template(
        slug=row.slug,
        name=row.name,
        sentence=row.description,
        needs=row.needs,
        blanks=[
            Blank(each["name"], Kind(each["kind"]), each["label"], default=each["default"])
            for each in row.blanks
        ],
        document=lambda: dict(row.document),
        icon="bookmark",
    )
