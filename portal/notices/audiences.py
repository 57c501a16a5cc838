"""Who is concerned: each audience is a function from news to people with an address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from portal.domain import clock
from portal.domain.actor import Role
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.supporters import SupporterMember
from portal.notices.news import News


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be written to."""

    user_id: UUID
    email: str
    name: str


class People:
    """Looks people up once per transaction, however many facts concern them."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[Person, ...]] = {}

    def account(self, user_id: UUID | None) -> tuple[Person, ...]:
        """Return the holder of an account that is not disabled."""
        if user_id is None:
            return ()
        return self._look(("account", user_id), lambda: _people().where(User.id == user_id))

    def contacts(self, supporter_id: UUID | None) -> tuple[Person, ...]:
        """Return the people who speak for a supporter."""
        if supporter_id is None:
            return ()
        return self._look(
            ("contacts", supporter_id),
            lambda: (
                _people()
                .join(SupporterMember, SupporterMember.user_id == User.id)
                .where(
                    SupporterMember.supporter_id == supporter_id,
                    SupporterMember.ended_at.is_(None),
                    SupporterMember.invited_at.is_(None),
                )
            ),
        )

    def holders(self, role: Role, path: str) -> tuple[Person, ...]:
        """Return who holds ``role`` today at the unit of ``path`` or above it."""
        return self._look(("holders", role, path), lambda: _holders(role, path))

    def drafter(self, news: News) -> tuple[Person, ...]:
        """Return the director who drafted; whoever sits in the village now when they left."""
        sitting = self.holders(Role.CHILD_DIRECTOR, news.unit_path)
        own = tuple(one for one in sitting if one.user_id == news.drafted_by)
        return own or sitting

    def _look(self, key: tuple[object, ...], query: Callable[[], Any]) -> tuple[Person, ...]:
        if key not in self._known:
            rows = db.session.execute(query())
            self._known[key] = tuple(Person(*row) for row in rows)
        return self._known[key]


Audience = Callable[[People, News], Iterable[Person]]


def supporter(people: People, news: News) -> Iterable[Person]:
    """Return the contacts of the supporter."""
    return people.contacts(news.supporter_id)


def director(people: People, news: News) -> Iterable[Person]:
    """Return the director who drafted the wish."""
    return people.drafter(news)


def township(people: People, news: News) -> Iterable[Person]:
    """Return the child supervisors of the township."""
    return people.holders(Role.CHILD_SUPERVISOR, news.unit_path)


def readers(people: People, news: News) -> Iterable[Person]:
    """Return who reads letters: the township's supervisors, the county where there is none."""
    return township(people, news) or county(people, news)


def county(people: People, news: News) -> Iterable[Person]:
    """Return the county staff who cover the unit."""
    return people.holders(Role.COUNTY_STAFF, news.unit_path)


def sending(people: People, news: News) -> Iterable[Person]:
    """Return the county staff of the unit that something came from."""
    return people.holders(Role.COUNTY_STAFF, news.from_path) if news.from_path else ()


def both_counties(people: People, news: News) -> Iterable[Person]:
    """Return the county staff at both ends."""
    return [*county(people, news), *sending(people, news)]


def carers(people: People, news: News) -> Iterable[Person]:
    """Return the township's supervisors and the county: who names somebody else."""
    return [*township(people, news), *county(people, news)]


def bureau(people: People, news: News) -> Iterable[Person]:
    """Return the county staff of a county's matter, the city's of what lies above them."""
    return county(people, news) or people.holders(Role.CITY_STAFF, news.unit_path)


def answering(people: People, news: News) -> Iterable[Person]:
    """Return the bureau that answers, unless an alarm has told it already."""
    return () if news.urgent else bureau(people, news)


def alarmed(people: People, news: News) -> Iterable[Person]:
    """Return who must look at once: the township's supervisor and the county, or the city."""
    near = [*township(people, news), *county(people, news)]
    return near or people.holders(Role.CITY_STAFF, news.unit_path)


def above(people: People, news: News) -> Iterable[Person]:
    """Return who is told when nobody looked: the county again, and the city."""
    return [*county(people, news), *people.holders(Role.CITY_STAFF, news.unit_path)]


def handover(people: People, news: News) -> Iterable[Person]:
    """Return who receives goods: the handover point, the county where there is none."""
    return people.holders(Role.HANDOVER_STAFF, news.unit_path) or county(people, news)


def owner(people: People, news: News) -> Iterable[Person]:
    """Return whose account or upload it is."""
    return people.account(news.owner)


def responsible(people: People, news: News) -> Iterable[Person]:
    """Return who answers for it, besides the person whom it is about."""
    found = (one for role in news.roles for one in people.holders(role, news.unit_path))
    return [one for one in found if one.user_id != news.owner]


def both_sides(people: People, news: News) -> Iterable[Person]:
    """Return whose it is, and who answers for it."""
    return [*people.account(news.owner), *responsible(people, news)]


def everybody_watching(people: People, news: News) -> Iterable[Person]:
    """Return who answers for it and the auditors: nothing of this happens quietly."""
    return [*responsible(people, news), *people.holders(Role.AUDITOR, news.unit_path)]


def _people() -> Any:
    return (
        select(User.id, User.email, User.name)
        .where(User.disabled_at.is_(None))
        .distinct()
        .order_by(User.id)
    )


def _holders(role: Role, path: str) -> Any:
    today = clock.today()
    return (
        _people()
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(
            RoleGrant.role == role.value,
            RoleGrant.unit_path.in_(_above(path)),
            RoleGrant.valid_from <= today,
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
        )
    )


def _above(path: str) -> list[str]:
    """Return a unit's path and every path above it."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1)]
