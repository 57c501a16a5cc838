"""The pages of needs: the director's phone, the county's queue, the public page, one's own."""

import re
from datetime import timedelta

import pytest

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.needs import NeedApplication, PairingNeed
from portal.models.pool import PoolProfile
from tests.factories import needs as make
from tests.factories import people
from tests.factories import wishes as make_wishes


def stored(app, model, row_id):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.get(model, row_id)


TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


def send(client, page, data, to="", **how):
    """Post what was typed with the token of a page, to it or to another address."""
    token = next(filter(None, TOKEN.search(client.get(page).text).groups()))
    return client.post(to or page, data={"csrf_token": token, **data}, **how)


def first(app, model):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.query(model).first()


@pytest.fixture
def world(app, clock):
    """Run a factory as the application would: each in a context of its own."""

    def make_it(factory, *args, **kwargs):
        with app.app_context():
            return factory(*args, **kwargs)

    return make_it


def test_a_director_assesses_asks_consent_writes_and_hands_on(app, world, client_as):
    child = world(make_wishes.child, 10)
    director = client_as("child_director", make_wishes.VILLAGE)
    today = portal_clock.today().isoformat()
    base = f"/desk/my-needs/children/{child.id}"
    page = director.get(base).text
    assert "提出“亲情陪伴”要先有这项评估" in page
    assert "还没有，去记录监护人同意" in page
    typed = {
        "kind": "affection", "rhythm": "monthly_quarterly", "assessed_on": today,
        "heard_on": today, "child_words": "想有人周末来看我", "helper": "mother", "sex_rule": "",
    }  # fmt: skip
    told = send(director, base, {**typed, "rhythm": "festivals"})
    assert told.status_code == 422
    assert "亲情陪伴要每月谈心、每季入户" in told.text
    assert "想有人周末来看我" in told.text
    address = send(director, base, typed).headers["Location"]
    refused = send(director, address, {"transition": "submit", "version": "1"})
    assert refused.status_code == 422
    assert "这名儿童的评估没有记录亲情缺失" in refused.text
    assert "还没有监护人对结对帮扶的同意" in refused.text
    found = {"lacks_affection": "yes", "assessed_on": today}
    send(director, base, found, f"{base}/assess")
    assert stored(app, ChildFile, child.id).lacks_affection
    given = {"guardian": str(child.guardian_id), "method": "written", "given_on": today}
    assert send(director, f"{base}/consent", given).status_code == 303
    assert send(director, address, {"transition": "submit", "version": "1"}).status_code == 303
    need = first(app, PairingNeed)
    assert (need.status, need.helper, need.child_words) == (
        "submitted", "mother", "想有人周末来看我",
    )  # fmt: skip
    assert "亲情陪伴" in director.get("/desk/my-needs").text
    assert (
        "已经提交的需求不能再改"
        in send(director, base, {**typed, "version": str(need.version)}, f"{address}/edit").text
    )
    file = director.get(f"/children/{child.id}").text
    assert need.file_no in file


def test_the_county_reads_the_whole_dossier_and_the_next_opens_by_itself(app, world, client_as):
    world(make_wishes.crowd, 10, 10)
    earlier = portal_clock.now() - timedelta(days=1)
    one = world(make.need, world(make.child, 10), status="submitted", status_since=earlier)
    two = world(make.need, world(make.child, 10), status="submitted")
    clerk = client_as("county_staff", "350421")
    queue = clerk.get("/desk/needs").text
    assert queue.index(str(one)) < queue.index(str(two))
    dossier = clerk.get(f"/desk/needs/{one}").text
    assert "想有人周末来看我" in dossier
    assert "明溪县" in dossier
    assert "9–11岁" in dossier
    moved = send(clerk, f"/desk/needs/{one}", {"transition": "approve", "version": "1"})
    assert moved.headers["Location"].endswith(f"/desk/needs/{two}")
    assert stored(app, PairingNeed, one).status == "approved"
    stale = send(
        clerk, f"/desk/needs/{one}", {"transition": "return", "reason": "x", "version": "1"}
    )
    assert stale.status_code == 409
    sent = send(
        clerk,
        "/desk/needs",
        {"ids": f"{two}:1", "transition": "return", "reason": "请写清时间", "tab": "approve"},
    )
    assert sent.status_code == 303
    assert stored(app, PairingNeed, two).status == "draft"
    assert "没有找到这样的需求" in clerk.get("/desk/needs?tab=release&q=JD-1999").text
    assert str(one) in clerk.get("/desk/needs?tab=release&kind=affection").text
    assert str(one) not in clerk.get("/desk/needs?tab=release&kind=study").text
    small = send(clerk, "/desk/needs?tab=release", {}, "/desk/needs/release")
    assert "至少3张" in small.text


def test_the_public_page_filters_pages_on_and_says_what_is_missing(app, world, client_as):
    for number in range(30):
        world(
            make.card,
            need="study" if number % 3 else "company",
            band="9-11" if number % 2 else "12-14",
        )
    client = app.test_client()
    page = client.get("/needs").text
    assert page.count("wish-card") == 24
    onward = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert client.get(onward).text.count("wish-card") == 6
    assert client.get("/needs?category=company").text.count("wish-card") == 10
    assert client.get("/needs?age=9-11").text.count("wish-card") == 15
    assert client.get("/needs?q=数学").text.count("wish-card") == 20
    assert "没有找到这样的需求" in client.get("/needs?q=手机").text
    code = world(make.card)
    visitor = client.get(f"/needs/{code}").text
    assert "申请前还要做几件事" in visitor
    assert "登录" in visitor
    newcomer = client_as(world(people.account)).get(f"/needs/{code}").text
    assert "去登记" in newcomer
    tier1 = client_as(world(make.mentor, holds=False)).get(f"/needs/{code}").text
    assert "违法犯罪记录查询" in tier1
    assert "申请陪伴" not in tier1
    clerk = client_as("county_staff", "350421").get(f"/needs/{code}").text
    assert "您用的是工作账号" in clerk
    assert client.get("/needs/nosuchcard").status_code == 404


def test_a_mentor_applies_the_county_answers_and_only_they_see_it(app, world, client_as):
    need = world(make.published, world(make.child, 10))
    mentor = world(make.mentor)
    own = client_as(mentor)
    assert "申请陪伴" in own.get(f"/needs/{need.code}").text
    sent = send(own, f"/needs/{need.code}", {"words": "周六上午有空"}, f"/needs/{need.code}/apply")
    assert sent.headers["Location"].endswith("/me/applications")
    page = own.get("/me/applications").text
    assert "待答复" in page
    assert "周六上午有空" in page
    assert "您已经申请了这项需求" in own.get(f"/needs/{need.code}").text
    told = send(
        client_as(world(make.mentor, holds=False)), "/me/profile", {}, f"/needs/{need.code}/apply",
        follow_redirects=True,
    )  # fmt: skip
    assert "二级" in told.text
    clerk = client_as("county_staff", "350421")
    listed = clerk.get("/desk/needs/applications").text
    assert "周六上午有空" in listed
    application = first(app, NeedApplication)
    assert "周六上午有空" in clerk.get(f"/desk/needs/{need.id}").text
    neighbour = client_as("county_staff", "350429")
    assert "周六上午有空" not in neighbour.get("/desk/needs/applications").text
    foreign = send(
        neighbour,
        "/desk/needs?tab=release",
        {"reason": "x", "version": "1"},
        f"/desk/needs/applications/{application.id}/decline",
    )
    assert foreign.status_code == 404
    proposed = send(
        clerk,
        "/desk/needs/applications",
        {},
        f"/desk/needs/applications/{application.id}/propose",
    )
    assert "/desk/pairings/" in proposed.headers["Location"]
    assert "已提议，待另一位同事批准" in clerk.get("/desk/needs/applications").text
    send(
        clerk,
        "/desk/needs/applications",
        {"reason": "这次先安排了更近的人", "version": "1"},
        f"/desk/needs/applications/{application.id}/decline",
    )
    assert "这次先安排了更近的人" in own.get("/me/applications").text
    assert "周六上午有空" not in client_as(world(make.mentor)).get("/me/applications").text


def test_offering_without_picking_a_need(app, world, client_as):
    mentor = world(make.mentor)
    own = client_as(mentor)
    assert "填我的时间和专长" in own.get("/me/applications").text
    with app.app_context(), unit_of_work.transaction(people.everything()):
        db.session.add(
            PoolProfile(
                supporter_id=mentor.supporter_ids[0], tenant_path=people.SANMING,
                unit_path=people.MINGXI, capacity=2,
            )
        )  # fmt: skip
    typed = {"kinds": ["study"], "words": "周六都可以"}
    send(own, "/me/applications", typed, "/me/applications/offer")
    assert "等待安排" in own.get("/me/applications").text
    again = send(own, "/me/applications", {}, "/me/applications/offer", follow_redirects=True)
    assert "已经有一份意愿" in again.text
    listed = client_as("county_staff", "350421").get("/desk/needs/offers").text
    assert "周六都可以" in listed
    assert "课业辅导" in listed
