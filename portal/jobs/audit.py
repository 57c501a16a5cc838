"""The nightly look at the chain, and the one an auditor asks for; then the anchor goes by mail."""

from __future__ import annotations

from flask import current_app

from portal.core import jobs, scope, unit_of_work
from portal.core.jobs import Lease
from portal.domain.actor import SYSTEM
from portal.queries import actors
from portal.services import audit_checks, audit_seals

_REASON = "the newest seal is everybody's"


def check(lease: Lease) -> None:
    """Look at everything; say in the job's words how it went."""
    asker = actors.by_user(lease.created_by) if lease.created_by else None
    report = audit_checks.check(asker or SYSTEM)
    with unit_of_work.transaction(scope.NOTHING):
        words = "全部吻合" if report.is_whole else f"发现 {len(report.faults)} 处不符"
        if not jobs.progress(lease.id, lease.fence, 100, words):
            raise jobs.LeaseLost
    with unit_of_work.transaction(unit_of_work.system_scope(_REASON)):
        settings = current_app.config["SETTINGS"]
        audit_seals.mail_anchor(settings.audit_anchor_mail, len(report.faults))
