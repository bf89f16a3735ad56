from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from campaigns.models import ApiToken, Consent, ConsentRecord, Suppression
from campaigns.tokens import find_token, issue_token
from tests.ledger import make_dimension

pytestmark = pytest.mark.django_db

ISSUE = "/admin/campaigns/apitoken/issue/"


@pytest.mark.parametrize(
    "sent", [{}, {"scopes": "read"}, {"scopes": "everything", "days": "7"}, {"days": "9999999999"}]
)
def test_a_token_without_scope_or_end_is_not_issued(author: Client, sent: dict[str, str]) -> None:
    assert author.post(ISSUE, {"name": "x", **sent}).status_code == 200
    assert not ApiToken.objects.exists()


def test_a_token_is_shown_once_and_kept_nowhere(author: Client) -> None:
    answer = author.post(ISSUE, {"name": "Export", "scopes": ["read"], "days": "7"})
    found = re.search(r"tutti_\S+?(?=<)", answer.content.decode())
    assert found
    assert "no-store" in answer["Cache-Control"]
    assert find_token(found[0])
    assert found[0] not in author.get("/admin/campaigns/apitoken/").content.decode()


def test_nobody_sees_or_revokes_somebody_elses_token(author: Client) -> None:
    other = User.objects.create_user("other")
    end = timezone.now() + timedelta(days=1)
    token = issue_token(other, name="Theirs", scopes=["read"], expires_at=end).token
    assert "Theirs" not in author.get("/admin/campaigns/apitoken/").content.decode()
    assert author.post(f"/admin/campaigns/apitoken/{token.pk}/revoke/").status_code == 404


def test_an_administrator_revokes_any_token(administrator: Client) -> None:
    other = User.objects.create_user("other")
    end = timezone.now() + timedelta(days=1)
    made = issue_token(other, name="Theirs", scopes=["read"], expires_at=end)
    administrator.post(f"/admin/campaigns/apitoken/{made.token.pk}/revoke/")
    assert find_token(made.secret) is None


def test_an_administrator_who_is_no_superuser_makes_none(administrator: Client) -> None:
    above = User.objects.create_superuser("above")
    assert administrator.post(f"/admin/auth/user/{above.pk}/change/", {}).status_code == 403
    assert administrator.get(f"/admin/auth/user/{above.pk}/password/").status_code == 403
    own = User.objects.get(username="administrator")
    administrator.post(
        f"/admin/auth/user/{own.pk}/change/", {"username": "administrator", "is_superuser": "on"}
    )
    own.refresh_from_db()
    assert not own.is_superuser


@pytest.mark.parametrize(
    "sent", [{}, {"recipient_key": "1"}, {"recipient_key": "1", "source": "x", "channel": "pigeon"}]
)
def test_an_incomplete_statement_is_not_recorded(administrator: Client, sent: dict[str, str]) -> None:
    make_dimension()
    body = {"dimension": "person", "channel": "email", "state": "opted_in", **sent}
    administrator.post("/admin/campaigns/consent/state/", body)
    assert not ConsentRecord.objects.exists()


def test_a_statement_is_recorded_with_its_evidence(administrator: Client) -> None:
    make_dimension()
    body = {
        "dimension": "person",
        "recipient_key": "7",
        "channel": "email",
        "state": "opted_in",
        "source": "letter",
    }
    administrator.post("/admin/campaigns/consent/state/", body)
    assert Consent.objects.get().state == "opted_in"
    assert ConsentRecord.objects.get().source == "letter"


def test_suppressed_addresses_are_hidden_from_a_viewer(sign_in: Callable[[str], Client]) -> None:
    Suppression.objects.create(channel="email", address="ada@example.com", reason="manual")
    assert "ada@example.com" not in sign_in("Viewer").get("/admin/campaigns/suppression/").content.decode()
    assert "ada@example.com" in sign_in("Approver").get("/admin/campaigns/suppression/").content.decode()


def test_an_address_is_suppressed_by_hand(administrator: Client) -> None:
    administrator.post(
        "/admin/campaigns/suppression/add/", {"channel": "email", "address": "Ada@Example.com"}
    )
    made = Suppression.objects.get()
    assert (made.address, made.reason) == ("ada@example.com", "manual")
