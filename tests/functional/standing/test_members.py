"""Who speaks for an organisation: invited, accepted, given a role, removed at once."""

import pytest
from sqlalchemy import select

from portal.core import access
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.records import Message
from portal.models.supporters import SupporterMember
from portal.queries import actors
from portal.queries import members as reading
from portal.services import members, supporters
from tests.factories import applicants, people
from tests.functional.standing import stage
from tests.functional.standing.stage import do


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def firm():
    actor = people.supporter("enterprise")
    return actor, actor.supporter_ids[0]


def own_member(firm):
    with stage.everything():
        return db.session.scalar(
            select(SupporterMember.id).where(SupporterMember.user_id == firm[0].user_id)
        )


def joined(firm, role="member"):
    """Invite somebody with an account, who accepts."""
    guest = people.account("guest")
    given = {"email": guest.email, "name": "何秀兰", "role": role}
    found = do(members.invite, firm[0], firm[1], **given)
    do(members.accept, guest, found)
    return actors.by_user(guest.user_id), found


def test_an_invitation_speaks_for_nobody_until_it_is_accepted(firm):
    guest = people.account("guest")
    found = do(members.invite, firm[0], firm[1], email=guest.email, name="何秀兰", role="member")
    assert actors.by_user(guest.user_id).supporter_ids == ()
    with stage.acting(guest):
        assert [one.role for one in reading.invitations(guest)] == ["member"]
    do(members.accept, guest, found)
    assert actors.by_user(guest.user_id).supporter_ids == (firm[1],)
    with pytest.raises(NotFound):
        do(members.accept, guest, found)


def test_an_invitation_belongs_to_its_guest_alone(firm):
    guest, stranger = people.account("guest"), people.account("stranger")
    found = do(members.invite, firm[0], firm[1], email=guest.email, name="何秀兰", role="contact")
    with pytest.raises(NotFound):
        do(members.accept, stranger, found)
    unverified = people.account("unverified", verified=False)
    other = do(members.invite, firm[0], firm[1], email=unverified.email, name="乙", role="member")
    with pytest.raises(Invalid, match="确认您的邮箱"):
        do(members.accept, unverified, other)


def test_a_new_address_gets_an_account_and_one_mail(firm):
    do(members.invite, firm[0], firm[1], email="New@example.org ", name="新同事", role="viewer")
    with stage.everything():
        user = db.session.scalar(select(User).where(User.email == "new@example.org"))
        mails = db.session.scalars(select(Message.template).where(Message.user_id == user.id))
        assert list(mails) == ["member_invited"]
    with stage.acting(firm[0]):
        rows = reading.of(firm[0], firm[1])
    assert [row.name for row in rows if not row.has_accepted] == [""]


def test_roles_decide(firm):
    viewer, _ = joined(firm, "viewer")
    member, _ = joined(firm, "member")
    subject = type("Row", (), {"id": firm[1], "supporter_id": firm[1], "unit_path": people.MINGXI})
    rights = {
        who.role_in(firm[1]): [
            access.permits(who, permission, subject)
            for permission in (
                Permission.COMMITMENT_READ, Permission.WISH_CLAIM, Permission.MEMBER_MANAGE,
            )
        ]
        for who in (viewer, member, firm[0])
    }  # fmt: skip
    assert rights == {
        "viewer": [True, False, False],
        "member": [True, True, False],
        "contact": [True, True, True],
    }
    for who in (viewer, member):
        with pytest.raises(NotAllowed):
            do(members.invite, who, firm[1], email="x@example.org", name="甲", role="contact")
        with pytest.raises(NotFound):
            do(supporters.resubmit, who, firm[1], applicants.application(), version=1)


def test_the_last_contact_stays(firm):
    mine = own_member(firm)
    for refused in (
        lambda: do(members.remove, firm[0], firm[1], mine),
        lambda: do(members.change_role, firm[0], firm[1], mine, role="viewer"),
    ):
        with pytest.raises(Conflict, match="最后一位联系人"):
            refused()
    # An open invitation as a contact does not count: nobody speaks by it.
    do(members.invite, firm[0], firm[1], email="c@example.org", name="丙", role="contact")
    with pytest.raises(Conflict):
        do(members.remove, firm[0], firm[1], mine)
    joined(firm, "contact")
    do(members.remove, firm[0], firm[1], mine)
    assert actors.by_user(firm[0].user_id).supporter_ids == ()


def test_a_member_may_leave_and_remove_nobody_else(firm):
    member, own = joined(firm, "member")
    _, other = joined(firm, "member")
    with pytest.raises(NotAllowed):
        do(members.remove, member, firm[1], other)
    do(members.remove, member, firm[1], own)
    assert actors.by_user(member.user_id).supporter_ids == ()


def test_a_person_has_no_members_and_a_stranger_invites_nobody(firm):
    person = people.supporter("individual")
    given = {"email": "x@example.org", "name": "甲", "role": "member"}
    with pytest.raises(Invalid, match="个人登记"):
        do(members.invite, person, person.supporter_ids[0], **given)
    with pytest.raises(NotFound):
        do(members.invite, person, firm[1], **given)
