"""The pages by which nobody is dropped: each step once, by who takes it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.continuity import ChildTransfer, Handover
from portal.models.pairings import Pairing
from portal.services import pairings
from tests.factories import applicants, people, promises
from tests.factories import pairings as make
from tests.factories.pairings import do

pytestmark = pytest.mark.sqlite
NAME = "司马玉衡"
DONE = 303


def text(answer, status=200):
    assert answer.status_code == status, answer.get_data(as_text=True)[:3000]
    return answer.get_data(as_text=True)


def send(client, path, **data):
    """Post with the token of the page itself, or of the home page where there is none."""
    home = "/me" if path.startswith("/me") else "/desk"
    return applicants.send(client, path, data, home)


def row(model, **where):
    with unit_of_work.reading(people.everything()):
        return db.session.scalar(select(model).filter_by(**where))


def put(model, **values):
    with unit_of_work.transaction(people.everything()):
        db.session.add(model(**values))


def version(app, model, **where):
    with app.app_context():
        return row(model, **where).version


def test_a_mentor_leaves_and_staff_see_it_through(app, client_as):
    with app.app_context():
        pair = make.pairing(started_on=portal_clock.today() - timedelta(days=70))
        promises.change(ChildFile, pair.child.id, name=NAME)
        clerk = people.staff("county_staff", "350421")
    me, county = client_as(pair.mentor), client_as(clerk)
    supervisor = client_as("child_supervisor", "350421100")
    mine, desk = f"/me/pairings/{pair.id}", f"/desk/pairings/{pair.id}"
    page = text(me.get(f"{mine}/handover"))
    assert NAME not in page and "想结束这份结对" in page
    refused = send(me, f"{mine}/leave", version="1", words="")
    assert "请写一句原因" in text(refused, 422)
    assert text(send(me, f"{mine}/leave", version="9", words="要调走"), 409)
    assert send(me, f"{mine}/leave", version="1", words="要调走").status_code == DONE
    assert "已经告诉工作人员" in text(me.get(f"{mine}/handover"))
    bad = send(me, f"{mine}/handover", version="0", did="电话12059861234", likes="画画")
    assert "12059861234" in text(bad, 422) and "画画" in text(bad, 422)
    assert send(me, f"{mine}/handover", version="0", did="一起读书").status_code == DONE
    gaps = text(supervisor.get("/desk/pairings/gaps"))
    assert "结对人提出结束" in gaps and pair.file_no in gaps
    assert "结对需要接手" in text(supervisor.get("/desk"))
    handed = text(supervisor.get(f"{desk}/handover"))
    assert "一起读书" in handed and "审读通过" in handed
    with app.app_context():
        page = row(Handover, pairing_id=pair.id)
    act = f"/desk/handovers/{page.id}"
    back = send(supervisor, act, transition="return", reason="", version=str(page.version))
    assert back.status_code == DONE
    done = send(supervisor, act, transition="release", version=str(page.version))
    assert done.status_code == DONE
    close = {"transition": "close", "reason_code": "mentor_quit", "reason": "调走了"}
    shown = version(app, Pairing, id=pair.id)
    assert send(county, desk, version=str(shown), **close).status_code == DONE
    assert "待访谈" in text(county.get("/desk/pairings"))
    assert pair.file_no in text(county.get("/desk/pairings/interviews"))
    assert "还没有做结束访谈" in text(county.get(desk))
    assert "一起读书" not in text(me.get(f"{mine}/handover"))
    talk = {"held_on": portal_clock.today().isoformat(), "follows": "new_mentor"}
    asked = send(county, f"{desk}/interview", parties=["child"], child_words="", **talk)
    assert "请记下孩子的原话" in text(asked, 422)
    asked = send(county, f"{desk}/interview", parties=["child"], child_words="想接着读", **talk)
    assert asked.status_code == DONE
    assert "想接着读" in text(county.get(f"{desk}/interview"))
    assert "待访谈" not in text(county.get("/desk/pairings"))


def test_the_next_mentor_reads_what_was_left_and_may_print_it(app, client_as):
    with app.app_context():
        old = make.pairing(status="closed", end_reason="mentor_quit")
        clerk, second = (people.staff("county_staff", "350421") for _ in range(2))
        put(
            Handover, pairing_id=old.id, child_id=old.child.id, unit_path=old.unit_path,
            status="released", status_since=portal_clock.now(), did="一起读书",
            written_on=portal_clock.today(),
        )  # fmt: skip
        after = make.mentor("钱学民")
        following = do(pairings.propose, clerk, old.need_id, after.supporter_ids[0])
        do(pairings.approve, second, following)
        make.held(following)
    next_one = client_as(after)
    assert "一起读书" not in text(next_one.get(f"/me/pairings/{following}/handover"))
    assert next_one.get(f"/me/pairings/{following}/handover/print").status_code == 404
    with app.app_context():
        do(pairings.activate, clerk, following)
    assert "一起读书" in text(next_one.get(f"/me/pairings/{following}/handover"))
    assert "一起读书" in text(next_one.get(f"/me/pairings/{following}/handover/print"))
    assert old.file_no in text(client_as(clerk).get(f"/desk/pairings/{following}"))


def test_a_review_is_held_and_a_contact_named(app, client_as):
    with app.app_context():
        pair = make.pairing(
            started_on=portal_clock.today() - timedelta(days=190), leaving_why="contact",
            leaving_since=portal_clock.today(),
        )  # fmt: skip
        clerk = people.staff("county_staff", "350421")
    county, desk = client_as(clerk), f"/desk/pairings/{pair.id}"
    given = {
        "held_on": portal_clock.today().isoformat(), "fares": "better", "goal": "met",
        "decision": "go_on", "child_words": "喜欢", "rhythm": "", "version": "1",
    }  # fmt: skip
    assert "登记复核" in text(county.get(f"{desk}/reviews"))
    assert "儿童主任的意见" in text(send(county, f"{desk}/reviews", **given), 422)
    done = send(county, f"{desk}/reviews", director_words="同意继续", **given)
    assert done.status_code == DONE
    assert "同意继续" in text(county.get(f"{desk}/reviews"))
    city = text(client_as("city_staff", "350400").get(f"{desk}/reviews"))
    assert "同意继续" not in city and "登记复核" not in city
    assert "联系人已离岗" in text(county.get("/desk/pairings/gaps"))
    shown = str(version(app, Pairing, id=pair.id))
    assert text(send(county, f"{desk}/contact", user_id=str(clerk.user_id), version="1"), 409)
    named = send(county, f"{desk}/contact", user_id=str(clerk.user_id), version=shown)
    assert named.status_code == DONE
    assert pair.file_no not in text(county.get("/desk/pairings/gaps"))
    assert text(send(county, f"{desk}/stay", reason="好了", version="x"), 409)


def test_a_child_is_proposed_there_and_accepted_here(app, client_as):
    with app.app_context():
        pair = make.pairing()
        promises.change(ChildFile, pair.child.id, name=NAME)
    here, there = client_as("county_staff", "350421"), client_as("county_staff", "350425")
    form = f"/desk/children/{pair.child.id}/transfer"
    assert "迁往别的县" in text(here.get(f"/children/{pair.child.id}"))
    assert "大田县" in text(here.get(form))
    assert there.get(form).status_code == 404
    given = {"to": "350425", "moves_on": portal_clock.today().isoformat()}
    assert "请写明为什么迁移" in text(send(here, form, words="", **given), 422)
    asked = send(here, form, words="随妈妈搬走", **given)
    assert asked.status_code == DONE
    address = asked.headers["Location"]
    page = text(there.get(address))
    assert "司马**" in page and NAME not in page and "城西" not in page
    assert f"{address}/accept" not in text(here.get(address))
    assert "迁入待答复" in text(there.get("/desk"))
    with app.app_context():
        moving = row(ChildTransfer, child_id=pair.child.id)
    assert "请选择村" in text(send(there, f"{address}/accept", unit="", version="1"), 422)
    assert text(send(there, f"{address}/accept", unit="350425100002", version="7"), 409)
    done = send(there, f"{address}/accept", unit="350425100002", version=str(moving.version))
    assert done.status_code == DONE
    assert "还要办的" in text(there.get(address))
    assert "已接收" in text(here.get("/desk/transfers"))
    assert here.get(f"/children/{pair.child.id}").status_code == 404
    assert text(there.get(f"/children/{pair.child.id}"))
