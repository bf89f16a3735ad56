from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from orchestration.channels import check_settings, open_session, provider_named
from orchestration.sms.outgoing import OutgoingText
from orchestration.sms.providers import InboundText, Unreadable, Untrusted
from orchestration.transport import Outcome, Unavailable
from tests.orchestration.sms.gateway import Gateway, serving

KEYED = {"idempotency_header": "Idempotency-Key"}


def text(number: int, words: str = "Hi") -> OutgoingText:
    return OutgoingText(number, "Shop", f"+8210123456{number:02}", words, 1, f"3.{number}@shop.test")


def sent(gateway: Gateway, many: int = 3, **more: Any) -> list[Outcome]:
    with open_session("sms_http", {"url": gateway.url, **more}) as session:
        return session.send([text(number) for number in range(many)])


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [str(outcome.kind) for outcome in outcomes]


WRONG: list[tuple[str, Any]] = [
    ("url", ""),
    ("url", "ftp://gateway.test/"),
    ("url", "http://gateway.test/"),
    ("url", "http://localhost.evil.test/"),
    ("url", "https:///x"),
    ("url", "https://user:pass@gateway.test/"),
    ("url", "https://gateway.test/\r\nX: y"),
    ("url", "https://gateway.test:99999/"),
    ("url", "https://[::1/"),
    ("url", "https://게이트.test/"),
    ("body", ""),
    ("body", "{to} {text}"),
    ("body", '["{to}", "{text}"]'),
    ("body", '{"to": "{to}"}'),
    ("idempotency_header", "X: y"),
    ("idempotency_header", "X\r\n"),
    ("token_env", "SECRET_KEY"),
    ("inbound_secret_env", "DATABASE_URL"),
    ("timeout", 0),
    ("timeout", 41),
    ("inbound_from", ""),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_wrong_settings_are_refused_at_their_place(name: str, value: Any) -> None:
    settings = {"url": "https://gateway.test/", name: value}
    (problem,) = check_settings("sms_http", settings)
    assert problem.path == f"/{name}"


def test_a_gateway_that_is_away_is_unavailable() -> None:
    with serving() as gateway:
        pass
    with pytest.raises(Unavailable, match="cannot be reached") as refused:
        open_session("sms_http", {"url": gateway.url})
    assert not refused.value.permanent


def test_a_token_that_is_none_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as gateway:
        with pytest.raises(Unavailable, match="SMS_SECRET_GONE is not set"):
            sent(gateway, token_env="SMS_SECRET_GONE")  # noqa: S106
        monkeypatch.setenv("SMS_SECRET_ODD", "a\r\nX: y")
        with pytest.raises(Unavailable, match="line break"):
            sent(gateway, token_env="SMS_SECRET_ODD")  # noqa: S106
        assert gateway.asked == []


@pytest.mark.parametrize("status", [400, 410, 413, 422, 409])
def test_a_text_that_is_refused_fails_alone(status: int) -> None:
    with serving({1: status}) as gateway:
        outcomes = sent(gateway)
    assert kinds(outcomes) == ["sent", "failed_permanent", "sent"]
    assert (outcomes[1].code, outcomes[1].reply) == (status, f'{status} {{"status": {status}}}')


@pytest.mark.parametrize("status", [408, 425, 429, 503])
def test_a_gateway_that_is_busy_is_left_alone_and_asked_again_later(status: int) -> None:
    with serving({1: status}) as gateway:
        outcomes = sent(gateway)
        assert kinds(outcomes) == ["sent", "failed_temporary", "not_attempted"]
        assert len(gateway.asked) == 2


@pytest.mark.parametrize("status", [301, 401, 402, 403, 404, 405, 415])
def test_settings_that_are_wrong_cost_nobody_the_message(status: int) -> None:
    with serving({0: status}) as gateway:
        outcomes = sent(gateway)
        assert kinds(outcomes) == ["not_attempted"] * 3
        assert str(status) in outcomes[0].reply
        assert len(gateway.asked) == 1


@pytest.mark.parametrize("does", [500, 502, 504, "silent", "cut", "drip"])
def test_what_may_have_arrived_is_unknown_and_nothing_else_is_tried(does: int | str) -> None:
    with serving({1: does}) as gateway:
        began = time.monotonic()
        outcomes = sent(gateway, timeout=1)
        assert kinds(outcomes) == ["sent", "unknown", "not_attempted"]
        assert [asked.body["to"] for asked in gateway.asked] == [text(0).recipient, text(1).recipient]
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("does", [500, "silent", "cut", 409])
def test_with_a_reference_it_is_handed_over_again_later(does: int | str) -> None:
    with serving({0: does}) as gateway:
        assert kinds(sent(gateway, 1, timeout=1, **KEYED)) == ["failed_temporary"]
        assert kinds(sent(gateway, 1, timeout=1, **KEYED)) == ["sent"]
        keys = [asked.headers["Idempotency-Key"] for asked in gateway.asked]
    assert keys == [text(0).reference] * 2


def test_a_status_counts_although_the_rest_of_the_answer_is_lost() -> None:
    with serving({0: "half"}) as gateway:
        assert kinds(sent(gateway, 2, timeout=1)) == ["sent", "sent"]


def test_a_connection_that_ended_in_between_is_replaced_before_anything_is_asked() -> None:
    with serving({0: "idle"}) as gateway:
        with open_session("sms_http", {"url": gateway.url}) as session:
            assert kinds(session.send([text(0)])) == ["sent"]
            time.sleep(0.2)
            assert kinds(session.send([text(1)])) == ["sent"]
        assert gateway.connections == 2


def test_a_gateway_that_goes_away_in_between_has_taken_nothing_more() -> None:
    with serving() as gateway:
        gateway.closes = True
        session = open_session("sms_http", {"url": gateway.url})
        assert kinds(session.send([text(0)])) == ["sent"]
    assert kinds(session.send([text(1)])) == ["not_attempted"]
    assert not session.is_open


def test_one_connection_serves_many() -> None:
    with serving() as gateway:
        assert kinds(sent(gateway, 10)) == ["sent"] * 10
        assert gateway.connections == 1


def test_values_stand_in_the_request_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_SECRET_GATE", "t0ken")
    body = json.dumps(
        {"messages": [{"to": "tel:{to}", "n": 1, "ref": "{id}"}], "content": "{text}", "src": "{from}"}
    )
    hostile = 'He said "{to}" \\ {id}\n안녕 🎉'
    with serving() as gateway:
        settings = {"url": gateway.url, "body": body, "token_env": "SMS_SECRET_GATE"}
        with open_session("sms_http", settings) as session:
            session.send([text(1, hostile)])
        (asked,) = gateway.asked
    assert asked.body == {
        "messages": [{"to": f"tel:{text(1).recipient}", "n": 1, "ref": text(1).reference}],
        "content": hostile,
        "src": "Shop",
    }
    assert asked.headers["Authorization"] == "Bearer t0ken"
    assert asked.headers["Content-Type"] == "application/json"
    assert "Idempotency-Key" not in asked.headers
    assert asked.path == "/v1/messages?key=1"


SECRET = "wh1sper"  # noqa: S105


def inbound(body: bytes, *, signature: str | None = None, **more: Any) -> list[InboundText]:
    provider: Any = provider_named("sms_http")
    settings = {"url": "https://gateway.test/", "inbound_secret_env": "SMS_SECRET_IN", **more}
    signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest() if signature is None else signature
    found = provider.read_inbound(provider.Settings.model_validate(settings), {"X-Signature": signed}, body)
    return list(found)


@pytest.mark.parametrize("signature", ["", "x", "0" * 64, "é" * 64])
def test_whoever_does_not_know_the_secret_is_not_read(
    monkeypatch: pytest.MonkeyPatch, signature: str
) -> None:
    monkeypatch.setenv("SMS_SECRET_IN", SECRET)
    with pytest.raises(Untrusted):
        inbound(b'{"from": "+821012345678", "text": "STOP"}', signature=signature)


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_secret_nobody_is_believed(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("SMS_SECRET_IN", raising=False)
    if value is not None:
        monkeypatch.setenv("SMS_SECRET_IN", value)
    body = b"{}"
    with pytest.raises(Untrusted):
        inbound(body, signature=hmac.new(b"", body, hashlib.sha256).hexdigest())
    with pytest.raises(Untrusted):
        inbound(body, signature=hmac.new(b"", body, hashlib.sha256).hexdigest(), inbound_secret_env="")


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"1", b'{"from": 1, "text": "x"}', b'{"text": "x"}', b"[[]]", b"[" * 9999]
)
def test_a_call_in_another_form_is_unreadable(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    monkeypatch.setenv("SMS_SECRET_IN", SECRET)
    with pytest.raises(Unreadable):
        inbound(body)


def test_replies_are_read_as_the_settings_name_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_SECRET_IN", SECRET)
    body = b'[{"msisdn": "+821012345678", "body": "STOP", "mid": 7}]'
    names = {"inbound_from": "msisdn", "inbound_text": "body", "inbound_id": "mid"}
    assert inbound(body, **names) == [InboundText("+821012345678", "STOP", "7")]
    upper = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest().upper()
    assert len(inbound(body, signature=upper, **names)) == 1
