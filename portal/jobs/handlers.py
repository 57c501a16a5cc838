"""Which function does a kind of job. Every one is safe to run twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from portal.core.jobs import Lease
from portal.jobs import audit, certificates, ledger, rights
from portal.services import (
    audit_seals,
    expiry,
    honours,
    phone_codes,
    publication,
    reminders,
    resources,
    retention,
    returns,
    sight_requests,
    sight_watch,
    wechat_sign_in,
    windows,
)

Act = Callable[[Lease], object]


@dataclass(frozen=True, slots=True)
class Handler:
    """What a kind of job does.

    Usually the act and the mark that it is done share one transaction, which the runner opens
    over the whole tree. ``own_transactions``: long work that opens its own, in its owner's scope;
    it reports through ``core.jobs.progress`` and stops when that says the lease was lost.
    """

    act: Act
    own_transactions: bool = False


def _plain(service: Callable[[], object]) -> Handler:
    """Bind a service verb that needs nothing but the clock."""
    return Handler(lambda _: service())


HANDLERS: Mapping[str, Handler] = {
    "honours_show": _plain(honours.refresh),
    "resources_expire": _plain(resources.expire_due),
    "claims_lapse": _plain(returns.lapse_due),
    "sights_close": _plain(sight_requests.close_due),
    "sights_outliers": _plain(sight_watch.find_outliers),
    "windows_close": _plain(windows.close_due),
    "supporters_expire": _plain(expiry.expire_due),
    "supporters_remind": _plain(expiry.remind_due),
    "claims_remind": _plain(reminders.remind_due),
    "wall_count": _plain(publication.refresh_counts),
    "forget_old": _plain(retention.forget_old),
    "audit_seal": Handler(lambda _: audit_seals.seal_recent(), own_transactions=True),
    "audit_check": Handler(audit.check, own_transactions=True),
    "codes_forget": _plain(phone_codes.forget_old),
    "wechat_forget": _plain(wechat_sign_in.forget_old),
    "phone_code": Handler(
        lambda lease: phone_codes.send(UUID(lease.args["code"])), own_transactions=True
    ),
    "certificate_print": Handler(certificates.print_one, own_transactions=True),
    "guardian_sms": Handler(rights.send_link),
    "tombstones_write": Handler(rights.write_tombstones),
    "ledger_read": Handler(ledger.read, own_transactions=True),
    "ledger_recheck": Handler(ledger.recheck, own_transactions=True),
    "ledger_apply": Handler(ledger.apply, own_transactions=True),
}
