from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from campaigns.models import AuditEntry
from tests.campaigns.api.callers import is_problem, make_caller, make_user
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel
from tests.orchestration.mail.fake_smtp import FakeServer, Script

pytestmark = pytest.mark.django_db
URL = "/api/v1/campaigns/mailing/proofs/"
ASKED = {"activity": "mail", "to": ["ann@office.example"]}


@pytest.fixture
def server() -> Iterator[FakeServer]:
    made = FakeServer(Script())
    make_dimension_with_people()
    make_channel(provider_config={"host": "127.0.0.1", "port": made.port, "security": "none"})
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    draft("mailing", [everybody, email()], ["all mail"])
    yield made
    made.close()


def make_dimension_with_people() -> None:
    dimension = make_dimension()
    for key in (1, 2):
        add_person(dimension, key)


@pytest.fixture
def caller(server: FakeServer) -> APIClient:
    return make_caller(make_user(), "write")


def ask(caller: APIClient, **asked: Any) -> Any:
    return caller.post(URL, {**ASKED, **asked}, format="json")


def test_whoever_may_not_edit_sends_no_proof(server: FakeServer) -> None:
    assert is_problem(ask(APIClient()), 401, "not_authenticated")
    assert is_problem(ask(make_caller(make_user("viewer", ("view",)))), 403, "permission_denied")
    assert is_problem(ask(make_caller(make_user("ann"), "read")), 403, "permission_denied")
    assert server.connections == 0


@pytest.mark.parametrize(
    "asked",
    [
        {"to": []},
        {"to": ["x"]},
        {"to": ["a@b.example\r\nBcc: c@d.example"]},
        {"activity": "all"},
        {"recipient": "9"},
    ],
)
def test_what_will_not_do_is_refused_at_its_place(caller: APIClient, asked: Any, server: FakeServer) -> None:
    assert is_problem(ask(caller, **asked), 422, "invalid")
    assert server.connections == 0


def test_too_many_or_no_addresses_are_no_request(caller: APIClient) -> None:
    assert is_problem(ask(caller, to=[f"p{n}@b.example" for n in range(6)]), 400, "invalid")
    assert is_problem(caller.post(URL, {"activity": "mail"}, format="json"), 400, "invalid")
    assert is_problem(caller.post(URL.replace("mailing", "none"), ASKED, format="json"), 404, "not_found")


def test_what_the_server_said_is_in_the_answer(caller: APIClient, server: FakeServer) -> None:
    server.script.replies["rcpt", 0] = b"550 5.1.1 no such user"
    (proof,) = ask(caller).json()["proofs"]
    assert (proof["state"], "5.1.1 no such user" in proof["reply"]) == ("failed_permanent", True)


def test_a_repeated_request_sends_once(caller: APIClient, server: FakeServer) -> None:
    answers = [
        caller.post(URL, {**ASKED, "recipient": "2"}, format="json", headers={"Idempotency-Key": "k"})
        for _again in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].json()["recipient"] == "2"
    assert len(server.taken) == 1
    assert set(AuditEntry.objects.filter(action__startswith="campaign.proof").values_list("door")) == {
        ("api",)
    }
