"""What a fact is called in Chinese: a lifecycle's move by its button, the rest by a list."""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain.lifecycles import MACHINES
from portal.domain.machine import Machine

#: Facts that are no move of a lifecycle.
OTHERS: Mapping[str, str] = {
    "account.already_registered": "邮箱已登记，已写信告知",
    "account.close": "删除自己的账号",
    "account.copy": "复制本人账号资料",
    "account.correct": "更正本人账号",
    "account.code_used": "用掉一个备用码",
    "account.codes_renewed": "更换备用码",
    "account.factor_add": "添加登录验证方式",
    "account.factor_remove": "移除登录验证方式",
    "account.factors_reset": "重置登录验证方式",
    "account.keep_factors": "登录验证将重置，已写信告知本人",
    "account.new_device": "在新设备上登录",
    "account.phone_confirmed": "确认手机号码",
    "account.phone_lost": "手机号码已由另一个账号确认",
    "account.phone_removed": "停用短信登录",
    "account.proof": "再次验证身份",
    "account.email_verified": "确认邮箱",
    "account.invite": "寄出邀请",
    "account.invite_accepted": "接受邀请",
    "account.open": "开设账号",
    "account.password_change": "修改密码",
    "account.password_reset": "重设密码",
    "account.reset_password": "寄出重设密码的链接",
    "account.sign_in": "登录",
    "account.sign_out": "退出",
    "account.sign_out_others": "让其他设备退出",
    "account.verify_email": "寄出确认邮箱的链接",
    "account.wechat_linked": "关联微信",
    "account.wechat_unlinked": "取消关联微信",
    "audit.check": "核对操作记录的封存",
    "audit.export": "导出操作记录",
    "batch.release": "发布一批心愿卡",
    "calendar.set": "设定本地放假或上班日",
    "calendar.unset": "取消本地放假或上班日",
    "catalogue.adjust": "调整目录物品",
    "catalogue_item.begin": "提出自有物品",
    "certificate.answer_objection": "答复公示异议",
    "certificate.begin": "申请服务证明",
    "certificate.download": "下载服务证明",
    "certificate.object": "公示期间提出异议",
    "child.begin": "开始建档",
    "child.change": "更新儿童档案",
    "child.open_fictitious": "载入演示档案",
    "child.reveal": "打开儿童档案的完整信息",
    "child.reveal_refused": "未经批准想打开完整信息，已拒绝",
    "commitment.begin": "认领心愿",
    "commitment.overdue": "送达日已过",
    "commitment.remind": "送达提醒",
    "commitment.thank": "谢意转给爱心人士",
    "consent.give": "记录监护人同意",
    "consent.withdraw": "监护人撤回同意",
    "delegation.begin": "交代岗位",
    "delegation.end": "提前收回交代的岗位",
    "grant.begin": "授予岗位",
    "grant.end": "结束岗位",
    "grievance.begin": "收到投诉举报",
    "guardian.link": "发给监护人链接",
    "guardian.open": "监护人打开链接",
    "guardian.revoke": "作废监护人链接",
    "honour.begin": "提名荣誉",
    "import.begin": "上传台账",
    "import.finish": "台账导入完成",
    "import.stall": "台账处理中断",
    "ledger.export": "导出台账",
    "pool.correct": "更正爱心家长资料",
    "pool.fill": "填写可陪伴的时间和专长",
    "protection.lift": "解除下落保护",
    "protection.set": "设定下落保护",
    "publicity.give": "同意公示姓名",
    "publicity.withdraw": "撤回公示姓名的同意",
    "request.apply": "按请求更正资料",
    "request.begin": "提出个人信息请求",
    "resource_link.begin": "使用资源",
    "resource_offer.begin": "登记资源",
    "resource_offer.edit": "修改资源",
    "rights.export": "导出本人资料",
    "rights.paper": "打印儿童资料供当面查阅",
    "setting_change.begin": "提出变更设置",
    "service_record.answer_correction": "答复更正请求",
    "service_record.ask_correction": "请求更正服务记录",
    "service_record.begin": "登记服务时长",
    "service_record.export": "导出服务时长",
    "sight.begin": "申请查看完整信息",
    "sight.break_glass": "应急查看已确认",
    "sight.outlier": "发现每日查看异常",
    "sight.outlier_settle": "核实每日查看异常",
    "appeal.begin": "提出申诉",
    "clearance.begin": "申请接触儿童的资格",
    "clearance.expiry_near": "接触儿童的资格将到期，已提醒",
    "complaint.begin": "登记投诉",
    "pairing.agree_child": "登记孩子的意愿",
    "pairing.agree_guardian": "登记监护人的同意",
    "pairing.begin": "提出结对建议",
    "pairing.call_child": "修改孩子的称呼",
    "pairing.meet": "登记第一次见面",
    "pairing.plan_meeting": "约定见面",
    "supporter.begin": "开始登记爱心人士",
    "supporter.change_member": "更改成员身份",
    "supporter.check": "登记一项核查",
    "supporter.declare_tie": "工作人员声明利害关系",
    "supporter.decline_member": "谢绝邀请",
    "supporter.edit": "修改登记资料",
    "supporter.expiry_near": "资格将到期，已提醒",
    "supporter.invite_member": "邀请成员",
    "supporter.join": "接受邀请成为成员",
    "supporter.papers_near": "证书将到期，已提醒",
    "supporter.factors_ask": "核对本人后，申请重置登录验证",
    "supporter.factors_keep": "本人叫停了登录验证的重置",
    "supporter.factors_reset": "登录验证已重置",
    "supporter.identity_ask": "向核验服务查询姓名与身份证号",
    "supporter.identity_check": "核对姓名与身份证号",
    "supporter.identity_consent": "同意核验姓名与身份证号",
    "supporter.identity_consent_withdrawn": "撤回核验的同意",
    "supporter.pause_claims": "暂停认领",
    "supporter.release_tie": "核实并放行利害关系",
    "supporter.remove_member": "移除成员",
    "supporter.reveal": "查看完整号码",
    "supporter.strike_check": "划去一项核查",
    "text.accept": "同意新版文本",
    "text.begin": "起草告知文本",
    "text.edit": "修改文本草稿",
    "unit.change": "单位信息变化",
    "unit.open": "开设单位",
    "unit_change.begin": "提出单位调整",
    "unit_change.settle": "补记调整期间写入的记录",
    "window.close": "征集窗口截止",
    "window.open": "开设征集窗口",
    "window.plan": "调整征集窗口",
    "wish.begin": "起草心愿",
    "wish.edit": "修改心愿草稿",
    "wish.roll_again": "再次顺延",
    "wish.thanks_return": "退回感谢的话",
    "wish.thanks_write": "记下感谢的话",
}
SUBJECTS: Mapping[str, str] = {
    "Appeal": "申诉",
    "AuthorityText": "告知文本",
    "CatalogueProposal": "自有物品",
    "CatalogueSetting": "目录物品",
    "Certificate": "服务证明",
    "ChildFile": "儿童档案",
    "Clearance": "接触儿童的资格",
    "Commitment": "认领",
    "Complaint": "投诉",
    "Consent": "监护人同意",
    "Delegation": "岗位交代",
    "Grievance": "投诉举报",
    "GuardianAccess": "监护人链接",
    "Honour": "荣誉",
    "ImportBatch": "台账导入",
    "OwnDay": "本地日历",
    "Pairing": "结对",
    "PoolProfile": "爱心家长资料",
    "PublicationBatch": "发布批次",
    "PublicityConsent": "公示同意",
    "ResourceLink": "资源使用",
    "ResourceOffer": "资源",
    "RightsRequest": "个人信息请求",
    "RoleGrant": "岗位",
    "SettingChange": "设置变更",
    "ServiceRecord": "服务记录",
    "SightOutlier": "每日查看异常",
    "SightRequest": "查看申请",
    "StoredFile": "文件",
    "Supporter": "爱心人士",
    "SupporterMember": "单位成员",
    "Unit": "单位",
    "UnitProposal": "单位调整",
    "User": "账号",
    "Wish": "心愿",
    "WishWindow": "征集窗口",
}

#: Tables in words where rows are counted; what has no word of its own is counted together.
ROWS: Mapping[str, str] = {
    **SUBJECTS,
    "CareLedgerRow": "台账行",
    "GuardianLink": "监护人",
    "ImportRow": "台账导入",
}
OTHER_ROWS = "其他记录"


def words_of(kind: str) -> str:
    """Return the Chinese words of a kind of fact; an unknown kind is shown as it is stored."""
    return OTHERS.get(kind) or _MOVES.get(kind) or kind


def words_of_state(subject_type: str, state: str | None) -> str:
    """Return the Chinese word of a state that a fact moved from or to."""
    machine = _BY_SUBJECT.get(subject_type)
    if not state or machine is None or state not in machine.states:
        return state or ""
    return machine.states[state].label


def machine_of(subject_type: str) -> Machine | None:
    """Return the lifecycle that moves a kind of subject, if one does."""
    return _BY_SUBJECT.get(subject_type) or _BY_NAME.get(subject_type)


_MOVES = {
    f"{machine.noun}.{move.name}": f"{machine.label}：{move.label}"
    for machine in MACHINES
    for move in machine.transitions
}
#: Every kind that a page offers for choosing, with its words.
KNOWN: tuple[tuple[str, str], ...] = tuple(sorted({**_MOVES, **OTHERS}.items()))
_SUBJECT_OF = {
    "wish": "Wish",
    "commitment": "Commitment",
    "supporter": "Supporter",
    "appeal": "Appeal",
    "certificate": "Certificate",
    "clearance": "Clearance",
    "complaint": "Complaint",
    "import": "ImportBatch",
    "pairing": "Pairing",
    "child": "ChildFile",
    "grievance": "Grievance",
    "request": "RightsRequest",
    "text": "AuthorityText",
    "sight": "SightRequest",
    "service_record": "ServiceRecord",
    "catalogue_item": "CatalogueProposal",
    "honour": "Honour",
    "resource_link": "ResourceLink",
    "resource_offer": "ResourceOffer",
    "setting_change": "SettingChange",
    "unit_change": "UnitProposal",
}
_BY_SUBJECT = {_SUBJECT_OF.get(machine.noun, machine.noun): machine for machine in MACHINES}
_BY_NAME = {"".join(map(str.capitalize, one.noun.split("_"))): one for one in MACHINES}
