"""Sealing the memory: committed rows, run by run, into one chain; the newest link is anchored.

Acts write their facts freely and wait for nobody. A job gathers what no seal holds yet, in the
order of the ids; a row that was committed late is simply in the next run, so no horizon has to be
waited for and nothing can hide behind one.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, insert, select

from portal.core import anchor, outbox, unit_of_work
from portal.core.anchor import Anchored
from portal.domain import cipher, clock, seals
from portal.domain.seals import Seal
from portal.extensions import db
from portal.models.seals import FactSeal, SealedRow
from portal.queries import seals as chain

#: Rows in one seal at most: on SQLite the one writer is held for that long.
RUN = 1000
#: The minute's job looks this far back; the nightly one looks at everything.
RECENT = timedelta(hours=2)
_LOCK = 0x5EA1
_REASON = "the chain covers every unit's memory, and reads ids and digests of it"


def seal_recent() -> int:
    """Seal what was written lately and anchor it (the minute's job)."""
    return _seal(_id_at(RECENT))


def seal_all() -> int:
    """Seal whatever no seal holds, however old, and anchor it (nightly, and before a check)."""
    return _seal(None)


def mark(digest: str) -> str:
    """Return the keyed mark of a seal: who has the database alone cannot make one."""
    return cipher.ring().blind_index(digest, "fact_seal")


def mail_anchor(recipient: str, faults: int = 0) -> bool:
    """Owe the mail that takes the newest seal to somebody elsewhere, once a day.

    A check that found ``faults`` is told every time.
    """
    last = chain.newest()
    if last is None or not recipient:
        return False
    return outbox.owe(
        "audit_anchor",
        recipient=recipient,
        key=f"audit_anchor:{last.seal.no if faults else clock.today()}",
        path="/audit/seals",
        no=last.seal.no,
        faults=faults,
        digest=last.digest,
        sealed_at=clock.local(last.seal.sealed_at).strftime("%Y-%m-%d %H:%M:%S"),
    )


def _seal(since: UUID | None) -> int:
    """Seal run after run, each in a transaction of its own, until one is not full."""
    total = 0
    for source in chain.SOURCES:
        done = RUN
        while done == RUN:
            with unit_of_work.transaction(unit_of_work.system_scope(_REASON)):
                done = _run(source, since)
            total += done
    _anchor()
    return total


def _run(source: str, since: UUID | None) -> int:
    """Seal one run of a table; return how many rows it holds."""
    _take_turns()
    rows = chain.waiting(source, RUN, since)
    if not rows:
        return 0
    last = chain.newest()
    digests = [seals.row_digest(source, row) for row in rows]
    seal = Seal(
        no=last.seal.no + 1 if last else 1,
        source=source,
        sealed_at=clock.now(),
        first_id=rows[0]["id"],
        last_id=rows[-1]["id"],
        rows=len(rows),
        rows_digest=seals.tree(digests),
        previous=last.digest if last else seals.GENESIS,
    )
    db.session.add(_stored(seal))
    db.session.flush()
    db.session.execute(
        insert(SealedRow),
        [
            {"source": source, "row_id": row["id"], "seal_no": seal.no, "position": at, "digest": d}
            for at, (row, d) in enumerate(zip(rows, digests, strict=True))
        ],
    )
    return len(rows)


def _stored(seal: Seal) -> FactSeal:
    return FactSeal(
        no=seal.no,
        source=seal.source,
        sealed_at=seal.sealed_at,
        first_id=seal.first_id,
        last_id=seal.last_id,
        rows=seal.rows,
        rows_digest=seal.rows_digest,
        previous=seal.previous,
        digest=seal.digest,
        mac=mark(seal.digest),
    )


def _anchor() -> None:
    """Write outside what is not written there yet: a try that failed is made up for here."""
    place = anchor.anchor()
    known = max((each.no for each in place.read()), default=0)
    with unit_of_work.reading(unit_of_work.system_scope(_REASON)):
        if known < chain.last_anchored():
            # Lines are gone from outside: the next look says so before they are written anew.
            return
        fresh = chain.links(after=known)
    if fresh:
        place.append(
            Anchored(each.seal.no, each.digest, each.seal.sealed_at.isoformat()) for each in fresh
        )


def _take_turns() -> None:
    """On PostgreSQL let sealers wait for each other; SQLite has one writer anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _id_at(ago: timedelta) -> UUID:
    """Return the smallest id of a row written that long ago (RFC 9562, version 7)."""
    millis = int((clock.now() - ago).timestamp() * 1000)
    return UUID(int=(millis & ((1 << 48) - 1)) << 80)
