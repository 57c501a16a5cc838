"""The hard rules: who may not be proposed for a need, each with its sentence (PN)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from portal.domain.matches import Need, Person, Sentence
from portal.domain.needs import KINDS, SEX_RULES
from portal.domain.pool import DAYS, LANGUAGES
from portal.matching.table import Flags, Ints, Table

Broken = Callable[[Table, Ints, Ints], Flags]

#: Why nobody may be paired with a person at all: keys of Person.bar.
BARS: Mapping[str, str] = {
    "goods": "登记资格今天不在有效期内，或已暂停",
    "standing": "还没有接触儿童的资格",
    "standing_over": "接触儿童的资格已于 {until} 到期",
    "standing_held": "接触儿童的资格正在暂停或已终止",
    "ties": "本人申报的利害关系还没有核实放行",
    "complaint": "有一件投诉正在核实，结果出来前不安排新的孩子",
    "own_tie": "您声明过与这位爱心人士有利害关系，请由同事办理",
    "profile": "还没有填写能陪伴的时间和地区",
    "offer_over": "本人写明的陪伴期限已过",
}
#: What a county's block has answered before pairs are compared.
_BY_COUNTY = frozenset({"bar", "full", "county"})


def _differs(own: Ints, wanted: Ints) -> Flags:
    """Tell where something is wanted (not 0) and nothing of it is there."""
    found: Flags = (wanted != 0) & ((own & wanted) == 0)
    return found


#: In the order in which they are told; the first of them is told first.
RULES: Mapping[str, Broken] = {
    "bar": lambda t, _, p: t.barred[p],
    "full": lambda t, _, p: t.free[p] <= 0,
    "paired": lambda t, n, p: t.related("paired", n, p),
    "kin": lambda t, n, p: t.related("kin", n, p),
    "refused": lambda t, n, p: t.related("refused", n, p),
    "avoided": lambda t, n, p: t.related("avoided", n, p),
    "sex": lambda t, n, p: (t.need_sex[n] != 0) & (t.need_sex[n] != t.sex[p]),
    "county": lambda t, n, p: ~_comes(t, n, p),
    "days": lambda t, n, p: _differs(t.days[p], t.need_days[n]),
    "language": lambda t, n, p: _differs(t.languages[p], t.need_language[n]),
    # Who asked for this very need has said yes to its kind.
    "kind": lambda t, n, p: (
        (t.kinds[p] != 0) & ((t.kinds[p] & t.need_kind[n]) == 0) & ~t.related("applicants", n, p)
    ),
}
WHY_NOT: Mapping[str, str] = {
    "full": "已陪伴 {carried} 名儿童，到了上限 {capacity} 名",
    "paired": "正在陪伴这名儿童",
    "kin": "按利益回避的规定，不能与这名儿童结对",
    "refused": "此前与这名儿童的结对没有成，或没有顺利结束",
    "avoided": "同事要求避开这一对",
    "sex": "这项需求{sex}",
    "county": "不去孩子所在的县（市、区）",
    "days": "时间不合：孩子需要{needed}，对方只有{offered}",
    "language": "不会{language}",
    "kind": "本人只愿意提供：{kinds}",
}


def standing(
    table: Table, needs: Ints, people: Ints, looked_at: frozenset[str] = frozenset()
) -> Flags:
    """Tell for each pair whether every hard rule allows it, but for those ``looked_at`` before."""
    allowed = np.ones(len(needs), dtype=np.bool_)
    for name, broken in RULES.items():
        if name not in looked_at:
            allowed &= ~broken(table, needs, people)
    return allowed


def candidates(table: Table) -> tuple[Ints, Ints]:
    """Return every allowed pair (rows of needs, rows of people), ordered by need, then person.

    Nothing is cut off: a candidate left out for its low score could be the one a child is served
    by. Only counties are looked at in blocks.
    """
    open_to_all = ~table.barred & (table.free > 0)
    chosen: list[tuple[Ints, Ints]] = []
    for county in np.unique(table.need_county):
        rows = np.flatnonzero(table.need_county == county)
        reach = table.reach.get(int(county))
        if reach is None:
            continue
        reach = reach[open_to_all[reach]]
        needs, people = np.repeat(rows, len(reach)), np.tile(reach, len(rows))
        allowed = standing(table, needs, people, _BY_COUNTY)
        chosen.append((needs[allowed], people[allowed]))
    if not chosen:
        empty = np.array([], dtype=np.int64)
        return empty, empty
    needs, people = (np.concatenate(part) for part in zip(*chosen, strict=True))
    order = np.lexsort((people, needs))
    return needs[order], people[order]


def told(rule: str, need: Need, person: Person) -> Sentence:
    """Return the sentence that says why ``person`` may not serve ``need``."""
    if rule == "bar":
        until = person.stands_until.isoformat() if person.stands_until else ""
        return Sentence(rule, BARS[person.bar], {"until": until})
    params: Mapping[str, Mapping[str, Any]] = {
        "full": {"carried": person.carried, "capacity": person.capacity},
        "sex": {"sex": SEX_RULES[need.sex_rule]},
        "days": {"needed": day_words(need.days), "offered": day_words(person.days)},
        "language": {"language": LANGUAGES.get(need.language, "")},
        "kind": {"kinds": _kind_words(person.kinds)},
    }
    return Sentence(rule, WHY_NOT[rule], params.get(rule, {}))


@cache
def day_words(keys: frozenset[str]) -> tuple[str, ...]:
    """Return the words for days in the order of their list."""
    return tuple(label for key, label in DAYS.items() if key in keys)


def _kind_words(keys: frozenset[str]) -> tuple[str, ...]:
    return tuple(kind.label for key, kind in KINDS.items() if key in keys)


def _comes(table: Table, needs: Ints, people: Ints) -> Flags:
    """Tell for each pair whether the person comes to the county of the child."""
    found = np.zeros(len(needs), dtype=np.bool_)
    for county in np.unique(table.need_county[needs]):
        reach = table.reach.get(int(county))
        if reach is not None:
            here = table.need_county[needs] == county
            found[here] = np.isin(people[here], reach, assume_unique=False)
    return found
