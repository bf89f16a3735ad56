"""Every route of the URL conf by name, and an address of each for a given office."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from tests.config.admin.offices import Office

OF_THE_RUN = (
    "run",
    "run_state",
    "run_act",
    "people",
    "delivery",
    "confirm_delivery",
    "settle_unknown",
    "version",
    "trace",
)

OF_THE_API = {"token": "apitoken", "run": "campaignrun", "delivery": "delivery", "folder": "folder"}
"""What the keys in addresses of the API name."""


@dataclass(frozen=True)
class Route:
    """One route: its name within its namespaces, and the names of its arguments."""

    name: str
    pattern: str
    arguments: tuple[str, ...]


def routes() -> list[Route]:
    """All that have a name; those without one are listed by `nameless`."""
    return sorted((route for route in _walk() if not route.name.endswith(":") and route.name), key=_by_name)


def nameless() -> set[str]:
    return {route.pattern for route in _walk() if route.name.endswith(":") or not route.name}


def _by_name(route: Route) -> str:
    return route.name


def _walk() -> Iterator[Route]:
    waiting: list[tuple[Any, str, str]] = [(get_resolver(), "", "")]
    while waiting:
        resolver, prefix, space = waiting.pop()
        for each in resolver.url_patterns:
            pattern = prefix + str(each.pattern)
            if hasattr(each, "url_patterns"):
                inner = f"{space}{each.namespace}:" if each.namespace else space
                waiting.append((each, pattern, inner))
            else:
                names = tuple(re.findall(r"<(?:\w+:)?(\w+)>", pattern))
                yield Route(f"{space}{each.name or ''}", pattern, names)


def address(route: Route, office: Office) -> str:
    """An address at which the route finds something."""
    return reverse(route.name, kwargs={name: _value(route, name, office) for name in route.arguments})


def _value(route: Route, name: str, office: Office) -> Any:
    short = route.name.removeprefix("admin:").removeprefix("campaign_")
    campaign = office.live if short in OF_THE_RUN else office.draft
    known = {
        "change": office.things["audience_change"].pk,
        "campaign_id": campaign.pk,
        "activity_id": "mail",
        "activity": "news",
        "run_id": office.run.pk,
        "run": office.run.pk,
        "population_id": office.population.pk,
        "delivery_id": office.delivery.pk,
        "delivery": office.delivery.pk,
        "number": 1,
        "form": "yaml",
        "by": "activity",
        "app_label": "campaigns",
        "content_type_id": 1,
        "slug": office.draft.slug,
        "campaign": office.live.slug,
        "token": "not-a-token",
        "question": "not-asked",
        "template": "mine" if "delete" in route.pattern else "announcement",
        "folder_id": office.things["folder"].pk,
        "population": office.population.pk,
    }
    named = {
        "table": "table",
        "saved-filter": "predefinedfilter",
        "file": "storedfile",
        "audience": "audience",
        "campaign-template": "template",
    }
    for noun, thing in named.items():
        if route.name.startswith(f"{noun}-"):
            return office.things["audience_file"].pk if name == "number" else office.things[thing].slug
    if short == "run-tasks" and name == "activity":
        return "mail"
    if name == "name":
        return {"run_act": "pause", "act": "delete-draft", "audience_act": "archive"}.get(short, "nothing")
    if name in known and not (name == "number" and "version" not in short):
        return known[name]
    return _key(route, office)


def _key(route: Route, office: Office) -> Any:
    """The key of the thing that the route's own path names."""
    noun = route.name.partition("-")[0]
    if noun in OF_THE_API:
        return office.things[OF_THE_API[noun]].pk
    for noun, thing in office.things.items():
        if f"/{noun}/" in route.pattern or f"_{noun}_" in route.name:
            return thing.pk if thing else 1
    if "campaigns/campaign/" in route.pattern:
        return office.draft.pk
    return 1


__all__ = ["NoReverseMatch", "Route", "address", "nameless", "routes"]
