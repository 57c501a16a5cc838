"""Registering: three ways in, age and check digits, uploads that survive, one answer for all."""

import io
import re
from datetime import date

import pytest
from sqlalchemy import func, select

from portal.core import unit_of_work
from portal.domain.texts import PLEDGE_VERSION, PRIVACY_VERSION
from portal.extensions import db
from portal.models.accounts import User
from portal.models.records import Fact, StoredFile
from portal.models.supporters import BlockEntry, Supporter, SupporterDocument
from tests.factories import people
from tests.factories.applicants import (
    PASSWORD,
    applied,
    hidden,
    id_number,
    picture,
    send,
    uscc,
)
from tests.functional.accounts.test_passwords import link, mails


def everything(kind="individual", **changes):
    """Fill the form of a newcomer."""
    data = {
        "county": "350421",
        "name": "王晓燕" if kind == "individual" else "明溪县向阳灯具有限公司",
        "phone": "12042100001",
        "email": "newcomer@example.org",
        "password": PASSWORD,
        "pledge": "y",
        "privacy": "y",
        "pledge_version": PLEDGE_VERSION,
        "privacy_version": PRIVACY_VERSION,
    }
    if kind == "individual":
        data["id_number"] = id_number()
    else:
        data |= {"uscc": uscc(kind), "contact_name": "林秀英"}
    return {**data, **changes}


def licence():
    return (io.BytesIO(picture()), "licence.jpg")


def send_form(client, kind, data):
    return send(client, f"/register/{kind}", data, content_type="multipart/form-data")


def rows(app, model=Supporter):
    with app.app_context(), unit_of_work.reading(people.everything()):
        found = db.session.scalars(select(model)).all()
        db.session.expunge_all()
    return found


def test_a_person_registers_confirms_and_waits_for_vetting(app, clock):
    answer = send_form(app.test_client(), "individual", everything(is_teacher="y"))
    assert (answer.status_code, answer.location) == (303, "/mailed/register")
    [row] = rows(app)
    assert (row.status, row.kind, row.tier, row.is_teacher) == ("draft", "individual", 0, True)
    assert (row.tenant_path, row.unit_path) == (people.SANMING, people.MINGXI)
    assert (row.birth_date, row.pledge_version) == (date(1985, 3, 2), PLEDGE_VERSION)
    with app.app_context():
        path = link("verify_email")
    done = send(app.test_client(), path)
    assert done.location == "/login"
    assert rows(app)[0].status == "submitted"
    facts = [fact.kind for fact in rows(app, Fact)]
    assert facts.count("supporter.begin") == facts.count("supporter.submit") == 1
    assert "account.open" in facts


def test_names_and_numbers_lie_sealed(app):
    data = everything()
    send_form(app.test_client(), "individual", data)
    with app.app_context(), unit_of_work.reading(people.everything()):
        raw = " ".join(
            str(value) for value in db.session.execute(db.text("SELECT * FROM supporters")).one()
        )
    assert data["name"] not in raw
    assert data["phone"] not in raw
    assert data["id_number"] not in raw


@pytest.mark.parametrize("kind", ["enterprise", "charity"])
def test_an_organisation_registers_with_its_paper(app, kind):
    field = {"enterprise": "business_licence", "charity": "registration_certificate"}[kind]
    answer = send_form(app.test_client(), kind, everything(kind, **{field: licence()}))
    assert answer.status_code == 303
    [row] = rows(app)
    [paper], [file] = rows(app, SupporterDocument), rows(app, StoredFile)
    assert (paper.kind, paper.supporter_id, paper.file_id) == (field, row.id, file.id)
    assert (file.supporter_id, file.unit_path, file.mime) == (row.id, row.unit_path, "image/jpeg")


def test_seventeen_is_too_young_and_eighteen_today_is_not(app, clock):
    almost = everything(id_number=id_number(date(2008, 5, 21)))
    refused = send_form(app.test_client(), "individual", almost)
    assert refused.status_code == 422
    assert "年满 18 周岁" in refused.text
    assert rows(app) == []
    today = everything(id_number=id_number(date(2008, 5, 20)))
    assert send_form(app.test_client(), "individual", today).status_code == 303


@pytest.mark.parametrize(
    ("kind", "wrong", "sentence"),
    [
        ("individual", {"id_number": "999421198503020012"}, "校验位不对"),
        ("enterprise", {"uscc": "91999421MADEM0A018"}, "校验位不对"),
        ("enterprise", {"uscc": "51999421MADEM0B02R"}, "慈善组织"),
        ("charity", {"uscc": "91999404MADEM0A019"}, "爱心企业"),
        ("individual", {"phone": "1204210000"}, "11 位"),
        ("individual", {"county": "350402"}, "county"),
        ("individual", {"pledge": ""}, "请读完承诺后勾选"),
        ("individual", {"privacy_version": "2020-01"}, "现在这一版隐私告知"),
        ("individual", {"email": "nobody"}, "完整的邮箱地址"),
        ("individual", {"password": "1234567890"}, "太常见"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(app, kind, wrong, sentence):
    extra = {} if kind == "individual" else {
        {"enterprise": "business_licence", "charity": "registration_certificate"}[kind]: licence()
    }  # fmt: skip
    answer = send_form(app.test_client(), kind, everything(kind, **extra, **wrong))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows(app) == []
    assert rows(app, User) == []


def test_what_was_typed_stays_and_the_password_does_not(app):
    data = everything(phone="120", name="欧阳春晓")
    page = send_form(app.test_client(), "individual", data).text
    assert 'value="欧阳春晓"' in page
    assert data["id_number"] in page
    assert PASSWORD not in page


def test_an_upload_survives_a_form_that_comes_back(app):
    client = app.test_client()
    first = send_form(
        client, "enterprise", everything("enterprise", phone="120", business_licence=licence())
    )
    assert first.status_code == 422
    assert "已经传上来了" in first.text
    kept = hidden(first.text, "business_licence-kept")
    second = send_form(
        client, "enterprise", everything("enterprise", **{"business_licence-kept": kept})
    )
    assert second.status_code == 303
    assert len(rows(app, SupporterDocument)) == 1


def test_a_kept_upload_cannot_be_forged(app):
    with app.app_context():
        _, supporter_id = applied("enterprise")
    [file] = rows(app, StoredFile)
    data = everything("enterprise", **{"business_licence-kept": str(file.id)})
    answer = send_form(app.test_client(), "enterprise", data)
    assert answer.status_code == 422
    assert "请上传这份材料" in answer.text
    assert [row.id for row in rows(app)] == [supporter_id]


def test_a_broken_upload_is_said_beside_its_field(app):
    broken = (io.BytesIO(b"not a picture"), "licence.jpg")
    page = send_form(
        app.test_client(), "enterprise", everything("enterprise", business_licence=broken)
    )
    assert page.status_code == 422
    assert re.search(r'id="business_licence-error".*?打不开', page.text, re.DOTALL)
    assert rows(app, StoredFile) == []


def test_an_address_with_an_account_gets_the_same_answer_and_its_owner_a_mail(app):
    with app.app_context():
        owner = people.account("owner")
    client = app.test_client()
    known = send_form(client, "individual", everything(email=owner.email.upper()))
    fresh = send_form(client, "individual", everything(email="fresh@example.org"))
    assert (known.status_code, known.location) == (fresh.status_code, fresh.location)
    assert len(rows(app)) == 1
    with app.app_context():
        assert [to for _, to, _ in mails("already_registered")] == [owner.email]
        assert [to for _, to, _ in mails("verify_email")] == ["fresh@example.org"]


def test_a_registered_number_and_a_blocked_one_answer_like_any_other(app):
    number, blocked = id_number(), id_number()
    with app.app_context():
        applied(id_number=number)
        from portal.domain.applications import blind

        with unit_of_work.transaction(people.everything()):
            db.session.add(
                BlockEntry(
                    tenant_path=people.SANMING,
                    hmac=blind(blocked, "id_number"),
                    reason_code="offence_record",
                )
            )
    fresh = send_form(app.test_client(), "individual", everything(email="new@example.org"))
    for order, each in enumerate((number, blocked)):
        data = everything(id_number=each, email=f"asks{order}@example.org")
        answer = send_form(app.test_client(), "individual", data)
        assert (answer.status_code, answer.location) == (fresh.status_code, fresh.location)
    assert len(rows(app)) == 2
    emails = {user.email for user in rows(app, User)}
    assert not {"asks0@example.org", "asks1@example.org"} & emails
    with app.app_context():
        told = mails("number_taken")
    assert [to for _, to, _ in told] == ["asks0@example.org", "asks1@example.org"]
    assert "明溪县" in str(told[0])


def test_somebody_signed_in_learns_no_more_of_a_number(app, client_as):
    number = id_number()
    with app.app_context():
        applied(id_number=number)
    client = client_as("newcomer")
    data = everything(id_number=number)
    del data["email"], data["password"]
    assert send_form(client, "individual", data).location == "/me/profile"
    assert len(rows(app)) == 1
    with app.app_context():
        assert [to for _, to, _ in mails("number_taken")] == [client.actor.email]


def test_a_strangers_draft_does_not_stand_in_the_owners_way(app):
    number = id_number()
    send_form(app.test_client(), "individual", everything(id_number=number, email="a@example.org"))
    with app.app_context():
        strangers = link("verify_email")
    with app.app_context():
        owner, supporter_id = applied(id_number=number)
    assert send(app.test_client(), strangers).location == "/login"
    states = {row.id == supporter_id: row.status for row in rows(app)}
    assert states == {True: "submitted", False: "draft"}
    with app.app_context():
        assert [to for _, to, _ in mails("number_taken")] == ["a@example.org"]


def test_the_same_number_may_register_at_another_authority(app):
    number = id_number()
    with app.app_context():
        applied(id_number=number)
    answer = send_form(
        app.test_client(), "individual", everything(id_number=number, county="320681")
    )
    assert answer.status_code == 303
    assert {row.tenant_path for row in rows(app)} == {people.SANMING, people.QIDONG}


def test_somebody_signed_in_applies_without_a_second_account(app, client_as):
    client = client_as("newcomer")
    page = client.get("/register/enterprise").text
    assert 'name="password"' not in page
    data = everything("enterprise", business_licence=licence())
    del data["email"], data["password"]
    answer = send_form(client, "enterprise", data)
    assert answer.location == "/me/profile"
    [row] = rows(app)
    assert (row.status, row.created_by) == ("submitted", client.actor.user_id)
    assert len(rows(app, User)) == 1


def test_staff_do_not_register_with_their_work_account(app, client_as):
    client = client_as("county_staff")
    assert "工作账号不能登记" in client.get("/register/individual").text
    data = everything()
    answer = send(client, "/register/individual", data, page="/password")
    assert answer.status_code in (403, 422)
    assert rows(app) == []


def test_a_form_cannot_carry_a_status_a_tier_or_an_authority(app):
    data = {
        **everything(),
        "status": "approved",
        "tier": "2",
        "tenant_path": "/32/",
        "approved_by": "x",
        "kind": "charity",
    }
    send_form(app.test_client(), "individual", data)
    [row] = rows(app)
    assert (row.status, row.tier, row.tenant_path, row.kind) == (
        "draft",
        0,
        people.SANMING,
        "individual",
    )


def test_fictitious_numbers_are_refused_in_production_like_settings(app, monkeypatch):
    from types import SimpleNamespace

    monkeypatch.setitem(
        app.config, "SETTINGS", SimpleNamespace(allow_fictitious_id=False, mail_backend="memory")
    )
    answer = send_form(app.test_client(), "individual", everything())
    assert answer.status_code == 422
    assert "第一位应为 1 至 8" in answer.text


def test_nothing_is_counted_twice_when_the_link_is_pressed_twice(app):
    send_form(app.test_client(), "individual", everything())
    with app.app_context():
        path = link("verify_email")
    client = app.test_client()
    send(client, path)
    assert send(client, path, page="/login").status_code == 404
    with app.app_context(), unit_of_work.reading(people.everything()):
        submits = select(func.count()).select_from(Fact).where(Fact.kind == "supporter.submit")
        assert db.session.scalar(submits) == 1
