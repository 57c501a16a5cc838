"""Playing a story: each line in its own transaction, as its own person, at its own time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.core import scope, unit_of_work
from portal.domain import clock
from portal.domain.actor import ANONYMOUS, SYSTEM, Actor
from portal.domain.errors import DomainError
from portal.queries import actors
from portal.scenarios import clockwork, moments, script, values
from portal.scenarios.registry import Verb
from portal.scenarios.script import Line, ScriptError
from portal.web.errors import status_of

#: Logins may leave this out.
DOMAIN = "@example.org"
#: ``$me.user`` and ``$me.supporter`` stand for whoever acts.
ME = "me"


@dataclass(frozen=True, slots=True)
class Played:
    """One line of the result: what was expected, what was seen, and whether the two agree."""

    line: int
    at: str
    who: str
    did: str
    expected: str
    seen: str
    ok: bool


#: Called after each line, while the clock still stands there (tests look at pages with it).
Watcher = Callable[[Line, Played], None]


@dataclass
class Player:
    """The stage: the clock, what was named, and what came of each line so far."""

    verbs: Mapping[str, Verb]
    sights: Mapping[str, Verb]
    watch: Watcher | None = None
    #: False plays a prologue whose time-driven jobs do not matter.
    ticking: bool = True
    named: dict[str, Any] = field(default_factory=dict)
    rows: list[Played] = field(default_factory=list)
    _present: datetime = field(default_factory=clock.now)
    _started: bool = False

    def play(self, lines: Iterable[Line]) -> list[Played]:
        """Play every line; ScriptError before the first act when a line cannot stand."""
        story = tuple(lines)
        played = clock.now()
        self.check(story)
        who: str | None = None
        for line in story:
            who = line.who or who
            with self._at(line, played):
                row = self._line(line, who, played)
                self.rows.append(row)
                if self.watch:
                    self.watch(line, row)
        return self.rows

    def check(self, story: tuple[Line, ...]) -> None:
        """Refuse unknown verbs, arguments and names, and a line that nobody speaks."""
        named = {ME, *self.named}
        who = None
        for line in story:
            who = line.who or who
            if who is None:
                raise ScriptError(line.number, "nobody acts: give as")
            known = self.sights if line.is_sight else self.verbs
            if line.verb not in known:
                kind = "sight" if line.is_sight else "verb"
                raise ScriptError(line.number, f"there is no {kind} {line.verb}")
            if problem := known[line.verb].problem(line.given):
                raise ScriptError(line.number, problem)
            used = values.references([dict(line.given), line.equals, line.who])
            if unknown := sorted(used - named):
                raise ScriptError(line.number, f"nothing was named {', '.join(unknown)} before")
            named |= {line.name} if line.name else set()

    @contextmanager
    def _at(self, line: Line, played: datetime) -> Iterator[None]:
        """Move the clock, letting the time-driven work happen on the way."""
        try:
            wanted = moments.moment(line.at, self._present, played) if line.at else self._present
        except ValueError as error:
            raise ScriptError(line.number, str(error)) from None
        if self._started and wanted < self._present:
            raise ScriptError(line.number, f"the clock does not run backwards (to {line.at})")
        if self._started and self.ticking:
            clockwork.let_pass(self._present, wanted)
        self._present, self._started = wanted, True
        with clock.at(wanted):
            yield

    def _line(self, line: Line, who: str | None, played: datetime) -> Played:
        perform = self._look if line.is_sight else self._act
        try:
            actor = self._actor(line, who or script.SYSTEM)
            place = values.Place(self._present, played, {**self.named, ME: _me(actor)})
            expected, seen, is_right = perform(line, actor, place)
        except values.Unbound as error:
            expected, seen, is_right = str(line.expect), f"${error} came to nothing", False
        return Played(
            line=line.number,
            at=f"{clock.local(self._present):%Y-%m-%d %H:%M}",
            who=who or "",
            did=line.verb,
            expected=expected,
            seen=seen,
            ok=is_right,
        )

    def _act(self, line: Line, actor: Actor, place: values.Place) -> tuple[str, str, bool]:
        expected = str(line.expect)
        verb = self.verbs[line.verb]
        arguments = _arguments(verb, line, place)
        try:
            result = self._transacted(verb, actor, arguments)
        except DomainError as error:
            return expected, _seen(error), _matches(line.expect, error)
        if line.name:
            self.named[line.name] = result
        return expected, script.OK, line.expect == script.OK

    def _transacted(self, verb: Verb, actor: Actor, arguments: dict[str, Any]) -> Any:
        """Run an act in its own transaction, unless it keeps one itself."""
        if verb.is_outside:
            return values.plain(verb.perform(actor, arguments))
        with unit_of_work.transaction(_scope(actor)) as session:
            result = verb.perform(actor, arguments)
            session.flush()
            return values.plain(result)

    def _look(self, line: Line, actor: Actor, place: values.Place) -> tuple[str, str, bool]:
        sight = self.sights[line.verb]
        arguments = _arguments(sight, line, place)
        try:
            with unit_of_work.reading(_scope(actor)):
                result = values.plain(sight.perform(actor, arguments))
        except DomainError as error:
            return str(line.equals), _seen(error), _matches(line.equals, error)
        if line.name:
            self.named[line.name] = result
        if not line.compares:
            return "", str(values.shown(result)), True
        wanted = values.shown(values.resolve(line.equals, place))
        return str(wanted), str(values.shown(result)), values.shown(result) == wanted

    def _actor(self, line: Line, who: str) -> Actor:
        if who.startswith("$"):
            place = values.Place(self._present, self._present, self.named)
            who = str(values.resolve(who, place))
        if who == script.SYSTEM:
            return SYSTEM
        if who == script.VISITOR:
            return ANONYMOUS
        with unit_of_work.reading(scope.NOTHING):
            found = actors.by_email(who if "@" in who else who + DOMAIN)
        if found is None:
            raise ScriptError(line.number, f"nobody signs in as {who}")
        return found


def _arguments(verb: Verb, line: Line, place: values.Place) -> dict[str, Any]:
    try:
        return verb.arguments(line.given, place)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise ScriptError(line.number, f"{verb.name}: {error}") from error


def _me(actor: Actor) -> dict[str, Any]:
    supporter = actor.supporter_ids[0] if actor.supporter_ids else None
    return {"user": actor.user_id, "supporter": supporter}


def _scope(actor: Actor) -> scope.Scope:
    if actor is SYSTEM:
        return unit_of_work.system_scope("a story's system steps")
    return scope.of(actor)


def _seen(error: DomainError) -> str:
    return f"{type(error).__name__} {status_of(error)}: {_words(error)}"


def _matches(expect: Any, error: DomainError) -> bool:
    if isinstance(expect, int):
        return status_of(error) == expect
    return (
        isinstance(expect, str)
        and expect != script.OK
        and (expect == type(error).__name__ or expect in _words(error))
    )


def _words(error: DomainError) -> str:
    """Return a refusal's sentence with the sentences beside the fields."""
    fields = getattr(error, "fields", {})
    return " / ".join([str(error), *(f"{name}: {text}" for name, text in fields.items())])
