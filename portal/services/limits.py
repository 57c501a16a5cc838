"""Limits on attempts, counted in the database: every web process sees the same number.

An attempt is written before it is tried, in a transaction of its own, so that neither a refused
answer nor a crash forgets it and many at once cannot slip through. A success takes it back.
When the rows cannot be written, the attempt is not made: limits fail closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete, func, select

from portal.core import scope, unit_of_work
from portal.domain import cipher, clock
from portal.domain.errors import TooMany
from portal.extensions import db
from portal.models.accounts import Attempt

_KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` attempts in any ``span``."""

    name: str
    most: int
    span: timedelta

    def key(self, value: str) -> str:
        """Return the stored key: a keyed hash, so that the table tells no address."""
        return f"{self.name}:{cipher.ring().blind_index(value, 'attempt')[:40]}"


_QUARTER = timedelta(minutes=15)
LOGIN_ACCOUNT = Limit("login:account", 10, _QUARTER)
LOGIN_ADDRESS = Limit("login:address", 30, _QUARTER)
LOGIN_TOTAL = Limit("login:total", 1000, timedelta(minutes=5))
CODE_ACCOUNT = Limit("code:account", 5, _QUARTER)
CODE_ADDRESS = Limit("code:address", 30, _QUARTER)
CODE_TOTAL = Limit("code:total", 1000, timedelta(minutes=5))
MAIL_ACCOUNT = Limit("mail:account", 5, timedelta(days=1))
MAIL_ADDRESS = Limit("mail:address", 20, timedelta(hours=1))
REGISTER_ADDRESS = Limit("register:address", 30, timedelta(hours=1))
REGISTER_TOTAL = Limit("register:total", 1000, timedelta(hours=1))
UPLOAD_ADDRESS = Limit("upload:address", 60, timedelta(hours=1))

Claim = tuple[Limit, str]


def network(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def reserve(claims: Iterable[Claim]) -> None:
    """Write one attempt per claim and commit; TooMany when a limit is reached already.

    Call it before anything else of a request: what the session holds by then is let go.
    """
    wanted = [(limit, limit.key(value)) for limit, value in claims]
    with unit_of_work.transaction(scope.NOTHING):
        for limit, key in sorted(wanted, key=lambda pair: pair[1]):
            _take_turns(key)
            _refuse_beyond(limit, key)
            db.session.add(Attempt(key=key, at=clock.now()))
            db.session.flush()


def forgive(claims: Iterable[Claim]) -> None:
    """Take the attempts back after a success: all of an account's, the newest of the others."""
    for limit, value in claims:
        key = limit.key(value)
        mine = delete(Attempt).where(Attempt.key == key)
        if not limit.name.endswith(":account"):
            newest = select(func.max(Attempt.at)).where(Attempt.key == key).scalar_subquery()
            mine = mine.where(Attempt.at == newest)
        db.session.execute(mine)


def forget_old() -> int:
    """Delete attempts that no limit counts any more; return how many (a periodic job)."""
    old = db.session.scalars(select(Attempt.id).where(Attempt.at < clock.now() - _KEPT)).all()
    db.session.execute(delete(Attempt).where(Attempt.at < clock.now() - _KEPT))
    return len(old)


def _refuse_beyond(limit: Limit, key: str) -> None:
    count, oldest = db.session.execute(
        select(func.count(), func.min(Attempt.at)).where(
            Attempt.key == key, Attempt.at > clock.now() - limit.span
        )
    ).one()
    if count < limit.most:
        return
    wait = max(1, int((oldest + limit.span - clock.now()).total_seconds()) + 1)
    minutes = (wait + 59) // 60
    raise TooMany("尝试次数太多，请在 {minutes} 分钟后再试", wait, minutes=minutes)


def _take_turns(key: str) -> None:
    """On PostgreSQL, let attempts of one key wait for each other; SQLite has one writer anyway."""
    if key.startswith(("login:total", "code:total", "register:total")):
        return
    if db.session.get_bind().dialect.name == "postgresql":
        number = int(cipher.ring().blind_index(key, "lock")[:15], 16)
        db.session.execute(select(func.pg_advisory_xact_lock(number)))
