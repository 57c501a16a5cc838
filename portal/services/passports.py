"""Recording what was checked of a supporter (domain.md 4, SV), and striking out a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, transitions
from portal.domain import clock, passport
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles import clearances
from portal.domain.lifecycles.supporters import MACHINE, TIER1_MONTHS, not_oneself
from portal.domain.permissions import Permission
from portal.domain.texts import PLEDGE_VERSION
from portal.domain.vetting import months_after
from portal.extensions import db
from portal.models.standings import Clearance
from portal.models.supporters import Supporter, VettingCheck
from portal.queries import units
from portal.services import files, standings

_OFFICE_LENGTH, _REFERENCE_LENGTH, _LONGEST_MINUTES = 80, 40, 40 * 60


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. Of an offence check office, day and result code, and nothing else."""

    kind: str
    done_on: date
    result: str = ""
    #: Where it was asked, who held the interview or the training.
    office: str = ""
    minutes: int = 0
    #: The number of a certificate, with its dates.
    reference: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    evidence: UUID | None = None


def record_check(actor: Actor, supporter_id: UUID, finding: Finding) -> UUID:
    """Record one check with its expiry; return it.

    An offence that was found suspends at once. A check that fails ends contact with children.
    Raises NotFound behind a wall, NotAllowed for one's own or a tied supporter, Invalid.
    """
    supporter = _vetted(actor, supporter_id)
    not_oneself(actor, supporter, {})
    _check(supporter, finding)
    row = VettingCheck(
        supporter_id=supporter.id,
        tenant_path=supporter.tenant_path,
        kind=finding.kind,
        done_on=finding.done_on,
        expires_on=_last_day(supporter, finding),
        office=finding.office.strip(),
        result=finding.result,
        minutes=finding.minutes if finding.kind == "training" else 0,
        reference=finding.reference.strip() or _version(finding.kind),
        issued_on=finding.issued_on,
        created_by=actor.user_id,
    )
    if finding.evidence is not None:
        files.attach(finding.evidence, unit_path=supporter.unit_path, supporter_id=supporter.id)
        row.file_id = finding.evidence
    db.session.add(row)
    db.session.flush()
    facts.publish("supporter.check", actor=actor, subject=supporter, check=finding.kind)
    if finding.kind == "offence" and finding.result == "found":
        suspend_at_once(supporter, "offence", actor)
    review(supporter)
    return row.id


def strike_check(actor: Actor, check_id: UUID, *, reason: str) -> UUID:
    """Strike out a check that was recorded by mistake; it stays as memory. Returns whose it was."""
    row = db.session.scalar(select(VettingCheck).where(VettingCheck.id == check_id))
    if row is None:
        raise NotFound
    supporter = _vetted(actor, row.supporter_id)
    not_oneself(actor, supporter, {})
    if row.struck_at is not None:
        raise Conflict("这一条已经划去")
    if not reason.strip():
        raise Invalid("请写明原因", {"reason": "请写明原因"})
    row.struck_at, row.struck_by = clock.now(), actor.user_id
    facts.publish(
        "supporter.strike_check", actor=actor, subject=supporter, note=reason, check=row.kind
    )
    db.session.flush()
    review(supporter)
    return supporter.id


def suspend_at_once(supporter: Supporter, cause: str, actor: Actor) -> None:
    """Suspend an approved standing by itself (complaint, offence) and stop what hangs on it.

    One that staff suspended before stays so, now for this: it is given back by two keys.
    """
    if supporter.status == "suspended":
        supporter.suspended_for, supporter.suspended_by = cause, actor.user_id
    if supporter.status != "approved":
        return
    supporter.suspended_for, supporter.suspended_by = cause, actor.user_id
    transitions.fire(MACHINE, supporter, "suspend_at_once", SYSTEM, why=cause)
    standings.all_ended(supporter, cause)


def review(supporter: Supporter) -> None:
    """End contact with children when the checks no longer carry it; never lengthen it."""
    row = db.session.scalar(select(Clearance).where(Clearance.supporter_id == supporter.id))
    if row is None or row.status not in clearances.LIVE:
        return
    until = passport.valid_until(row.passport)
    if until is None:
        transitions.fire(clearances.MACHINE, row, "end", SYSTEM, why="checks_changed")
        supporter.tier = min(supporter.tier, 1)
        standings.contact_ended(supporter, "checks_changed")
    elif row.valid_to is not None:
        row.valid_to = min(row.valid_to, until)


def _vetted(actor: Actor, supporter_id: UUID) -> Supporter:
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or not access.permits(actor, Permission.SUPPORTER_VET, supporter):
        raise NotFound
    return supporter


def _version(kind: str) -> str:
    return PLEDGE_VERSION if kind == "pledge" else ""


def _last_day(supporter: Supporter, finding: Finding) -> date:
    """Return until when the check holds: certificates and identity say so themselves."""
    if finding.kind in passport.PAPER_KINDS and finding.expires_on is not None:
        return finding.expires_on
    if finding.kind == "identity":
        return supporter.valid_to or months_after(finding.done_on, TIER1_MONTHS)
    return passport.last_day(finding.kind, finding.done_on, units.settings(supporter.tenant_path))


def _check(supporter: Supporter, finding: Finding) -> None:
    """Refuse a check that cannot be, with a sentence beside each field."""
    person = supporter.kind == "individual"
    kinds = passport.CONTACT_KINDS if person else passport.PAPER_KINDS
    if finding.kind not in kinds or (finding.kind in _CHARITY and supporter.kind != "charity"):
        raise Invalid("没有这一项核查")
    problems = _dates(finding) | _words(finding)
    if problems:
        raise Invalid("请修改后再保存：{why}", problems, why="；".join(problems.values()))


_CHARITY = frozenset(passport.PAPER_KINDS)


def _dates(finding: Finding) -> dict[str, str]:
    today, problems = clock.today(), {}
    if finding.done_on > today:
        problems["done_on"] = "日期不能晚于今天"
    elif finding.kind == "offence" and (today - finding.done_on).days > passport.OFFENCE_DAYS:
        problems["done_on"] = "查询结果要在 12 个月以内"
    if finding.kind in passport.PAPER_KINDS:
        if finding.issued_on is None or finding.issued_on > today:
            problems["issued_on"] = "请填写发证日期"
        if finding.expires_on is None or finding.expires_on < today:
            problems["expires_on"] = "请填写有效期，证书不能已经过期"
    return problems


def _words(finding: Finding) -> dict[str, str]:
    problems = {}
    choices: Mapping[str, str] = passport.RESULTS.get(finding.kind, {})
    if choices and finding.result not in choices:
        problems["result"] = "请选择结果"
    needs_office = finding.kind in ("offence", "interview", "training")
    if needs_office and not 0 < len(finding.office.strip()) <= _OFFICE_LENGTH:
        problems["office"] = "请写明由谁办理"
    if finding.kind == "training" and not 0 < finding.minutes <= _LONGEST_MINUTES:
        problems["minutes"] = "请填写培训时长"
    if finding.kind in passport.PAPER_KINDS and not (
        0 < len(finding.reference.strip()) <= _REFERENCE_LENGTH
    ):
        problems["reference"] = "请填写证书编号"
    return problems
