"""Who may see and do what, at every route there is. `permission_matrix.txt` is read and changed by people.

Each line: the route, the method, and the status each role gets, in the order of `ROLES`. A route that has no
lines fails, so that nobody adds one without saying whose it is.
"""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from tests.config.admin.matrix import expected
from tests.config.admin.offices import ROLES, Office, furnish, person
from tests.config.admin.routes import Route, address, nameless, routes

METHODS = ("get", "post")
NOT_ASKED = {
    "admin:logout": "it ends the session that asks",
    "health": "its answer tells of servers, not of people",
}
REDIRECTS_OF_THE_ADMIN = "<path:object_id>/"


def asked() -> list[Route]:
    return [route for route in routes() if route.name not in NOT_ASKED]


@pytest.fixture
def people_and_office() -> tuple[dict[str, object], Office]:
    people = {role: person(role) for role in ROLES}
    return dict(people), furnish(people["Author"])


def answer(client: Client, method: str, url: str) -> int:
    """What the route answers; what it did is undone."""
    with transaction.atomic():
        status = getattr(client, method)(url).status_code
        transaction.set_rollback(True)
    return int(status)


def test_every_route_has_its_lines() -> None:
    assert {name for name, _method in expected()} == {route.name for route in asked()}


def test_routes_without_a_name_lead_elsewhere_or_nowhere() -> None:
    others = {pattern for pattern in nameless() if not pattern.endswith(REDIRECTS_OF_THE_ADMIN)}
    assert others == {"", "^api/", "admin/(?P<url>.*)$", "api/v1/"}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_it_is_due(
    role: str, people_and_office: tuple[dict[str, object], Office]
) -> None:
    people, office = people_and_office
    client = Client()
    client.force_login(people[role])  # type: ignore[arg-type]
    table = expected()
    found = {
        (route.name, method): answer(client, method, address(route, office))
        for route in asked()
        for method in METHODS
    }
    assert found == {place: codes[role] for place, codes in table.items()}


@pytest.mark.django_db
def test_whoever_is_not_signed_in_is_sent_to_the_door(
    people_and_office: tuple[dict[str, object], Office],
) -> None:
    _people, office = people_and_office
    client = Client()
    inside = [route for route in asked() if route.name.startswith("admin:")]
    open_to_all = {"admin:login", "admin:jsi18n"}
    for route in inside:
        status = client.get(address(route, office)).status_code
        assert status == 302 or route.name in open_to_all, route.name
