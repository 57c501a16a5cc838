"""Asking the K rule about a need: the register against what its card would say."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import func, select

from portal.core import scope
from portal.domain.anonymity import Asked, Disclosure, Held, choose_disclosure
from portal.domain.lifecycles.needs import OPEN
from portal.domain.need_cards import Asked as NeedAsked
from portal.domain.need_cards import NeedFields, need_fields
from portal.extensions import db
from portal.models.needs import PairingNeed
from portal.queries.disclosures import Judge


class NeedJudge(Judge):
    """The K rule of one authority for needs; register and languages are counted once."""

    @cached_property
    def common(self) -> frozenset[str]:
        """Languages that at least K open needs of the authority ask for: none else is shown."""
        statement = (
            select(PairingNeed.language, func.count())
            .where(
                PairingNeed.tenant_path == self.tenant_path,
                PairingNeed.status.in_(OPEN),
                PairingNeed.language != "",
            )
            .group_by(PairingNeed.language)
        )
        wide = scope.Scope(paths=(self.tenant_path,), reason="languages are counted, never read")
        with scope.within(wide, db.session()):
            return frozenset(code for code, n in db.session.execute(statement) if n >= self.k)

    def judge_need(self, need: PairingNeed) -> Disclosure | Held:
        """Return what this need's card may show, or why it is held."""
        return choose_disclosure(self.register, self.child(need.child_id), Asked(), self.k)

    def need_card(self, need: PairingNeed, shown: Disclosure) -> NeedFields:
        """Return the card this need would have with this disclosure."""
        asked = NeedAsked(need.kind, need.rhythm, tuple(need.days), need.language, need.helper)
        places, path = self.places, self.child(need.child_id).path
        return need_fields(asked, shown, places.names, places.levels, path, self.common)
