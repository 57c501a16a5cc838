"""A pairing in the words of its pages: what happens next, why it rests, why it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext

from portal.domain.continuity import GAPS
from portal.domain.needs import HELPERS, KINDS, RHYTHMS
from portal.domain.pairings import ORIGINS
from portal.domain.vetting import CLOSE_REASONS, PAUSE_REASONS
from portal.queries.own_pairings import OwnPairing
from portal.services.pairings import STAFF_PAUSES, close_reasons
from portal.web.filters import day

_ORDER = ("proposed", "matched", "active")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the way: done, now or next."""

    label: str
    state: str
    at: str = ""
    note: str = ""


def helper(code: str) -> str:
    """Return the words of a kind of helper."""
    return gettext(HELPERS[code]) if code in HELPERS else ""


def kind(code: str) -> str:
    """Return the words of a kind of help, for staff."""
    return gettext(KINDS[code].label) if code in KINDS else ""


def pairs(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return codes with their words, for a list to choose from."""
    return [(code, gettext(word)) for code, word in words.items()]


def rhythm(code: str) -> str:
    """Return the words of a rhythm."""
    return gettext(RHYTHMS[code].label) if code in RHYTHMS else ""


def codes(move: str, status: str) -> list[tuple[str, str]]:
    """Return the classes of reasons that a move offers in a state."""
    if move == "pause":
        return [(code, gettext(PAUSE_REASONS[code])) for code in STAFF_PAUSES]
    return [(code, gettext(CLOSE_REASONS[code])) for code in close_reasons(status)]


def origin(code: str) -> str:
    """Return where a proposal came from."""
    return gettext(ORIGINS[code]) if code in ORIGINS else code


def rests(code: str) -> str:
    """Return why a pairing rests."""
    return gettext(PAUSE_REASONS.get(code, PAUSE_REASONS["other"]))


def ended(code: str) -> str:
    """Return why a pairing ended."""
    return gettext(CLOSE_REASONS[code]) if code in CLOSE_REASONS else ""


def gap(code: str) -> str:
    """Return why a pairing needs somebody."""
    return gettext(GAPS[code]) if code in GAPS else ""


def title(pairing: OwnPairing) -> str:
    """Return what a pairing is called on its person's pages: no word of the child before."""
    if pairing.called:
        return gettext("与%(called)s的结对", called=pairing.called)
    return gettext("%(face)s结对", face=gettext(pairing.face))


def way(pairing: OwnPairing) -> list[Step]:
    """Return what was done and what happens next, each with its day."""
    at = _ORDER.index(pairing.status) if pairing.status in _ORDER else len(_ORDER) - 1
    states = ["done" if n < at else "now" if n == at else "next" for n in range(len(_ORDER))]
    meeting = gettext("由儿童主任陪同，在服务点见面。")
    if pairing.status == "matched" and pairing.meet_by:
        meeting += gettext("应在%(day)s前安排。", day=day(pairing.meet_by))
    return [
        Step(
            gettext("县民政局审批结对建议"),
            states[0],
            day(pairing.approved_on) if pairing.approved_on else "",
            gettext("由另一位工作人员复核，一般不超过10个工作日。") if at == 0 else "",
        ),
        Step(
            gettext("监护人和孩子同意，第一次见面"),
            states[1],
            day(pairing.met_on) if pairing.met_on and at else "",
            meeting if at <= 1 else "",
        ),
        Step(
            gettext("结对开始"),
            states[2],
            day(pairing.started_on) if pairing.started_on else "",
            gettext("前三次见面由儿童主任陪同，每次联系后写日志。"),
        ),
    ]


def next_words(pairing: OwnPairing) -> str:
    """Return the one sentence under a pairing in the list."""
    if pairing.status == "proposed":
        return gettext("有一份结对建议正在审批，批准后写信告诉您。")
    if pairing.status == "paused":
        return gettext("已暂停：%(why)s。请先不要联系孩子。", why=rests(pairing.paused_reason))
    if pairing.status == "closed":
        return gettext(
            "%(day)s结束：%(why)s。", day=day(pairing.ended_on), why=ended(pairing.end_reason)
        )
    if pairing.meeting_on:
        return gettext(
            "%(day)s %(hour)s，在%(place)s见面。",
            day=day(pairing.meeting_on),
            hour=pairing.meeting_hour,
            place=pairing.meeting_place,
        )
    if pairing.status == "matched":
        return gettext("等待约定第一次见面，应在%(day)s前。", day=day(pairing.meet_by))
    return gettext("%(day)s开始，%(rhythm)s。", day=day(pairing.started_on), rhythm=pairing.rhythm)
