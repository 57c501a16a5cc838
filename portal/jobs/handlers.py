"""Which function does a kind of job. Every one is safe to run twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from portal.core.jobs import Lease
from portal.jobs import absences, audit, certificates, ledger, matches, papers, rights
from portal.services import audit_seals, periodic, phone_codes

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
    **{kind: _plain(service) for kind, service in periodic.WORK},
    "audit_seal": Handler(lambda _: audit_seals.seal_recent(), own_transactions=True),
    "audit_check": Handler(audit.check, own_transactions=True),
    "phone_code": Handler(
        lambda lease: phone_codes.send(UUID(lease.args["code"])), own_transactions=True
    ),
    "certificate_print": Handler(certificates.print_one, own_transactions=True),
    "card_print": Handler(papers.print_card, own_transactions=True),
    "portfolio_print": Handler(papers.print_portfolio, own_transactions=True),
    "guardian_sms": Handler(rights.send_link),
    "absence_sms": Handler(absences.send),
    "tombstones_write": Handler(rights.write_tombstones),
    "match_run": Handler(matches.answer, own_transactions=True),
    "ledger_read": Handler(ledger.read, own_transactions=True),
    "ledger_recheck": Handler(ledger.recheck, own_transactions=True),
    "ledger_apply": Handler(ledger.apply, own_transactions=True),
}
