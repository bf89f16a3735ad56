"""What the process reads from its environment, typed; a bad value stops the start, naming the remedy.

Later sources win: `.local/run.env`, which `make run` writes while it runs; `.env`; the environment itself.
Nothing is translated here, for the language is itself a setting.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PostgresDsn,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
RUN_FILE = LOCAL / "run.env"
ENV_FILES = (RUN_FILE, ROOT / ".env")
IGNORE_FILES = "TUTTI_ENV_FILES"
EX_CONFIG = 78
LEAST_DISTINCT = 10
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
PLACEHOLDER = "change-me"


def _unguessable(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text.startswith(PLACEHOLDER) or len(set(text)) < LEAST_DISTINCT:
        raise ValueError("it is easily guessed")
    return value


def _comma_separated(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Secret = Annotated[SecretStr, Field(min_length=32), AfterValidator(_unguessable)]


class Environment(BaseSettings):
    """One field for each variable of `.env.example`; names are upper case in the environment.

    A field's description is what an operator reads when the value is refused: meaning first, then the remedy.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    secret_key: Secret = Field(
        description="Signs sessions and links. Make one: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    )
    secret_key_fallbacks: Annotated[list[Secret], NoDecode, BeforeValidator(_comma_separated)] = Field(
        default=[],
        description="Earlier values of SECRET_KEY, comma-separated: links already sent stay valid.",
    )
    database_url: PostgresDsn = Field(
        description="The PostgreSQL database: postgresql://user:password@host:5432/name. A socket folder "
        "stands percent-encoded as the host. `make run` brings a database when this is not set."
    )
    broker_url: str = Field(
        pattern=r"^(redis|rediss)://[^/]+|^redis\+socket:///.+",
        description="Celery's broker, Valkey or Redis: redis://:password@host:6379/0, rediss:// or "
        "redis+socket:///path. `make run` brings one when this is not set.",
    )
    debug: bool = Field(
        default=False, description="Tracebacks in the browser; true only where ALLOWED_HOSTS is loopback."
    )
    allowed_hosts: Annotated[list[str], NoDecode, BeforeValidator(_comma_separated)] = Field(
        default=list(LOOPBACK),
        min_length=1,
        description="Host names to answer to, comma-separated; never *.",
    )
    public_base_url: str = Field(
        default="http://127.0.0.1:8000",
        pattern=r"^https?://[^/\s?#@]+(/[^/\s?#]+)*$",
        description="Where recipients reach this server: https://mail.example.com, without a closing slash. "
        "Links in mails carry it; choose it before the first mail.",
    )
    trust_proxy: bool = Field(
        default=False, description="A proxy in front sets X-Forwarded-Proto and strips it from visitors."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR."
    )
    smtp_host: str = Field(default="127.0.0.1", min_length=1, description="Server for the system's own mail.")
    smtp_port: int = Field(default=2525, ge=1, le=65535, description="Its port, 1 to 65535.")
    system_mail_from: str = Field(
        default="tutti@localhost",
        pattern=r"^[^@\s<>]+@[^@\s<>]+$",
        description="Sender of the system's own mail, such as a failure told to a campaign's owner.",
    )

    file_inbox: str = Field(
        default="",
        pattern=r"^(/.*)?$",
        description="The absolute path of the one folder that campaigns may load files from; empty for none.",
    )
    file_limit_mb: int = Field(
        default=1024, ge=1, le=1_000_000, description="The largest file to accept or to load, in MB."
    )

    @model_validator(mode="after")
    def _is_not_wide_open(self) -> Self:
        if "*" in self.allowed_hosts:
            raise ValueError("ALLOWED_HOSTS: * lets any site speak in this one's name; list the host names")
        public = [host for host in self.allowed_hosts if not is_loopback(host)]
        if self.debug and public:
            raise ValueError(
                f"DEBUG: shows settings and source to visitors of {', '.join(public)}; set it to false, or "
                "leave only loopback names in ALLOWED_HOSTS"
            )
        return self

    @property
    def public_origin(self) -> str:
        parts = urlsplit(self.public_base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_https(self) -> bool:
        return self.public_base_url.startswith("https://")


def is_loopback(host: str) -> bool:
    """127.0.0.1.example.com is not."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_environment() -> Environment:
    """Ends the process with status 78 (EX_CONFIG) when a variable is missing or wrong; shows no value."""
    files = None if os.environ.get(IGNORE_FILES) == "ignore" else ENV_FILES
    return explained(lambda: Environment(_env_file=files, _env_file_encoding="utf-8"))


def explained(build: Callable[[], Environment]) -> Environment:
    try:
        return build()
    except ValidationError as error:
        sys.stderr.write("\n".join(("Tutti cannot start with these settings:", *_complaints(error), "")))
        raise SystemExit(EX_CONFIG) from None


def _complaints(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        message = problem["msg"].removeprefix("Value error, ")
        yield f"  {_place(problem['loc'])}{message}.{_remedy(problem['loc'])}"
    yield "Set them in the environment or in .env; .env.example explains each."


def _place(location: tuple[Any, ...]) -> str:
    return f"{str(location[0]).upper()}: " if location else ""


def _remedy(location: tuple[Any, ...]) -> str:
    field = Environment.model_fields.get(str(location[0])) if location else None
    return f" {field.description}" if field else ""
