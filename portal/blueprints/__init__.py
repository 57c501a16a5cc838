"""One blueprint per audience; a page that is not listed here does not exist."""

from __future__ import annotations

from flask import Flask

from portal.blueprints import (
    account,
    admin,
    admin_catalogue,
    admin_factors,
    admin_settings,
    admin_texts,
    admin_units,
    appeals,
    audit,
    auth,
    auth_phone,
    auth_wechat,
    catalogue,
    certificates,
    children,
    claims,
    complaints,
    confirm,
    desk,
    factors,
    files,
    guardian,
    health,
    honours,
    jobs,
    keep_factors,
    ledger,
    mailbox,
    mine,
    my_needs,
    need_wall,
    offline,
    public,
    rights,
    sights,
    wishes,
)
from portal.blueprints import register as registering

ALL = (
    public.bp,
    admin_texts.bp,
    complaints.bp,
    appeals.bp,
    guardian.bp,
    rights.bp,
    catalogue.bp,
    need_wall.bp,
    certificates.bp,
    honours.bp,
    claims.bp,
    auth.bp,
    auth_phone.bp,
    auth_wechat.bp,
    confirm.bp,
    account.bp,
    factors.bp,
    admin_factors.bp,
    keep_factors.bp,
    registering.bp,
    mine.bp,
    offline.bp,
    files.bp,
    children.bp,
    ledger.bp,
    sights.bp,
    desk.bp,
    wishes.bp,
    my_needs.bp,
    admin.bp,
    admin_units.bp,
    admin_settings.bp,
    admin_catalogue.bp,
    audit.bp,
    health.bp,
    jobs.bp,
    mailbox.bp,
)


def register(app: Flask) -> None:
    """Register every blueprint."""
    for blueprint in ALL:
        app.register_blueprint(blueprint)
