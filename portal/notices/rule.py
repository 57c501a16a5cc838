"""One mail of the table: template, audience, link, what its lines may hold."""

from __future__ import annotations

from dataclasses import dataclass

from portal.notices.audiences import Audience

#: What a line may hold for whom: file numbers stay inside, supporters' names with the county.
INSIDE = frozenset({"file_no", "title"})
COUNTY = frozenset({"file_no", "title", "by"})
OUTSIDE = frozenset({"title", "deliver_by", "point", "valid_to"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One mail: template, audience, link, what its lines may hold.

    Who acted is not told, unless ``tells_actor``.
    """

    template: str
    audience: Audience
    path: str
    sees: frozenset[str]
    tells_actor: bool = False
