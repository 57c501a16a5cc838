"""Whoever has an account sees, keeps and corrects what it holds: member, viewer, staff, newcomer."""

import pytest

from portal.domain.errors import NotAllowed, NotFound
from portal.models.accounts import User
from portal.models.records import Fact
from portal.models.rights import RightsRequest
from portal.services import account_rights, certificates, members, rights, service_records
from tests.factories import hours, people
from tests.factories.hours import day, service
from tests.functional.rights.guide import (
    do,
    inside,
    read,
    rows_of,
    send,
    staff,
    unzipped,
)

NEW_NAME = "何秀兰"


@pytest.fixture
def charity():
    """An organisation with a member who served, and a viewer."""
    with inside():
        owner = hours.volunteer("明溪县慈善会", "charity")
    found = {"owner": owner}
    for role in ("member", "viewer"):
        with inside():
            guest = people.account(role)
        given = {"email": guest.email, "name": role, "role": role}
        row = do(owner, members.invite, owner.supporter_ids[0], **given)
        do(guest, members.accept, row)
        found[role] = anew(guest)
    told = service(day(5, 12), title="陪孩子读绘本")
    done = do(found["member"], service_records.enter, owner.supporter_ids[0], told)
    do(staff("county_staff", "350421"), service_records.verify, done)
    return found


def anew(actor):
    from portal.queries import actors

    with inside():
        return actors.by_user(actor.user_id)


def copied(client):
    answer = send(client, "/me/rights/account/copy", page="/me/rights")
    assert answer.status_code == 200
    return unzipped(answer.data)


def correct(client, **given):
    return send(client, "/me/rights/account/correct", given, page="/me/rights")


def test_a_member_keeps_a_copy_of_their_own(charity, client_as):
    member = client_as(charity["member"])
    page, told, names = copied(member)
    parts = {part["name"]: part["rows"] for part in told["sections"]}
    assert charity["member"].email in page
    assert [row["内容"] for row in parts["services"]] == ["陪孩子读绘本"]
    assert [(row["名称"], row["身份"]) for row in parts["memberships"]] == [
        ("明溪县慈善会", "成员")
    ]
    assert [row["事项"] for row in parts["events"]] == ["登记服务时长"]
    assert names == ["data.html", "data.json"]
    # Nothing of the organisation's number or of a colleague.
    assert "91999404MADEM0A019" not in page
    assert charity["viewer"].email not in page
    assert rows_of(Fact, Fact.kind == "account.copy")[0].actor_id == charity["member"].user_id


def test_who_left_still_has_their_hours_in_the_copy(charity, client_as):
    owner, member = charity["owner"], charity["member"]
    do(member, members.remove, owner.supporter_ids[0], membership_of(member))
    _, told, _ = copied(client_as(member))
    parts = {part["name"]: part["rows"] for part in told["sections"]}
    assert len(parts["services"]) == 1
    assert parts["memberships"][0]["结束"]


def membership_of(member):
    from portal.models.supporters import SupporterMember

    return rows_of(SupporterMember, SupporterMember.user_id == member.user_id)[0].id


@pytest.mark.parametrize("who", ["member", "viewer"])
def test_a_member_corrects_by_a_written_answer(charity, client_as, who):
    """Certificates carry the account's name: it does not change behind the bureau's back."""
    person = charity[who]
    client = client_as(person)
    assert correct(client, field="name", words=NEW_NAME).status_code == 303
    assert read(User, person.user_id, "name") != NEW_NAME
    assert correct(client, field="name", words="又一个").status_code == 409
    [request] = rows_of(RightsRequest, RightsRequest.asker_id == person.user_id)
    assert (request.supporter_id, request.child_id, request.due_on.isoformat()) == (
        None, None, "2026-06-10",
    )  # fmt: skip
    assert "更正资料" in client.get("/me/rights").text
    # The contacts of the organisation do not read it.
    assert "更正资料 · " not in client_as(charity["owner"]).get("/me/rights").text
    county = client_as("county_staff", "350421")
    assert read(User, person.user_id, "name") in county.get("/desk/requests").text
    desk = county.get(f"/desk/requests/{request.id}").text
    assert NEW_NAME in desk
    do(county.actor, rights.grant, request.id, answer="看过身份证，已更正。")
    assert read(User, person.user_id, "name") == NEW_NAME
    page = client.get("/me/rights").text
    assert NEW_NAME in page
    assert "看过身份证，已更正。" in page


def test_nobody_answers_their_own_and_takes_back_only_their_own(charity, client_as):
    clerk, other = (client_as("county_staff", "350421") for _ in range(2))
    correct(clerk, field="name", words=NEW_NAME)
    [request] = rows_of(RightsRequest, RightsRequest.asker_id == clerk.actor.user_id)
    with pytest.raises(NotAllowed, match="本人有关"):
        do(clerk.actor, rights.grant, request.id, answer="已经改好了，请看。")
    for stranger in (other.actor, charity["member"], charity["owner"]):
        with pytest.raises(NotFound):
            do(stranger, rights.retract, request.id)
    do(clerk.actor, rights.retract, request.id)
    person = charity["viewer"]
    do(person, account_rights.correct, field="other", words="请删掉旧手机号")
    [mine] = rows_of(RightsRequest, RightsRequest.asker_id == person.user_id)
    path = f"/me/rights/requests/{mine.id}/retract"
    assert send(client_as(person), path, page="/me/rights").status_code == 303
    assert read(RightsRequest, mine.id, "status") == "retracted"


def test_where_nothing_hangs_on_an_account_it_is_corrected_at_once(client_as):
    client = client_as("newcomer")
    assert correct(client, field="phone", words="123").status_code == 422
    assert correct(client, field="name", words=" ").status_code == 422
    assert correct(client, field="name", words=NEW_NAME).status_code == 303
    assert read(User, client.actor.user_id, "name") == NEW_NAME
    assert rows_of(RightsRequest) == []
    assert "测试" not in copied(client)[0]


@pytest.mark.parametrize("role", ["child_director", "platform_admin", "auditor"])
def test_staff_see_and_keep_theirs(client_as, role):
    client = client_as(role)
    page, told, _ = copied(client)
    assert client.actor.email in client.get("/me/rights").text
    parts = {part["name"]: part["rows"] for part in told["sections"]}
    assert len(parts["roles"]) == 1
    assert correct(client, field="name", words=NEW_NAME).status_code == 303
    assert len(rows_of(RightsRequest)) == 1
    assert client.actor.email in page


def test_a_certificate_is_in_the_copy_too(charity, client_as):
    member = charity["member"]
    given = {"period_from": day(5, 1), "period_to": day(5, 19)}
    do(member, certificates.request, charity["owner"].supporter_ids[0], **given)
    _, told, _ = copied(client_as(member))
    parts = {part["name"]: part["rows"] for part in told["sections"]}
    assert len(parts["certificates"]) == 1
