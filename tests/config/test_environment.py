from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import ValidationError

from config.environment import ROOT, Environment, explained, read_environment

SECRET = "a-Secret-0f-forty-characters-0123456789xyz"  # noqa: S105
GOOD = {
    "secret_key": SECRET,
    "database_url": "postgresql://tutti:hidden-password@db.example.com:5432/tutti",
    "broker_url": "redis://:hidden-password@broker.example.com:6379/0",
}


def build(**changes: object) -> Environment:
    return Environment(_env_file=None, **{**GOOD, **changes})


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secret_key", "short"),
        ("secret_key", "x" * 64),
        ("secret_key", "change-me-to-a-random-value-of-at-least-32-characters"),
        ("secret_key_fallbacks", f"{SECRET},short"),
        ("database_url", "mysql://tutti@localhost/tutti"),
        ("database_url", "postgresql://tutti@localhost:port/tutti"),
        ("broker_url", "amqp://localhost"),
        ("broker_url", "redis+socket://"),
        ("debug", "perhaps"),
        ("allowed_hosts", ""),
        ("public_base_url", "mail.example.com"),
        ("public_base_url", "https://mail.example.com/"),
        ("public_base_url", "https://user@mail.example.com"),
        ("public_base_url", "https://mail.example.com/?a=b"),
        ("log_level", "LOUD"),
        ("smtp_port", "0"),
        ("smtp_port", "65536"),
        ("system_mail_from", "nobody"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_never_shown(
    name: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        explained(lambda: build(**{name: value}))
    told = capsys.readouterr().err
    assert stop.value.code == 78
    assert name.upper() in told
    assert Environment.model_fields[name].description in told
    assert "hidden-password" not in told
    assert not value or value not in told.replace("https://mail.example.com,", "").split()


@pytest.mark.parametrize(
    "host",
    ["example.com", "0.0.0.0", "192.168.0.10", "localhost.example.com", "127.0.0.1.example.com"],  # noqa: S104
)
def test_debug_with_a_public_host_is_refused(host: str) -> None:
    with pytest.raises(ValidationError, match="DEBUG.*" + host):
        build(debug=True, allowed_hosts=["localhost", host])


def test_answering_to_every_host_name_is_refused() -> None:
    with pytest.raises(ValidationError, match="ALLOWED_HOSTS"):
        build(allowed_hosts="*")


def test_missing_variables_end_a_real_start_with_status_78_and_no_traceback() -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TUTTI_ENV_FILES": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 78
    assert "Traceback" not in answer.stderr
    assert all(
        f"{name}: Field required" in answer.stderr for name in ("SECRET_KEY", "DATABASE_URL", "BROKER_URL")
    )


def test_secrets_are_not_in_the_printed_form() -> None:
    assert SECRET not in repr(build(secret_key_fallbacks=SECRET))


def test_debug_on_loopback_is_allowed() -> None:
    assert build(debug=True, allowed_hosts="localhost, tutti.localhost,127.0.0.2,[::1]").debug


def test_hosts_and_fallbacks_are_comma_separated() -> None:
    built = build(
        allowed_hosts=" a.example.com, b.example.com ,", secret_key_fallbacks=f"{SECRET}1,{SECRET}2"
    )
    assert built.allowed_hosts == ["a.example.com", "b.example.com"]
    assert [key.get_secret_value() for key in built.secret_key_fallbacks] == [f"{SECRET}1", f"{SECRET}2"]


def test_the_environment_wins_over_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("LOG_LEVEL=ERROR\nSMTP_PORT=26\n")
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    built = Environment(_env_file=file, **GOOD)
    assert (built.log_level, built.smtp_port) == ("WARNING", 26)


def test_files_can_be_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTTI_ENV_FILES", "ignore")
    monkeypatch.setattr("config.environment.ENV_FILES", (ROOT / ".env.example",))
    for name, value in GOOD.items():
        monkeypatch.setenv(name.upper(), value)
    assert read_environment().secret_key.get_secret_value() == SECRET


def test_the_example_names_every_variable_and_no_other() -> None:
    assert {name.lower() for name in dotenv_values(ROOT / ".env.example")} == set(Environment.model_fields)


def test_the_example_holds_the_defaults() -> None:
    example = {name.lower(): value for name, value in dotenv_values(ROOT / ".env.example").items()}
    required = {name: example.pop(name) for name in GOOD}
    assert Environment(_env_file=None, **GOOD, **example) == build()
    assert required["secret_key"].startswith("change-me")


def test_the_origin_is_the_url_without_its_path() -> None:
    assert build(public_base_url="https://example.com:8443/tutti").public_origin == "https://example.com:8443"
