from uuid import uuid4

import pytest

from portal.domain.actor import Actor, Grant, Role
from portal.domain.errors import Invalid
from portal.domain.masking import Kind
from portal.domain.pii import P4
from portal.domain.sight import (
    CHILD_FIELDS,
    CHILD_REASONS,
    Field,
    check_reason,
    is_assigned,
    serving_role,
    show,
)

VILLAGE, COUNTY, CITY = "/35/3504/350421/350421100/350421100201/", "/35/3504/350421/", "/35/3504/"
OTHER_VILLAGE = "/35/3504/350421/350421100/350421100202/"
ID, PHONE, ADDRESS = "999421201506010014", "12059861234", "明溪县雪峰镇下坊路12号"
FIELD = [Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF]


def holding(role, path):
    return Actor(user_id=uuid4(), grants=(Grant(role, path, uuid4()),))


@pytest.mark.parametrize(
    ("role", "path", "sees"),
    [
        (Role.CHILD_DIRECTOR, VILLAGE, "林安宁"),
        (Role.COUNTY_STAFF, COUNTY, "林安宁"),
        (Role.CHILD_DIRECTOR, OTHER_VILLAGE, "林**"),
        (Role.CITY_STAFF, CITY, "林**"),
        (Role.AUDITOR, CITY, "林**"),
        (Role.PLATFORM_ADMIN, CITY, "林**"),
    ],
)
def test_a_name_is_read_by_those_who_care_for_the_child(role, path, sees):
    assert show(holding(role, path), Kind.NAME, "林安宁", VILLAGE) == sees


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("kind", "value", "mask"),
    [
        (Kind.ID_NUMBER, ID, "9994**********0014"),
        (Kind.PHONE, PHONE, "120****1234"),
        (Kind.ADDRESS, ADDRESS, "明溪县***"),
    ],
)
def test_a_number_and_an_address_are_masked_for_every_role(role, kind, value, mask):
    assert show(holding(role, "/35/"), kind, value, VILLAGE) == mask
    assert show(holding(role, "/35/"), kind, value, VILLAGE, opened=True) == value


@pytest.mark.parametrize("role", list(Role))
def test_only_who_cares_for_the_child_opens_by_their_post(role):
    opens = is_assigned(holding(role, COUNTY), CHILD_FIELDS["id_no"], VILLAGE)
    assert opens is (role in FIELD)


@pytest.mark.parametrize("role", FIELD)
def test_a_post_opens_nothing_of_another_unit(role):
    neighbour = holding(role, "/35/3504/350424/")
    assert not is_assigned(neighbour, CHILD_FIELDS["id_no"], VILLAGE)


@pytest.mark.parametrize("role", list(Role))
def test_a_case_secret_is_opened_by_nobodys_post(role):
    secret = Field("评估结果", Kind.TEXT, P4)
    assert not is_assigned(holding(role, "/35/"), secret, VILLAGE)


def test_the_nearest_role_is_the_one_that_is_written_down():
    person = Actor(
        user_id=uuid4(),
        grants=(
            Grant(Role.PLATFORM_ADMIN, COUNTY, uuid4()),
            Grant(Role.CHILD_DIRECTOR, VILLAGE, uuid4()),
        ),
    )
    assert serving_role(person, frozenset(Role), VILLAGE) is Role.CHILD_DIRECTOR
    assert serving_role(person, frozenset(Role), OTHER_VILLAGE) is Role.PLATFORM_ADMIN


@pytest.mark.parametrize(("reason", "words"), [("", ""), ("curious", "看看"), ("other", "  ")])
def test_a_reason_is_of_the_list_and_other_is_said_in_words(reason, words):
    with pytest.raises(Invalid):
        check_reason(CHILD_REASONS, reason, words)


def test_words_beside_a_reason_are_kept():
    assert check_reason(CHILD_REASONS, "other", " 村委来电核对 ") == "村委来电核对"
    assert check_reason(CHILD_REASONS, "visit", "") == ""
