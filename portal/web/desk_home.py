"""The desk's first page: one tile per list this person works on, then the oldest of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.core import access
from portal.domain.actor import Actor, Grant
from portal.domain.permissions import Permission, with_only
from portal.queries import (
    absences,
    certificates,
    child_transfers,
    closing_interviews,
    commitment_queues,
    concerns,
    contact_desk,
    desk,
    enrolments,
    hours_desk,
    letters,
    need_applications,
    needs,
    pairing_gaps,
    pairings,
    programmes,
    rota,
    sight_requests,
    vetting_matters,
)
from portal.queries.desk import Waiting
from portal.web import queues
from portal.web.filters import day


@dataclass(frozen=True, slots=True)
class Tile:
    """A list on the first page: its words, whose it is, where it opens."""

    name: str
    label: Any
    rule: Any
    permission: Permission
    endpoint: str
    kind: str


TILES = (
    Tile("concerns", _l("对孩子的担心"), _l("一小时内答复，有危险先打110"),
         Permission.CONCERN_ANSWER, "desk.concerns", "count"),
    Tile("pending", _l("认领待批准"), _l("72小时内批准，否则自动放回"),
         Permission.COMMITMENT_APPROVE, "desk.commitments", "promise"),
    Tile("wish_screen", _l("心愿待审核"), _l("乡镇看过才到县里"),
         Permission.WISH_SCREEN, "desk.wishes", "wish"),
    Tile("wish_approve", _l("心愿待批准"), _l("3个工作日内批准"),
         Permission.WISH_APPROVE, "desk.wishes", "wish"),
    Tile("vetting", _l("资格待审核"), _l("5个工作日内答复"),
         Permission.SUPPORTER_VET, "desk.vetting", "count"),
    Tile("sights", _l("查看申请与核实"), _l("由另一位同事批准，两人把关"),
         Permission.SIGHT_WATCH, "sights.index", "count"),
    Tile("contact_logs", _l("联系日志待核实"), _l("5天内核实，见面计入时长"),
         Permission.CONTACT_VERIFY, "desk.contact_logs", "count"),
    Tile("hours", _l("服务时长待核实"), _l("核实后计入志愿者的时长"),
         Permission.HOURS_VERIFY, "desk.hours", "count"),
    Tile("corrections", _l("更正请求"), _l("书面答复志愿者"),
         Permission.HOURS_VERIFY, "desk.corrections", "count"),
    Tile("certificates", _l("服务证明待办"), _l("核对、公示满7天后由另一位同事出具"),
         Permission.CERTIFICATE_ISSUE, "desk.certificates", "count"),
    Tile("contact", _l("接触儿童、申诉与投诉"), _l("两人把关，投诉先停后核"),
         Permission.SUPPORTER_VET, "desk.contact", "count"),
    Tile("frozen", _l("认领人资格已停"), _l("逐件决定收下还是重新征集"),
         Permission.COMMITMENT_APPROVE, "desk.commitments", "promise"),
    Tile("awaiting", _l("等待送达"), _l("到期前7天、3天、1天提醒"),
         Permission.COMMITMENT_RECEIVE, "desk.commitments", "promise"),
    Tile("hand_over", _l("待转交给孩子"), _l("收货后10天内转交"),
         Permission.WISH_HAND_OVER, "desk.commitments", "promise"),
    Tile("thanks_write", _l("可以记下谢意"), _l("转交后记下孩子的话"),
         Permission.WISH_HAND_OVER, "desk.commitments", "promise"),
    Tile("thanks", _l("谢意待审核"), _l("审过才转给爱心人士"),
         Permission.WISH_ARCHIVE, "desk.commitments", "promise"),
    Tile("archive", _l("待归档"), _l("转交后30天内归档"),
         Permission.WISH_ARCHIVE, "desk.commitments", "promise"),
    Tile("need_approve", _l("结对需求待批准"), _l("批准后随下一批公开，或由您物色"),
         Permission.NEED_APPROVE, "desk.needs", "count"),
    Tile("need_applications", _l("结对申请待答复"), _l("10个工作日内答复"),
         Permission.PAIRING_MANAGE, "desk.need_applications_list", "count"),
    Tile("pairing_approve", _l("结对建议待批准"), _l("由另一位同事批准，两人把关"),
         Permission.PAIRING_MANAGE, "desk.pairings", "count"),
    Tile("pairing_meet", _l("结对待见面"), _l("批准后15日内陪同见面"),
         Permission.PAIRING_MEET, "desk.pairings", "count"),
    Tile("pairing_start", _l("见过面，待开始"), _l("核对同意后开始，签发联系卡"),
         Permission.PAIRING_MANAGE, "desk.pairings", "count"),
    Tile("pairing_gaps", _l("结对需要接手"), _l("结对人要离开，或联系人已离岗"),
         Permission.CADENCE_CARE, "desk.pairing_gaps", "count"),
    Tile("pairing_interviews", _l("结束访谈待做"), _l("结束后15天内和孩子谈一谈"),
         Permission.PAIRING_MEET, "desk.pairing_interviews", "count"),
    Tile("transfers", _l("迁入待答复"), _l("7天内接收，或写明不接收的原因"),
         Permission.TRANSFER_ANSWER, "desk.transfers", "count"),
    Tile("programmes", _l("活动待批准"), _l("开始前20天提交，由另一位同事批准"),
         Permission.PROGRAMME_APPROVE, "planning.index", "count"),
    Tile("absences", _l("缺席的孩子待上门"), _l("连续两次没有来，请上门看看"),
         Permission.ENROL_APPLY, "desk.absences", "count"),
    Tile("enrol_offered", _l("候补到名额，待家庭答复"), _l("给家庭打电话，期限内接受或放弃"),
         Permission.ENROL_APPLY, "desk.enrolments", "count"),
    Tile("enrol_applied", _l("报名待登记同意"), _l("截止前没有同意不会录取"),
         Permission.ENROL_APPLY, "desk.enrolments", "count"),
    Tile("rota_short", _l("活动人手不足"), _l("两周内有一天成人不够"),
         Permission.ROTA_MANAGE, "rosters.rota", "count"),
    Tile("letters_read", _l("书信待审读"), _l("审读通过才转交"),
         Permission.LETTER_REVIEW, "desk.letters", "count"),
    Tile("letters_hand", _l("书信待转交给孩子"), _l("打印出来，当面交给孩子"),
         Permission.LETTER_RECORD, "desk.letters", "count"),
    Tile("batch", _l("待发布的心愿"), _l("凑满一批一起发布"),
         Permission.BATCH_RELEASE, "desk.windows", "wish"),
    Tile("wish_draft", _l("我的草稿"), _l("写好后提交乡镇审核"),
         Permission.WISH_DRAFT, "wishes.mine", "wish"),
    Tile("imports", _l("台账待确认"), _l("读完了，确认后写入"),
         Permission.LEDGER_IMPORT, "ledger.home", "count"),
)  # fmt: skip
#: The lists whose oldest entries are named on the first page, the most pressing first.
_NAMED = ("pending", "hand_over", "awaiting", "wish_screen", "wish_approve", "thanks", "archive")
#: Lists that are counted each by itself, for a worker in the scope that is open.
_COUNTED: Mapping[str, Callable[[Actor], Waiting]] = {
    "vetting": desk.supporters,
    "contact": lambda worker: Waiting(vetting_matters.count(worker)),
    "sights": lambda worker: Waiting(sight_requests.count_waiting(worker)),
    "certificates": lambda _: Waiting(certificates.count_waiting()),
    "concerns": lambda _: concerns.count(),
    "contact_logs": lambda _: contact_desk.waiting(),
    "imports": lambda _: desk.imports(),
    "need_approve": lambda _: needs.waiting(),
    "need_applications": lambda _: need_applications.waiting(),
    "absences": lambda _: absences.waiting(),
    "programmes": lambda _: programmes.waiting(),
    "enrol_offered": lambda _: enrolments.waiting("offered"),
    "enrol_applied": lambda _: enrolments.waiting("applied"),
    "rota_short": lambda _: Waiting(len(rota.short_of_adults())),
    "letters_read": lambda _: Waiting(letters.count_waiting("written")),
    "letters_hand": lambda _: Waiting(letters.count_waiting("approved")),
    "pairing_approve": lambda _: pairings.waiting("pairing_approve"),
    "pairing_meet": lambda _: pairings.waiting("pairing_meet"),
    "pairing_gaps": lambda _: pairing_gaps.waiting(),
    "pairing_interviews": lambda _: closing_interviews.waiting(),
    "transfers": lambda _: child_transfers.waiting(),
    "pairing_start": lambda _: pairings.waiting("pairing_start"),
}


def context() -> dict[str, Any]:
    """Return what the first page shows to the signed-in person."""
    mine = [tile for tile in TILES if access.permits(g.actor, tile.permission)]
    waiting: dict[str, Waiting] = {}
    for worker, tiles_there in _by_seat(mine):
        with desk.seen_by(worker):
            waiting |= _waiting(worker, tiles_there)
    tiles = [_drawn(tile, waiting[tile.name]) for tile in mine]
    return {
        "tiles": tiles,
        "total": sum(tile["count"] for tile in tiles),
        "lists": [_list(tile) for tile in _pressing(mine) if waiting[tile.name].count],
    }


def _by_seat(mine: list[Tile]) -> list[tuple[Actor, list[Tile]]]:
    """Group the tiles by the roles that carry them: who has two roles counts each where it sits."""
    found: dict[tuple[Grant, ...], tuple[Actor, list[Tile]]] = {}
    for tile in mine:
        worker = with_only(g.actor, tile.permission)
        found.setdefault(worker.grants, (worker, []))[1].append(tile)
    return list(found.values())


def _waiting(worker: Actor, mine: list[Tile]) -> dict[str, Waiting]:
    """Return what waits in these lists, in the scope that is open and for this seat alone."""
    kinds, names = {tile.kind for tile in mine}, {tile.name for tile in mine}
    found: dict[str, Waiting] = {}
    if "promise" in kinds:
        counts = commitment_queues.counts()
        found |= {name: Waiting(count) for name, count in counts.items()}
    if "wish" in kinds:
        found |= desk.wishes()
    if "hours" in names:
        found |= {name: Waiting(count) for name, count in hours_desk.waiting().items()}
    found |= {name: _COUNTED[name](worker) for name in names & _COUNTED.keys()}
    return {name: found[name] for name in names}


def _drawn(tile: Tile, waiting: Waiting) -> dict[str, Any]:
    since = gettext("最早%(day)s", day=day(waiting.since)) if waiting.since else ""
    return {
        "name": tile.name,
        "label": tile.label,
        "count": waiting.count,
        "rule": since if waiting.count and since else tile.rule,
        "href": _address(tile),
    }


def _pressing(mine: list[Tile]) -> list[Tile]:
    by_name = {tile.name: tile for tile in mine}
    return [by_name[name] for name in _NAMED if name in by_name]


def _list(tile: Tile) -> dict[str, Any]:
    rows: Any
    with desk.seen_by(with_only(g.actor, tile.permission)):
        if tile.kind == "promise":
            rows = desk.first_promises(tile.name, full=queues.sees_names())
        else:
            rows = desk.first_wishes(tile.name)
    return {
        "tile": tile,
        "rows": rows,
        "href": _address(tile),
        "due": queues.due_words(tile.name) if tile.kind == "promise" else "",
    }


def _address(tile: Tile) -> str:
    if tile.endpoint not in current_app.view_functions:
        return ""
    if tile.endpoint == "rosters.rota":
        short = rota.short_of_adults()
        return url_for(tile.endpoint, code=short[0][0]) if short else ""
    return url_for(tile.endpoint, **_filter(tile))


def _filter(tile: Tile) -> dict[str, Any]:
    """Return what narrows a list to what the tile counts."""
    if tile.endpoint == "desk.commitments":
        return {"queue": tile.name}
    if tile.endpoint == "desk.pairings":
        return {"status": pairings.WAITING[tile.name][0]}
    if tile.endpoint == "desk.enrolments":
        return {"status": tile.name.removeprefix("enrol_")}
    return {"status": "approved"} if tile.name == "letters_hand" else {}
