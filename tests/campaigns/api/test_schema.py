"""The API against its own description: whatever is sent, no server error, and answers of the described
form.
"""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from campaigns.api import throttling
from config.wsgi import application
from tests.campaigns.api.callers import alone, make_caller, make_user
from tests.config.admin.offices import furnish

__all__ = ["alone"]

RULES = "/api/v1/rules/"
# Each goes through hundreds of odd documents or rules; the lint and the check of a rule, which read the same ones, do it
# for all of them.
WITHOUT_COVERAGE = {
    "include-name": [
        "POST /api/v1/campaigns/",
        "PUT /api/v1/campaigns/{slug}/",
        *(
            f"POST {RULES}{question}/"
            for question in ("count", "counts", "preview", "plan", "explain", "difference")
        ),
    ],
    "phases": {"coverage": {"enabled": False}},
}
CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]


@pytest.mark.django_db
def test_the_description_is_made_without_a_warning(capsys):
    caller = make_caller(make_user())
    described = caller.get("/api/schema/", headers={"Accept": "application/json"}).json()
    assert described["openapi"] == "3.1.0"
    assert {"token", "cookieAuth"} <= described["components"]["securitySchemes"].keys()
    assert "arning" not in capsys.readouterr().err


@pytest.mark.django_db
def test_the_page_for_people_loads_nothing_from_elsewhere(client):
    client.force_login(make_user())
    page = client.get("/api/docs/").content
    assert b"/static/drf_spectacular_sidecar/" in page
    assert b"//cdn" not in page


@pytest.fixture
def everybody(db, monkeypatch):
    """Somebody who may do everything, as often as they like."""
    monkeypatch.setattr(throttling, "REQUESTS_A_MINUTE", 10**6)
    user = make_user()
    user.is_superuser = True
    user.save()
    return user


@pytest.fixture
def token(everybody):
    return {"Authorization": make_caller(everybody).defaults["HTTP_AUTHORIZATION"]}


@pytest.fixture
def office(alone, everybody):
    """One thing of each kind, so that not every address is one of nothing."""
    return furnish(everybody)


def existing(case, office):
    """The path parameters of the case, naming what there is."""
    things = {
        "runs": office.run,
        "deliveries": office.delivery,
        "tokens": office.things["apitoken"],
        "folders": office.things["folder"],
    }
    kind = case.path.removeprefix("/api/v1/").split("/")[0]
    slugs = {
        "tables": "person",
        "files": office.things["storedfile"].slug,
        "audiences": "loyal",
        "campaign-templates": office.things["template"].slug,
    }
    known = {
        "slug": slugs.get(kind, office.draft.slug),
        "number": office.things["audience_file"].pk,
        "campaign": office.live.slug,
        "run": office.run.pk,
        "population": office.population.pk,
    }
    if kind in things:
        known["id"] = things[kind].pk
    return {name: known.get(name, value) for name, value in case.path_parameters.items()}


def everything_in(case):
    """What makes a case another request than one before it."""
    parts = (case.method, case.path_parameters, case.query, case.headers, case.cookies, case.media_type)
    return repr((case.operation.label, *parts, case.body))


def asked_of_people(case):
    """The body of a question on a rule, about people there are."""
    if not case.path.startswith(RULES) or not isinstance(case.body, dict):
        return case.body
    left = {name: value for name, value in case.body.items() if name not in {"table", "campaign"}}
    return left | {"dimension": "person"}


@pytest.fixture
def sent():
    """What was asked about what there is; cases that differed only in whom they named are one then."""
    return set()


@pytest.fixture
def described(token):
    """The server itself would close the connection that the test's transaction lives on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    config = schemathesis.Config.from_dict({"operations": [WITHOUT_COVERAGE]})
    yield schemathesis.openapi.from_wsgi(
        "/api/schema/?format=json", application, config=config, headers=token
    )
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


api = schemathesis.pytest.from_fixture("described")


@pytest.mark.slow
@pytest.mark.timeout(900)
@api.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_is_no_server_error(case, token, office, sent):
    case.call_and_validate(headers=token, checks=CHECKS)
    if case.path_parameters or case.path.startswith(RULES):
        case.path_parameters = existing(case, office)
        case.body = asked_of_people(case)
        if everything_in(case) in sent:
            return
        sent.add(everything_in(case))
        edition = office.things["audience"].edition if "audiences" in case.path else office.draft.draft_hash
        match = {"If-Match": f'"{edition}"'}
        with transaction.atomic():
            case.call_and_validate(headers=token | match, checks=CHECKS)
            transaction.set_rollback(True)
