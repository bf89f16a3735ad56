"""The API against its own description: whatever is sent, no server error, and answers of the described
form.
"""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from campaigns.api import throttling
from campaigns.drafts import save_draft
from campaigns.models import Campaign
from config.wsgi import application
from tests.campaigns.api.callers import alone, make_caller, make_user
from tests.campaigns.documents import named

__all__ = ["alone"]

# Each goes through hundreds of odd documents; the lint, which reads the same ones, does it for all three.
WITHOUT_COVERAGE = {
    "include-name": ["POST /api/v1/campaigns/", "PUT /api/v1/campaigns/{slug}/"],
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
def token(db, monkeypatch):
    """A caller who may do everything, as often as it likes."""
    monkeypatch.setattr(throttling, "REQUESTS_A_MINUTE", 10**6)
    return {"Authorization": make_caller(make_user()).defaults["HTTP_AUTHORIZATION"]}


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
@api.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("alone")
def test_whatever_is_sent_is_no_server_error(case, token):
    case.call_and_validate(headers=token, checks=CHECKS)
    if "slug" in case.path_parameters:
        Campaign.objects.filter(slug="one").delete()
        campaign = save_draft(None, named("one"))
        case.path_parameters["slug"] = "one"
        match = {"If-Match": f'"{campaign.draft_hash}"'}
        case.call_and_validate(headers=token | match, checks=CHECKS)
