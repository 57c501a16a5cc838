"""What becomes of a programme's people when it ends early: families and the rota are let go."""

from __future__ import annotations

from portal.core import scope
from portal.extensions import db
from portal.models.programmes import Programme
from portal.services import enrolment_checks, place_work, rota


def let_go(programme: Programme) -> None:
    """End every enrolment and take everybody off the rota of a cancelled programme."""
    with scope.within(enrolment_checks.wide(programme.tenant_path), db.session()):
        place_work.end(programme)
        rota.end_programme(programme)
