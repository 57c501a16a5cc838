"""The child's own words, the thanks passed on from them, and the staff's star (PN)."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.lifecycles.pairings import not_mine
from portal.domain.permissions import Permission
from portal.domain.recognition import (
    FACES,
    MOMENTS,
    STAR_LENGTH,
    STAR_REASONS,
    THANKS_LENGTH,
    VOICE_LENGTH,
    month_of,
)
from portal.domain.screening_words import Severity
from portal.extensions import db
from portal.models.pairings import Pairing
from portal.models.recognition import PairingStar
from portal.models.voices import ChildVoice, PairingThanks
from portal.queries import screening

#: A star is for a pairing that runs, or has run.
_STARRED = ("active", "paused", "closed")


def hear(
    actor: Actor,
    pairing_id: UUID,
    *,
    moment: str,
    words: str = "",
    face: str = "",
    on: date | None = None,
) -> UUID:
    """Write down what the child says of the pairing (director): words, a face, or both.

    Raises Invalid for neither, for an unknown moment or face, and for a day to come.
    """
    pairing = _pairing(pairing_id)
    access.require(actor, Permission.VOICE_RECORD, pairing)
    day, said = on or clock.today(), words.strip()
    problems = {}
    if moment not in MOMENTS:
        problems["moment"] = "请选择是什么时候说的"
    if face and face not in FACES:
        problems["face"] = "请选择一种心情"
    if not said and not face:
        problems["words"] = "请写下孩子的话，或选择孩子指的心情"
    if len(said) > VOICE_LENGTH:
        problems["words"] = "最多 500 个字"
    if day > clock.today():
        problems["on"] = "日期不能晚于今天"
    if problems:
        raise Invalid("还没有保存，请看标出的地方", problems)
    voice = ChildVoice(
        id=uuid4(), pairing_id=pairing.id, child_id=pairing.child_id, moment=moment, face=face,
        words=said, recorded_by=actor.user_id, recorded_on=day, unit_path=pairing.unit_path,
        created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(voice)
    facts.publish("child_voice.record", actor=actor, subject=voice, moment=moment)
    return voice.id


def pass_on(actor: Actor, voice_id: UUID, *, sentence: str) -> UUID:
    """Pass one sentence of the child's on to the mentor as thanks.

    Another person than the recorder reads it (two keys). Raises Invalid where the linter, with
    everything on file, finds who the child is, NotAllowed for the recorder.
    """
    voice = db.session.scalar(select(ChildVoice).where(ChildVoice.id == voice_id))
    if voice is None:
        raise NotFound
    access.require(actor, Permission.VOICE_RELAY, voice)
    pairing = _pairing(voice.pairing_id)
    not_mine(actor, pairing, {})
    if voice.recorded_by == actor.user_id:
        raise NotAllowed("这段话是您记下的，需要另一位同事转达（两人把关）")
    words = _clean(pairing, sentence, "sentence", THANKS_LENGTH)
    if not words:
        raise Invalid("请写下要转达的一句话", {"sentence": "请写下要转达的一句话"})
    thanks = PairingThanks(
        id=uuid4(), pairing_id=pairing.id, child_id=pairing.child_id, voice_id=voice.id,
        supporter_id=pairing.supporter_id, words=words, passed_by=actor.user_id,
        passed_on=clock.today(), unit_path=pairing.unit_path, created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(thanks)
    db.session.flush()
    facts.publish("pairing_thanks.pass_on", actor=actor, subject=thanks)
    return thanks.id


def give_star(actor: Actor, pairing_id: UUID, *, reason_code: str, words: str = "") -> UUID:
    """Give a pairing this month's star, with a reason and words the mentor reads.

    Raises Conflict for the second one of a month, Invalid for words that tell who the child is.
    """
    pairing = _pairing(pairing_id)
    access.require(actor, Permission.STAR_GIVE, pairing)
    not_mine(actor, pairing, {})
    if pairing.status not in _STARRED or pairing.started_on is None:
        raise Conflict("结对开始以后才能颁星")
    if reason_code not in STAR_REASONS:
        raise Invalid("请选择颁星的理由", {"reason_code": "请选择颁星的理由"})
    star = PairingStar(
        id=uuid4(), pairing_id=pairing.id, supporter_id=pairing.supporter_id,
        month=month_of(clock.today()), reason_code=reason_code,
        words=_clean(pairing, words, "words", STAR_LENGTH), given_by=actor.user_id,
        unit_path=pairing.unit_path, created_by=actor.user_id,
    )  # fmt: skip
    try:
        with db.session().begin_nested():
            db.session.add(star)
    except IntegrityError:
        raise Conflict("这个月已经给这对结对颁过星了，下个月再颁") from None
    facts.publish("pairing_star.give", actor=actor, subject=star, reason_code=reason_code)
    return star.id


def _clean(pairing: Pairing, text: str, field: str, longest: int) -> str:
    """Return words that leave the bureau; Invalid for what would tell who the child is."""
    words = text.strip()
    if len(words) > longest:
        said = f"最多 {longest} 个字"
        raise Invalid(said, {field: said})
    read = screening.linted(words, pairing.child_id, pairing.tenant_path)
    found = "、".join(f"“{one.text}”" for one in read.findings if one.severity is Severity.BLOCK)
    if found:
        raise Invalid(
            "请先删去会认出孩子的内容：{found}", {field: "有会认出孩子的内容，请删去"}, found=found
        )
    return words


def _pairing(pairing_id: UUID) -> Pairing:
    pairing: Pairing | None = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
    if pairing is None:
        raise NotFound
    return pairing


__all__ = ["give_star", "hear", "pass_on"]
