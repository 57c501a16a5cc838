"""What may be permitted, and what each permission is called; who holds it: domain.permissions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    """``<noun>:<verb>``, alphabetical; ``label`` is what a refusal calls it."""

    ATTENDANCE_MARK = "attendance:mark"
    ATTENDANCE_UNLOCK = "attendance:unlock"
    BATCH_RELEASE = "batch:release"
    CADENCE_CARE = "cadence:care"
    CARD_HOLD = "card:hold"
    CARD_ISSUE = "card:issue"
    CARD_READ = "card:read"
    CATALOGUE_MANAGE = "catalogue:manage"
    CERTIFICATE_ISSUE = "certificate:issue"
    CERTIFICATE_READ = "certificate:read"
    CHILD_READ = "child:read"
    CHILD_REVEAL = "child:reveal"
    CLEARANCE_ASK = "clearance:ask"
    COMMITMENT_APPROVE = "commitment:approve"
    COMMITMENT_CARRY = "commitment:carry"
    COMMITMENT_READ = "commitment:read"
    COMMITMENT_RECEIVE = "commitment:receive"
    CONCERN_ANSWER = "concern:answer"
    CONTACT_VERIFY = "contact:verify"
    CONTACT_WRITE = "contact:write"
    DESK_ENTER = "desk:enter"
    DUTY_HOLD = "duty:hold"
    ENROL_APPLY = "enrol:apply"
    ENROL_MANAGE = "enrol:manage"
    FACT_READ = "fact:read"
    GRANT_MANAGE = "grant:manage"
    GRIEVANCE_ANSWER = "grievance:answer"
    GUARDIAN_LINK = "guardian:link"
    HANDOVER_WRITE = "handover:write"
    HONOUR_MANAGE = "honour:manage"
    HOURS_ENTER = "hours:enter"
    HOURS_VERIFY = "hours:verify"
    JOB_READ = "job:read"
    LEDGER_EXPORT = "ledger:export"
    LEDGER_IMPORT = "ledger:import"
    LETTER_READ = "letter:read"
    LETTER_RECORD = "letter:record"
    LETTER_REVIEW = "letter:review"
    LETTER_WRITE = "letter:write"
    MATCH_RUN = "match:run"
    MEMBER_MANAGE = "member:manage"
    NEED_APPLY = "need:apply"
    NEED_APPROVE = "need:approve"
    NEED_ASSESS = "need:assess"
    NEED_DRAFT = "need:draft"
    NEED_READ = "need:read"
    NEED_WITHDRAW = "need:withdraw"
    PAIRING_MANAGE = "pairing:manage"
    PAIRING_MEET = "pairing:meet"
    PAIRING_READ = "pairing:read"
    POOL_CORRECT = "pool:correct"
    POOL_READ = "pool:read"
    PROGRAMME_APPROVE = "programme:approve"
    PROGRAMME_COUNT = "programme:count"
    PROGRAMME_DRAFT = "programme:draft"
    PROGRAMME_MANAGE = "programme:manage"
    PROGRAMME_READ = "programme:read"
    PROGRAMME_REPORT = "programme:report"
    PROTECTION_SET = "protection:set"
    RESOURCE_LINK = "resource:link"
    RESOURCE_MODERATE = "resource:moderate"
    RESOURCE_OFFER = "resource:offer"
    RESOURCE_READ = "resource:read"
    RETENTION_READ = "retention:read"
    RIGHTS_ANSWER = "rights:answer"
    RIGHTS_ASK = "rights:ask"
    ROLE_MATRIX_READ = "role_matrix:read"
    ROSTER_EXPORT = "roster:export"
    ROSTER_READ = "roster:read"
    ROTA_MANAGE = "rota:manage"
    SETTING_MANAGE = "setting:manage"
    SIGHT_ASK = "sight:ask"
    SIGHT_BREAK_GLASS = "sight:break_glass"
    SIGHT_CONFIRM = "sight:confirm"
    SIGHT_GRANT = "sight:grant"
    SIGHT_OPEN = "sight:open"
    SIGHT_READ = "sight:read"
    SIGHT_WATCH = "sight:watch"
    STAR_GIVE = "star:give"
    SUPPORTER_READ = "supporter:read"
    SUPPORTER_REGISTER = "supporter:register"
    SUPPORTER_REVOKE = "supporter:revoke"
    SUPPORTER_VET = "supporter:vet"
    TEXT_MANAGE = "text:manage"
    TRANSFER_ANSWER = "transfer:answer"
    TRANSFER_PROPOSE = "transfer:propose"
    TRANSFER_READ = "transfer:read"
    UNIT_MANAGE = "unit:manage"
    VIDEO_CALL_BOOK = "video_call:book"
    VIDEO_CALL_READ = "video_call:read"
    VIDEO_ROOM_MANAGE = "video_room:manage"
    VOICE_READ = "voice:read"
    VOICE_RECORD = "voice:record"
    VOICE_RELAY = "voice:relay"
    WINDOW_MANAGE = "window:manage"
    WISH_APPROVE = "wish:approve"
    WISH_ARCHIVE = "wish:archive"
    WISH_CLAIM = "wish:claim"
    WISH_DRAFT = "wish:draft"
    WISH_HAND_OVER = "wish:hand_over"
    WISH_READ = "wish:read"
    WISH_SCREEN = "wish:screen"
    WISH_WITHDRAW = "wish:withdraw"

    @property
    def label(self) -> str:
        """Return the Chinese words for this permission (a message id)."""
        return LABELS[self]


LABELS: Mapping[Permission, str] = {
    Permission.ATTENDANCE_MARK: "点名",
    Permission.ATTENDANCE_UNLOCK: "解除点名锁定",
    Permission.BATCH_RELEASE: "发布一批心愿卡",
    Permission.CADENCE_CARE: "免除联系要求，提请复核",
    Permission.CARD_HOLD: "查看自己的联系卡与年册",
    Permission.CARD_ISSUE: "签发联系卡",
    Permission.CARD_READ: "查看联系卡",
    Permission.CATALOGUE_MANAGE: "维护物品目录",
    Permission.CERTIFICATE_ISSUE: "办理服务证明",
    Permission.CERTIFICATE_READ: "查看服务证明与公示",
    Permission.CHILD_READ: "查看儿童档案（脱敏）",
    Permission.CHILD_REVEAL: "填写原因后打开完整信息",
    Permission.CLEARANCE_ASK: "申请接触儿童的资格",
    Permission.COMMITMENT_APPROVE: "批准认领",
    Permission.COMMITMENT_CARRY: "履行自己的认领",
    Permission.COMMITMENT_READ: "查看认领",
    Permission.COMMITMENT_RECEIVE: "在交接点收货",
    Permission.CONCERN_ANSWER: "答复对孩子的担心",
    Permission.CONTACT_VERIFY: "核实联系日志",
    Permission.CONTACT_WRITE: "写联系日志",
    Permission.DESK_ENTER: "进入工作台",
    Permission.DUTY_HOLD: "承担活动的值班",
    Permission.ENROL_APPLY: "为孩子报名活动",
    Permission.ENROL_MANAGE: "办理活动报名",
    Permission.FACT_READ: "查看操作记录",
    Permission.GRANT_MANAGE: "管理人员与岗位",
    Permission.GRIEVANCE_ANSWER: "答复投诉举报",
    Permission.GUARDIAN_LINK: "发给监护人链接",
    Permission.HANDOVER_WRITE: "写自己结对的交接页",
    Permission.HONOUR_MANAGE: "提名与批准荣誉",
    Permission.HOURS_ENTER: "登记自己的服务时长",
    Permission.HOURS_VERIFY: "核实服务时长",
    Permission.JOB_READ: "查看后台任务",
    Permission.LEDGER_EXPORT: "导出台账",
    Permission.LEDGER_IMPORT: "导入台账",
    Permission.LETTER_READ: "查看书信",
    Permission.LETTER_RECORD: "登记孩子的来信与转交",
    Permission.LETTER_REVIEW: "审读书信",
    Permission.LETTER_WRITE: "给结对的孩子写信",
    Permission.MATCH_RUN: "推荐结对人选",
    Permission.MEMBER_MANAGE: "管理单位成员",
    Permission.NEED_APPLY: "申请结对",
    Permission.NEED_APPROVE: "批准结对需求",
    Permission.NEED_ASSESS: "记录亲情缺失的评估",
    Permission.NEED_DRAFT: "起草结对需求",
    Permission.NEED_READ: "查看结对需求",
    Permission.NEED_WITHDRAW: "撤回结对需求",
    Permission.PAIRING_MANAGE: "办理结对",
    Permission.PAIRING_MEET: "登记结对的同意与见面",
    Permission.PAIRING_READ: "查看结对",
    Permission.POOL_CORRECT: "更正爱心家长资料",
    Permission.POOL_READ: "查找爱心家长",
    Permission.PROGRAMME_APPROVE: "批准活动",
    Permission.PROGRAMME_COUNT: "查看活动的数字",
    Permission.PROGRAMME_DRAFT: "筹备活动",
    Permission.PROGRAMME_MANAGE: "办理自己组织的活动",
    Permission.PROGRAMME_READ: "查看活动安排",
    Permission.PROGRAMME_REPORT: "写活动日报和总结",
    Permission.PROTECTION_SET: "设定下落保护",
    Permission.RESOURCE_LINK: "使用名录里的资源",
    Permission.RESOURCE_MODERATE: "核对资源",
    Permission.RESOURCE_OFFER: "提供资源和时间",
    Permission.RESOURCE_READ: "查看资源名录",
    Permission.RETENTION_READ: "查看保存期限",
    Permission.RIGHTS_ANSWER: "答复个人信息请求",
    Permission.RIGHTS_ASK: "提出个人信息请求",
    Permission.ROLE_MATRIX_READ: "查看岗位权限表",
    Permission.ROSTER_EXPORT: "导出活动花名册",
    Permission.ROSTER_READ: "查看活动花名册",
    Permission.ROTA_MANAGE: "安排活动的值班",
    Permission.SETTING_MANAGE: "管理本单位设置",
    Permission.SIGHT_ASK: "申请查看完整信息",
    Permission.SIGHT_BREAK_GLASS: "申请应急查看",
    Permission.SIGHT_CONFIRM: "确认应急查看",
    Permission.SIGHT_GRANT: "批准查看申请",
    Permission.SIGHT_OPEN: "按批准打开完整信息",
    Permission.SIGHT_READ: "查看申请与应急记录",
    Permission.SIGHT_WATCH: "核实每日查看异常",
    Permission.STAR_GIVE: "给结对颁星",
    Permission.SUPPORTER_READ: "查看爱心人士资料",
    Permission.SUPPORTER_REGISTER: "登记为爱心人士",
    Permission.SUPPORTER_REVOKE: "撤销爱心人士资格",
    Permission.SUPPORTER_VET: "审核爱心人士",
    Permission.TEXT_MANAGE: "拟定告知文本",
    Permission.TRANSFER_ANSWER: "接收迁入的儿童",
    Permission.TRANSFER_PROPOSE: "提出儿童迁移",
    Permission.TRANSFER_READ: "查看儿童迁移",
    Permission.UNIT_MANAGE: "管理单位",
    Permission.VIDEO_CALL_BOOK: "预约亲情视频连线",
    Permission.VIDEO_CALL_READ: "查看亲情视频连线",
    Permission.VIDEO_ROOM_MANAGE: "开设连线室",
    Permission.VOICE_READ: "查看孩子的话",
    Permission.VOICE_RECORD: "记录孩子的话",
    Permission.VOICE_RELAY: "转达孩子的感谢",
    Permission.WINDOW_MANAGE: "设定征集窗口",
    Permission.WISH_APPROVE: "批准心愿",
    Permission.WISH_ARCHIVE: "归档心愿",
    Permission.WISH_CLAIM: "认领心愿",
    Permission.WISH_DRAFT: "起草心愿",
    Permission.WISH_HAND_OVER: "转交儿童",
    Permission.WISH_READ: "查看心愿",
    Permission.WISH_SCREEN: "审核心愿",
    Permission.WISH_WITHDRAW: "撤回心愿",
}
