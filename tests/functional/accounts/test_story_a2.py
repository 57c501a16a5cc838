"""Story A2 of domain.md 8, its tier-1 part: six applications, exactly these ends."""

import io
from collections import Counter
from datetime import date

from sqlalchemy import select

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.supporters import BlockEntry, Supporter
from tests.factories import people
from tests.factories.applicants import id_number, picture, send
from tests.functional.accounts.test_passwords import link, mails
from tests.functional.accounts.test_registration import everything, send_form

ENTERPRISE, CHARITY = "91999404MADEM0A019", "51999421MADEM0B02R"


def read(app, statement):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.execute(statement).all()


def sheet(name):
    return {name: (io.BytesIO(picture()), "paper.jpg")}


def test_six_apply_three_are_admitted_one_is_blocked(app, clock, client_as):
    six = [
        ("enterprise", {"uscc": ENTERPRISE, **sheet("business_licence")}),
        ("enterprise", {"uscc": ENTERPRISE[:-1] + "8", **sheet("business_licence")}),
        ("charity", {"uscc": CHARITY, **sheet("registration_certificate")}),
        ("individual", {"name": "查有记录", "id_number": id_number(date(1980, 5, 1))}),
        ("individual", {"name": "一位教师", "is_teacher": "y"}),
        ("individual", {"name": "十七岁", "id_number": id_number(date(2009, 5, 19))}),
    ]
    answers = []
    for number, (kind, given) in enumerate(six):
        data = everything(kind, email=f"a2-{number}@example.org", **given)
        answer = send_form(app.test_client(), kind, data)
        answers.append(answer.status_code)
        if answer.status_code == 303:
            with app.app_context():
                path = link("verify_email")
            send(app.test_client(), path)
    assert answers == [303, 422, 303, 303, 303, 422]

    county = client_as("county_staff", "350421")
    for supporter_id, name, kind in read(
        app,
        select(Supporter.id, Supporter.name, Supporter.kind).where(Supporter.status == "submitted"),
    ):
        page = f"/desk/vetting/{supporter_id}"
        send(county, page, {"transition": "start_check"}, page=page)
        ends = {"transition": "approve", "identity_confirmed": "1", "documents_confirmed": "1"}
        if name == "查有记录":
            ends = {"transition": "reject", "reason_code": "offence_record", "reason": "不符合要求"}
        assert send(county, page, ends, page=page).status_code == 303, kind

    rows = read(app, select(Supporter.kind, Supporter.status, Supporter.tier, Supporter.is_teacher))
    assert Counter(tuple(row) for row in rows) == Counter(
        [
            ("enterprise", "approved", 1, False),
            ("charity", "approved", 1, False),
            ("individual", "approved", 1, True),
            ("individual", "rejected", 0, False),
        ]
    )
    [(blocked, code)] = read(app, select(BlockEntry.hmac, BlockEntry.reason_code))
    [(number_hash,)] = read(app, select(Supporter.id_hmac).where(Supporter.status == "rejected"))
    assert (blocked, code) == (number_hash, "offence_record")

    again = everything(email="again@example.org", id_number=six[3][1]["id_number"])
    assert send_form(app.test_client(), "individual", again).location == "/mailed/register"
    with app.app_context():
        assert [to for _, to, _ in mails("number_taken")] == ["again@example.org"]
    assert len(read(app, select(Supporter.id))) == len(rows)
