"""Programmes in numbers as a workbook: one sheet per table of the page; numbers only, no names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import BinaryIO

import xlsxwriter

from portal.documents.pairing_workbook import sheet
from portal.domain.attendance import Counts
from portal.domain.child_days import rate, rate_without_leave
from portal.domain.hours import hours
from portal.queries.programme_figures import Figures, Group

_HEADS = ("人数", "应到", "实到", "请假", "缺席", "出勤率", "除请假外出勤率")


def write(
    out: BinaryIO,
    found: Figures,
    kinds: Mapping[str, str],
    categories: Mapping[str, str],
    topics: Mapping[str, str],
) -> None:
    """Write the workbook: by programme, kind, area, kind of child, topic; camps and hours."""
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    title = f"{found.place}活动情况{found.asked.year}年（截至{found.as_of:%Y-%m-%d}）"
    sheet(
        book, "按活动", title, ("编号", "名称", *_HEADS),
        [(one.key, one.label, one.people, *_counted(one.counts)) for one in found.programmes],
    )  # fmt: skip
    sheet(
        book, "按类别", title, ("活动", *_HEADS),
        [*_lines(found.kinds, kinds), ("合计（儿童）", "", *_counted(found.children))],
    )  # fmt: skip
    sheet(
        book, "按地区", title, ("地区", *_HEADS),
        [(one.label, one.people, *_counted(one.counts)) for one in found.areas],
    )  # fmt: skip
    sheet(book, "按儿童类别", title, ("类别", *_HEADS), _lines(found.categories, categories))
    sheet(
        book, "按主题", title, ("主题", "课次", "人次"),
        [(topics.get(one.key, one.key), one.times, one.heard) for one in found.topics],
    )  # fmt: skip
    sheet(
        book, "营期与时长", title, ("项目", "数"),
        [
            *((f"{one.name}夏（冬）令营期数", one.held) for one in found.camps),
            ("监护人课堂应到人次", found.carers.expected),
            ("监护人课堂实到人次", found.carers.here),
            ("志愿者人数", found.volunteers),
            ("志愿服务小时", str(hours(found.minutes))),
        ],
    )  # fmt: skip
    book.close()


def _lines(groups: Iterable[Group], words: Mapping[str, str]) -> list[tuple[str | int, ...]]:
    return [
        (words.get(one.key, one.key) or "没有填写", one.people, *_counted(one.counts))
        for one in groups
    ]


def _counted(found: Counts) -> tuple[int | str, ...]:
    return (
        found.expected, found.here, found.leave, found.absent, rate(found).text,
        rate_without_leave(found).text,
    )  # fmt: skip
