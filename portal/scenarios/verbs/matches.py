"""The matching of a story: pairs kept or avoided, a whole county at once, pairs proposed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from portal.domain.actor import Actor
from portal.queries import units
from portal.services import match_rules, matches


def run(actor: Actor, county: str) -> UUID:
    """Ask for the best assignment of a county's open needs."""
    return matches.run(actor, units.get(county).path)


VERBS: Mapping[str, Callable[..., Any]] = {
    "match.decide": match_rules.decide,
    "match.lift": match_rules.lift,
    "match.run": run,
    "match.propose": matches.propose,
    "match.propose_one": matches.propose_one,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {}
