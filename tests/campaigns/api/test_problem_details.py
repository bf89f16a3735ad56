import logging

import pytest

from campaigns.api.campaigns import Campaigns
from campaigns.drafts import save_draft
from tests.campaigns.api.callers import caller, is_problem
from tests.campaigns.documents import named

__all__ = ["caller"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v1/campaigns/A%20B/", "/api/v1/campaigns"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete", "options"])
def test_an_unknown_address_is_a_problem_whoever_asks(client, path, method):
    assert is_problem(getattr(client, method)(path), 404, "not_found")


@pytest.mark.parametrize("method", ["put", "options", "trace"])
def test_a_method_that_is_not_served_is_a_problem(caller, method):
    response = getattr(caller, method)("/api/v1/campaigns/")
    assert is_problem(response, 405, "method_not_allowed")
    assert "GET" in response["Allow"]


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b'{"a": NaN}', b"[" * 100_000, b'{"slug": "a", "slug": "b"}']
)
def test_a_body_that_cannot_be_read_is_a_problem(caller, body):
    save_draft(None, named("one"))
    response = caller.post("/api/v1/campaigns/one/duplicate/", body, content_type="application/json")
    assert response.status_code in (400, 422)
    assert is_problem(response, response.status_code, response.json()["code"])


def test_a_failure_is_a_problem_that_tells_nothing_but_its_id(caller, monkeypatch, caplog):
    def fail(*_args, **_kwargs):
        raise ZeroDivisionError("secret inside")

    monkeypatch.setattr(Campaigns, "list", fail)
    with caplog.at_level(logging.ERROR):
        response = caller.get("/api/v1/campaigns/", headers={"X-Request-ID": "a-caller-id"})
    assert is_problem(response, 500, "internal_error")
    assert "secret" not in response.content.decode()
    assert "a-caller-id" in caplog.text
    assert response.json()["correlation_id"] == "a-caller-id"


def test_an_odd_request_id_is_replaced(caller):
    response = caller.get("/api/v1/campaigns/none/", headers={"X-Request-ID": "a\tb<script>"})
    assert "script" not in response["X-Request-ID"]
