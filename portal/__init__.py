"""微光 (Weiguang): where a bureau's care for children meets the people who want to help."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from portal import blueprints, cli, gateways
from portal.config import Settings
from portal.core import anchor, passwords, queue, scope, storage, unit_of_work
from portal.core import jobs as job_rows
from portal.domain import catalogue, cipher
from portal.extensions import babel, csrf, db, mail, migrate
from portal.jobs import runner
from portal.notices import collect
from portal.queries import catalogue_items
from portal.web import (
    agreements,
    cadence_words,
    errors,
    filters,
    gate,
    headers,
    language,
    logs,
    metrics,
    navigation,
    page_cache,
    readiness,
    session,
)

_BODY_LIMIT = 20 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Wire the application; refuse to start when a setting is wrong or a route has no gate."""
    settings = settings or Settings()
    app = Flask(__name__)
    _configure(app, settings)
    cipher.install(cipher.KeyRing.parse(settings.field_keys.get_secret_value()))
    storage.install(settings.storage_url)
    gateways.install(gateways.from_settings(settings))
    anchor.install(settings.anchor_folder)
    catalogue.extend(catalogue_items.Additions())
    _open_background(app, settings)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(__file__).parent.parent / "migrations"))
    mail.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=language.current)
    with app.app_context():
        _prepare_engine(db.engine)
        scope.install(db.session)
    for part in (
        session,
        errors,
        headers,
        navigation,
        agreements,
        filters,
        cadence_words,
        logs,
        metrics,
        readiness,
        page_cache,
    ):
        part.init_app(app)
    blueprints.register(app)
    cli.register(app)
    gate.refuse_ungated(app)
    return app


def _open_background(app: Flask, settings: Settings) -> None:
    """Let a commit owe its mails in the same transaction, and wake the worker after it."""
    job_rows.install(settings.lease_seconds)
    app.extensions["queue"] = queue.Queue(
        _absolute(settings.queue_url), settings.secret_key.get_secret_value()
    )
    unit_of_work.before_commit(collect.owe_mails)
    unit_of_work.after_commit(runner.wake)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=_absolute(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        MAX_CONTENT_LENGTH=_BODY_LIMIT,
        MAX_FORM_PARTS=2_000,
        SESSION_COOKIE_NAME="weiguang",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.environment == "production",
        WTF_CSRF_TIME_LIMIT=8 * 3600,
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        MAIL_SERVER=settings.mail_server,
        MAIL_PORT=settings.mail_port,
        MAIL_USE_TLS=settings.mail_use_tls,
        MAIL_USERNAME=settings.mail_username or None,
        MAIL_PASSWORD=settings.mail_password.get_secret_value() or None,
        MAIL_DEFAULT_SENDER=settings.mail_sender,
        MAIL_SUPPRESS_SEND=settings.mail_backend != "smtp",
        TESTING=settings.environment == "test",
        ANSWER_FLOOR_SECONDS=0.02 if settings.environment == "test" else 0.6,
    )
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["argon2"] = passwords.install(settings.argon2_memory_kib)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]  # documented way
    if settings.environment == "production":
        static = WhiteNoise(app.wsgi_app, root=app.static_folder, prefix="static/")
        app.wsgi_app = static  # type: ignore[method-assign]  # documented way


def _absolute(url: str) -> str:
    """Anchor a relative SQLite path at the working directory, not at the instance folder."""
    path = url.removeprefix("sqlite:///")
    if path == url or path.startswith("/") or path == ":memory:":
        return url
    file = Path.cwd() / path
    file.parent.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{file}"


def _engine_options(settings: Settings) -> dict[str, Any]:
    # An error in the log must not quote what was bound to the statement.
    if settings.is_sqlite:
        return {"hide_parameters": True, "connect_args": {"timeout": 10}}
    return {
        "hide_parameters": True,
        "pool_size": 8,
        "max_overflow": 4,
        "pool_timeout": 1,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "connect_args": {
            "connect_timeout": 3,
            "options": "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000",
        },
    }


def _prepare_engine(engine: Engine) -> None:
    """SQLite: WAL, every commit on disk before it is acknowledged, one writer from the start."""
    if engine.dialect.name != "sqlite" or event.contains(engine, "connect", _pragmas):
        return
    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "begin", _begin)


def _pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if unit_of_work.writing.get() else "BEGIN")


def new_secret() -> str:
    """Return a fresh SECRET_KEY."""
    return secrets.token_urlsafe(48)
