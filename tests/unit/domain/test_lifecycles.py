"""Every state × every transition of every lifecycle, against tables written by hand.

The tables say domain.md 4 (MW, CM, SV), ADR 0005 (submitted, approved, held) and the import's own
story. Who may fire is said as roles of domain.md 3, "system" for time and consequences.
"""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest

from portal.core import access
from portal.domain.actor import Actor, Grant, Role
from portal.domain.errors import WrongState
from portal.domain.lifecycles import MACHINES
from tests.unit.domain import expected_taking_part

VILLAGE = "/35/3504/350421/350421100/350421100202/"
SYSTEM = frozenset({"system"})


def who(text):
    return frozenset(text.split())


DIRECTOR, SUPERVISOR, COUNTY = who("child_director"), who("child_supervisor"), who("county_staff")
FIELD, BUREAU = DIRECTOR | SUPERVISOR | COUNTY, who("county_staff city_staff")
SELF = who("own_supporter")
ADMIN = who("platform_admin")
ORGANISING, TAKING = BUREAU | who("organiser agency_worker"), BUREAU | who("on_duty")

#: machine → transition → (from, to, who)
EXPECTED = {
    "wish": {
        "submit": ("draft", "submitted", DIRECTOR),
        "screen": ("submitted", "screened", SUPERVISOR),
        "return": ("submitted", "draft", SUPERVISOR),
        "approve": ("screened held", "approved", COUNTY),
        "send_back": ("screened held approved", "draft", COUNTY),
        "hold": ("screened approved rolled_over", "held", SYSTEM),
        "publish": ("approved rolled_over", "published", SYSTEM),
        "reserve": ("published", "reserved", SYSTEM),
        "reopen": ("reserved committed", "published", SYSTEM),
        "commit": ("reserved", "committed", SYSTEM),
        "deliver": ("committed", "delivered", SYSTEM),
        "fulfil": ("delivered", "fulfilled", DIRECTOR),
        "archive": ("fulfilled", "archived", COUNTY),
        "roll_over": ("published reserved committed approved held", "rolled_over", SYSTEM),
        "expire": ("published approved held rolled_over reserved committed", "expired", SYSTEM),
        "withdraw": (
            "draft submitted screened approved held published reserved committed rolled_over",
            "withdrawn",
            FIELD,
        ),
        "withdraw_consent": (
            "draft submitted screened approved held published reserved committed rolled_over",
            "withdrawn",
            SYSTEM,
        ),
    },
    "commitment": {
        "approve": ("pending", "approved", COUNTY),
        "decline": ("pending", "declined", COUNTY),
        "dispatch": ("approved", "delivering", SELF),
        "receive": ("approved delivering", "delivered", who("handover_staff county_staff")),
        "confirm": ("delivered", "confirmed", SYSTEM),
        "give_back": ("pending approved delivering", "withdrawn", SELF),
        "lapse": ("pending", "lapsed", SYSTEM),
        "release": ("pending", "declined", SYSTEM),
        "fail": ("approved delivering", "failed", COUNTY),
        "cancel": ("pending approved delivering", "cancelled", SYSTEM),
    },
    # S1-2.3.6: the county looks at an offer; S1-2.3.3c and the catalogue: bureau staff, two keys
    "resource_offer": {
        "list": ("submitted", "listed", BUREAU),
        "return": ("submitted listed", "returned", BUREAU),
        "submit": ("returned expired listed used_up", "submitted", SELF),
        "withdraw": ("submitted listed returned used_up expired", "withdrawn", SELF),
        "take_down": ("submitted listed returned used_up expired", "withdrawn", BUREAU),
        "use_up": ("listed", "used_up", SYSTEM),
        "reopen": ("used_up", "listed", SYSTEM),
        "expire": ("submitted listed returned used_up", "expired", SYSTEM),
    },
    "resource_link": {"release": ("booked", "released", FIELD | BUREAU)},
    "honour": {
        "approve": ("proposed", "approved", BUREAU),
        "decline": ("proposed", "declined", BUREAU),
        "retract": ("approved", "retracted", BUREAU),
    },
    "catalogue_item": {
        "approve": ("proposed", "approved", BUREAU),
        "decline": ("proposed", "declined", BUREAU),
    },
    "supporter": {
        # Anybody signed in who is no staff may register; the service asks for the own row.
        "submit": ("draft returned expired", "submitted", who("own_supporter newcomer")),
        "start_check": ("submitted", "checking", BUREAU),
        "return": ("submitted checking", "returned", BUREAU),
        "approve": ("checking", "approved", BUREAU),
        "ask_renewal": ("approved", "approved", who("own_supporter newcomer")),
        "renew": ("approved", "approved", BUREAU),
        "reject": ("submitted checking", "rejected", BUREAU),
        "suspend": ("approved", "suspended", BUREAU),
        "reinstate": ("suspended", "approved", BUREAU),
        "suspend_at_once": ("approved", "suspended", SYSTEM),
        "reopen": ("rejected revoked", "checking", SYSTEM),
        "expire": ("approved", "expired", SYSTEM),
        "revoke": ("approved suspended expired", "revoked", BUREAU),
        "erase": (
            "draft submitted returned checking approved expired suspended rejected revoked",
            "erased",
            SYSTEM,
        ),
    },
    "request": {
        "take": ("received", "in_hand", BUREAU),
        "grant": ("received in_hand", "granted", BUREAU),
        "refuse": ("received in_hand", "refused", BUREAU),
        "settle": ("received", "granted", SYSTEM),
        "retract": ("received in_hand", "retracted", SYSTEM),
    },
    "grievance": {
        "take": ("received", "in_hand", BUREAU),
        "uphold": ("received in_hand", "upheld", BUREAU),
        "close": ("received in_hand", "closed", BUREAU),
    },
    "text": {
        "publish": ("draft", "published", who("county_staff city_staff platform_admin")),
        "discard": ("draft", "discarded", who("county_staff city_staff platform_admin")),
    },
    "clearance": {
        "ask": ("returned expired withdrawn", "asked", SELF),
        "recommend": ("asked", "recommended", BUREAU),
        "approve": ("recommended", "granted", BUREAU),
        "return": ("asked recommended", "returned", BUREAU),
        "recheck": ("granted", "renewing", BUREAU),
        "renew": ("renewing", "granted", BUREAU),
        "withdraw": ("granted renewing", "withdrawn", BUREAU),
        "expire": ("granted renewing", "expired", SYSTEM),
        "end": ("asked recommended granted renewing", "withdrawn", SYSTEM),
    },
    "complaint": {
        "uphold": ("open", "upheld", BUREAU),
        "dismiss": ("open", "unfounded", BUREAU),
    },
    "appeal": {
        "uphold": ("open", "upheld", BUREAU),
        "dismiss": ("open", "dismissed", BUREAU),
    },
    "pairing": {
        "approve": ("proposed", "matched", COUNTY),
        "decline": ("proposed", "closed", COUNTY),
        "supersede": ("proposed", "closed", SYSTEM),
        "activate": ("matched", "active", COUNTY),
        "pause": ("active", "paused", COUNTY),
        "halt": ("active", "paused", SYSTEM),
        "resume": ("paused", "active", COUNTY),
        "close": ("matched active paused", "closed", COUNTY),
        "withdraw_consent": ("matched active paused", "closed", SYSTEM),
        # S2-2.3d: the birthday; and whoever leaves for good
        "age_out": ("matched active paused", "closed", SYSTEM),
        "leave": ("matched active paused", "closed", SYSTEM),
    },
    # Written by the mentor or by staff, read through by a second person before the next one reads
    "handover": {
        "rewrite": ("written returned released", "written", SELF),
        "retype": ("written returned released", "written", FIELD),
        "release": ("written", "released", SUPERVISOR | COUNTY),
        "return": ("written", "returned", SUPERVISOR | COUNTY),
    },
    # The receiving county answers; the sending one may take it back
    "child_transfer": {
        "accept": ("proposed", "accepted", COUNTY),
        "refuse": ("proposed", "refused", COUNTY),
        "withdraw": ("proposed", "withdrawn", COUNTY),
        "lapse": ("proposed", "withdrawn", SYSTEM),
    },
    # PG: whoever organises or the bureau runs it, another person of the bureau approves
    "programme": {
        "submit": ("draft", "submitted", ORGANISING),
        "approve": ("submitted", "approved", BUREAU),
        "send_back": ("submitted approved", "draft", BUREAU),
        "open": ("approved", "open", ORGANISING),
        "start": ("open", "running", ORGANISING),
        "start_by_day": ("open", "running", SYSTEM),
        "finish": ("running", "finished", ORGANISING),
        "finish_by_day": ("running", "finished", SYSTEM),
        "close": ("finished", "closed", ORGANISING),
        "cancel": ("draft submitted approved open running", "cancelled", ORGANISING),
    },
    "programme_session": {
        "open_sheet": ("planned", "open", TAKING),
        "take": ("open", "taken", TAKING),
        "lock": ("planned open taken", "locked", SYSTEM),
        "unlock": ("locked", "taken", SYSTEM),
        "cancel": ("planned", "cancelled", ORGANISING),
    },
    # The second person's word
    "session_unlock": {
        "approve": ("asked", "approved", BUREAU),
        "decline": ("asked", "declined", BUREAU),
    },
    # PN: written by the mentor, verified by the director or those above
    "contact_log": {
        "verify": ("recorded", "verified", FIELD),
        "return": ("recorded", "returned", FIELD),
        "correct": ("returned", "recorded", SELF),
        "void": ("recorded returned verified", "void", FIELD),
    },
    "need": {
        "submit": ("draft", "submitted", DIRECTOR),
        "approve": ("submitted held", "approved", COUNTY),
        "hold": ("submitted approved", "held", COUNTY),
        "return": ("submitted approved held", "draft", COUNTY),
        "keep_back": ("approved published", "held", SYSTEM),
        "publish": ("approved", "published", SYSTEM),
        "match": ("approved held published", "matched", SYSTEM),
        "reopen": ("matched", "approved", SYSTEM),
        "finish": ("matched", "closed", SYSTEM),
        "age_out": ("draft submitted approved held published matched", "closed", SYSTEM),
        "close": ("approved held published", "closed", COUNTY),
        "withdraw": ("draft submitted approved held published", "withdrawn", FIELD),
        "withdraw_consent": (
            "draft submitted approved held published matched",
            "withdrawn",
            SYSTEM,
        ),
    },
    "need_application": {
        "take": ("lodged", "taken", SYSTEM),
        "decline": ("lodged", "declined", COUNTY),
        "lapse": ("lodged", "declined", SYSTEM),
        "withdraw": ("lodged", "withdrawn", SELF),
    },
    "pairing_offer": {
        "take": ("open", "taken", SYSTEM),
        "withdraw": ("open", "withdrawn", SELF),
        "lapse": ("open", "withdrawn", SYSTEM),
    },
    # S0-4.2a: one valid card, void when it is replaced or the pairing rests or ends
    "video_call": {
        "done": ("booked", "done", FIELD),
        "missed": ("booked", "missed", FIELD),
        "cancel": ("booked", "cancelled", FIELD),
    },
    "contact_card": {
        "replace": ("valid", "void", COUNTY),
        "end": ("valid", "void", SYSTEM),
    },
    # Letters cross through staff: two pairs of eyes on a child's, the director's hand to the child
    "letter": {
        "screen_out": ("written", "screened_out", SYSTEM),
        "rewrite": ("screened_out returned", "written", SELF),
        "retype": ("screened_out returned", "written", DIRECTOR),
        "approve": ("written", "approved", SUPERVISOR | COUNTY),
        "return": ("written", "returned", SUPERVISOR | COUNTY),
        "hand_over": ("approved", "handed_over", DIRECTOR),
        "deliver": ("approved", "handed_over", SYSTEM),
        "withdraw": ("written screened_out returned", "withdrawn", SELF),
        "stop": ("written screened_out returned approved", "stopped", SYSTEM),
    },
    # 志愿服务记录与证明出具办法: recorded by one, verified by another; issued after publicity
    "service_record": {
        "verify": ("recorded", "verified", BUREAU),
        "follow_source": ("recorded", "verified", SYSTEM),
        "fall_with_source": ("recorded returned verified", "voided", SYSTEM),
        "return": ("recorded", "returned", BUREAU),
        "resubmit": ("returned", "recorded", SELF),
        "withdraw": ("recorded returned", "voided", SELF),
        "reopen": ("verified", "returned", BUREAU),
        "void": ("recorded returned verified", "voided", BUREAU),
    },
    "certificate": {
        "publicise": ("requested", "publicised", BUREAU),
        "issue": ("publicised", "issued", BUREAU),
        "decline": ("requested publicised", "declined", BUREAU),
        "withdraw": ("requested publicised", "withdrawn", SELF),
        "revoke": ("issued", "void", BUREAU),
        "invalidate": ("requested publicised issued", "void", SYSTEM),
    },
    "import": {
        "preview": ("reading", "previewed", SYSTEM),
        "fail": ("reading", "failed", SYSTEM),
        "apply": ("previewed", "applied", BUREAU),
        "discard": ("reading previewed", "discarded", BUREAU),
    },
    "sight": {
        "grant": ("asked", "granted", COUNTY),
        "confirm": ("asked", "granted", BUREAU),
        "refuse": ("asked", "refused", BUREAU),
        "open": ("granted", "open", BUREAU | who("protection_centre platform_admin")),
        "end": ("open", "ended", SYSTEM),
        "lapse": ("asked granted", "lapsed", SYSTEM),
    },
    "unit_change": {
        "confirm": ("proposed", "done", ADMIN),
        "drop": ("proposed", "dropped", ADMIN),
    },
    "setting_change": {
        "adopt": ("proposed", "agreed", SYSTEM),
        "agree": ("proposed", "agreed", ADMIN),
        "drop": ("proposed", "dropped", ADMIN),
    },
    "child": {
        "open": ("draft", "active", BUREAU),
        "age_out": ("active", "aged_out", SYSTEM),
        "erase": ("draft active aged_out", "erased", SYSTEM),
    },
}
EXPECTED |= expected_taking_part.EXPECTED
MACHINE_OF = {machine.noun: machine for machine in MACHINES}
MOVES = [(noun, name) for noun, moves in EXPECTED.items() for name in moves]
PAIRS = [(noun, name, state) for noun, name in MOVES for state in sorted(MACHINE_OF[noun].states)]
OWNER = uuid4()


def people():
    """One actor per role, sitting above the village, and the supporter the subject belongs to."""
    seats = {role: Grant(role, "/35/3504/350421/", uuid4()) for role in Role}
    actors = {role.value: Actor(uuid4(), grants=(grant,)) for role, grant in seats.items()}
    actors["own_supporter"] = Actor(uuid4(), supporter_ids=(OWNER,))
    actors["other_supporter"] = Actor(uuid4(), supporter_ids=(uuid4(),))
    actors["newcomer"] = Actor(uuid4())
    actors["on_duty"] = Actor(uuid4(), programme_ids=(OWNER,))
    actors["anonymous"] = Actor()
    return actors


def of_organiser(noun, subject, actor):
    """Let the subject be a programme that this very person organises."""
    if noun in {"programme", "programme_session", *expected_taking_part.EXPECTED}:
        subject.organiser_id, subject.programme_id = actor.user_id, OWNER
    return subject


def test_the_tables_name_every_machine_and_every_move():
    assert set(EXPECTED) == set(MACHINE_OF)
    for noun, moves in EXPECTED.items():
        assert set(moves) == {move.name for move in MACHINE_OF[noun].transitions}, noun


@pytest.mark.parametrize(("noun", "name", "state"), PAIRS)
def test_a_move_leaves_exactly_the_states_of_the_table(noun, name, state):
    sources, target, _ = EXPECTED[noun][name]
    if state in sources.split():
        assert MACHINE_OF[noun].check(name, state).target == target
    else:
        with pytest.raises(WrongState):
            MACHINE_OF[noun].check(name, state)


@pytest.mark.parametrize(("noun", "name"), MOVES)
def test_a_move_is_permitted_to_exactly_the_roles_of_the_table(noun, name):
    expected = EXPECTED[noun][name][2]
    permission = MACHINE_OF[noun].transition(name).permission
    if expected == SYSTEM:
        assert permission is None
        return
    subject = SimpleNamespace(id=OWNER, unit_path=VILLAGE)
    if noun in {
        "commitment", "clearance", "need_application", "pairing_offer", "programme_staff",
        "duty_swap",
    }:  # fmt: skip
        subject.supporter_id = OWNER
    permitted = {
        role
        for role, actor in people().items()
        if access.permits(actor, permission, of_organiser(noun, subject, actor))
    }
    # Who may register has no supporter row yet: another supporter is as new at this authority.
    as_new = {"on_duty"} if "newcomer" in expected else set()
    assert permitted - {"other_supporter"} - as_new == expected
    assert ("other_supporter" in permitted) == ("newcomer" in expected)


@pytest.mark.parametrize(("noun", "name"), MOVES)
def test_staff_of_another_county_may_not(noun, name):
    permission = MACHINE_OF[noun].transition(name).permission
    if permission is None or "newcomer" in EXPECTED[noun][name][2]:
        return
    subject = SimpleNamespace(id=uuid4(), unit_path=VILLAGE, supporter_id=uuid4())
    for role in Role:
        neighbour = Actor(uuid4(), grants=(Grant(role, "/35/3504/350424/", uuid4()),))
        assert not access.permits(neighbour, permission, subject), role


@pytest.mark.parametrize("noun", sorted(EXPECTED))
def test_a_final_state_offers_nothing_and_every_state_has_a_word(noun):
    machine = MACHINE_OF[noun]
    for name, state in machine.states.items():
        assert state.label
        assert bool(machine.offered(name)) is False or not state.final
