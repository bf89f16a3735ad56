"""What the process reads from its environment, typed; a bad value stops the start, naming the remedy."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, PostgresDsn, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Environment(BaseSettings):
    """One field for each variable of `.env.example`; names are upper case in the environment."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", frozen=True)

    secret_key: SecretStr = Field(min_length=32)
    database_url: PostgresDsn
    broker_url: str = Field(pattern=r"^(redis|rediss|redis\+socket)://")
    debug: bool = False
    allowed_hosts: list[str] = ["localhost", "127.0.0.1", "[::1]"]
    public_base_url: str = Field(default="http://127.0.0.1:8000", pattern=r"^https?://[^/\s]+(/[^/\s]+)*$")
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=2525, ge=1, le=65535)
