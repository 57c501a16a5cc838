"""Letters between a child and a mentor: written, screened, read by staff, handed over (PN).

Nothing crosses directly. A mentor's letter reaches the child from the director's hand; a child's
letter reaches the mentor's page once a second person has read it.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.letters import LENGTH, TO_CHILD, TO_MENTOR
from portal.domain.lifecycles.letters import MACHINE, UNDERWAY, refuse_unless_active
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.letters import Letter
from portal.models.pairings import Pairing
from portal.queries import letters as reading
from portal.services import files, letter_entries

_REASON_LENGTH = 500
#: Pictures are painted anew as they come in; nothing else of a child crosses.
_PICTURE = "image/jpeg"


def write(actor: Actor, pairing_id: UUID, *, text: str) -> UUID:
    """Write to the child of an own pairing; staff read it before it is handed over.

    A text that holds a way around the staff waits as ``screened_out`` for its writer. Raises
    NotFound for somebody else's pairing, Conflict while it is not active, Invalid for no text.
    """
    pairing = _pairing(pairing_id)
    if pairing.supporter_id not in actor.supporter_ids:
        raise NotFound
    access.require(actor, Permission.LETTER_WRITE, pairing)
    letter = _begin(actor, pairing, TO_CHILD, _text(text), clock.today())
    return letter.id


def rewrite(actor: Actor, letter_id: UUID, *, text: str, version: int | None = None) -> UUID:
    """Hand an own letter in again with other words, after the linter or staff asked for it."""
    letter = _as_seen(_own(actor, letter_id), version)
    return _again(actor, letter, "rewrite", _text(text))


def withdraw(actor: Actor, letter_id: UUID, *, version: int | None = None) -> UUID:
    """Take an own letter back before anybody has read it through."""
    letter = _as_seen(_own(actor, letter_id), version)
    transitions.fire(MACHINE, letter, "withdraw", actor)
    return letter.id


def take_down(
    actor: Actor,
    pairing_id: UUID,
    *,
    written_on: date,
    text: str = "",
    scan: UUID | None = None,
) -> UUID:
    """Record a child's letter (director): typed, or a picture of it, or both.

    ``scan`` is a draft kept by services.files. Raises NotFound outside one's units, Conflict
    while the pairing is not active, Invalid for neither text nor picture or a day to come.
    """
    pairing = _pairing(pairing_id)
    access.require(actor, Permission.LETTER_RECORD, pairing)
    words = _text(text) if text.strip() or scan is None else ""
    if written_on > clock.today():
        raise Invalid("日期不能晚于今天", {"written_on": "日期不能晚于今天"})
    letter = _begin(actor, pairing, TO_MENTOR, words, written_on)
    if scan is not None:
        kept = files.attach(scan, unit_path=pairing.unit_path)
        if kept.mime != _PICTURE:
            said = "请上传图片（JPG、PNG 或 WEBP），PDF 请先拍成照片"
            raise Invalid(said, {"scan": said})
        letter.scan_id = kept.id
    return letter.id


def retype(actor: Actor, letter_id: UUID, *, text: str, version: int | None = None) -> UUID:
    """Hand a child's letter in again as the colleague who read it asked (director)."""
    letter = _here(letter_id, version)
    return _again(actor, letter, "retype", _text(text))


def approve(
    actor: Actor,
    letter_id: UUID,
    *,
    text: str = "",
    with_picture: bool = False,
    version: int | None = None,
) -> UUID:
    """Find a letter in order; a child's letter reaches the mentor's page at once.

    ``text`` types what a picture says where nobody has yet. Raises Invalid naming what may not
    cross (read with everything on file), NotAllowed for whoever wrote it down (two keys).
    """
    letter = _here(letter_id, version)
    if not letter.text and not text.strip():
        raise Invalid("请先把信上的字录进来，再审读通过", {"text": "请录入信的内容"})
    words = letter.text or _text(text)
    if found := reading.found_on_file(letter, words):
        raise Invalid(
            "还有不能转交的内容：{found}。请退回，请对方改写",
            found="、".join(f"“{one.text}”" for one in found),
        )
    transitions.fire(MACHINE, letter, "approve", actor)
    letter.text, letter.remark = words, ""
    letter.read_by, letter.read_at = actor.user_id, clock.now()
    if letter.direction == TO_MENTOR:
        transitions.fire(MACHINE, letter, "deliver", SYSTEM)
        letter.with_picture = with_picture and letter.scan_id is not None
        letter.supporter_id = letter.mentor_id
        _crossed(letter, actor, clock.today())
    return letter.id


def send_back(actor: Actor, letter_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Ask the writer for other words, with a reason they read."""
    letter = _here(letter_id, version)
    transitions.fire(MACHINE, letter, "return", actor, {"reason": reason})
    letter.remark = reason.strip()[:_REASON_LENGTH]
    letter.read_by, letter.read_at = actor.user_id, clock.now()
    return letter.id


def hand_over(
    actor: Actor, letter_id: UUID, *, handed_over_on: date | None, version: int | None = None
) -> UUID:
    """Record that the child has the letter in hand (director); it counts as a contact.

    Raises Invalid for a day to come or before it was read through.
    """
    letter = _here(letter_id, version)
    answers = {"handed_over_on": handed_over_on}
    if handed_over_on is not None:
        _check_day(letter, handed_over_on)
    transitions.fire(MACHINE, letter, "hand_over", actor, answers)
    _crossed(letter, actor, handed_over_on or clock.today())
    letter.log_id = letter_entries.enter(actor, letter)
    return letter.id


def stop_all(pairing: Pairing) -> int:
    """Stop every letter that is under way as a pairing ends; return how many."""
    underway = db.session.scalars(
        select(Letter)
        .where(Letter.pairing_id == pairing.id, Letter.status.in_(UNDERWAY))
        .order_by(Letter.created_at, Letter.id)
    ).all()
    for letter in underway:
        transitions.fire(MACHINE, letter, "stop", SYSTEM)
    return len(underway)


def _begin(actor: Actor, pairing: Pairing, direction: str, text: str, written_on: date) -> Letter:
    refuse_unless_active(pairing.status)
    letter = Letter(
        id=uuid4(), pairing_id=pairing.id, child_id=pairing.child_id, direction=direction,
        supporter_id=pairing.supporter_id if direction == TO_CHILD else None,
        text=text, written_on=written_on, unit_path=pairing.unit_path,
        status_since=clock.now(), created_by=actor.user_id,
    )  # fmt: skip
    transitions.begin(MACHINE, letter, actor, direction=direction)
    db.session.add(letter)
    db.session.flush()
    _screen(letter, pairing)
    return letter


def _again(actor: Actor, letter: Letter, move: str, text: str) -> UUID:
    transitions.fire(MACHINE, letter, move, actor)
    letter.text, letter.remark = text, ""
    _screen(letter, _pairing(letter.pairing_id))
    return letter.id


def _screen(letter: Letter, pairing: Pairing) -> None:
    """Send a text back to its writer at once where the linter finds a way around the staff."""
    if letter.text and reading.found_at_writing(letter, pairing):
        transitions.fire(MACHINE, letter, "screen_out", SYSTEM)


def _crossed(letter: Letter, actor: Actor, day: date) -> None:
    letter.handed_over_on, letter.handed_over_by = day, actor.user_id


def _check_day(letter: Letter, day: date) -> None:
    said = ""
    if day > clock.today():
        said = "转交日期不能晚于今天"
    elif letter.read_at is not None and day < clock.local(letter.read_at).date():
        said = "转交日期不能早于审读的日期"
    if said:
        raise Invalid(said, {"handed_over_on": said})


def _text(text: str) -> str:
    words = text.strip()
    if not words or len(words) > LENGTH:
        said = "信要写 1 到 2000 个字"
        raise Invalid(said, {"text": said})
    return words


def _own(actor: Actor, letter_id: UUID) -> Letter:
    letter = _here(letter_id, None)
    if letter.supporter_id not in actor.supporter_ids or letter.direction != TO_CHILD:
        raise NotFound
    return letter


def _here(letter_id: UUID, version: int | None) -> Letter:
    letter: Letter | None = db.session.scalar(select(Letter).where(Letter.id == letter_id))
    if letter is None:
        raise NotFound
    return _as_seen(letter, version)


def _as_seen(letter: Letter, version: int | None) -> Letter:
    if version is not None and letter.version != version:
        raise Conflict("有同事比您早一步处理了这一封，请刷新后再看")
    return letter


def _pairing(pairing_id: UUID) -> Pairing:
    pairing: Pairing | None = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
    if pairing is None:
        raise NotFound
    return pairing


__all__ = [
    "approve", "hand_over", "retype", "rewrite", "send_back", "stop_all", "take_down", "withdraw",
    "write",
]  # fmt: skip
