"""People and programs that call the API in tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns.publishing import campaign_published
from campaigns.signals import campaign_moving
from campaigns.tokens import SCOPES, issue_token

EVERYTHING = ("view", "add", "change", "delete", "publish")


def make_user(name: str = "ann", may: tuple[str, ...] = EVERYTHING) -> Any:
    user = get_user_model().objects.create(username=name)
    codenames = [f"{verb}_campaign" for verb in may]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def make_holder(name: str, *codenames: str) -> Any:
    """An account with exactly these permissions, of any app."""
    user = make_user(name, may=())
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def make_caller(user: Any, *scopes: str) -> APIClient:
    """A program with a token of that user."""
    expires_at = timezone.now() + timedelta(days=1)
    made = issue_token(user, name="test", scopes=scopes or SCOPES, expires_at=expires_at)
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {made.secret}", raise_request_exception=True)


@pytest.fixture
def caller(db: None) -> APIClient:
    return make_caller(make_user())


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a publication sets going is tested with the engine."""
    for signal in (campaign_published, campaign_moving):
        monkeypatch.setattr(signal, "receivers", [])
        signal.sender_receivers_cache.clear()


def is_problem(response: Any, status: int, code: str) -> bool:
    """Whether the answer is a problem of that kind, whole and in its form."""
    data = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert data["correlation_id"] == response["X-Request-ID"]
    assert data["detail"]
    assert all(problem["message"] and problem["remedy"] for problem in data["problems"])
    return (response.status_code, data["status"], data["code"]) == (status, status, code)
