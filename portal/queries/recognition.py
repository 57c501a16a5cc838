"""Stars, thanks and the years of a pairing for its mentor; the child's own words for staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from portal.core import access
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.recognition import month_of, years_on
from portal.extensions import db
from portal.models.accounts import User
from portal.models.pairings import Pairing
from portal.models.recognition import PairingStar
from portal.models.voices import ChildVoice, PairingThanks
from portal.queries import letters


@dataclass(frozen=True, slots=True)
class StarRow:
    """One star: its month, why, staff's words."""

    month: date
    reason_code: str
    words: str


@dataclass(frozen=True, slots=True)
class ThanksRow:
    """One sentence that was passed on."""

    words: str
    passed_on: date


@dataclass(frozen=True, slots=True)
class Praise:
    """What a mentor finds on the own pairing: stars, thanks, whether a year is full today."""

    pairing_id: UUID
    file_no: str
    status: str
    started_on: date | None
    years_today: int
    stars: tuple[StarRow, ...]
    thanks: tuple[ThanksRow, ...]


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """What a child said, for staff; ``passed`` are the sentences that left the bureau."""

    id: UUID
    moment: str
    face: str
    words: str
    recorded_on: date
    recorder: str
    own: bool
    passed: tuple[ThanksRow, ...]


@dataclass(frozen=True, slots=True)
class DeskPraise:
    """Voices and stars of one pairing for staff, with what this person may do."""

    pairing_id: UUID
    file_no: str
    status: str
    mentor: str
    voices: tuple[VoiceRow, ...]
    stars: tuple[StarRow, ...]
    may_record: bool
    may_relay: bool
    may_star: bool
    starred_now: bool


def of_mentor(actor: Actor, pairing_id: UUID) -> Praise:
    """Return the praise of an own pairing; NotFound for anybody else's."""
    pairing = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
    if pairing is None or pairing.supporter_id not in actor.supporter_ids:
        raise NotFound
    started = pairing.started_on
    runs = pairing.status == "active" and started is not None
    return Praise(
        pairing_id=pairing.id,
        file_no=pairing.file_no,
        status=pairing.status,
        started_on=started,
        years_today=years_on(started, clock.today()) if runs and started else 0,
        stars=_stars(pairing_id),
        thanks=_thanks(pairing_id),
    )


def desk(actor: Actor, pairing_id: UUID) -> DeskPraise:
    """Return voices and stars of a pairing for staff; NotFound without the right to read them."""
    pairing = letters.desk_pairing(actor, pairing_id)
    if not access.permits(actor, Permission.VOICE_READ, pairing):
        raise NotFound
    stars = _stars(pairing_id)
    return DeskPraise(
        pairing_id=pairing.id,
        file_no=pairing.file_no,
        status=pairing.status,
        mentor=pairing.mentor,
        voices=_voices(actor, pairing_id),
        stars=stars,
        may_record=access.permits(actor, Permission.VOICE_RECORD, pairing),
        may_relay=access.permits(actor, Permission.VOICE_RELAY, pairing),
        may_star=access.permits(actor, Permission.STAR_GIVE, pairing),
        starred_now=any(one.month == month_of(clock.today()) for one in stars),
    )


def star_counts(supporter_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many stars of the scope these supporters were given."""
    rows = db.session.execute(
        select(PairingStar.supporter_id, func.count())
        .where(PairingStar.supporter_id.in_(list(supporter_ids)))
        .group_by(PairingStar.supporter_id)
    )
    return dict(iter(rows))


def _stars(pairing_id: UUID) -> tuple[StarRow, ...]:
    rows = db.session.execute(
        select(PairingStar.month, PairingStar.reason_code, PairingStar.words)
        .where(PairingStar.pairing_id == pairing_id)
        .order_by(PairingStar.month.desc())
    )
    return tuple(StarRow(*row) for row in rows)


def _thanks(pairing_id: UUID) -> tuple[ThanksRow, ...]:
    rows = db.session.execute(
        select(PairingThanks.words, PairingThanks.passed_on)
        .where(PairingThanks.pairing_id == pairing_id)
        .order_by(PairingThanks.passed_on.desc(), PairingThanks.id)
    )
    return tuple(ThanksRow(*row) for row in rows if row.words)


def _voices(actor: Actor, pairing_id: UUID) -> tuple[VoiceRow, ...]:
    rows = db.session.execute(
        select(ChildVoice, User.name)
        .outerjoin(User, User.id == ChildVoice.recorded_by)
        .where(ChildVoice.pairing_id == pairing_id)
        .order_by(ChildVoice.recorded_on.desc(), ChildVoice.created_at.desc(), ChildVoice.id)
    ).all()
    passed: dict[UUID, list[ThanksRow]] = {}
    for one in db.session.execute(
        select(PairingThanks.voice_id, PairingThanks.words, PairingThanks.passed_on)
        .where(PairingThanks.pairing_id == pairing_id)
        .order_by(PairingThanks.created_at)
    ):
        passed.setdefault(one.voice_id, []).append(ThanksRow(one.words, one.passed_on))
    return tuple(
        VoiceRow(
            voice.id, voice.moment, voice.face, voice.words, voice.recorded_on, name or "",
            voice.recorded_by == actor.user_id, tuple(passed.get(voice.id, ())),
        )
        for voice, name in rows
    )  # fmt: skip
