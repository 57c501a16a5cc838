"""Every setting, typed, with its default and what it is for; a wrong one stops the start.

Names are part of the contract (design.md 9); docs/OPERATIONS.md tells an operator about each.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

from pydantic import SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from portal.config_outside import OutsideSettings
from portal.config_outside import setting as _setting
from portal.domain.cipher import CipherError, KeyRing

_MIN_SECRET = 32


class Settings(OutsideSettings):
    """The portal's settings, read from the environment."""

    model_config = SettingsConfigDict(env_prefix="", frozen=True, extra="ignore")

    environment: Literal["development", "test", "production"] = _setting(
        "PORTAL_ENV", "production refuses to start with development's conveniences", "development"
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "sqlite:///FILE, or postgresql://USER@HOST/NAME for the role that owns nothing",
        "sqlite:///var/portal.sqlite3",
    )
    database_owner_url: SecretStr = _setting(
        "DATABASE_OWNER_URL",
        "PostgreSQL only: the owner's address, given to `db upgrade` and `queue init` alone",
        SecretStr(""),
    )
    secret_key: SecretStr = _setting(
        "SECRET_KEY", "signs cookies and the queue; at least 32 characters; required"
    )
    field_keys: SecretStr = _setting(
        "FIELD_KEYS",
        "keys of the sealed columns: `id:key,…,index:key`, first one writes; required",
    )
    queue_url: str = _setting(
        "QUEUE_URL", "sqlite:///FILE, or postgresql://…", "sqlite:///var/queue.sqlite3"
    )
    storage_url: str = _setting("STORAGE_URL", "uploaded files: file:FOLDER", "file:var/files")
    public_url: str = _setting(
        "PUBLIC_URL", "the address in mails; https:// in production", "http://127.0.0.1:8000"
    )
    tombstone_file: Path = _setting(
        "TOMBSTONE_FILE",
        "the list of what was erased, outside the database, kept beside the backups",
        Path("var/tombstones.jsonl"),
    )
    operator_name: str = _setting(
        "OPERATOR_NAME", "the bureau that runs the portal, named in the notices", ""
    )
    operator_phone: str = _setting(
        "OPERATOR_PHONE", "the telephone number people may call about the portal", ""
    )
    allow_fictitious_id: bool = _setting(
        "ALLOW_FICTITIOUS_ID",
        "accept ID numbers that belong to nobody (demo, tests)",
        default=False,
    )

    mail_backend: Literal["file", "smtp", "memory"] = _setting(
        "MAIL_BACKEND", "file (read them at /mailbox), smtp, or memory (tests)", "file"
    )
    mail_dir: Path = _setting("MAIL_DIR", "where the file backend puts mails", Path("var/mail"))
    mail_server: str = _setting("MAIL_SERVER", "SMTP host", "127.0.0.1")
    mail_port: int = _setting("MAIL_PORT", "SMTP port", 25)
    mail_use_tls: bool = _setting("MAIL_USE_TLS", "STARTTLS before anything else", default=False)
    mail_username: str = _setting("MAIL_USERNAME", "SMTP account, if it asks for one", "")
    mail_password: SecretStr = _setting("MAIL_PASSWORD", "SMTP password", SecretStr(""))
    mail_sender: str = _setting("MAIL_SENDER", "From of every mail", "微光 <no-reply@example.org>")
    mail_timeout: int = _setting(
        "MAIL_TIMEOUT", "seconds to wait for a silent SMTP server", 20, ge=1
    )
    mail_retry_seconds: int = _setting(
        "MAIL_RETRY_SECONDS", "wait before the second try; four times longer each time", 60, ge=1
    )
    lease_seconds: int = _setting(
        "LEASE_SECONDS", "a job or mail of a silent worker is taken over after this", 60, ge=2
    )
    min_free_mb: int = _setting(
        "MIN_FREE_MB", "/readyz fails when a disk we write to has less", 200, ge=0
    )
    metrics_token: SecretStr = _setting(
        "METRICS_TOKEN", "Bearer token of /metrics; empty: /metrics does not exist", SecretStr("")
    )
    trusted_proxies: int = _setting(
        "TRUSTED_PROXIES", "how many proxies in front set X-Forwarded-*", 0, ge=0, le=5
    )
    argon2_memory_kib: int = _setting(
        "ARGON2_MEMORY_KIB", "memory of one password check, in KiB", 65536, ge=8
    )
    wall_cache_seconds: int = _setting(
        "WALL_CACHE_SECONDS", "how long a page of the wish wall may be kept", 30, ge=0, le=60
    )
    log_level: str = _setting("LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR", "INFO")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        """Accept SQLite and PostgreSQL; name the psycopg 3 driver for the plain form."""
        value = cls.postgresql_driver(value)
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            msg = "DATABASE_URL must begin with sqlite:/// or postgresql://"
            raise ValueError(msg)
        return value

    @field_validator("queue_url")
    @classmethod
    def _known_queue(cls, value: str) -> str:
        """Accept a SQLite file or PostgreSQL."""
        if not value.startswith(("sqlite:///", "postgresql")):
            msg = "QUEUE_URL must begin with sqlite:/// or postgresql://"
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
        """Refuse half-filled providers, and in production development's conveniences."""
        problems = self.missing_outside()
        if self.environment != "production":
            if problems:
                raise ValueError("; ".join(problems))
            return self
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
    def anchor_folder(self) -> Path:
        """Return the folder of the audit's anchor."""
        if self.audit_anchor_url:
            return Path(self.audit_anchor_url.removeprefix("file:").removeprefix("//"))
        return Path(self.storage_url.removeprefix("file:").removeprefix("//")).parent / "anchor"

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
