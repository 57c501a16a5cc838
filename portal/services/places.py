"""Places: given in the order of consents or by lot, never more than there are; the waiting list.

Whoever gives a place holds the programme's row: of two families who agree at the same moment one
has the last place and the other is first in the line (invariant 4).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from portal.core import access, facts, scope, transitions
from portal.domain import clock, draws
from portal.domain.actor import SYSTEM, Actor
from portal.domain.enrolments import PLACED, REASONS, Need, answer_by, last_day, tickets
from portal.domain.errors import NotFound, WrongState
from portal.domain.lifecycles.enrolments import ENROLMENTS
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, ProgrammeNotice
from portal.services import enrolment_checks as checks
from portal.services import family_calls
from portal.services.enrolment_checks import get

_BADGE_BYTES = 9
#: While it is in one of these, a place that falls free is offered to the next in the line.
_FILLS = frozenset({"approved", "open", "running"})


def place(row: Enrolment) -> None:
    """Give a consented child a place, or a place in the line; siblings all at once.

    Nothing happens before a sibling's family has answered too, and before a draw is drawn.
    """
    tenant = row.programme.tenant_path
    with scope.within(checks.wide(tenant), db.session()):
        programme = checks.locked(row.programme_id)
        if programme.places_by == "draw" and programme.drawn_at is None:
            return
        group = _group(row)
        if any(one.status == "applied" for one in group):
            return
        coming = [one for one in group if one.status == "consented"]
        if len(coming) <= _free(programme) and not _waiting(programme):
            for one in coming:
                admit(one, "enrol", SYSTEM)
        else:
            _queue(programme, coming)
        db.session.flush()


def turn_down(row: Enrolment, code: str) -> None:
    """Refuse by rule, with a sentence of REASONS."""
    transitions.fire(ENROLMENTS, row, "turn_down", SYSTEM, reason_code=code)
    row.reason = REASONS[code]
    db.session.flush()


def admit(row: Enrolment, move: str, actor: Actor) -> None:
    """Put a child on the roster: a number, and a badge whose code is worth nothing elsewhere."""
    transitions.fire(ENROLMENTS, row, move, actor)
    last = select(func.max(Enrolment.roster_no)).where(Enrolment.programme_id == row.programme_id)
    row.roster_no = row.roster_no or (db.session.scalar(last) or 0) + 1
    row.badge = row.badge or secrets.token_urlsafe(_BADGE_BYTES)
    row.wait_no, row.answer_by = None, None
    db.session.flush()


def settle_places(actor: Actor, programme_id: UUID) -> UUID:
    """Give out the places once registration has closed: refuse without consent, draw, fill.

    Raises WrongState while families may still apply, NotAllowed for whom it is none of.
    """
    programme = checks.programme(programme_id)
    access.require(actor, Permission.ENROL_MANAGE, programme)
    if clock.today() <= last_day(programme.starts_on, programme.register_until):
        raise WrongState("报名还没有截止，截止后才分配名额")
    with scope.within(checks.wide(programme.tenant_path), db.session()):
        settle(checks.locked(programme_id), actor)
    return programme_id


def settle(programme: Programme, actor: Actor) -> None:
    """Give out places; safe to do twice. The caller holds the row, in the authority's scope."""
    rows = _rows(programme, "applied", "consented")
    for row in rows:
        if row.status == "applied":
            turn_down(row, "no_consent")
    coming = [row for row in rows if row.status == "consented"]
    if programme.places_by == "draw" and programme.drawn_at is None:
        _draw(programme, coming, actor)
    else:
        for row in coming:
            if row.status == "consented":
                place(row)


def commit_draw(programme: Programme) -> None:
    """Fix the seed of a draw before anybody applies; only its digest is shown (domain.draws)."""
    if programme.places_by == "draw" and not programme.draw_commit:
        programme.draw_secret = draws.new_seed()
        programme.draw_commit = draws.commitment(programme.draw_secret)


def fill(programme_id: UUID, tenant_path: str) -> int:
    """Offer free places to who waits first; return how many moved up."""
    with scope.within(checks.wide(tenant_path), db.session()):
        programme = checks.locked(programme_id)
        if programme.status not in _FILLS or programme.ends_on < clock.today():
            return 0
        moved, free = 0, _free(programme)
        for row in _waiting(programme):
            group = [one for one in _group(row) if one.status == "waitlisted"]
            if group and len(group) <= free:
                free -= len(group)
                moved += len(group)
                _promote(programme, group)
        db.session.flush()
    return moved


def accept(actor: Actor, enrolment_id: UUID, *, version: int | None = None) -> UUID:
    """Take an offered place on the family's word, up to its last moment."""
    row = get(enrolment_id, version)
    in_time(row)
    _admit_locked(row, "accept", actor)
    return row.id


def accept_by_link(row: Enrolment) -> None:
    """Take an offered place by the guardian's link."""
    in_time(row)
    _admit_locked(row, "accept_by_link", SYSTEM)


def pass_on(actor: Actor, enrolment_id: UUID, *, version: int | None = None) -> UUID:
    """Give an offered place back on the family's word; the next in the line gets it."""
    row = get(enrolment_id, version)
    give_back(row, "pass_on", actor, "passed")
    return row.id


def give_back(row: Enrolment, move: str, actor: Actor, code: str) -> None:
    """End an offer that was not taken and offer the place on."""
    transitions.fire(ENROLMENTS, row, move, actor, reason_code=code)
    row.reason, row.answer_by = REASONS[code], None
    db.session.flush()
    fill(row.programme_id, row.programme.tenant_path)


def in_time(row: Enrolment) -> None:
    """Refuse an answer after its last moment, even before the job has ended the offer."""
    if row.status == "offered" and row.answer_by is not None and row.answer_by < clock.now():
        raise WrongState("答复的期限已过，名额给了下一位")


def _admit_locked(row: Enrolment, move: str, actor: Actor) -> None:
    with scope.within(checks.wide(row.programme.tenant_path), db.session()):
        checks.locked(row.programme_id)
        admit(row, move, actor)


def _draw(programme: Programme, coming: Sequence[Enrolment], actor: Actor) -> None:
    """Draw lots, siblings as one; the seed, kept since the opening, is published with it."""
    seed = programme.draw_secret or draws.new_seed()
    lots: dict[str, list[Enrolment]] = {}
    for row in coming:
        row.draw_tickets = tickets(_need(row))
        lots.setdefault(str(row.together or row.id), []).append(row)
    entries = [
        draws.Entry(key, max(one.draw_tickets or 1 for one in rows), len(rows))
        for key, rows in lots.items()
    ]
    programme.draw_seed, programme.drawn_at = seed, clock.now()
    programme.draw_commit = draws.commitment(seed)
    for drawn in draws.draw(seed, entries, _free(programme)):
        group = lots[drawn.entry.key]
        for row in group:
            row.draw_rank = drawn.rank
            if drawn.won:
                admit(row, "enrol", SYSTEM)
        if not drawn.won:
            _queue(programme, group)
    notice = db.session.get(ProgrammeNotice, programme.notice_id) if programme.notice_id else None
    if notice is not None:
        notice.draw_seed, notice.draw_commit = seed, programme.draw_commit
    facts.publish("programme.draw", actor=actor, subject=programme, seed=seed, entries=len(entries))


def _need(row: Enrolment) -> Need:
    child = db.session.get(ChildFile, row.child_id)
    if child is None:
        raise NotFound
    before = select(Enrolment.id).where(
        Enrolment.child_id == row.child_id, Enrolment.status == "attended"
    )
    return Need(
        child.primary_category,
        left_behind=child.left_behind,
        lacks_affection=child.lacks_affection,
        took_part_before=db.session.scalar(before.limit(1)) is not None,
    )


def _promote(programme: Programme, group: Sequence[Enrolment]) -> None:
    for row in group:
        transitions.fire(ENROLMENTS, row, "promote", SYSTEM)
        row.wait_no = None
        row.answer_by = answer_by(programme.starts_on, clock.now())
        family_calls.tell(row.child_id)


def _queue(programme: Programme, rows: Sequence[Enrolment]) -> None:
    last = select(func.max(Enrolment.wait_no)).where(Enrolment.programme_id == programme.id)
    following = (db.session.scalar(last) or 0) + 1
    for number, row in enumerate(rows, start=following):
        transitions.fire(ENROLMENTS, row, "wait", SYSTEM)
        row.wait_no = number
    db.session.flush()


def _group(row: Enrolment) -> list[Enrolment]:
    if row.together is None:
        return [row]
    return list(
        db.session.scalars(
            select(Enrolment)
            .where(Enrolment.programme_id == row.programme_id, Enrolment.together == row.together)
            .order_by(Enrolment.applied_at, Enrolment.id)
        )
    )


def _rows(programme: Programme, *statuses: str) -> list[Enrolment]:
    return list(
        db.session.scalars(
            select(Enrolment)
            .where(Enrolment.programme_id == programme.id, Enrolment.status.in_(statuses))
            .order_by(Enrolment.applied_at, Enrolment.id)
        )
    )


def _waiting(programme: Programme) -> list[Enrolment]:
    return sorted(_rows(programme, "waitlisted"), key=lambda row: row.wait_no or 0)


def _free(programme: Programme) -> int:
    return max(programme.capacity - checks.placed(programme.id, PLACED), 0)
