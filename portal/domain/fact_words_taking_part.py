"""What the facts of taking part are called: applications, consents, rosters, the rota."""

from __future__ import annotations

from collections.abc import Mapping

TAKING_PART: Mapping[str, str] = {
    "enrolment.begin": "报名活动",
    "enrolment.change_consents": "更改活动的同意事项",
    "enrolment.join": "兄弟姐妹一起报名",
    "enrolment.note_health": "登记健康和饮食提示",
    "pickup_person.begin": "登记接送人",
    "pickup_person.end": "停用接送人",
    "pickup_person.renew": "更换接送码",
    "programme.draw": "抽签分配名额",
    "programme_staff.begin": "邀请参加值班",
    "programme_staff.free": "释放值班安排",
    "programme_staff.plan": "安排值班",
    "roster.export": "导出活动花名册",
    "duty.begin": "排班",
    "duty_swap.begin": "请求换班",
}
TAKING_PART_SUBJECTS: Mapping[str, str] = {
    "Duty": "值班",
    "DutySwap": "换班",
    "Enrolment": "报名",
    "PickupPerson": "接送人",
    "ProgrammeStaff": "活动人员",
}
