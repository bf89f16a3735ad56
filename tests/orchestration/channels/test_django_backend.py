from __future__ import annotations

import random
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from orchestration.channels import open_session
from orchestration.channels.django_backend import rebuilt
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.transport import Kind, Stage, Unavailable
from tests.orchestration.mail.fake_smtp import Script, serving
from tests.orchestration.mail.test_messages import (
    expected_html,
    expected_text,
    generated,
    header_text,
    letter,
    make,
    urls_in,
)

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
HERE = "tests.orchestration.channels.test_django_backend."


def message(**values: Any) -> OutgoingMessage:
    return OutgoingMessage(7, "news@shop.test", "kim@example.test", make().build(letter(**values)))


class Scripted(BaseEmailBackend):
    """Raises or returns what the test put there."""

    result: Any = 1

    def send_messages(self, messages: Any) -> Any:
        if isinstance(self.result, BaseException):
            raise self.result
        return self.result


@pytest.mark.parametrize(
    ("result", "kind", "stage"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"5.1.1 none")}), Kind.FAILED_PERMANENT, Stage.RCPT),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"4.2.1 busy")}), Kind.FAILED_TEMPORARY, Stage.RCPT),
        (smtplib.SMTPSenderRefused(553, b"5.1.8 you", "a"), Kind.FAILED_PERMANENT, Stage.MAIL),
        (smtplib.SMTPDataError(451, b"4.3.0 later"), Kind.FAILED_TEMPORARY, Stage.CONTENT),
        (smtplib.SMTPServerDisconnected("gone"), Kind.UNKNOWN, None),
        (TimeoutError(), Kind.UNKNOWN, None),
        (RuntimeError("any fault of a backend"), Kind.UNKNOWN, None),
        (0, Kind.NOT_ATTEMPTED, None),
        (1, Kind.SENT, None),
    ],
)
def test_classes_what_a_backend_raises_or_returns(
    result: Any, kind: Kind, stage: Stage | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Scripted, "result", result)
    with open_session("django_backend", {"backend": HERE + "Scripted"}) as session:
        (outcome,) = session.send([message()])
        assert (outcome.kind, outcome.stage) == (kind, stage)
        assert session.is_open is (kind is not Kind.UNKNOWN)


def test_after_an_unknown_the_rest_is_not_attempted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scripted, "result", OSError("gone"))
    with open_session("django_backend", {"backend": HERE + "Scripted"}) as session:
        assert [outcome.kind for outcome in session.send([message()] * 2)] == [
            Kind.UNKNOWN,
            Kind.NOT_ATTEMPTED,
        ]


@pytest.mark.parametrize(
    "settings",
    [
        {"backend": "no.such.Backend"},
        {"backend": "pathlib.Path"},
        {"backend": "os.system"},
        {"backend": "django.core.mail.backends.filebased.EmailBackend"},
        {
            "backend": "django.core.mail.backends.smtp.EmailBackend",
            "options": {"use_tls": True, "use_ssl": True},
        },
    ],
)
def test_a_backend_that_cannot_be_made_is_unavailable_for_good(settings: dict[str, Any]) -> None:
    with pytest.raises(Unavailable, match="cannot be used") as refused:
        open_session("django_backend", settings)
    assert refused.value.permanent


def test_a_server_that_is_away_is_unavailable_for_now() -> None:
    options = {"host": "127.0.0.1", "port": 1, "timeout": 1}
    with pytest.raises(Unavailable) as refused:
        open_session(
            "django_backend", {"backend": "django.core.mail.backends.smtp.EmailBackend", "options": options}
        )
    assert not refused.value.permanent


def test_sends_through_djangos_own_smtp_backend() -> None:
    with serving(Script(pipelining=False)) as server:
        options = {"host": "127.0.0.1", "port": server.port, "timeout": 5}
        settings = {"backend": "django.core.mail.backends.smtp.EmailBackend", "options": options}
        with open_session("django_backend", settings) as session:
            assert [o.kind for o in session.send([message(subject="Grüße")] * 2)] == [Kind.SENT] * 2
        assert len(server.taken) == 2
        assert b"Message-ID: <m7.x@shop.test>\r\n" in server.taken[0]


def test_rebuilt_messages_say_the_same() -> None:
    rng = random.Random("rebuilt")
    for _ in range(200):
        values = generated(rng)
        original = message(**values)
        made, urls = rebuilt(original), urls_in(original.data)
        assert made.subject == header_text(values["subject"])
        assert made.body == expected_text(values, urls["u"])
        assert made.alternatives[0][0] == expected_html(values, urls)
        assert made.extra_headers["List-Unsubscribe"] == f"<{urls['u']}>"


def test_what_the_backend_gets_has_sender_recipient_and_headers() -> None:
    with open_session("django_backend", {"backend": LOCMEM}) as session:
        session.send([message(sender="Zoë, Shop")])
    (sent,) = mail.outbox
    assert (sent.to, sent.reply_to) == (["kim@example.test"], ["answers@shop.test"])
    assert '"Zo' in sent.from_email or "Zoë" in sent.from_email
    assert sent.message()["Message-ID"] == "<m7.x@shop.test>"
