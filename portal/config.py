"""Every setting, typed, with its default and what it is for; a wrong one stops the start.

Names are part of the contract (design.md 9); docs/OPERATIONS.md tells an operator about each.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from portal.domain.cipher import CipherError, KeyRing

_MIN_SECRET = 32


class Settings(BaseSettings):
    """The portal's settings, read from the environment."""

    model_config = SettingsConfigDict(env_prefix="", frozen=True, extra="ignore")

    environment: Literal["development", "test", "production"] = Field(
        default="development", validation_alias="PORTAL_ENV"
    )
    database_url: str = Field(
        default="sqlite:///var/portal.sqlite3", validation_alias="DATABASE_URL"
    )
    secret_key: SecretStr = Field(validation_alias="SECRET_KEY")
    field_keys: SecretStr = Field(validation_alias="FIELD_KEYS")
    queue_url: str = Field(default="sqlite:///var/queue.sqlite3", validation_alias="QUEUE_URL")
    storage_url: str = Field(default="file:var/files", validation_alias="STORAGE_URL")
    public_url: str = Field(default="http://127.0.0.1:8000", validation_alias="PUBLIC_URL")
    allow_fictitious_id: bool = Field(default=False, validation_alias="ALLOW_FICTITIOUS_ID")

    mail_backend: Literal["file", "smtp", "memory"] = Field(
        default="file", validation_alias="MAIL_BACKEND"
    )
    mail_dir: Path = Field(default=Path("var/mail"), validation_alias="MAIL_DIR")
    mail_server: str = Field(default="127.0.0.1", validation_alias="MAIL_SERVER")
    mail_port: int = Field(default=25, validation_alias="MAIL_PORT")
    mail_use_tls: bool = Field(default=False, validation_alias="MAIL_USE_TLS")
    mail_username: str = Field(default="", validation_alias="MAIL_USERNAME")
    mail_password: SecretStr = Field(default=SecretStr(""), validation_alias="MAIL_PASSWORD")
    mail_sender: str = Field(default="微光 <no-reply@example.org>", validation_alias="MAIL_SENDER")
    metrics_token: SecretStr = Field(default=SecretStr(""), validation_alias="METRICS_TOKEN")
    trusted_proxies: int = Field(default=0, ge=0, le=5, validation_alias="TRUSTED_PROXIES")
    argon2_memory_kib: int = Field(default=65536, ge=8, validation_alias="ARGON2_MEMORY_KIB")
    wall_cache_seconds: int = Field(default=30, ge=0, le=60, validation_alias="WALL_CACHE_SECONDS")
    log_level: str = Field(default="INFO", validation_alias="LOG_LEVEL")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        """Accept SQLite and PostgreSQL; name the psycopg 3 driver for the plain form."""
        value = cls.postgresql_driver(value)
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            msg = "DATABASE_URL must begin with sqlite:/// or postgresql://"
            raise ValueError(msg)
        return value

    @field_validator("field_keys")
    @classmethod
    def _keys_parse(cls, value: SecretStr) -> SecretStr:
        try:
            KeyRing.parse(value.get_secret_value())
        except CipherError as error:
            msg = f"FIELD_KEYS cannot be used: {error}"
            raise ValueError(msg) from error
        return value

    @model_validator(mode="after")
    def _fit_for_production(self) -> Settings:
        """Refuse a production start with development's conveniences."""
        if self.environment != "production":
            return self
        problems = []
        if len(self.secret_key.get_secret_value()) < _MIN_SECRET:
            problems.append("SECRET_KEY needs at least 32 characters")
        if self.mail_backend != "smtp":
            problems.append("MAIL_BACKEND must be smtp")
        if not self.public_url.startswith("https://"):
            problems.append("PUBLIC_URL must begin with https://")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @staticmethod
    def postgresql_driver(url: str) -> str:
        """Name the psycopg 3 driver where a URL says only postgresql://."""
        return (
            "postgresql+psycopg://" + url.removeprefix("postgresql://")
            if url.startswith("postgresql://")
            else url
        )

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the database is SQLite (one machine) or PostgreSQL."""
        return self.database_url.startswith("sqlite")

    @classmethod
    def for_tests(cls, **changes: object) -> Settings:
        """Return settings for a test: fresh keys, fictitious people, mail kept in memory."""
        base: dict[str, object] = {
            "PORTAL_ENV": "test",
            "SECRET_KEY": secrets.token_urlsafe(32),
            "FIELD_KEYS": KeyRing.generate(),
            "ALLOW_FICTITIOUS_ID": True,
            "MAIL_BACKEND": "memory",
            "ARGON2_MEMORY_KIB": 64,
            "WALL_CACHE_SECONDS": 0,
        }
        return cls(**{**base, **changes})  # type: ignore[arg-type]  # aliases, checked by pydantic
