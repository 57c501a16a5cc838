"""What hangs on a standing, and what becomes of it when the standing ends.

The two lists are the seam: pairings, duties and pending claims hang there; whatever else needs
somebody who may meet children joins by adding its function.
"""

from __future__ import annotations

from collections.abc import Callable

from portal.core import scope
from portal.extensions import db
from portal.models.supporters import Supporter
from portal.services import (
    frozen_claims,
    need_applications,
    pairing_offers,
    pairings,
    rota,
    substitutions,
)

#: Takes the supporter and why (a key of domain.vetting.PAUSE_REASONS); safe to call twice.
Hanger = Callable[[Supporter, str], object]
#: What needs tier 2: it stops on the day on which contact with children ends.
CONTACT: tuple[Hanger, ...] = (
    pairings.halt_all,
    need_applications.stand_down,
    pairing_offers.stand_down,
    substitutions.end_all,
    rota.stand_down,
)
#: What needs tier 1.
GOODS: tuple[Hanger, ...] = (frozen_claims.release_pending,)


def contact_ended(supporter: Supporter, why: str) -> None:
    """Stop everything that needs tier 2."""
    _let_go(CONTACT, supporter, why)


def all_ended(supporter: Supporter, why: str) -> None:
    """Stop everything that needs tier 2, and everything that needs tier 1."""
    _let_go(CONTACT + GOODS, supporter, why)


def _let_go(hangers: tuple[Hanger, ...], supporter: Supporter, why: str) -> None:
    session = db.session()
    with scope.everywhere("what hangs on a standing may lie in any county", session):
        for hanger in hangers:
            hanger(supporter, why)
