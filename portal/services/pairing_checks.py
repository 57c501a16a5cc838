"""What is checked before a pairing may be proposed, its number, and what its mentor may read."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.domain import clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.identity import is_adult
from portal.domain.lifecycles.pairings import LIVE
from portal.domain.needs import SEX_RULES
from portal.domain.pairings import CALLED_LENGTH, PLACE_LENGTH, Person, tells_name
from portal.domain.screening_words import Kind, Severity
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter
from portal.queries import kinship, screening, units

_TRIES = 5
_SEX_DIGIT, _ID_LENGTH = 16, 18
_VILLAGE_KINDS = ("社区居委会", "村民委员会", "村委会", "居委会", "社区", "村")
#: What a place must not hold: who the child is, and where they live or learn.
_TELLING = frozenset(
    {
        Kind.NAME, Kind.NICKNAME, Kind.OTHER_NAME, Kind.SCHOOL, Kind.ADDRESS, Kind.BIRTH_DATE,
        Kind.ID_NUMBER, Kind.HEALTH, Kind.FAMILY,
    }
)  # fmt: skip
#: A child may be called by a pet name or a given name; by nothing else that is on file.
_NO_PET_NAME = frozenset(Kind) - {Kind.NAME, Kind.NICKNAME, Kind.OTHER_NAME}


def get(pairing_id: UUID, version: int | None = None) -> Pairing:
    """Return a pairing in the scope, as the page showed it; NotFound, Conflict."""
    pairing: Pairing | None = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
    if pairing is None:
        raise NotFound
    if version is not None and pairing.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return pairing


def person_of(supporter: Supporter) -> Person:
    """Return what the kind of helper follows from; the sex is the ID number's."""
    number = supporter.id_no or ""
    known = len(number) == _ID_LENGTH and number[_SEX_DIGIT].isdigit()
    sex = ("male" if int(number[_SEX_DIGIT]) % 2 else "female") if known else ""
    return Person(is_teacher=supporter.is_teacher, sex=sex)


def may_pair(need: PairingNeed, child: ChildFile, person: Supporter) -> None:
    """Refuse whom the hard rules exclude.

    Raises Invalid for an organisation or a child off the register, NotAllowed for a relative,
    Conflict when the need asks for the other sex.
    """
    if person.kind != "individual":
        raise Invalid("接触儿童的资格属于个人，单位成员请先以个人身份登记")
    if child.status != "active":
        raise Invalid("这份档案不在册，不能结对")
    if is_adult(child.birth_date, clock.today()):
        raise Invalid("孩子已年满18周岁，不再结对")
    # Words that tell nothing about the child (慈善法 40).
    if kinship.is_kin(person.id, child.id):
        raise NotAllowed("这位爱心人士不能与这名儿童结对，请另选一位")
    if need.sex_rule and person_of(person).sex != need.sex_rule:
        raise Conflict("这项需求{rule}，请另选一位", rule=SEX_RULES[need.sex_rule])


def room_left(child_id: UUID, person: Supporter) -> None:
    """Ask for a free place, behind the lock on the person's row (D: two children)."""
    live = select(Pairing.child_id).where(
        Pairing.supporter_id == person.id, Pairing.status.in_(LIVE)
    )
    held = list(db.session.scalars(live))
    most = units.settings(person.tenant_path).pairing_capacity
    if child_id in held:
        raise Conflict("两人已经结对，或已有一份结对建议")
    if len(held) >= most:
        raise Conflict("这位爱心人士已与{held}名儿童结对，到了上限", held=len(held))


def before(need_id: UUID) -> UUID | None:
    """Return the pairing of a need that had begun and ended last: a new one follows it."""
    ended = select(Pairing.id).where(
        Pairing.need_id == need_id, Pairing.status == "closed", Pairing.started_on.is_not(None)
    )
    newest = ended.order_by(Pairing.ended_on.desc(), Pairing.created_at.desc()).limit(1)
    return db.session.scalar(newest)


def number(pairing: Pairing, need: PairingNeed) -> None:
    """Give it the need's number (JD-2026-0001), with -2, -3… from the second one on; write it."""
    session = db.session()
    for _ in range(_TRIES):
        before = session.scalar(
            select(func.count(Pairing.id)).where(
                Pairing.tenant_path == pairing.tenant_path,
                (Pairing.file_no == need.file_no) | Pairing.file_no.startswith(f"{need.file_no}-"),
            )
        )
        pairing.file_no = f"{need.file_no}-{before + 1}" if before else need.file_no
        try:
            with session.begin_nested():
                session.add(pairing)
        except IntegrityError:
            continue
        return
    raise Conflict("编号暂时冲突，请再试一次")


def called(pairing: Pairing, text: str) -> str:
    """Return what the mentor calls the child; Invalid for the whole name or anything on file."""
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == pairing.child_id))
    if child is None:
        raise NotFound
    word = text.strip()
    if not word or len(word) > CALLED_LENGTH:
        raise _refused("called", "请写孩子的小名或称呼，不超过{most}个字", most=CALLED_LENGTH)
    if tells_name(word, child.name):
        raise _refused("called", "这里不能写孩子的姓名全称，请写小名或名字里的一个字")
    _refuse_telling(pairing, word, "called", _NO_PET_NAME)
    return word


def place(pairing: Pairing, text: str) -> str:
    """Return where they meet: a service point, never the child's home, school or village."""
    word = text.strip()
    if not word or len(word) > PLACE_LENGTH:
        raise _refused("place", "请写见面的服务点，不超过{most}个字", most=PLACE_LENGTH)
    _refuse_telling(pairing, word, "place", _TELLING)
    village = units.by_path(pairing.unit_path)
    if village.level == "village" and _stem(village.name) in word:
        raise _refused("place", "这里不能写孩子所在的村，请写一个服务点")
    return word


def _stem(name: str) -> str:
    """Return a village's own name: 城西 of 城西村委会."""
    for kind in _VILLAGE_KINDS:
        if name.endswith(kind) and len(name) > len(kind):
            return name.removesuffix(kind)
    return name


def _refuse_telling(pairing: Pairing, text: str, name: str, telling: frozenset[Kind]) -> None:
    read = screening.linted(text, pairing.child_id, pairing.tenant_path)
    found = "、".join(
        f"“{one.text}”"
        for one in read.findings
        if one.kind in telling and one.severity is Severity.BLOCK
    )
    if found:
        raise _refused(name, "请先删去不能写的内容：{found}", found=found)


def _refused(field: str, message: str, **params: object) -> Invalid:
    said = message.format(**params) if params else message
    return Invalid(message, {field: said}, **params)
