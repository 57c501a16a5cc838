"""What the screening linter looks for, as data: words, patterns, and the sentence for each kind."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What was found."""

    NAME = "name"
    NICKNAME = "nickname"
    OTHER_NAME = "other_name"
    SCHOOL = "school"
    PLACE = "place"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    BANK = "bank"
    NUMBER = "number"
    CONTACT = "contact"
    LINK = "link"
    CASH = "cash"
    HEALTH = "health"
    FAMILY = "family"


class Severity(StrEnum):
    """``block`` must be taken out before publication; ``warn`` needs a person's eye."""

    BLOCK = "block"
    WARN = "warn"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: kind → (what is the matter, what to do).
SENTENCES: dict[Kind, tuple[str, str]] = {
    Kind.NAME: ("“{text}”是孩子或家人的名字", "删去名字，公开卡片不出现任何人的姓名"),
    Kind.NICKNAME: ("“{text}”可能是孩子的小名或谐音", "改成“孩子”，或删去"),
    Kind.OTHER_NAME: ("“{text}”可能是某个人的称呼", "删去姓氏和称呼"),
    Kind.SCHOOL: ("“{text}”会让人认出学校", "删去校名和班级"),
    Kind.PLACE: ("“{text}”是地名", "删去地名，卡片会按规则显示地区"),
    Kind.ADDRESS: ("“{text}”像是住址", "删去住址"),
    Kind.BIRTH_DATE: ("“{text}”像是出生日期", "删去日期，卡片只显示年龄段"),
    Kind.PHONE: ("“{text}”是电话号码", "删去号码，联系一律通过工作人员"),
    Kind.ID_NUMBER: ("“{text}”是身份证号码", "删去号码"),
    Kind.BANK: ("“{text}”像是银行卡号或收款账号", "删去；平台不收钱也不转账"),
    Kind.NUMBER: ("“{text}”是一长串数字，可能是号码", "删去号码；数量和尺码请填在规格里"),
    Kind.CONTACT: ("“{text}”是联系方式", "删去联系方式，联系一律通过工作人员"),
    Kind.LINK: ("“{text}”是网址或二维码", "删去网址和二维码"),
    Kind.CASH: ("“{text}”在要钱", "微心愿只能是物品或服务，请换成目录里的物品"),
    Kind.HEALTH: ("“{text}”会透露健康情况", "删去；选目录里的物品即可，卡片会用普通名称"),
    Kind.FAMILY: ("“{text}”会透露家庭情况", "删去家庭情况，只写想要什么"),
}

HEALTH_WORDS = _words(
    "孤独症 自闭症 自闭 来自星星 星星的孩子 智力障碍 智障 脑瘫 癫痫 多动症 抑郁 焦虑症 精神病 "
    "精神分裂 唐氏 发育迟缓 残疾 肢残 听障 视障 聋哑 失明 低视力 弱视 白血病 血友病 地中海贫血 "
    "肿瘤 癌症 癌 艾滋 乙肝 肺结核 糖尿病 肾病 心脏病 先心病 哮喘 兔唇 唇腭裂 烧伤 截肢 轮椅 "
    "助听器 人工耳蜗 康复 感统 训练师 复健 化疗 透析 手术 住院 吃药 药费 看病 治病 生病 重病 大病 "
    "病情 诊断 确诊 心理疏导 心理辅导 心理医生 自残 自杀 语言障碍 不会说话 特教 特殊教育 矫正 "
    "练手指 精细动作"
)
FAMILY_WORDS = _words(
    "孤儿 遗孤 事实无人抚养 无人抚养 留守 困境儿童 低保 特困 建档立卡 贫困户 单亲 离婚 离异 "
    "再婚 改嫁 "
    "去世 过世 离世 死了 不在了 走了 车祸 坐牢 服刑 监狱 劳改 判刑 吸毒 戒毒 强戒 失踪 失联 "
    "跑了 离家出走 遗弃 抛弃 弃婴 寄养 收养 领养 继父 继母 后爸 后妈 养父 养母 监护人 福利院 "
    "孤儿院 家暴 打我 挨打 被打 虐待 性侵 猥亵 欺负 霸凌 酗酒 赌博 欠债 讨债 辍学 失学 住校 寄宿 "
    "在外务工 外出务工 打工 务工 爷爷奶奶带 外婆带 奶奶带 爷爷带 隔代"
)
#: Relatives: alone they tell little, so a person decides.
RELATIVE_WORDS = _words(
    "爸爸 妈妈 父亲 母亲 爸妈 父母 爷爷 奶奶 外公 外婆 姥姥 姥爷 叔叔 姑姑 舅舅 姨妈 伯伯 伯父 "
    "婶婶 哥哥 姐姐 弟弟 妹妹 双胞胎 独生 全家福 家里人"
)
#: Not relatives although they hold such a word.
RELATIVE_EXEMPT = _words(
    "爱心爸爸 爱心妈妈 爱心爸妈 志愿者哥哥 志愿者姐姐 大哥哥 大姐姐 哥哥姐姐 叔叔阿姨 月亮姐姐"
)
CASH_WORDS = _words(
    "现金 转账 转帐 打款 汇款 汇钱 打钱 转钱 寄钱 收钱 汇到 打到卡 卡里 卡上 "
    "红包 压岁钱 零花钱 捐款 捐钱 给钱 要钱 借钱 收款 付款码 收款码 支付宝 "
    "微信支付 "
    "银行卡 卡号 账号 账户 开户行 存折 生活费 学费 医药费 医疗费 手术费 补课费 伙食费 路费 话费 "
    "充值 流量卡 购物卡 代金券 资助金 助学金 募捐 筹款 众筹 水滴筹 轻松筹"
)
CONTACT_WORDS = _words(
    "微信 薇信 威信号 徽信 微芯 v信 vx wx 加v weixin wechat qq 扣扣 扣号 企鹅号 抖音号 快手号 "
    "小红书号 微博 邮箱 email 加我好友 加好友 手机号 电话 手机号码 联系方式 拨打 短号 来电"
)
#: Words that hold a contact word and mean a thing.
CONTACT_EXEMPT = _words("qq糖 电话手表 玩具电话 儿童电话 电话卡片")
LINK_WORDS = _words("二维码 扫码 扫一扫 网址 链接 公众号")
PINYIN_DIGITS = _words("yao yi er liang san si wu liu qi ba jiu ling dong guai gou")
ENGLISH_DIGITS = _words("zero one two three four five six seven eight nine")

#: Frequent surnames that are rarely the end of another word.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏"
    "吕丁沈任姚卢姜崔钟谭陆汪范石廖贾韦付邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严赖"
    "覃洪武莫孔汤戴翁巫官池"
)
COMPOUND_SURNAMES = _words("欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 端木 夏侯")
TITLES = _words("老师 叔叔 阿姨 主任 医生 校长 书记 同学 村长 站长 师傅 园长 班主任 警官 社工")
#: Before 小学/中学 these say "goes to", not a name.
SCHOOL_STOP = frozenset(
    "上读在念去到是的所个了着和与从入升考完过为个本该我你他她这那级生版课段学初高"
)
SCHOOL_WORDS = _words("小学 中学 中心校 幼儿园 学校 学堂 职校 职高 技校 实验校 中专")
SCHOOL_GENERIC = {"小学", "中学", "学校", "幼儿园", "初级中学", "高级中学", "上小学", "上中学"}
PLACE_EXEMPT = frozenset(
    _words(
        "农村 乡村 新农村 全村 本村 我村 山村 小山村 家乡 故乡 老乡 下乡 城乡 回乡 异乡 同村 "
        "村村 城镇 乡镇 集镇 小镇 古镇 冰镇 思乡 水乡 社区 小区 街道 在社区 山区 地区 景区"
    )
)
