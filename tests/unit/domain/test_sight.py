from uuid import uuid4

import pytest

from portal.domain.actor import Actor, Grant, Role
from portal.domain.masking import Kind
from portal.domain.sight import show

VILLAGE, COUNTY, CITY = "/35/3504/350421/350421100/350421100201/", "/35/3504/350421/", "/35/3504/"
OTHER_VILLAGE = "/35/3504/350421/350421100/350421100202/"
ID = "999421201506010014"


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
def test_an_id_number_is_masked_for_every_role(role):
    assert show(holding(role, "/35/"), Kind.ID_NUMBER, ID, VILLAGE) == "9994**********0014"
