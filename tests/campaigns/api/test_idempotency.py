from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.middleware.csrf import _get_new_csrf_string
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns.drafts import save_draft
from campaigns.models import Campaign, IdempotencyKey
from tests.campaigns.api.callers import alone, caller, is_problem, make_caller, make_user
from tests.campaigns.documents import named
from tests.campaigns.test_drafts import in_threads

__all__ = ["alone", "caller"]

pytestmark = pytest.mark.django_db
URL = "/api/v1/campaigns/one/duplicate/"


def duplicate(caller, slug="two", key="k1", url=URL):
    return caller.post(url, {"slug": slug}, format="json", headers={"Idempotency-Key": key})


@pytest.fixture
def _one():
    save_draft(None, named("one"))


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_one")]


@pytest.mark.parametrize("key", ["", "a b", "k" * 121, "ключ".encode().decode("latin-1")])
def test_a_malformed_key_is_refused(caller, key):
    assert is_problem(duplicate(caller, key=key), 400, "idempotency_key_malformed")
    assert Campaign.objects.count() == 1


def test_the_same_request_is_answered_again_and_done_once(caller):
    first, again = duplicate(caller), duplicate(caller)
    assert (first.status_code, again.status_code, first.content) == (201, 201, again.content)
    assert (first["ETag"], first["Location"]) == (again["ETag"], again["Location"])
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert Campaign.objects.count() == 2


def test_another_request_with_the_key_is_refused(caller):
    duplicate(caller)
    assert is_problem(duplicate(caller, slug="three"), 422, "idempotency_key_reused")
    other = duplicate(caller, url="/api/v1/campaigns/two/duplicate/")
    assert is_problem(other, 422, "idempotency_key_reused")
    assert Campaign.objects.count() == 2


def test_keys_of_others_do_not_meet(caller):
    duplicate(caller)
    assert is_problem(duplicate(make_caller(make_user("bob"))), 409, "conflict")


def test_a_refused_act_is_not_remembered(caller):
    save_draft(None, named("two"))
    assert is_problem(duplicate(caller), 409, "conflict")
    assert not IdempotencyKey.objects.exists()
    Campaign.objects.filter(slug="two").delete()
    assert duplicate(caller).status_code == 201


def test_a_key_is_forgotten_after_a_day(caller):
    duplicate(caller)
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    assert is_problem(duplicate(caller), 409, "conflict")


@pytest.mark.django_db(transaction=True)
def test_a_request_under_way_is_a_conflict():
    caller = make_caller(user := make_user())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"idempotency {user.pk} k1"])
        (answer,) = in_threads(1, lambda _: duplicate(caller))
    assert is_problem(answer, 409, "idempotency_in_progress")
    assert duplicate(caller).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_make_one():
    user = make_user()
    callers = [make_caller(user) for _ in range(50)]
    answers = in_threads(50, lambda number: duplicate(callers[number]))
    kinds = Counter((answer.status_code, answer.headers.get("Idempotent-Replayed")) for answer in answers)
    assert kinds[201, None] == 1
    assert set(kinds) <= {(201, None), (201, "true"), (409, None)}
    assert Campaign.objects.count() == 2
    assert duplicate(callers[0])["Idempotent-Replayed"] == "true"


def test_a_browser_with_a_session_is_answered_once_too():
    """Checking the token of a session reads the body before the view does."""
    caller = APIClient(enforce_csrf_checks=True)
    caller.force_login(make_user())
    token = _get_new_csrf_string()
    caller.cookies["csrftoken"] = token
    headers = {"Idempotency-Key": "k1", "X-CSRFToken": token}
    answers = [caller.post(URL, {"slug": "two"}, format="json", headers=headers) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1]["Idempotent-Replayed"] == "true"
    empty = caller.post("/api/v1/campaigns/two/archive/", headers=headers | {"Idempotency-Key": "k2"})
    assert is_problem(empty, 409, "conflict")
