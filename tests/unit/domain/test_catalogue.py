"""The catalogue and the words of a card (security.md decisions; domain.md 7, 30 sample wishes)."""

import pytest

from portal.domain import catalogue
from portal.domain.anonymity import AgeRange
from portal.domain.catalogue import CatalogueError, SizeKind, Specification
from portal.domain.errors import Invalid

#: Raw sample of domain.md 7 → the item a director picks → what the public card says.
SAMPLES = [
    ("护眼台灯一盏,晚上写作业用", "XX01", None, None, 1, 10, "护眼台灯 1盏"),
    ("想要一双29码防滑运动鞋", "YW01", 29, None, 1, 7, "防滑运动鞋 29码 1双"),
    ("《十万个为什么》小学版一套", "TS01", None, None, 1, 10, "《十万个为什么》小学版 1套"),
    ("一个5号篮球和打气筒", "TY01", None, "5号", 1, 13, "篮球和打气筒 5号 1个"),
    ("48色水彩笔和素描本", "XX08", None, None, 1, 7, "48色水彩笔和素描本 1套"),
    ("一副羽毛球拍", "TY02", None, None, 1, 10, "羽毛球拍 1副"),
    ("积木拼插玩具,练手指", "KF01", None, None, 1, 4, "拼插积木 1套"),
    ("想有人教我吹口琴(含口琴)", "JN01", None, None, 1, 13, "口琴教学(含口琴) 1次"),
    ("想过一次有蛋糕的集体生日", "QG01", None, None, 1, 7, "有蛋糕的集体生日会 1次"),
    ("护理专业入门书两本", "ZX04", None, "护理", 2, 16, "职业启蒙图书 2本"),
    ("轻便护脊书包一个", "XX02", None, None, 1, 7, "轻便护脊书包 1个"),
    ("学生用可调节书桌", "XX03", None, None, 1, 13, "可调节书桌 1张"),
    ("秋季校服外套160码", "ZX03", 160, None, 1, 10, "秋季外套 160码 1件"),
    ("高中数理化错题本和文具套装", "XX05", None, "高中", 1, 16, "错题本和文具套装 高中 1套"),
    ("保温水杯和餐盒", "SH01", None, None, 1, 7, "保温水杯和餐盒 1套"),
    ("英语点读笔(含教材包)", "XX07", None, None, 1, 13, "英语点读笔(含教材包) 1支"),
    ("雨衣雨鞋一套(上学路远)", "SH02", 35, None, 1, 10, "雨衣雨鞋 35码 1套"),
    ("住校被褥三件套", "ZX01", None, None, 1, 16, "被褥三件套 1套"),
    ("想请大学生辅导数学8次", "KY01", None, "数学", 8, 13, "课业辅导 数学 8次"),
    ("跳绳和计数器", "TY03", None, None, 1, 7, "跳绳和计数器 1套"),
    ("红色羽绒服150码", "YW03", 150, "红色", 1, 10, "羽绒服 150码 红色 1件"),
    ("保暖内衣两套和棉手套", "YW05", 120, None, 1, 7, "保暖内衣两套和棉手套 120码 1份"),
    ("电热水袋和加厚棉被", "SH04", None, None, 1, 13, "电热水袋和加厚棉被 1套"),
    ("想和在外务工的爸爸视频一次", "QX01", None, None, 1, 16, "视频陪伴 1次"),
    ("感统训练平衡板", "KF02", None, None, 1, 4, "室内平衡板 1块"),
    ("想看一场电影", "QG02", None, None, 1, 10, "看一场电影 1次"),
    ("毛笔字帖和文房四宝", "XX09", None, None, 1, 13, "毛笔字帖和文房四宝 1套"),
    ("会讲故事的小夜灯", "SH05", None, None, 1, 7, "会讲故事的小夜灯 1个"),
    ("全家福照片拍摄一次", "QX02", None, None, 1, 16, "照相馆拍照 1次"),
    ("一双37码棉鞋和袜子", "YW02", 37, None, 1, 10, "棉鞋和袜子 37码 1双"),
]
TELLTALE = ["康复", "感统", "训练", "矫正", "爸爸", "妈妈", "家人", "住校", "寄宿", "校服",
            "护理", "情绪", "心理", "孤", "视觉", "助视", "降噪", "全家福"]  # fmt: skip


@pytest.mark.parametrize(("raw", "code", "size", "choice", "quantity", "age", "card"), SAMPLES)
def test_the_thirty_sample_wishes_have_publishable_words(
    raw, code, size, choice, quantity, age, card
):
    spec = catalogue.specify(code, size, choice)
    assert str(catalogue.card_text(code, spec, quantity)) == card
    assert age in catalogue.asked(code, spec).ages
    assert not [word for word in TELLTALE if word in card]


def test_there_are_thirty_samples_and_about_a_hundred_items():
    assert len(SAMPLES) == 30
    assert 80 <= len(catalogue.faces()) <= 110
    assert {one.category for one in catalogue.items()} == set(catalogue.CATEGORIES)
    assert {one.need for one in catalogue.faces()} == set(catalogue.NEEDS)


def test_an_item_that_implies_something_looks_exactly_like_an_ordinary_one():
    implying = [one for one in catalogue.items() if one.implies]
    assert {one.implies for one in implying} >= {"rehabilitation", "family", "boarding", "health"}
    for one in implying:
        face = catalogue.face_of(one.code)
        assert not face.implies
        spec = Specification()
        assert catalogue.card_text(one.code, spec, 1) == catalogue.card_text(face.code, spec, 1)
        assert catalogue.asked(one.code, spec) == catalogue.asked(face.code, spec)


def test_no_public_word_picture_or_search_word_tells_what_it_should_not():
    for face in catalogue.faces():
        assert not [w for w in TELLTALE if w in face.search_text + face.public_name], face.code
        assert "nurs" not in face.illustration


def test_search_finds_two_character_words_in_public_words_only():
    assert [one.code for one in catalogue.find("台灯")] == ["XX01"]
    assert {one.code for one in catalogue.find("篮球")} == {"TY01", "JN04"}
    assert {one.code for one in catalogue.find("羽毛球 运动")} == {"TY02"}
    assert [one.code for one in catalogue.find("T恤")] == ["YW07"]
    for inner in ("感统", "康复", "爸爸", "住校", "护理"):
        assert catalogue.find(inner) == ()
    assert catalogue.find("  ") == ()
    assert "KF02" in {one.code for one in catalogue.find_for_staff("感统", catalogue.items())}


@pytest.mark.parametrize(
    ("kind", "size", "ages"),
    [(SizeKind.SHOE, 29, (5, 8)), (SizeKind.SHOE, 37, (9, 17)), (SizeKind.CLOTHING, 150, (8, 17)),
     (SizeKind.CLOTHING, 160, (10, 17))],
)  # fmt: skip
def test_a_size_is_usual_for_a_range_of_ages(kind, size, ages):
    assert catalogue.size_ages(kind, size) == AgeRange(*ages)


def test_a_size_that_is_usual_for_nobody_fits_no_age():
    assert not [age for age in range(20) if age in catalogue.size_ages(SizeKind.SHOE, 46)]


def test_a_size_that_points_at_few_leaves_the_card():
    spec = catalogue.specify("YW01", 29, None)
    text = catalogue.card_text("YW01", spec, 1, shows_size=False)
    assert (str(text), text.deferred) == ("防滑运动鞋 1双", True)
    assert not catalogue.card_text("YW01", spec, 1).deferred
    assert catalogue.card_text("ZX04", catalogue.specify("ZX04", None, "护理"), 2).deferred


@pytest.mark.parametrize(
    ("code", "size", "choice"),
    [("XX01", 29, None), ("YW01", None, None), ("YW01", 99, None), ("TY01", None, None),
     ("TY01", None, "9号"), ("XX01", None, "红色"), ("ZZ99", None, None)],
)  # fmt: skip
def test_a_specification_the_item_does_not_know_is_refused(code, size, choice):
    with pytest.raises(Invalid):
        catalogue.specify(code, size, choice)


HEADER = (
    "code,category,need,name,public_name,unit,words,spec,choices,spec_public,needs_sex,ages,"
    "cost_fen,service,implies,public_as,illustration\n"
)
LAMP = "XX01,学习用品,学习,台灯,台灯,盏,灯,none,,1,0,3-17,100,0,,,lamp\n"


@pytest.mark.parametrize(
    "bad",
    [
        LAMP,
        "KF01,康复训练,,器材,,,康复,none,,1,0,3-17,100,0,rehabilitation,,\n",
        "KF01,康复训练,,器材,,,康复,none,,1,0,3-17,100,0,,XX01,\n",
        "KF01,康复训练,,器材,,,康复,none,,1,0,3-17,100,0,rehabilitation,XX09,\n",
        "KF01,康复训练,,器材,,,康复,none,,1,0,0-17,100,0,rehabilitation,XX01,\n",
        "XX02,学习用品,学习,台灯,台灯,盏,灯,none,,1,0,3-17,30001,0,,,lamp\n",
        "XX02,学习用品,学习,台灯,台灯,盏,灯,none,,1,0,3-17,100,0,,,\n",
        "XX02,钱,学习,台灯,台灯,盏,灯,none,,1,0,3-17,100,0,,,lamp\n",
    ],
)
def test_a_catalogue_that_contradicts_itself_does_not_load(bad):
    assert catalogue.load(HEADER + LAMP)
    with pytest.raises(CatalogueError):
        catalogue.load(HEADER + LAMP + bad)
