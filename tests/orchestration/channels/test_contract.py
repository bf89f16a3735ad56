"""What every provider promises, whichever it is: each test runs once for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydantic
import pytest

from orchestration import channels
from orchestration.channels import file, sms_file
from orchestration.channels.contract import Provider, secret_from
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.sms.outgoing import OutgoingText
from orchestration.transport import Kind, Unavailable
from tests.orchestration.mail.fake_smtp import serving
from tests.orchestration.mail.test_messages import letter, make
from tests.orchestration.sms import gateway

TESTS = Path(__file__).parent


@pytest.fixture(params=sorted(channels.registered()))
def configured(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """Name of a provider and settings it works with."""
    monkeypatch.setattr(file, "OUTBOX", tmp_path)
    monkeypatch.setattr(sms_file, "OUTBOX", tmp_path)
    with serving() as server, gateway.serving() as texts:
        yield (
            request.param,
            {
                "smtp": {"host": "127.0.0.1", "port": server.port, "security": "none"},
                "file": {"folder": "here"},
                "django_backend": {"backend": "django.core.mail.backends.locmem.EmailBackend"},
                "sms_file": {"folder": "here"},
                "sms_http": {"url": texts.url},
            }[request.param],
        )


def message(provider: str, number: int) -> OutgoingMessage | OutgoingText:
    if channels.provider_named(provider).channel == "sms":
        return OutgoingText(number, "Shop", "+821012345678", "Hi", 1, f"1.{number}@shop.test")
    return OutgoingMessage(
        number, "news@shop.test", f"p{number}@example.test", make().build(letter(subject="Hi"))
    )


def test_sends_one_outcome_for_each_message_in_order(configured: Any) -> None:
    with channels.open_session(*configured) as session:
        messages = [message(configured[0], number) for number in range(10)]
        assert [outcome.kind for outcome in session.send(messages)] == [Kind.SENT] * 10
        assert session.send([]) == []
        assert session.is_open


def test_a_closed_session_is_closed_and_may_be_closed_again(configured: Any) -> None:
    session = channels.open_session(*configured)
    session.close()
    session.close()
    assert not session.is_open


@pytest.mark.parametrize("unknown", [{"nonsense": 1}, {"password": "x"}])
def test_unknown_settings_are_refused_at_their_place(configured: Any, unknown: dict[str, Any]) -> None:
    name, settings = configured
    (problem,) = channels.check_settings(name, settings | unknown)
    assert (problem.code, problem.path) == ("invalid_setting", "/" + next(iter(unknown)))
    with pytest.raises(Unavailable) as refused:
        channels.open_session(name, settings | unknown)
    assert refused.value.permanent


def test_good_settings_have_no_problem(configured: Any) -> None:
    assert channels.check_settings(*configured) == []


@pytest.mark.parametrize("provider", channels.registered().values(), ids=channels.registered())
def test_every_provider_is_named_described_and_tested(provider: type[Provider]) -> None:
    assert provider.label
    assert provider.__doc__
    assert provider.Settings.model_json_schema()["additionalProperties"] is False
    assert (TESTS / f"test_{provider.name}.py").exists()


def test_an_unknown_provider_lists_the_known_ones() -> None:
    with pytest.raises(Unavailable, match="django_backend, file, sms_file, sms_http, smtp") as refused:
        channels.open_session("pigeon", {})
    assert refused.value.permanent
    assert [problem.code for problem in channels.check_settings("pigeon", {})] == ["unknown_provider"]


@pytest.mark.parametrize(
    "variable",
    ["SECRET_KEY", "DATABASE_URL", "mail_secret_x", "MAIL_SECRET_", "MAIL_SECRET_a", "SMS_SECRET_", "X"],
)
def test_no_other_variable_of_the_environment_can_be_named_as_a_secret(variable: str) -> None:
    for name, settings in (
        ("smtp", {"host": "x", "password_env": variable}),
        ("django_backend", {"backend": "a.B", "secrets": {"password": variable}}),
        ("sms_http", {"url": "https://gateway.test/", "token_env": variable}),
    ):
        with pytest.raises(pydantic.ValidationError):
            channels.provider_named(name).Settings.model_validate(settings)


def test_a_secret_that_is_not_set_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_SECRET_NEWS", raising=False)
    with pytest.raises(Unavailable, match="MAIL_SECRET_NEWS is not set"):
        secret_from("MAIL_SECRET_NEWS")
    monkeypatch.setenv("MAIL_SECRET_NEWS", "s3cret")
    assert secret_from("MAIL_SECRET_NEWS") == "s3cret"
