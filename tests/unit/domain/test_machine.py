import pytest

from portal.domain.errors import WrongState
from portal.domain.lifecycles import MACHINES
from portal.domain.machine import Machine, State, Transition, diagram, states
from portal.domain.permissions import Permission

OPEN, SHUT = State("开"), State("关", final=True)


def door(*moves, **more):
    return Machine("door", "门", "open", {"open": OPEN, "shut": SHUT, **more}, moves)


def shut(name="shut", permission=Permission.WISH_DRAFT):
    return Transition(name, states("open"), "shut", permission, "关门")


def test_a_move_that_does_not_leave_this_state_is_refused_in_words():
    machine = door(shut())
    assert machine.check("shut", "open").target == "shut"
    with pytest.raises(WrongState, match="门的状态是“关”，不能“关门”"):
        machine.check("shut", "shut")


def test_what_only_the_system_does_is_never_offered_as_a_button():
    machine = door(shut(), shut("slam", permission=None))
    assert [move.name for move in machine.offered("open")] == ["shut"]
    assert machine.offered("shut") == ()


@pytest.mark.parametrize(
    ("build", "complaint"),
    [
        (lambda: door(shut(), shut()), "named twice"),
        (lambda: door(shut(), lost=State("丢", final=True)), "never reached"),
        (lambda: door(Transition("go", states("open"), "away", None, "走")), "unknown states"),
        (lambda: door(shut(), Transition("open", states("shut"), "open", None, "开")), "final"),
    ],
    ids=["two of a name", "unreachable", "unknown", "a way out of a final state"],
)
def test_a_table_that_contradicts_itself_does_not_load(build, complaint):
    with pytest.raises(ValueError, match=complaint):
        build()


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_the_diagram_shows_every_move(machine):
    drawn = diagram(machine)
    for move in machine.transitions:
        for source in move.sources:
            assert f"{source} --> {move.target}: {move.name}" in drawn
