"""What the facts of accounts and posts are called: signing in, factors, who sits where."""

from __future__ import annotations

from collections.abc import Mapping

ACCOUNTS: Mapping[str, str] = {
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
    "delegation.begin": "交代岗位",
    "delegation.end": "提前收回交代的岗位",
    "grant.begin": "授予岗位",
    "grant.end": "结束岗位",
}
