"""The one lifecycle engine: a table of transitions yields check, button, form, fact and badge.

Nothing here knows a database; ``core.transitions.fire`` is the only caller that sets a status.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from portal.domain.errors import WrongState

if TYPE_CHECKING:
    from portal.domain.actor import Actor
    from portal.domain.permissions import Permission

#: A guard raises a DomainError when the move may not happen; it sees actor, subject and answers.
Guard = Callable[["Actor", Any, Mapping[str, Any]], None]


class Tone(StrEnum):
    """How a state or a button looks."""

    NEUTRAL = "neutral"
    INFO = "info"
    GOOD = "ok"
    WARN = "warn"
    BAD = "danger"


@dataclass(frozen=True, slots=True)
class State:
    """One state: the stored value's Chinese word and tone; ``final`` states have no way out."""

    label: str
    tone: Tone = Tone.NEUTRAL
    final: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Something the person must say with a move (``reason``, a date, a number)."""

    name: str
    label: str
    kind: str = "text"
    required: bool = True


@dataclass(frozen=True, slots=True)
class Transition:
    """One legal move. ``permission`` None means that only the system may fire it."""

    name: str
    sources: frozenset[str]
    target: str
    permission: Permission | None
    label: str
    tone: Tone = Tone.NEUTRAL
    asks: tuple[Ask, ...] = ()
    guard: Guard | None = None
    done: str = ""


@dataclass(frozen=True)
class Machine:
    """A lifecycle: its states, its first state and its transitions, checked at import."""

    noun: str
    label: str
    initial: str
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    _by_name: dict[str, Transition] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for move in self.transitions:
            if move.name in self._by_name:
                msg = f"{self.noun}: transition {move.name} is named twice"
                raise ValueError(msg)
            unknown = (move.sources | {move.target}) - set(self.states)
            if unknown:
                msg = f"{self.noun}.{move.name}: unknown states {sorted(unknown)}"
                raise ValueError(msg)
            self._by_name[move.name] = move
        self._check_reachable()

    def _check_reachable(self) -> None:
        reached, frontier = {self.initial}, [self.initial]
        while frontier:
            here = frontier.pop()
            for move in self.transitions:
                if here in move.sources and move.target not in reached:
                    reached.add(move.target)
                    frontier.append(move.target)
        if lost := set(self.states) - reached:
            msg = f"{self.noun}: states never reached {sorted(lost)}"
            raise ValueError(msg)
        for name, state in self.states.items():
            leaves = any(name in move.sources for move in self.transitions)
            if leaves == state.final:
                msg = f"{self.noun}.{name}: final={state.final} but leaves={leaves}"
                raise ValueError(msg)

    def transition(self, name: str) -> Transition:
        """Return the named transition; KeyError for a name the table does not hold."""
        return self._by_name[name]

    def check(self, name: str, status: str) -> Transition:
        """Return the transition if it may leave ``status``; raise WrongState otherwise."""
        move = self._by_name[name]
        if status not in move.sources:
            raise WrongState(
                "这一步现在不能做：{noun}的状态是“{state}”，不能“{move}”",
                noun=self.label,
                state=self.states[status].label,
                move=move.label,
            )
        return move

    def offered(self, status: str) -> tuple[Transition, ...]:
        """Return the moves that leave ``status``, in table order, the system's left out."""
        return tuple(
            move
            for move in self.transitions
            if status in move.sources and move.permission is not None
        )


def states(*names: str) -> frozenset[str]:
    """Name a set of source states."""
    return frozenset(names)


def diagram(machine: Machine) -> str:
    """Draw the machine as Mermaid text for the documentation."""
    lines: Iterable[str] = (
        f"    {source} --> {move.target}: {move.name}"
        for move in machine.transitions
        for source in sorted(move.sources)
    )
    return "\n".join(["stateDiagram-v2", f"    [*] --> {machine.initial}", *lines])
