"""How long each kind of record is kept, from when, why, and what happens then (L09, L10, L18).

A period may be longer on an authority's order; it is never shorter than what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.domain import clock
from portal.domain.errors import Invalid
from portal.domain.vetting import months_after

ADULT_YEARS = 18
#: Processing records and what proves a lawful act: three years (PIPL 56, 网数条例 12).
THREE_YEARS = 36
#: A volunteer may ask for a certificate of what was long ago.
TEN_YEARS = 120


@dataclass(frozen=True, slots=True)
class Retention:
    """One class of records: its words, its period (months or days), its first day, its end."""

    name: str
    what: str
    since: str
    end: str
    why: str
    months: int = 0
    days: int = 0
    #: Kept and never deleted by the nightly job (memory that is append-only).
    kept: bool = False

    def cutoff(self, now: datetime, older: timedelta | None = None) -> datetime:
        """Return the instant before which a record of this class is past its time.

        Raises Invalid for a span shorter than the class's own: younger ones are refused.
        """
        own = clock.start_of(_months_before(clock.local(now).date(), self.months))
        own -= timedelta(days=self.days)
        if older is None:
            return own
        asked = now - older
        if asked > own:
            raise Invalid("“{what}”还没有到保存期限，不能提前删除", what=self.what)
        return asked


CLASSES: Mapping[str, Retention] = {
    each.name: each
    for each in (
        Retention(
            "import_rows", "上传台账的原始行", "上传之日", "删除",
            "内容已写入档案，重复保存没有必要（个人信息保护法第十九条）", days=30,
        ),
        Retention(
            "health_notes", "活动的健康和饮食提示、家长电话的抄录", "活动结束之日", "删除",
            "活动结束后没有必要（个人信息保护法第十九条）", days=30,
        ),
        Retention(
            "draft_files", "没有随表单提交的文件", "上传之时", "删除，文件一并删除",
            "没有用到（个人信息保护法第十九条）", days=1,
        ),
        Retention(
            "mails", "寄出或停发的邮件正文和地址", "寄出之日", "删除",
            "通知已送达（个人信息保护法第十九条）", days=90,
        ),
        Retention(
            "devices", "登录设备记录", "失效之日", "删除",
            "网络日志不少于六个月（网络安全法第二十一条）", days=190,
        ),
        Retention(
            "tokens", "邮件里的一次性链接", "失效之日", "删除",
            "已不能使用（个人信息保护法第十九条）", days=30,
        ),
        Retention(
            "drafts", "没有提交的登记", "最后一次填写", "去除身份，材料文件删除",
            "没有申请就没有审核的必要（个人信息保护法第十九条）", days=90,
        ),
        Retention(
            "rejected", "没有通过的申请", "决定之日", "去除身份，材料文件删除；只留名单上的标记",
            "超过申诉期，留一年备查（个人信息保护法第四十七条）", months=12,
        ),
        Retention(
            "supporters", "到期或撤销的爱心人士资料", "资格到期之日", "去除身份，材料文件删除",
            "处理记录不少于三年（个人信息保护法第五十六条）", months=THREE_YEARS,
        ),
        Retention(
            "children", "已不在册的儿童档案", "年满十八周岁之日",
            "删去姓名、号码、住址、学校、原话和监护人，只留不能认出人的统计",
            "期满即删（个人信息保护法第四十七条，未成年人网络保护条例第三十四条）",
            months=THREE_YEARS,
        ),
        Retention(
            "links", "监护人链接", "失效之日", "删除",
            "查验争议留一年（个人信息保护法第四十七条）", months=12,
        ),
        Retention(
            "requests", "个人信息请求和答复的文字", "答复之日", "删去文字，只留经过",
            "处理记录不少于三年（网络数据安全管理条例第十二条）", months=THREE_YEARS,
        ),
        Retention(
            "grievances", "投诉举报的文字和联系方式", "答复之日", "删去文字，只留经过",
            "处理记录不少于三年（网络数据安全管理条例第十二条）", months=THREE_YEARS,
        ),
        Retention(
            "notes", "操作记录旁的说明文字", "写下之日", "删去文字，记录本身不动",
            "处理记录不少于三年（个人信息保护法第五十六条）", months=THREE_YEARS,
        ),
        Retention(
            "proofs", "再次验证和通行密钥的一次性记录", "失效之时", "删除",
            "已不能使用（个人信息保护法第十九条）", days=1,
        ),
        Retention(
            "kept_forms", "验证身份前代为保存的表单", "保存之时", "删除",
            "一小时后不能再打开（个人信息保护法第十九条）", days=1,
        ),
        Retention(
            "codes", "短信验证码和微信登录的去向记录", "失效之时", "删除，手机号一并删除",
            "已不能使用（个人信息保护法第十九条）", days=1,
        ),
        Retention(
            "attempts", "登录和验证次数的计数", "发生之时", "删除",
            "只为限制试探，不再计数（个人信息保护法第十九条）", days=2,
        ),
        Retention(
            "jobs", "后台任务记录", "完成之日", "删除",
            "任务已完成（个人信息保护法第十九条）", days=30,
        ),
        Retention(
            "match_runs", "结对推荐的计算结果和已取消的指定", "计算或取消之日", "删除",
            "采用的建议已成结对记录，其余没有必要保存（个人信息保护法第十九条）", days=90,
        ),
        Retention(
            "known_devices", "认得的浏览器", "最后一次登录", "删除，再登录时发邮件提醒",
            "一年没有用过（个人信息保护法第十九条）", months=12,
        ),
        Retention(
            "sights", "查看完整信息的申请和异常核实", "办结之日", "删除，打开的记录和操作记录仍在",
            "处理记录不少于三年（个人信息保护法第五十六条）", months=THREE_YEARS,
        ),
        Retention(
            "delegations", "休假代办的安排", "结束之日", "删除，操作记录仍在",
            "处理记录不少于三年（个人信息保护法第五十六条）", months=THREE_YEARS,
        ),
        Retention(
            "resources", "已结束的资源和对接记录", "结束之日", "删除，操作记录仍在",
            "处理记录不少于三年（个人信息保护法第五十六条）", months=THREE_YEARS,
        ),
        Retention(
            "honours", "没有通过或已收回的荣誉", "提出之日", "删除；授予的荣誉随爱心人士资料",
            "处理记录不少于三年（个人信息保护法第五十六条）", months=THREE_YEARS,
        ),
        Retention(
            "service_records", "志愿服务记录和证明", "服务结束或证明出具之日",
            "删除，证明文件一并删除；本人先要求删除资料的，当时删去姓名和文件，编号和时长仍可查验",
            "志愿者随时可以要求出具证明（志愿服务条例第十九条）", months=TEN_YEARS,
        ),
        Retention(
            "access_rows", "谁打开过哪份档案的哪一项", "打开之时", "不由系统删除",
            "不少于三年（个人信息保护法第五十六条，未成年人网络保护条例第三十六条）",
            months=THREE_YEARS, kept=True,
        ),
        Retention(
            "facts", "谁在什么时候办了什么、看过什么", "发生之日", "不由系统删除",
            "不少于三年，只记编号不记姓名（个人信息保护法第五十六条，未成年人网络保护条例第三十六条）",
            months=THREE_YEARS, kept=True,
        ),
        Retention(
            "logs", "服务器访问日志", "访问之日", "由运维在六个月后清理",
            "不少于六个月（网络安全法第二十一条）", months=6, kept=True,
        ),
    )
}  # fmt: skip


def born_until(adult_by: date) -> date:
    """Return the last birth date of those who were eighteen on a day."""
    return _months_before(adult_by, ADULT_YEARS * 12)


def _months_before(day: date, months: int) -> date:
    return months_after(day, -months)
