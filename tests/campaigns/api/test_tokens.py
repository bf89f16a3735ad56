from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import ApiToken, AuditEntry, IdempotencyKey
from tests.campaigns.api.callers import is_problem, make_user

pytestmark = pytest.mark.django_db
URL = "/api/v1/tokens/"


@pytest.fixture
def signed_in(client):
    client.force_login(make_user())
    return client


def body(**changes):
    expires = (timezone.now() + timedelta(days=30)).isoformat()
    return {"name": "sync", "scopes": ["read"], "expires_at": expires} | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"scopes": []},
        {"scopes": ["admin"]},
        {"expires_at": "2018-01-01T00:00:00Z"},
        {"expires_at": "2999-01-01T00:00:00Z"},
        {"expires_at": "soon"},
        {"name": ""},
    ],
)
def test_a_token_that_may_not_be_is_refused(signed_in, changes):
    response = signed_in.post(URL, body(**changes), content_type="application/json")
    assert response.status_code in (400, 422)
    assert is_problem(response, response.status_code, "invalid")
    assert not ApiToken.objects.exists()


def test_the_secret_is_shown_once_and_opens(signed_in, client):
    made = signed_in.post(URL, body(), content_type="application/json").json()
    assert made["secret"].endswith(made["hint"])
    (listed,) = signed_in.get(URL).json()["results"]
    assert "secret" not in listed
    assert made["secret"] not in str(list(ApiToken.objects.values())) + str(list(AuditEntry.objects.values()))
    client.logout()
    answer = client.get("/api/v1/campaigns/", headers={"Authorization": f"Bearer {made['secret']}"})
    assert answer.status_code == 200


def test_a_repeated_request_does_not_show_the_secret_again(signed_in):
    sent = {"content_type": "application/json", "headers": {"Idempotency-Key": "k"}}
    first, again = (signed_in.post(URL, body(expires_at="2026-12-31T00:00:00Z"), **sent) for _ in range(2))
    assert (first.status_code, again["Idempotent-Replayed"], again.json()["secret"]) == (201, "true", None)
    assert first.json()["secret"] not in IdempotencyKey.objects.get().body
    assert ApiToken.objects.count() == 1


def test_a_revoked_token_opens_nothing_at_once(signed_in, client):
    made = signed_in.post(URL, body(), content_type="application/json").json()
    headers = {"Authorization": f"Bearer {made['secret']}"}
    assert signed_in.post(f"{URL}{made['id']}/revoke/").json()["revoked_at"]
    assert is_problem(client.get("/api/v1/campaigns/", headers=headers), 401, "authentication_failed")


def test_tokens_of_others_are_not_there(signed_in, client):
    made = signed_in.post(URL, body(), content_type="application/json").json()
    client.force_login(make_user("bob"))
    assert client.get(URL).json()["results"] == []
    assert is_problem(client.post(f"{URL}{made['id']}/revoke/"), 404, "not_found")
    assert ApiToken.objects.get().revoked_at is None
