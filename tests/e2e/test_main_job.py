"""The main job, end to end, by five people: a wish, from a village's ledger to a thank-you."""

import re
from pathlib import Path

from portal.domain import clock
from tests.e2e.walks import cards, link_in_mail, paper, press, sign_in

ITEM = "象棋围棋套装"
WORDS = "想有一副棋，放学了和爷爷下"
THANKS = "谢谢您，我学会了当头炮"
COMPANY = "明溪好棋文具有限公司"
LOGIN, PASSPHRASE = "chess@example.org", "三尺讲台下的一盏小灯"
#: Numbers that belong to nobody (domain.md 7).
USCC = "91999421MADEM88889"


def test_a_wish_from_the_village_to_a_thank_you(people, portal):
    visitor = people("visitor", phone=True)
    director = people("director", phone=True)
    township, county = people("township"), people("county")
    helper = people("helper", phone=True)
    for person, login in ((director, "director"), (township, "supervisor"), (county, "county")):
        sign_in(person, login)

    before = cards(visitor)
    visitor.shot("walk-01-wall-before")
    assert ITEM not in before

    child = draft(director)
    screen(township)
    publish(county)

    after = cards(visitor)
    visitor.shot("walk-05-wall-after")
    assert ITEM in after
    assert len(after) == len(before) + 3
    assert child not in visitor.page.content()

    register(helper, Path(portal.environment["MAIL_DIR"]))
    vet(county)
    claim(helper)
    assert ITEM not in cards(visitor)

    approve(county)
    send(helper)
    receive(county)
    hand_over(director)
    thank_and_archive(county)

    helper.page.goto("/me")
    helper.page.get_by_text(THANKS).first.wait_for()
    helper.shot("walk-14-thanks")
    assert child not in helper.page.content()


def draft(director) -> str:
    """Draft a wish for a child of the village, consent first; return the child's name."""
    page = director.page
    page.goto("/desk/my-wishes")
    page.get_by_role("link", name="起草心愿").last.click()
    page.locator("a.pick").first.wait_for()
    for free in page.locator("a.pick:not(.is-off)").all():
        age = int(re.search(r"(\d+)岁", free.inner_text())[1])
        if 7 <= age <= 14:
            name = free.locator("b").inner_text().strip()
            free.click()
            break
    page.get_by_role("radio").first.check()
    page.get_by_label("书面签字").check()
    director.shot("walk-02-consent")
    press(director, "记下同意")
    page.get_by_label("找物品").fill(ITEM)
    page.get_by_label("找物品").press("Enter")
    page.get_by_role("link", name=ITEM).click()
    # The last of the open windows.
    page.get_by_label("哪一期").wait_for()
    offered = page.get_by_label("哪一期").locator("option").all_inner_texts()
    page.get_by_label("哪一期").select_option(label=offered[-1])
    page.get_by_label("孩子自己的话").fill(WORDS)
    press(director, "保存")
    director.shot("walk-02-dossier")
    press(director, "提交审核")
    page.get_by_text("待乡镇审核").first.wait_for()
    director.shot("walk-02-submitted")
    return name


def screen(township) -> None:
    """Screen what waits: the new wish, and the dear one of the demo."""
    page = township.page
    page.goto("/desk/wishes")
    township.shot("walk-03-queue")
    page.get_by_role("link", name=re.compile("可调节书桌")).first.click()
    township.shot("walk-03-dossier")
    press(township, "审核通过")
    # The next one opens by itself.
    assert ITEM in page.locator("h1").inner_text()
    press(township, "审核通过")


def publish(county) -> None:
    """Approve the three that wait and release them as one batch."""
    page = county.page
    page.goto("/desk/wishes")
    page.locator("a.row-link").first.click()
    for _ in range(3):
        county.shot("walk-04-approve")
        press(county, "批准")
    page.goto("/desk/windows")
    if not page.get_by_role("button", name="发布这一批").count():
        page.goto(f"/desk/windows?year={clock.today().year + 1}")
    county.shot("walk-04-windows")
    page.get_by_role("button", name="发布这一批").click()
    with page.expect_navigation():
        page.locator("dialog [data-confirm-yes]").click()
    county.shot("walk-04-released")


def register(helper, mails: Path) -> None:
    """Register an enterprise and confirm its e-mail by the mailed link."""
    page = helper.page
    page.goto("/register")
    page.get_by_role("link", name="开始登记").nth(1).click()
    helper.shot("walk-06-form")
    page.get_by_label("所在县").select_option("350421")
    page.get_by_label("企业名称").fill(COMPANY)
    page.get_by_label("统一社会信用代码").fill(USCC)
    page.get_by_label("营业执照").set_input_files(paper())
    page.get_by_label("联系人姓名").fill("林国栋")
    page.get_by_label("联系电话").fill("12099000001")
    page.get_by_label("邮箱").fill(LOGIN)
    page.get_by_label("设置密码").fill(PASSPHRASE)
    page.get_by_label("我已读完并承诺遵守").check()
    page.get_by_label("我已阅读并同意").check()
    press(helper, "提交登记")
    helper.shot("walk-06-mailed")
    page.goto(link_in_mail(mails, LOGIN))
    helper.shot("walk-06-verify")
    press(helper, "确认邮箱")
    page.goto("/login")
    if "/login" in page.url:
        page.get_by_label("邮箱").fill(LOGIN)
        page.get_by_label("密码", exact=True).fill(PASSPHRASE)
        press(helper, "登录")
    page.goto("/me/profile")
    helper.shot("walk-06-profile")
    page.get_by_text("申请已提交").first.wait_for()


def vet(county) -> None:
    """Look at the application and admit the enterprise."""
    page = county.page
    page.goto("/desk/vetting")
    county.shot("walk-07-vetting")
    page.get_by_role("link", name=COMPANY).click()
    press(county, "开始核验")
    if COMPANY not in page.content():
        page.goto("/desk/vetting")
        page.get_by_role("link", name=re.compile("核验中|正在核验")).first.click()
        page.get_by_role("link", name=COMPANY).click()
    page.locator("#identity_confirmed").check()
    page.locator("#documents_confirmed").check()
    county.shot("walk-07-dossier")
    press(county, "通过")


def claim(helper) -> None:
    """Find the wish on the wall and claim it."""
    page = helper.page
    page.goto("/wishes")
    page.get_by_label("想送什么").fill("象棋")
    page.get_by_label("想送什么").press("Enter")
    page.get_by_role("link", name=ITEM).first.click()
    helper.shot("walk-08-card")
    press(helper, "我来实现这个心愿")
    helper.shot("walk-08-claimed")
    page.goto("/me")
    page.get_by_text(ITEM).first.wait_for()


def approve(county) -> None:
    """Approve the claim: by when, and where to."""
    county.page.goto("/desk/commitments")
    county.shot("walk-09-queue")
    county.page.get_by_role("link", name=re.compile(ITEM)).click()
    county.shot("walk-09-dossier")
    press(county, "批准认领")


def send(helper) -> None:
    """Say how the parcel travels."""
    page = helper.page
    page.goto("/me")
    page.get_by_role("link", name=re.compile(ITEM)).first.click()
    helper.shot("walk-10-approved")
    page.get_by_label("快递到交接点").check()
    page.get_by_label("快递单号").fill("YT88000123")
    press(helper, "我已送出")
    helper.shot("walk-10-sent")


def dossier_of(person, tab: str) -> None:
    """Open the promise from the queue where it waits."""
    page = person.page
    page.goto("/desk/commitments")
    page.get_by_role("link", name=re.compile(tab)).first.click()
    page.get_by_role("link", name=re.compile(ITEM)).first.click()


def receive(county) -> None:
    """Take the parcel in at the handover point."""
    dossier_of(county, "等待送达")
    county.page.get_by_label("物品价值").fill("89")
    county.shot("walk-11-receive")
    press(county, "确认收货")


def hand_over(director) -> None:
    """Bring it to the child, and write down the thanks."""
    dossier_of(director, "待转交")
    director.page.get_by_label("签收人").fill("李桂兰")
    director.shot("walk-12-hand-over")
    press(director, "已交到孩子手里")
    dossier_of(director, "记感谢")
    director.page.get_by_label("孩子的感谢").fill(THANKS)
    director.shot("walk-12-thanks")
    press(director, "记下谢意")


def thank_and_archive(county) -> None:
    """Read the thanks before they leave, then close the file."""
    dossier_of(county, "审感谢")
    county.shot("walk-13-thanks")
    press(county, re.compile("转给爱心人士"))
    dossier_of(county, "待归档")
    press(county, "归档")
    county.shot("walk-13-archived")
