"""The sheet as a telephone keeps it, and what came back from one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import g, request
from flask_babel import gettext

from portal.domain import attendance, clock
from portal.domain.errors import Invalid
from portal.forms.attendance import PaperForm
from portal.queries import attendance as sheets
from portal.queries.attendance import Line, Sheet
from portal.services import attendance as rolls
from portal.services import departures
from portal.services.attendance_cells import Sent
from portal.web.errors import sentence
from portal.web.forms import attempt

#: What a telephone sends at once; more comes in several goes.
MOST_ITEMS = 500
_LONGEST = 300


def kept(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as plain values, short names: it travels over a village's network."""
    return {
        "id": str(sheet.id), "title": sheet.title, "what": sheet.what,
        "day": sheet.day.isoformat(), "starts": sheet.starts, "ends": sheet.ends,
        "part": sheet.part, "status": sheet.status, "open": sheet.open, "heads": sheet.head_count,
        "pickup": sheet.needs_pickup, "today": sheet.day == clock.today(),
        "children": [_child(line) for line in sheet.lines],
    }  # fmt: skip


def _child(line: Line) -> dict[str, Any]:
    hour = f"{clock.local(line.gone_at):%H:%M}" if line.gone_at else ""
    return {
        "id": str(line.id), "no": line.no, "name": line.called, "tel": line.phone,
        "by": line.guardian, "badge": line.badge, "state": line.state, "split": line.conflict,
        "arrived": line.arrived, "left": line.left, "gone": hour,
        "said": [
            {
                "id": one.id, "state": one.state, "at": f"{clock.local(one.at):%H:%M}",
                "by": one.by, "why": one.reason,
            }
            for one in line.said
        ],
        "fetch": [
            {
                "id": str(one.id), "name": one.name, "rel": one.relation, "code": one.code_hash,
                "card": one.has_card,
            }
            for one in line.fetchers
        ],
    }  # fmt: skip


def take_in(session_id: UUID) -> dict[str, str]:
    """Keep what a telephone sent; return by name what was refused, with a sentence.

    Marks go together; closing the roll and departures one by one, after them, each for itself.
    Raises Invalid for a message that is none.
    """
    message = _message()
    now, said_now = clock.now(), _moment(message.get("now"))
    device = _uuid(message.get("device"))

    def at(item: Mapping[str, Any]) -> datetime:
        return attendance.put_right(_moment(item.get("at")), said_now, now)

    items = message["items"]
    marks = [_sent(one, device, at(one)) for one in items if one.get("kind") == "mark"]
    refused = {
        str(one.client_id): sentence(one.refusal)
        for one in (rolls.mark(g.actor, session_id, marks) if marks else ())
        if one.refusal is not None
    }
    for item in items:
        if item.get("kind") == "mark":
            continue
        refusal = rolls.alone(_act(session_id, item, at(item)))
        if refusal is not None:
            refused[_text(item.get("id"))] = sentence(refusal)
    return refused


def _act(session_id: UUID, item: Mapping[str, Any], at: datetime) -> Callable[[], object]:
    name = _uuid(item.get("id"))
    if item.get("kind") == "take":
        return lambda: rolls.take(g.actor, session_id, head_count=_count(item), at=at)
    child = _uuid(item.get("child"))
    if item.get("kind") == "block":
        words = _text(item.get("words"))
        return lambda: departures.block(
            g.actor, session_id, child, words=words, client_id=name, at=at
        )
    if item.get("kind") == "go":
        return lambda: departures.let_go(
            g.actor, session_id, child, pickup_id=_uuid(item.get("person")),
            code=_text(item.get("code")), gone=True, client_id=name, at=at,
        )  # fmt: skip
    raise Invalid(gettext("送来的内容看不懂，请刷新页面再试"))


def _message() -> Mapping[str, Any]:
    message = request.get_json(silent=True)
    items = message.get("items") if isinstance(message, dict) else None
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        raise Invalid(gettext("送来的内容看不懂，请刷新页面再试"))
    if not all(isinstance(one, dict) for one in items):
        raise Invalid(gettext("送来的内容看不懂，请刷新页面再试"))
    return dict(message or {})


def _sent(item: Mapping[str, Any], device: UUID, at: datetime) -> Sent:
    seen = item.get("seen")
    return Sent(
        client_id=_uuid(item.get("id")), enrolment_id=_uuid(item.get("child")),
        state=_text(item.get("state")), marked_at=at, device_id=device,
        seen=tuple(str(_uuid(one)) for one in seen) if isinstance(seen, list) else (),
        reason=_text(item.get("why")), arrived=_text(item.get("arrived")),
        left=_text(item.get("left")), way=_text(item.get("way")) or "tap",
    )  # fmt: skip


def _count(item: Mapping[str, Any]) -> int | None:
    heads = item.get("heads")
    return heads if isinstance(heads, int) and not isinstance(heads, bool) else None


def _text(value: object) -> str:
    return value.replace("\0", "")[:_LONGEST] if isinstance(value, str) else ""


def _uuid(value: object) -> UUID:
    try:
        return UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise Invalid(gettext("送来的内容看不懂，请刷新页面再试")) from None


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise Invalid(gettext("送来的内容看不懂，请刷新页面再试")) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def typed_in(form: PaperForm, session_id: UUID) -> bool:
    """Keep a paper sheet and close its roll; False when the form must be shown again."""
    found = sheets.sheet(g.actor, session_id)

    def act() -> UUID:
        outcomes = rolls.mark(g.actor, session_id, typed_marks(found, form.numbers()))
        for one in outcomes:
            if one.refusal is not None:
                raise one.refusal
        return rolls.take(g.actor, session_id, head_count=form.head_count.data)

    return attempt(form, act) is not None


def typed_marks(sheet: Sheet, numbers: Mapping[str, Sequence[int]]) -> list[Sent]:
    """Return the marks that make a sheet say what a paper says, by the roster's numbers.

    ``numbers``: by state, who was not simply there; everybody else is present. Raises Invalid for
    a number that is nobody's, or stands twice.
    """
    by_no = {line.no: line for line in sheet.lines}
    given = [(no, state) for state, nos in numbers.items() for no in dict.fromkeys(nos)]
    wanted = dict(given)
    for state, nos in numbers.items():
        if strangers := sorted(set(nos) - set(by_no)):
            said = gettext("名单上没有这些序号：%(numbers)s", numbers=_list(strangers))
            raise Invalid(said, {state: said})
    if len(wanted) < len(given):
        twice = sorted({no for no, _ in given if [no for no, _ in given].count(no) > 1})
        raise Invalid(gettext("同一个序号写了两次：%(numbers)s", numbers=_list(twice)))
    return [
        _typed(line, wanted.get(line.no, "present"))
        for line in sheet.lines
        if line.conflict or wanted.get(line.no, "present") != (line.state or "present")
    ]


def _list(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers))


def _typed(line: Line, state: str) -> Sent:
    seen = tuple(one.id for one in line.said)
    why = "unknown" if state == "absent" else ""
    return Sent(uuid4(), line.id, state, clock.now(), g.actor.user_id, seen, why, way="paper")
