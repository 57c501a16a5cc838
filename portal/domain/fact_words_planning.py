"""What the facts of planning a programme are called, where they are no move of a lifecycle."""

from __future__ import annotations

from collections.abc import Mapping

PLANNING: Mapping[str, str] = {
    "calendar_feed.issue": "生成日历订阅地址",
    "calendar_feed.revoke": "停用日历订阅地址",
    "programme.begin": "开始筹备活动",
    "programme.not_ready": "活动到日子仍不能开始",
    "programme.prepare": "登记活动的准备情况",
    "programme.revise": "修改活动计划",
    "programme_session.begin": "加一场活动",
    "programme_session.replan": "补上取消的一场",
    "timetable.change": "修改活动日程",
}
PLANNING_SUBJECTS: Mapping[str, str] = {
    "CalendarFeed": "日历订阅地址",
    "Programme": "活动",
    "ProgrammeSession": "活动场次",
}
