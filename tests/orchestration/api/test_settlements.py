from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from campaigns.models import AuditEntry
from orchestration.models import Delivery
from tests.campaigns.api.callers import is_problem, make_caller, make_user
from tests.ledger import make_delivery, make_dimension, make_messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery() -> Delivery:
    made = make_delivery(make_dimension())
    make_messages(made, [1, 2, 3], state="unknown")
    return made


def approver(*scopes: str) -> APIClient:
    user = make_user("approver", ())
    user.user_permissions.set(Permission.objects.filter(codename="confirm_send"))
    return make_caller(user, *scopes)


def settle(caller: APIClient, pk: int, key: str = "", **asked: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return caller.post(f"/api/v1/deliveries/{pk}/settle/", asked, format="json", headers=headers)


def test_whoever_may_not_confirm_settles_nothing(delivery: Delivery) -> None:
    assert is_problem(settle(APIClient(), delivery.pk, state="sent"), 401, "not_authenticated")
    assert is_problem(settle(make_caller(make_user()), delivery.pk, state="sent"), 403, "permission_denied")
    assert is_problem(settle(approver("write"), delivery.pk, state="sent"), 403, "permission_denied")
    assert delivery.messages.filter(state="unknown").count() == 3


@pytest.mark.parametrize("asked", [{}, {"state": "ready"}, {"state": "sent", "message": 2**63}])
def test_what_will_not_do_is_refused(delivery: Delivery, asked: Any) -> None:
    assert is_problem(settle(approver(), delivery.pk, **asked), 400, "invalid")


def test_a_delivery_that_is_not_there_is_not_found(delivery: Delivery) -> None:
    assert is_problem(settle(approver(), 10**17, state="sent"), 404, "not_found")


def test_a_message_that_is_not_unknown_is_a_conflict(delivery: Delivery) -> None:
    assert is_problem(settle(approver(), delivery.pk, state="sent", message=7**7), 409, "conflict")


def test_one_and_then_the_others_are_settled_once(delivery: Delivery) -> None:
    caller, first = approver(), delivery.messages.earliest("pk").pk
    assert settle(caller, delivery.pk, state="failed", message=first).json()["unknown"] == 2
    answers = [settle(caller, delivery.pk, "k", state="sent", note="looked up") for _again in range(2)]
    assert [answer.json()["settled"] for answer in answers] == [2, 2]
    assert AuditEntry.objects.filter(action="delivery.settle_unknown", door="api").count() == 2
