from __future__ import annotations

from collections.abc import Iterator

import pytest

from config.management.campaign_verbs.outcome import Exit
from tests.config.management.test_answers import ask
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel
from tests.orchestration.mail.fake_smtp import FakeServer, Script

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[FakeServer]:
    made = FakeServer(Script())
    add_person(make_dimension(), 1)
    make_channel(provider_config={"host": "127.0.0.1", "port": made.port, "security": "none"})
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    draft("mailing", [everybody, email()], ["all mail"])
    yield made
    made.close()


def test_a_proof_of_nothing_is_refused(server: FakeServer) -> None:
    assert ask("proof", "nowhere", "mail", "--to", "ann@office.example")[0] == Exit.NOT_FOUND
    code, said = ask("proof", "mailing", "all", "--to", "ann@office.example")
    assert (code, said["problems"][0]["code"]) == (Exit.REFUSED, "proof.unknown_activity")
    assert server.connections == 0


def test_the_exit_code_says_that_the_server_refused(server: FakeServer) -> None:
    server.script.replies["rcpt", 0] = b"452 4.2.2 mailbox full"
    code, said = ask("proof", "mailing", "mail", "--to", "ann@office.example")
    assert (code, said["proofs"][0]["state"]) == (Exit.REFUSED, "failed_temporary")
    assert "4.2.2 mailbox full" in said["proofs"][0]["reply"]


def test_a_proof_is_sent_as_the_person_named(server: FakeServer) -> None:
    code, said = ask("proof", "mailing", "mail", "--to", "a@b.example", "--to", "c@d.example", "--as", "1")
    assert (code, said["recipient"], len(server.taken)) == (Exit.DONE, "1", 2)
