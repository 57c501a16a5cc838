"""What the subject of a fact tells its mails: whom it concerns, and a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from portal.domain.actor import Role


@dataclass(frozen=True, slots=True)
class News:
    """Whom a subject concerns, and ``item``: what its line in a mail is made of."""

    unit_path: str = "/"
    drafted_by: UUID | None = None
    supporter_id: UUID | None = None
    owner: UUID | None = None
    #: The unit at the other end, where something goes from one to another.
    from_path: str = ""
    #: The roles that answer for it, where the kind of subject alone does not say so.
    roles: tuple[Role, ...] = ()
    #: Accounts that it concerns besides, where no role and no supporter names them.
    others: tuple[UUID, ...] = ()
    #: A mail of its own told of it at once.
    urgent: bool = False
    item: Mapping[str, Any] = field(default_factory=dict)
