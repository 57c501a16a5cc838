"""What a third hostile tester got away with once: mails without end, acts of mere viewers, ties."""

import time

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain.errors import Invalid, NotAllowed, NotFound, TooMany
from portal.extensions import db
from portal.models.authorities import SettingChange
from portal.models.children import ChildFile
from portal.models.records import Message
from portal.models.wishes import Wish
from portal.queries import agreements, service_records
from portal.services import certificates, identity_checks, members, texts, ties
from portal.services import service_records as records
from tests.factories import hours, people, promises
from tests.factories.applicants import send
from tests.factories.hours import day, service
from tests.functional.standing import stage
from tests.functional.standing.stage import do
from tests.functional.standing.test_members import joined


@pytest.fixture(autouse=True)
def standing(clock, app):
    return clock


@pytest.fixture
def on(app):
    with app.app_context():
        yield


@pytest.fixture
def firm():
    actor = people.supporter("enterprise")
    return actor, actor.supporter_ids[0]


def ask(firm, email, **changes):
    given = {"email": email, "name": "何秀兰", "role": "member", **changes}
    return do(members.invite, *firm, **given)


def owed(template):
    with stage.everything():
        return len(db.session.scalars(select(Message).where(Message.template == template)).all())


def test_an_organisation_sends_no_mail_without_end(on, firm, clock):
    """One mailbox gets three, whoever asks; one organisation sends twenty a day."""
    for _ in range(3):
        ask(firm, "victim@example.org")
    other = people.supporter("charity")
    for who in (firm, (other, other.supporter_ids[0])):
        with pytest.raises(TooMany, match="每个邮箱3封"):
            ask(who, "Victim@example.org ")
    assert owed("member_invited") == 3
    for number in range(17):
        ask(firm, f"colleague{number}@example.org")
    with pytest.raises(TooMany, match="每个单位20封"):
        ask(firm, "onemore@example.org")
    assert owed("member_invited") == 20
    clock.advance(hours=24, seconds=1)
    assert ask(firm, "onemore@example.org")


def test_who_may_not_invite_uses_up_nobodys_invitations(on, firm):
    viewer, _ = joined(firm, "viewer")
    for _ in range(25):
        with pytest.raises(NotAllowed):
            ask((viewer, firm[1]), "x@example.org")
        with pytest.raises(Invalid):
            ask(firm, "no address")
    assert ask(firm, "colleague@example.org")


def test_the_refusal_says_what_is_too_many(app, client_as):
    firm = client_as("enterprise")
    home = f"/me/profile/{firm.actor.supporter_ids[0]}/members"
    given = {"email": "victim@example.org", "name": "何秀兰", "role": "member"}
    for _ in range(3):
        assert send(firm, home, given, page=home).status_code == 303
    answer = send(firm, home, given, page=home)
    assert answer.status_code == 429
    assert "今天寄出的邀请已到上限" in answer.text


def test_a_viewer_reads_and_does_nothing_for_the_organisation(on):
    """Hours, certificates and texts bind the organisation: whoever only looks gives none."""
    clerk, owner = stage.clerk(), hours.volunteer("明溪县慈善会", "charity")
    firm = owner, owner.supporter_ids[0]
    viewer, [member, membership] = joined(firm, "viewer")[0], joined(firm, "member")
    told = {"title": "陪孩子读书", "kind": "talk"}
    with pytest.raises(NotAllowed):
        do(records.enter, viewer, firm[1], service(day(5, 12), **told))
    with pytest.raises(NotAllowed):
        do(certificates.request, viewer, firm[1], period_from=day(5, 1), period_to=day(5, 19))
    with stage.acting(viewer):
        assert service_records.speakers(viewer) == ()
    done = do(records.enter, member, firm[1], service(day(5, 12), **told))
    do(records.verify, clerk, done)
    # What one told as a member is no longer a mere viewer's to take back or dispute.
    again = do(records.enter, member, firm[1], service(day(5, 13), **told))
    do(members.change_role, *firm, membership, role="viewer")
    with pytest.raises(NotAllowed):
        do(records.withdraw, member, again)
    with pytest.raises(NotAllowed):
        do(certificates.request, member, firm[1], period_from=day(5, 1), period_to=day(5, 19))


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_only_a_contact_accepts_texts_for_an_organisation(on, firm, role):
    helper, _ = joined(firm, role)
    body = "# 守护承诺\n请读完。\n\n## 我承诺\n1. 我按时送到。"
    drafter, publisher = people.staff("city_staff"), people.staff("city_staff")
    text = do(texts.draft, drafter, tenant_path=people.SANMING, kind="pledge", body=body)
    do(texts.publish, publisher, text, in_force_from=day(5, 20))
    with stage.acting(helper):
        assert agreements.waiting(helper) == ()
    with pytest.raises(NotFound):
        do(texts.accept, helper, firm[1], {"pledge": "2026-02"})
    with stage.acting(firm[0]):
        [waiting] = agreements.waiting(firm[0])
    assert waiting.numbers == {"pledge": "2026-02"}
    assert do(texts.accept, firm[0], firm[1], waiting.numbers) == 1


def test_who_declared_a_tie_verifies_no_hours_and_issues_no_certificate(on, clock):
    wang, first, kin, third = hours.volunteer(), stage.clerk(), stage.clerk(), stage.clerk()
    done, told = (hours.told(wang, service(day(5, each))) for each in (12, 13))
    do(records.verify, first, done)
    do(ties.declare, kin, wang.supporter_ids[0], kind="relative")
    for verb, given in (
        (records.verify, {}), (records.give_back, {"reason": "写错了"}),
        (records.void, {"reason": "写错了"}),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="利害关系"):
            do(verb, kin, told, **given)
    with pytest.raises(NotAllowed, match="利害关系"):
        do(records.reopen, kin, done, reason="写错了")
    paper = hours.asked(wang, day(5, 1), day(5, 19))
    with pytest.raises(NotAllowed, match="利害关系"):
        do(certificates.publicise, kin, paper)
    do(certificates.publicise, first, paper)
    clock.advance(days=8)
    with pytest.raises(NotAllowed, match="利害关系"):
        do(certificates.decline, kin, paper, reason="不办")
    with pytest.raises(NotAllowed, match="利害关系"):
        do(certificates.issue, kin, paper)
    do(certificates.issue, third, paper)
    with pytest.raises(NotAllowed, match="利害关系"):
        do(certificates.revoke, kin, paper, reason="不办")
    assert hours.status(paper) == "issued"


def test_who_declared_a_tie_records_no_consent_to_the_check_either(on):
    first, kin = stage.clerk(), stage.clerk()
    _, supporter = stage.admitted(first)
    do(ties.declare, kin, supporter, kind="relative")
    with pytest.raises(NotAllowed, match="利害关系"):
        do(identity_checks.consent, kin, supporter, method="paper")
    assert do(identity_checks.consent, first, supporter, method="paper")


def test_a_proof_for_one_authoritys_setting_is_none_for_anothers(app, client_as):
    with app.app_context():
        both = people.also(people.staff("platform_admin", "350400"), "platform_admin", "320681")
    admin = people.prove(client_as(both), "tenant.change", "claim_hours:350400")

    def change(authority):
        at = f"/admin/settings/claim_hours?authority={authority}"
        return send(admin, at, {"value": "48"}, page=at)

    def changed():
        with app.app_context(), unit_of_work.reading(people.everything()):
            return set(db.session.scalars(select(SettingChange.tenant_path)))

    assert change("320681").location.startswith("/confirm?act=tenant.change")
    assert changed() == set()
    assert change("350400").location.startswith("/admin/settings")
    assert changed() == {people.SANMING}
    people.prove(admin, "tenant.change", "350400")
    logo = "/admin/logo/remove?authority="
    assert send(admin, logo + "320681", page="/password").location.startswith("/confirm")
    assert send(admin, logo + "350400", page="/password").status_code == 422


@pytest.mark.sqlite
def test_no_floor_is_no_wait_and_no_fault(app, client):
    app.config["ANSWER_FLOOR_SECONDS"] = 0
    try:
        began = time.monotonic()
        answer = send(client, "/login", {"email": "nobody@example.org", "password": "x"})
        assert answer.status_code == 422
        assert time.monotonic() - began < 5
    finally:
        app.config["ANSWER_FLOOR_SECONDS"] = 0.02


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("title", "陪林安宁的孤儿弟弟"),
        ("title", "联系13800138000"),
        ("title", "在城西村陪孩子"),
        ("title", "陪自闭症孩子"),
        ("place", "加微信 abc12345 约"),
    ],
)
def test_what_a_certificate_prints_is_read_first(on, field, words):
    wang = hours.volunteer()
    with pytest.raises(Invalid) as refused:
        hours.told(wang, service(day(5, 12), **{field: words}))
    assert set(refused.value.fields) == {field}
    assert "删去" in refused.value.fields[field] or "请不要写" in refused.value.fields[field]
    came_back = hours.told(wang, service(day(5, 12)))
    do(records.give_back, stage.clerk(), came_back, reason="写清楚")
    with pytest.raises(Invalid):
        do(records.resubmit, wang, came_back, service(day(5, 12), **{field: words}))


def test_honest_words_of_a_service_pass(on):
    wang = hours.volunteer()
    for at, title in enumerate(("心理疏导", "陪孩子读绘本", "明溪县六一游园会", "入户看望")):
        place = "明溪县实验小学" if at else "雪峰镇儿童之家"
        hours.told(wang, service(day(5, at + 1), title=title, place=place))


def test_a_helped_childs_name_is_not_confirmed_and_cannot_be_tried_out(on):
    """The name alone is nobody's to the teller; the clerk, who may know it, is stopped."""
    clerk = stage.clerk()
    crew = promises.staff()
    wang = hours.volunteer()
    [wish] = promises.hung()
    promises.led_to("approved", wang, wish.code, crew)
    with stage.everything():
        held = db.session.get(Wish, wish.wish_id)
        name = db.session.get(ChildFile, held.child_id).name
    told = hours.told(wang, service(day(5, 12), title=f"给{name}上课"))
    with pytest.raises(Invalid, match="名字"):
        do(records.verify, clerk, told)
    assert hours.status(told) == "recorded"
    other = hours.told(wang, service(day(5, 13), title="给孩子上课"))
    do(records.verify, clerk, other)


@pytest.mark.parametrize("number", ["林小雨 12042100001", "<b>1</b>", hours.ID_NUMBER, "1" * 41])
def test_a_volunteers_number_is_no_place_for_anything_else(on, number):
    wang, clerk = hours.volunteer(), stage.clerk()
    hours.verified(wang, clerk, service(day(5, 12)))
    given = {"period_from": day(5, 1), "period_to": day(5, 19)}
    asking = certificates.request, wang, wang.supporter_ids[0]
    with pytest.raises(Invalid) as refused:
        do(*asking, **given, volunteer_no=number)
    assert set(refused.value.fields) == {"volunteer_no"}
    assert do(*asking, **given, volunteer_no="3504-00012a")
