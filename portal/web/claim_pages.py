"""The page of a claim that was not made: why not, and what else there is."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from portal.core import unit_of_work
from portal.domain.errors import DomainError
from portal.queries import catalogue, commitments
from portal.services.claims import Taken
from portal.web import wish_cards
from portal.web.errors import sentence, status_of


def refused(refusal: DomainError, code: str) -> ResponseReturnValue:
    """Say why this wish was not claimed; the loser of a race also sees similar wishes."""
    # The wall reads on a connection of its own: two at once, under a race, would be one too many.
    unit_of_work.rollback()
    taken = isinstance(refusal, Taken)
    page = render_template(
        "claims/refused.html",
        message=sentence(refusal),
        taken=taken,
        similar=wish_cards.fragments(catalogue.similar(catalogue.card(code))) if taken else [],
        registered=bool(g.actor.supporter_ids),
    )
    return page, status_of(refusal)


def speakers() -> tuple[commitments.Speaker, ...]:
    """Return the names under which a person may claim; nothing to choose for who has one."""
    mine = g.actor.supporter_ids
    return commitments.speakers(mine) if len(mine) > 1 else ()
