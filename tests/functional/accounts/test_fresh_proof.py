"""Fresh proof: for one act on one thing, for ten minutes; what was typed is kept meanwhile."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.accounts import RoleGrant
from portal.models.authorities import SettingChange
from portal.models.factors import KeptForm, Proof
from tests.factories import people
from tests.factories.applicants import PASSWORD, hidden, send, with_password
from tests.factories.factors import code, second_step

NEWCOMER = {
    "role": "county_staff", "unit_path": people.MINGXI, "name": "陈志明", "email": "chen@example.org",
}  # fmt: skip


@pytest.fixture(autouse=True)
def standing(clock):
    return clock


@pytest.fixture
def admin(app, client_as):
    with app.app_context():
        person = with_password(people.staff("platform_admin", "350400"))
    return client_as(person)


def rows(app, statement):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.scalars(statement).all()


def made(app):
    return rows(app, select(RoleGrant.id).where(RoleGrant.created_by.is_not(None)))


def ask(client, data=NEWCOMER):
    return send(client, "/admin/people/add", data, page="/password")


def prove(client, at, **proof):
    page = client.get(at).text
    given = {name: hidden(page, name) for name in ("act", "thing", "next", "kept")}
    return send(client, "/confirm", {**given, **proof}, page=at)


def press(client, path):
    """Press the one button of the page that holds what was typed."""
    page = client.get(path).text
    form = re.search(r'<form method="post" action="(/admin[^"]*)">(.*?)</form>', page, re.DOTALL)
    pairs = re.findall(r'name="([^"]+)" value="([^"]*)"', form[2])
    return client.post(form[1], data={unescape(n): unescape(v) for n, v in pairs})


def test_a_grant_waits_for_the_proof_and_loses_nothing_typed(app, admin):
    away = ask(admin)
    assert away.status_code == 303
    assert made(app) == []
    page = admin.get(away.location).text
    assert "改动人员与岗位" in page
    assert "您刚才填写的内容会保留" in page
    proved = prove(admin, away.location, otp=code())
    assert proved.location.startswith("/resume/")
    assert "陈志明" in admin.get(proved.location).text
    assert press(admin, proved.location).status_code == 303
    assert len(made(app)) == 1


def test_a_wrong_code_proves_nothing(app, admin):
    away = ask(admin)
    assert prove(admin, away.location, otp="000000").status_code == 422
    assert ask(admin).location.startswith("/confirm")
    assert rows(app, select(Proof.id)) == []


def test_a_proof_is_for_one_act_and_one_thing(app, admin, client_as):
    with app.app_context():
        clerk, other = people.staff("county_staff"), people.staff("county_staff")
    path = "/admin/people/{}/grant"
    data = {"role": "auditor", "unit_path": people.MINGXI}
    people.prove(admin, "grant.change", clerk.user_id)
    assert send(admin, path.format(clerk.user_id), data, "/password").location.startswith("/admin")
    assert send(admin, path.format(other.user_id), data, "/password").location.startswith(
        "/confirm"
    )
    people.prove(admin, "factors.reset", other.user_id)
    assert send(admin, path.format(other.user_id), data, "/password").location.startswith(
        "/confirm"
    )


def test_a_proof_is_of_this_session(app, admin, client_as):
    people.prove(admin, "grant.change")
    elsewhere = client_as(admin.actor)
    assert ask(elsewhere).location.startswith("/confirm")


def test_a_proof_lasts_ten_minutes(app, admin, standing):
    people.prove(admin, "grant.change")
    standing.advance(minutes=9, seconds=59)
    assert ask(admin).location.startswith("/admin")
    standing.advance(seconds=1)
    assert ask(admin, {**NEWCOMER, "email": "b@example.org"}).location.startswith("/confirm")


def test_staff_do_not_prove_themselves_by_the_password(app, admin):
    away = ask(admin)
    answer = prove(admin, away.location, password=PASSWORD)
    assert answer.status_code == 422
    assert ask(admin).location.startswith("/confirm")


def test_a_supporter_without_a_factor_proves_by_the_password(app, client_as):
    with app.app_context():
        person = with_password(people.supporter("individual"))
    client = client_as(person)
    away = client.get("/account/factors/add")
    assert away.location.startswith("/confirm?act=keys.change")
    assert prove(client, away.location, password="不是这个密码的密码").status_code == 422
    assert prove(client, away.location, password=PASSWORD).location == "/account/factors/add"
    assert client.get("/account/factors/add").status_code == 200


def test_nobody_else_opens_what_was_typed(app, admin, client_as, standing):
    away = ask(admin)
    kept = re.search(r"kept=([0-9a-f-]{36})", away.location)[1]
    stranger = client_as("platform_admin", "350400")
    assert stranger.get(f"/resume/{kept}").status_code == 404
    assert admin.get(f"/resume/{kept}").status_code == 200
    standing.advance(hours=1, seconds=1)
    assert admin.get(f"/resume/{kept}").status_code == 404


def test_what_was_typed_lies_sealed_to_its_owner_and_path(app, admin, client_as):
    from portal.domain.cipher import CipherError
    from portal.services import kept_forms

    ask(admin)
    stranger = client_as("platform_admin", "350400").actor
    with app.app_context():
        with unit_of_work.transaction(people.everything()):
            row = db.session.scalars(select(KeptForm)).one()
            assert "陈志明" not in row.fields
            assert "chen@example.org" not in row.fields
            row.user_id, kept_id = stranger.user_id, row.id
        with pytest.raises(CipherError):
            kept_forms.read(stranger.user_id, kept_id)


@pytest.mark.parametrize("field", ["csrf_token", "password", "current", "new", "otp"])
def test_secrets_are_never_kept(app, admin, field):
    from portal.services import kept_forms

    ask(admin, {**NEWCOMER, "password": "p" * 12, "current": "c", "new": "n", "otp": "1"})
    [kept_id] = rows(app, select(KeptForm.id))
    with app.app_context():
        kept = kept_forms.read(admin.actor.user_id, kept_id)
    assert field not in dict(kept.fields)
    assert dict(kept.fields)["email"] == "chen@example.org"


def test_an_unknown_act_is_no_page(admin):
    assert admin.get("/confirm?act=wish.approve").status_code == 404


@pytest.mark.parametrize("target", ["https://evil.example.com/", "//evil.example.com"])
def test_a_proof_leads_to_this_site_only(app, admin, target):
    at = f"/confirm?act=grant.change&next={target}"
    assert prove(admin, at, otp=code()).location == "/"


def test_a_file_is_offered_after_the_proof(app, client_as):
    with app.app_context():
        clerk = with_password(people.staff("county_staff"))
    client = client_as(clerk)
    away = client.get("/desk/archive/2026.xlsx")
    page = prove(client, away.location, otp=code())
    assert 'href="/desk/archive/2026.xlsx"' in page.text
    assert client.get("/desk/archive/2026.xlsx").status_code == 200
    assert client.get("/desk/archive/2025.xlsx").status_code == 303


def test_what_is_sent_after_the_idle_end_waits_behind_the_sign_in(app, standing):
    with app.app_context():
        person = with_password(people.staff("platform_admin", "350400"))
    client = app.test_client()

    def sign_in(who):
        def walk(target):
            data = {"email": who.email, "password": PASSWORD, "next": target}
            return second_step(client, send(client, "/login", data), who.email)

        return walk

    sign_in(person)("/admin/people")
    token = client.get("/password").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', token)[1]
    standing.advance(minutes=16)
    away = client.post("/admin/people/add", data={**NEWCOMER, "csrf_token": token})
    assert re.fullmatch(r"/login\?next=/resume/[0-9a-f-]{36}", away.location)
    assert made(app) == []
    assert "刚才填写的内容没有丢" in client.get(away.location).text
    back = sign_in(person)(away.location.partition("next=")[2])
    assert back.location.startswith("/resume/")
    assert "陈志明" in client.get(back.location).text
    with app.app_context():
        other = with_password(people.staff("platform_admin", "350400"))
    client.delete_cookie("weiguang")
    assert client.get(sign_in(other)(back.location).location).status_code == 404


def test_a_covered_page_keeps_its_form_and_does_nothing(app, admin):
    people.prove(admin, "grant.change")
    answer = ask(admin, {**NEWCOMER, "keep_only": "1"})
    assert answer.location.startswith("/resume/")
    assert made(app) == []


def test_what_was_kept_goes_to_the_authority_it_was_sent_to(app, client_as):
    """An administrator of two authorities changes the second: the proof between loses nothing."""
    with app.app_context():
        both = people.also(people.staff("platform_admin", "320681"), "platform_admin", "350400")
        both = with_password(both)
    client = client_as(both)
    where = "/admin/settings/claim_hours?authority=350400"
    away = send(client, where, {"value": "48"}, page=where)
    with app.app_context():
        otp = code()
    assert press(client, prove(client, away.location, otp=otp).location).status_code == 303
    with app.app_context(), unit_of_work.reading(people.everything()):
        found = db.session.execute(select(SettingChange.tenant_path, SettingChange.new)).all()
    assert found == [("/35/3504/", 48)]
