"""Administrators: inviting, granting within their units, ending, and the matrix from the table."""

import json
import re

import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain.actor import Role
from portal.domain.permissions import Permission
from portal.domain.role_matrix import matrix
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.records import Fact, Message
from portal.queries import actors
from portal.services import supporters
from tests.factories import people
from tests.factories.applicants import PASSWORD, application, moment, with_password
from tests.factories.applicants import send_proved as send
from tests.factories.factors import second_step, with_generator

MINGXI, TAINING, QIDONG = "/35/3504/350421/", "/35/3504/350429/", "/32/3206/320681/"
VILLAGE = "/35/3504/350421/350421100/350421100202/"


@pytest.fixture(autouse=True)
def standing(clock):
    return clock


@pytest.fixture
def admin(client_as):
    return client_as("platform_admin", "350400")


def invite(client, role="county_staff", unit_path=MINGXI, **more):
    data = {
        "role": role,
        "unit_path": unit_path,
        "name": "陈志明",
        "email": "chen@example.org",
        **more,
    }
    return send(client, "/admin/people/add", data, page="/password")


def sign_in(app, client, typed):
    """Sign in as a newcomer does: led to set up a factor first, then in two steps."""
    assert send(client, "/login", typed).location == "/account/factors/add"
    with app.app_context():
        with_generator(actors.by_email(typed["email"]))
    return second_step(client, send(client, "/login", typed), typed["email"])


def read(app, statement):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.execute(statement).all()


def mail(app, template):
    rows = read(app, select(Message.template, Message.context))
    return [json.loads(context) for kind, context in rows if kind == template]


def test_an_invited_colleague_sets_a_password_and_stands_at_the_desk(app, admin):
    assert invite(admin, valid_to="2026-12-31").status_code == 303
    [letter] = mail(app, "invite")
    door = app.test_client().get(letter["path"]).text
    assert re.search(r'<input[^>]*name="name"[^>]*value="陈志明"', door)
    newcomer = app.test_client()
    answer = send(newcomer, letter["path"], {"name": "陈志明", "password": PASSWORD})
    assert answer.location == "/login"
    landed = sign_in(app, newcomer, {"email": "chen@example.org", "password": PASSWORD})
    assert landed.location == "/desk"
    assert newcomer.get("/desk/vetting").status_code == 200
    [(role, path, tenant, until)] = read(
        app,
        select(
            RoleGrant.role, RoleGrant.unit_path, RoleGrant.tenant_path, RoleGrant.valid_to
        ).where(RoleGrant.created_by == admin.actor.user_id),
    )
    assert (role, path, tenant, until.isoformat()) == (
        "county_staff",
        MINGXI,
        people.SANMING,
        "2026-12-31",
    )


def test_a_grant_ends_with_its_last_day(app, admin, client_as, clock):
    invite(admin, valid_to="2026-05-21")
    [(user_id,)] = read(app, select(User.id).where(User.email == "chen@example.org"))
    with app.app_context():
        clerk = client_as(actors.by_user(user_id))
    clock.move_to(moment(2026, 5, 21, 23, 59))
    assert clerk.get("/desk").status_code == 200
    clock.move_to(moment(2026, 5, 22, 0, 0))
    assert clerk.get("/desk").status_code == 403


@pytest.mark.parametrize(
    ("role", "unit_path", "status"),
    [
        ("child_director", VILLAGE, 303),
        ("child_director", MINGXI, 422),
        ("county_staff", VILLAGE, 422),
        ("city_staff", people.SANMING, 303),
        ("county_staff", QIDONG, 404),
        ("county_staff", "/35/", 404),
        ("county_staff", "/35/3504/999999/", 404),
        ("emperor", MINGXI, 404),
    ],
)
def test_a_role_is_granted_where_it_makes_sense_and_within_ones_units(
    app, admin, role, unit_path, status
):
    assert invite(admin, role, unit_path).status_code == status
    made = read(app, select(RoleGrant.id).where(RoleGrant.created_by == admin.actor.user_id))
    assert len(made) == (1 if status == 303 else 0)


@pytest.mark.parametrize("valid_to", ["2026-05-19", "2031-01-01"])
def test_an_end_is_neither_past_nor_far(app, admin, valid_to):
    answer = invite(admin, valid_to=valid_to)
    assert answer.status_code == 422
    assert "三年以内" in answer.text
    assert read(app, select(User.id).where(User.email == "chen@example.org")) == []


def test_the_first_role_of_an_account_that_stands_goes_through_its_mailbox(app, admin, client_as):
    with app.app_context():
        somebody = with_password(people.account("chen"))
    other_device = client_as(somebody)
    invite(admin, email=somebody.email.upper())
    assert len(read(app, select(User.id).where(User.email == somebody.email))) == 1
    # Sessions of a supporter live 30 days, of staff 12 hours: the old one ends.
    assert other_device.get("/me/profile").status_code == 303
    visitor = app.test_client()
    old = {"email": somebody.email, "password": PASSWORD}
    assert send(visitor, "/login", old).status_code == 422
    [letter] = mail(app, "invite")
    fresh = {"name": "陈志明", "password": PASSWORD + "再来"}
    assert send(visitor, letter["path"], fresh).location == "/login"
    landed = sign_in(app, visitor, {**old, "password": fresh["password"]})
    assert landed.location == "/desk"
    # The second role comes to an account that went through the mailbox before.
    invite(admin, role="auditor", email=somebody.email)
    assert len(mail(app, "invite")) == 1


def test_what_an_unconfirmed_account_began_does_not_come_with_the_role(app, admin):
    with app.app_context():
        somebody = people.account("chen", verified=False)
        with unit_of_work.transaction(scope.of(somebody)):
            supporters.register(somebody, application(), allow_fictitious=True)
    invite(admin, email=somebody.email)
    with app.app_context():
        assert actors.by_user(somebody.user_id).supporter_ids == ()


def test_the_same_role_twice_is_refused(admin):
    invite(admin)
    assert invite(admin).status_code == 409


def test_nobody_grants_or_ends_their_own(app, admin):
    own = admin.actor.user_id
    data = {"role": "county_staff", "unit_path": MINGXI}
    answer = send(admin, f"/admin/people/{own}/grant", data, page="/password")
    assert answer.status_code == 403
    [(grant_id,)] = read(app, select(RoleGrant.id).where(RoleGrant.user_id == own))
    ended = send(admin, f"/admin/grants/{grant_id}/end", page="/password")
    assert ended.status_code == 403
    assert admin.get("/admin/people").status_code == 200


def test_ending_works_at_once_and_stays_as_memory(app, admin, client_as):
    clerk = client_as("county_staff", "350421")
    [(grant_id, version)] = read(
        app,
        select(RoleGrant.id, RoleGrant.version).where(RoleGrant.user_id == clerk.actor.user_id),
    )
    send(admin, f"/admin/grants/{grant_id}/end", {"version": version}, page="/password")
    assert clerk.get("/desk").status_code == 303
    [(until,)] = read(app, select(RoleGrant.valid_to).where(RoleGrant.id == grant_id))
    assert until.isoformat() == "2026-05-19"
    assert "已结束" in admin.get(f"/admin/people/{clerk.actor.user_id}").text
    again = send(admin, f"/admin/grants/{grant_id}/end", page="/password")
    assert again.status_code == 409
    kinds = [kind for (kind,) in read(app, select(Fact.kind).where(Fact.subject_id == grant_id))]
    assert kinds == ["grant.end"]


def test_an_administrator_sees_and_touches_only_their_own_units(app, client_as):
    there = client_as("county_staff", "320681")
    [(grant_id,)] = read(app, select(RoleGrant.id).where(RoleGrant.user_id == there.actor.user_id))
    foreign = client_as("platform_admin", "350400")
    assert there.actor.email not in foreign.get("/admin/people").text
    assert foreign.get(f"/admin/people/{there.actor.user_id}").status_code == 404
    for url in (f"/admin/grants/{grant_id}/end", f"/admin/people/{there.actor.user_id}/invite"):
        assert send(foreign, url, page="/password").status_code == 404
    assert there.get("/desk").status_code == 200


@pytest.mark.parametrize("who", ["county_staff", "city_staff", "auditor", "individual"])
def test_others_do_not_manage_people(client_as, who):
    client = client_as(who)
    assert client.get("/admin/people").status_code == 403
    assert invite(client).status_code == 403


def test_an_invitation_can_be_sent_again_and_the_older_link_stops(app, admin):
    invite(admin)
    [(user_id,)] = read(app, select(User.id).where(User.email == "chen@example.org"))
    send(admin, f"/admin/people/{user_id}/invite", page="/password")
    older, newer = (letter["path"] for letter in mail(app, "invite"))
    visitor = app.test_client()
    assert visitor.get(older).status_code == 404
    assert visitor.get(newer).status_code == 200
    send(visitor, newer, {"name": "陈志明", "password": PASSWORD})
    assert send(admin, f"/admin/people/{user_id}/invite", page="/password").status_code == 409


def test_units_are_offered_by_name_for_the_roles_level_only(admin):
    page = admin.get("/admin/people/add?role=child_director&q=明溪").text
    assert MINGXI not in page.replace("%2F", "/").split("选择单位")[0]
    found = admin.get("/admin/people/add?role=county_staff&q=明溪").text
    assert re.search(r"unit_path=(/|%2F)35(/|%2F)3504(/|%2F)350421(/|%2F)\"", found)
    assert (
        "启东"
        not in admin.get("/admin/people/add?role=county_staff&q=启东").text.split("选择单位")[-1]
    )


def test_the_matrix_is_the_permission_table(client_as):
    held = {row.permission: row.roles for row in matrix()}
    assert set(held) == set(Permission)
    assert held[Permission.SUPPORTER_VET] == {Role.COUNTY_STAFF, Role.CITY_STAFF}
    assert held[Permission.GRANT_MANAGE] == {Role.PLATFORM_ADMIN}
    assert held[Permission.WISH_DRAFT] == {Role.CHILD_DIRECTOR}
    assert {row.permission for row in matrix() if row.on_duty} == {
        Permission.ATTENDANCE_MARK,
        Permission.PROGRAMME_READ,
        Permission.PROGRAMME_REPORT,
        Permission.ROSTER_READ,
        Permission.SUPPORTER_REGISTER,
    }
    assert {row.permission for row in matrix() if row.supporter} == {
        Permission.CARD_HOLD,
        Permission.CLEARANCE_ASK,
        Permission.COMMITMENT_CARRY,
        Permission.CONTACT_WRITE,
        Permission.DUTY_HOLD,
        Permission.HANDOVER_WRITE,
        Permission.HOURS_ENTER,
        Permission.LETTER_WRITE,
        Permission.MEMBER_MANAGE,
        Permission.NEED_APPLY,
        Permission.RESOURCE_OFFER,
        Permission.RIGHTS_ASK,
        Permission.SUPPORTER_REGISTER,
        Permission.WISH_CLAIM,
    }
    page = client_as("auditor").get("/admin/roles").text
    assert all(permission.label in page for permission in Permission)
