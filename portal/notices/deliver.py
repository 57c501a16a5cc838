"""Owed mails leave: leased one by one, sent at least once, parked after eight refusals (R4)."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

import structlog
from flask import current_app

from portal.core import outbox, scope, unit_of_work
from portal.core.outbox import Owed
from portal.notices import render, transports
from portal.notices.transports import Send

#: So many letters in one round; the rest waits for the next.
BATCH = 100
#: After these the server still listens on the same connection.
_REFUSED = (SMTPResponseException, SMTPRecipientsRefused)
_log = structlog.get_logger(__name__)


class _Lost(Exception):
    """The connection broke while a letter was on it."""


def drain(limit: int = BATCH) -> int:
    """Send what is due, up to ``limit`` tries; return how many left. No mail makes it raise."""
    left = tries = 0
    owed = _lease()
    while owed is not None:
        try:
            with transports.open_transport() as send:
                while owed is not None:
                    tries += 1
                    left += _deliver(owed, send)
                    owed = _lease() if tries < limit else None
        except _Lost:
            owed = _lease() if tries < limit else None
        except OSError as error:
            # Nobody answers, or the goodbye failed: no letter is to blame.
            if owed is not None:
                _put_back(owed, error)
            return left
    return left


def _deliver(owed: Owed, send: Send) -> bool:
    """Send one mail and say so; False when it was refused. Raises _Lost."""
    try:
        send(render.letter(owed))
    except Exception as error:
        # Whatever a letter breaks on must count against it, or it would be tried for ever.
        with unit_of_work.transaction(scope.NOTHING):
            outbox.failed(owed, _said(error), _wait())
        _log.warning(
            "mail refused",
            message_id=str(owed.id),
            template=owed.template,
            attempt=owed.attempts,
            error=_said(error),
        )
        if isinstance(error, OSError) and not isinstance(error, _REFUSED):
            raise _Lost from error
        return False
    with unit_of_work.transaction(scope.NOTHING):
        outbox.sent(owed)
    return True


def _lease() -> Owed | None:
    with unit_of_work.transaction(scope.NOTHING):
        return outbox.lease_next()


def _put_back(owed: Owed, error: Exception) -> None:
    with unit_of_work.transaction(scope.NOTHING):
        outbox.put_back(owed, _said(error), _wait())
    _log.warning("mail server away", error=type(error).__name__)


def _wait() -> timedelta:
    return timedelta(seconds=current_app.config["SETTINGS"].mail_retry_seconds)


def _said(error: Exception) -> str:
    """Name the error without the address it may quote."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()
