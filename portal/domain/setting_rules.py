"""Each setting of an authority: its name on the page, its limits, its rule in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.errors import Invalid

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Kind(StrEnum):
    """How a value is typed and shown."""

    NUMBER = "number"
    YUAN = "yuan"
    TEXT = "text"
    MAIL = "mail"
    CHOICE = "choice"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Rule:
    """One setting; ``words`` says what follows from it, ``two_keys`` that two people decide."""

    name: str
    label: str
    group: str
    words: str
    kind: Kind = Kind.NUMBER
    unit: str = ""
    least: int = 0
    most: int = 0
    two_keys: bool = False
    choices: tuple[tuple[str, str], ...] = ()

    def take(self, typed: str) -> int | str:
        """Return the value that a typed text stands for; Invalid with a sentence otherwise."""
        text = typed.strip()
        if self.kind in (Kind.NUMBER, Kind.YUAN):
            return self._number(text)
        if self.kind is Kind.CHOICE:
            if text not in dict(self.choices):
                raise _refuse("请从列出的选项里选一个")
            return text
        if self.kind is Kind.MAIL and text and not _MAIL.fullmatch(text):
            raise _refuse("请填写完整的邮箱地址")
        if len(text) > self.most:
            raise _refuse("最多 {most} 个字", most=self.most)
        return text

    def _number(self, text: str) -> int:
        if not text.isascii() or not text.isdecimal() or len(text) > _LONGEST_NUMBER:
            raise _refuse("请填写整数")
        number = int(text)
        if not self.least <= number <= self.most:
            raise _refuse(
                "“{label}”应在 {least} 到 {most} {unit}之间",
                label=self.label, least=self.least, most=self.most, unit=self.unit,
            )  # fmt: skip
        return number * _FEN if self.kind is Kind.YUAN else number

    def shown(self, value: object) -> str:
        """Return a stored value as the page says it."""
        if self.kind is Kind.CHOICE:
            return dict(self.choices).get(str(value), str(value))
        if self.kind is Kind.YUAN:
            return f"{int(str(value)) // _FEN} {self.unit}"
        if self.kind is Kind.NUMBER:
            return f"{value} {self.unit}".strip()
        return str(value)

    def typed(self, value: object) -> str:
        """Return a stored value as it is typed."""
        return str(int(str(value)) // _FEN) if self.kind is Kind.YUAN else str(value)


_FEN = 100
_LONGEST_NUMBER = 9
_SHOWN, _SAFE, _CAPS = "名称与标志", "匿名", "上限"
_DEADLINES, _PEOPLE, _OUT, _MATCHES = "期限", "人员与账号", "公开与证明", "结对推荐"
_ACTIVITIES = "活动"

RULES: tuple[Rule, ...] = (
    Rule(
        "display_name", "对外名称", _SHOWN,
        "页面和证明上怎样称呼本单位；不填就用单位树里的名称。", Kind.TEXT, most=40,
    ),
    Rule(
        "logo", "标志", _SHOWN, "显示在页面和证明上；上传后重新绘制，不留拍摄信息。", Kind.PICTURE,
    ),
    Rule(
        "handover_point", "默认交接点", _SHOWN,
        "爱心人士送达物品的地方；不会是孩子的家或学校。", Kind.TEXT, most=60,
    ),
    Rule("mailbox", "儿童福利科邮箱", _SHOWN, "报表寄到这里。", Kind.MAIL, most=254),
    Rule(
        "k", "匿名人数 K", _SAFE,
        "一张公开卡片写的条件，至少要同时符合这么多名在册儿童；只能比 10 更严。",
        unit="人", least=10, most=100, two_keys=True,
    ),
    Rule(
        "batch_min", "每批最少卡片", _SAFE,
        "卡片成批上墙，一批不少于这个数，上墙的日子就不会指向某一个心愿。",
        unit="张", least=3, most=50, two_keys=True,
    ),
    Rule(
        "wish_cap_fen", "单个心愿的金额上限", _CAPS, "预计花费超过它的心愿不能提交。",
        Kind.YUAN, "元", 50, 2000, two_keys=True,
    ),
    Rule(
        "quota_individual", "个人同时认领", _CAPS, "一位爱心人士手上没有完成的认领不超过这个数。",
        unit="个", least=1, most=20, two_keys=True,
    ),
    Rule(
        "quota_enterprise", "企业同时认领", _CAPS, "一家爱心企业手上没有完成的认领不超过这个数。",
        unit="个", least=1, most=200, two_keys=True,
    ),
    Rule(
        "quota_charity", "慈善组织同时认领", _CAPS,
        "一家慈善组织手上没有完成的认领不超过这个数。",
        unit="个", least=1, most=200, two_keys=True,
    ),
    Rule(
        "sights_per_day", "每人每日打开完整信息", _CAPS,
        "一天里打开的次数超过它，第二天早上请负责人核实。", unit="次", least=1, most=200,
    ),
    Rule(
        "views_per_day", "每人每日查看档案", _CAPS,
        "一天里查看的档案超过它，第二天早上请负责人核实。", unit="份", least=5, most=1000,
    ),
    Rule(
        "claim_hours", "认领保留时间", _DEADLINES, "认领后这么久没有批准，心愿自动放回墙上。",
        unit="小时", least=24, most=240,
    ),
    Rule(
        "lapses_allowed", "允许落空次数", _DEADLINES, "认领落空到这个次数，暂停认领一段时间。",
        unit="次", least=1, most=10,
    ),
    Rule(
        "block_days", "暂停认领", _DEADLINES, "落空太多后暂停这么多天。",
        unit="天", least=7, most=365,
    ),
    Rule(
        "max_rolls", "最多顺延", _DEADLINES, "没人认领的心愿最多顺延这么多期。",
        unit="期", least=0, most=4,
    ),
    Rule(
        "window_days_spring_festival", "春节窗口天数", _DEADLINES,
        "按默认日期新设春节窗口时开放的天数；截止日和送达日不变，可以逐期再改。",
        unit="天", least=7, most=60,
    ),
    Rule(
        "window_days_children_day", "六一窗口天数", _DEADLINES,
        "按默认日期新设六一窗口时开放的天数；截止日和送达日不变，可以逐期再改。",
        unit="天", least=7, most=60,
    ),
    Rule(
        "window_days_school_start", "开学季窗口天数", _DEADLINES,
        "按默认日期新设开学季窗口时开放的天数；截止日和送达日不变，可以逐期再改。",
        unit="天", least=7, most=60,
    ),
    Rule(
        "first_look_days", "初次查看期限", _DEADLINES, "收到登记后，在这么多个工作日内查看。",
        unit="个工作日", least=1, most=10,
    ),
    Rule(
        "decision_days", "审核期限", _DEADLINES, "收到登记后，在这么多个工作日内作出决定。",
        unit="个工作日", least=3, most=30,
    ),
    Rule(
        "answer_days", "书面答复期限", _DEADLINES,
        "个人信息请求和投诉建议，在这么多个工作日内书面答复；只能比 15 个更快。已经收到的不变。",
        unit="个工作日", least=3, most=15,
    ),
    *(
        Rule(
            f"{name}_months", f"{label}有效期", _DEADLINES,
            f"接触儿童的资格里，{label}从完成之日起这么久内有效，过期要重新办理。",
            unit="个月", least=6, most=36,
        )
        for name, label in (("interview", "面谈"), ("training", "培训"), ("pledge", "守护承诺"))
    ),
    Rule(
        "pairing_capacity", "一人结对儿童数", _CAPS, "一位爱心家长同时结对的儿童不超过这个数。",
        unit="名", least=1, most=5, two_keys=True,
    ),
    Rule(
        "pairing_target", "结对率目标", _DEADLINES,
        "在册困境儿童中应有结对的比例；下一年的目标可以从 1 月 1 日起生效。",
        unit="％", least=1, most=100,
    ),
    Rule(
        "site_towns", "有示范点的乡镇", _SHOWN,
        "已建成示范点的乡镇（街道）代码，用空格分开；它们的结对率单独统计，目标是全部结对。",
        Kind.TEXT, most=2000,
    ),
    *(
        Rule(
            f"ratio_{name}", f"{label}：一名成人照看", _ACTIVITIES,
            f"{label}里，一名成人最多照看这么多名参加者；每项活动可以更严。", unit="名", least=1,
            most=most, two_keys=True,
        )
        for name, label, most in (
            ("camp", "夏（冬）令营", 12), ("interest_class", "周末兴趣班", 15),
            ("summer_daycare", "爱心暑托班", 12), ("after_school", "儿童学校", 15),
            ("carer_class", "监护人课堂", 60),
        )
    ),
    Rule(
        "programme_adults", "最少成人", _ACTIVITIES, "每一天至少有这么多名有资格的成人在岗。",
        unit="名", least=2, most=10,
    ),
    Rule(
        "camp_days", "一期营的天数", _ACTIVITIES,
        "夏（冬）令营每期不少于这么多天；不能少于 10 天。",
        unit="天", least=10, most=30,
    ),
    Rule(
        "camps_a_vacation", "一个假期办几期", _ACTIVITIES,
        "一个假期里超过这么多期时提醒，不阻止。", unit="期", least=1, most=10,
    ),
    Rule(
        "idle_minutes", "无操作退出", _PEOPLE,
        "工作人员这么久没有操作就自动退出，最多 15 分钟；下次登录起按新的计算。",
        unit="分钟", least=3, most=15,
    ),
    Rule(
        "honours_display", "光荣榜上未同意公开的人", _OUT,
        "没有同意公开的爱心人士怎样出现在光荣榜上。", Kind.CHOICE,
        choices=(("masked", "只显示姓氏，如“王**”"), ("hidden", "完全不显示")),
    ),
    Rule(
        "certificate_publicity_days", "证明内部公示", _OUT,
        "服务记录证明出具前在内部公示的天数。", unit="天", least=7, most=30,
    ),
    *(
        Rule(f"match_{name}", label, _MATCHES, f"{words}；0 表示不看这一条。", unit="分", most=100)
        for name, label, words in (
            ("continuity", "熟悉", "以前陪伴过同一名儿童的人，再安排时加这么多分"),
            ("application", "报名", "自己报名了这项需求的人加这么多分"),
            ("skill", "特长", "特长正合需求的人加这么多分"),
            ("helper", "期望的人", "属于需求里期望的那一类人加这么多分"),
            (
                "sibling", "兄弟姐妹",
                "正在陪伴、或这一轮也安排给兄弟姐妹的人，按下一条的选择加或减这么多分",
            ),
            ("county", "同县", "和孩子在同一个县（市、区）的人加这么多分"),
            ("offer", "主动提出", "没有选定哪一项、主动提出愿意陪伴的人加这么多分"),
            ("load", "空余", "手上没有孩子的人加这么多分，每多一名按比例减少"),
        )
    ),
    Rule(
        "match_siblings", "兄弟姐妹怎样安排", _MATCHES,
        "同一家的孩子，由同一位陪伴还是由不同的人陪伴。", Kind.CHOICE,
        choices=(
            ("together", "尽量由同一位陪伴"), ("apart", "尽量由不同的人陪伴"), ("any", "不考虑"),
        ),
    ),
    *(
        Rule(
            f"match_{name}_days", label, _MATCHES,
            f"需求按等待天数排先后，{words}多算这么多天。", unit="天", most=3650,
        )
        for name, label, words in (
            ("key", "重点关爱提前", "重点关爱的孩子"),
            ("emergency", "紧急救助提前", "紧急救助的孩子"),
            ("never_applied", "无人报名提前", "还没有人报名的需求"),
        )
    ),
)  # fmt: skip
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}


def _refuse(sentence: str, **params: object) -> Invalid:
    return Invalid(sentence, {"value": sentence.format(**params)}, **params)
