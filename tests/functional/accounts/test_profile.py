"""An applicant's own page: what it says, correcting, renewing, and nobody else's."""

import io
import re

import pytest

from portal.core import scope, unit_of_work
from portal.extensions import db
from portal.models.supporters import Supporter
from portal.services import expiry, vetting
from tests.factories import applicants, people
from tests.factories.applicants import id_number, moment, picture, send


@pytest.fixture(autouse=True)
def standing(clock):
    return clock


@pytest.fixture
def applied(app):
    def apply(kind="individual", **changes):
        with app.app_context():
            return applicants.applied(kind, **changes)

    return apply


@pytest.fixture
def vet(app):
    """Do something to an application as a clerk of its county."""

    def do(verb, supporter_id, *args, **given):
        with app.app_context():
            clerk = people.staff("county_staff", "350421")
            with unit_of_work.transaction(scope.of(clerk)):
                return verb(clerk, supporter_id, *args, **given)

    return do


def row(app, supporter_id, *names):
    with app.app_context():
        return applicants.row(supporter_id, *names)


def edit(supporter_id):
    return f"/me/profile/{supporter_id}/edit"


def correction(version, **changes):
    return {
        "version": version,
        "name": "王晓燕",
        "phone": "12042100001",
        "pledge": "y",
        "privacy": "y",
        "pledge_version": "2026-01",
        "privacy_version": "2026-01",
        **changes,
    }


def test_a_newcomer_is_led_to_register(client_as):
    page = client_as("newcomer").get("/me/profile").text
    assert 'href="/register"' in page


@pytest.mark.parametrize(
    ("moves", "says"),
    [
        ((), "申请已提交"),
        ((("start_check", {}),), "正在核验"),
        (
            (("start_check", {}), ("approve", {"identity_confirmed": True})),
            "有效期到 2028年5月20日",
        ),
        (
            (
                ("start_check", {}),
                ("reject", {"reason_code": "false_documents", "reason": "证件不符"}),
            ),
            "证件不符",
        ),
    ],
)
def test_the_page_says_where_it_stands(client_as, applied, vet, moves, says):
    actor, supporter_id = applied()
    for name, given in moves:
        vet(getattr(vetting, name), supporter_id, **given)
    assert says in client_as(actor).get("/me/profile").text


def test_an_unconfirmed_address_is_told_the_missing_step(app, client_as):
    with app.app_context():
        actor = people.account(verified=False)
        with unit_of_work.transaction(scope.of(actor)):
            from portal.services import supporters

            supporters.register(actor, applicants.application(), allow_fictitious=True)
        from portal.queries import actors

        actor = actors.by_user(actor.user_id)
    page = client_as(actor).get("/me/profile").text
    assert "还差一步：确认邮箱" in page
    assert "再寄一次" in page


def test_own_numbers_are_masked_until_they_are_corrected(client_as, applied, vet):
    number = id_number()
    actor, supporter_id = applied(id_number=number)
    vet(vetting.give_back, supporter_id, {"phone": "打不通"})
    mine = client_as(actor)
    assert number not in mine.get("/me/profile").text
    assert number in mine.get(edit(supporter_id)).text


def test_a_correction_goes_back_to_the_queue_with_the_change_marked(app, client_as, applied, vet):
    number = id_number()
    actor, supporter_id = applied(id_number=number)
    vet(vetting.give_back, supporter_id, {"phone": "打不通"})
    mine = client_as(actor)
    data = correction(row(app, supporter_id, "version"), id_number=number, phone="12042100002")
    answer = send(mine, edit(supporter_id), data)
    assert answer.location == "/me/profile"
    assert row(app, supporter_id, "status", "phone", "returned_fields") == (
        "submitted",
        "12042100002",
        {},
    )
    desk = client_as("county_staff", "350421").get(f"/desk/vetting/{supporter_id}").text
    assert re.search(r"联系电话</dt>.*?已修改", desk, re.DOTALL)
    assert desk.count("已修改") == 1


def test_a_document_sent_back_must_come_again_and_others_need_not(app, client_as, applied, vet):
    actor, supporter_id = applied("enterprise")
    code = row(app, supporter_id, "uscc")
    vet(vetting.give_back, supporter_id, {"business_licence": "照片看不清"})
    mine = client_as(actor)
    data = correction(
        row(app, supporter_id, "version"), uscc=code, contact_name="林秀英", name="向阳灯具"
    )
    missing = send(mine, edit(supporter_id), data)
    assert missing.status_code == 422
    assert "请上传这份材料" in missing.text
    data["business_licence"] = (io.BytesIO(picture()), "new.jpg")
    again = send(mine, edit(supporter_id), data, content_type="multipart/form-data")
    assert again.status_code == 303
    page = client_as("county_staff", "350421").get(f"/desk/vetting/{supporter_id}").text
    assert len(set(re.findall(r'src="(/files/[^"]+)"', page))) == 2


def test_a_correction_is_judged_like_a_registration(app, client_as, applied, vet):
    taken = id_number()
    applied(id_number=taken)
    actor, supporter_id = applied()
    vet(vetting.give_back, supporter_id, {"id_number": "与证件不符"})
    mine, seen = client_as(actor), row(app, supporter_id, "version")
    seen_hash = row(app, supporter_id, "id_hmac")
    wrong = [taken, "999421198503020012", id_number(moment(2010, 1, 1))]
    answers = [send(mine, edit(supporter_id), correction(seen, id_number=n)) for n in wrong]
    # A number known here is told by mail alone: the page must not say whose it is.
    assert [answer.status_code for answer in answers] == [303, 422, 422]
    assert row(app, supporter_id, "id_hmac") == seen_hash
    assert row(app, supporter_id, "status") == "returned"


def test_an_old_page_does_not_overwrite(app, client_as, applied, vet):
    number = id_number()
    actor, supporter_id = applied(id_number=number)
    vet(vetting.give_back, supporter_id, {"phone": "打不通"})
    seen = row(app, supporter_id, "version")
    answer = send(client_as(actor), edit(supporter_id), correction(seen - 1, id_number=number))
    assert answer.status_code == 409
    assert row(app, supporter_id, "status") == "returned"


@pytest.mark.parametrize("status", ["submitted", "approved"])
def test_what_is_with_the_bureau_is_not_changed(app, client_as, applied, vet, status):
    number = id_number()
    actor, supporter_id = applied(id_number=number)
    if status == "approved":
        vet(vetting.start_check, supporter_id)
        vet(vetting.approve, supporter_id, identity_confirmed=True)
    data = correction(row(app, supporter_id, "version"), id_number=number, phone="12042100002")
    answer = send(client_as(actor), edit(supporter_id), data, page="/password")
    assert answer.status_code == 409
    assert row(app, supporter_id, "phone") == "12042100001"


def test_somebody_elses_application_is_404(client_as, applied, vet):
    _, supporter_id = applied()
    vet(vetting.give_back, supporter_id, {"phone": "打不通"})
    for who in ("individual", "newcomer"):
        stranger = client_as(who)
        assert stranger.get(edit(supporter_id)).status_code == 404
        answer = send(stranger, edit(supporter_id), correction(1), page="/password")
        assert answer.status_code == 404
        assert str(supporter_id) not in stranger.get("/me/profile").text


def test_an_expired_standing_is_renewed_after_reading_the_texts_again(app, client_as, applied, vet):
    number = id_number()
    actor, supporter_id = applied(id_number=number)
    vet(vetting.start_check, supporter_id)
    vet(vetting.approve, supporter_id, identity_confirmed=True)
    with app.app_context(), unit_of_work.transaction(people.everything()):
        db.session.get(Supporter, supporter_id).valid_to = moment(2026, 5, 19).date()
    with app.app_context(), unit_of_work.transaction(people.everything()):
        assert expiry.expire_due() == 1
    mine = client_as(actor)
    page = mine.get(edit(supporter_id)).text
    assert not re.search(r'<input checked[^>]*name="pledge"', page)
    data = correction(row(app, supporter_id, "version"), id_number=number)
    assert send(mine, edit(supporter_id), data).status_code == 303
    assert row(app, supporter_id, "status", "tier") == ("submitted", 1)


def test_staff_see_their_account_there(client_as):
    page = client_as("county_staff").get("/me/profile").text
    assert "更换密码" in page
    assert "去登记" not in page
