"""What somebody typed is not lost when they must sign in or prove themselves first.

The fields lie sealed with the account and the path as associated data: a row that was given
another owner or another path does not open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from portal.core import scope, unit_of_work
from portal.domain import cipher, clock
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.factors import KeptForm

LIVES = timedelta(hours=1)
_LONGEST = 200_000
_PATH_LENGTH = 200

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent, and where it was going."""

    path: str
    fields: Fields


def keep(user_id: UUID, path: str, fields: Iterable[tuple[str, str]]) -> UUID | None:
    """Seal what was typed, in a transaction of its own; None when it is too long to keep."""
    plain = json.dumps(list(fields), ensure_ascii=False)
    if len(plain) > _LONGEST or len(path) > _PATH_LENGTH:
        return None
    with unit_of_work.transaction(scope.NOTHING):
        forget_old()
        row = KeptForm(
            user_id=user_id,
            path=path,
            fields=cipher.ring().seal(plain, _place(user_id, path)),
            kept_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        return UUID(str(row.id))


def read(user_id: UUID | None, kept_id: UUID) -> Kept:
    """Return what its owner typed; NotFound for anybody else, and after an hour."""
    row = db.session.get(KeptForm, kept_id)
    if row is None or row.user_id != user_id or row.kept_at < clock.now() - LIVES:
        raise NotFound
    plain = cipher.ring().unseal(row.fields, _place(row.user_id, row.path))
    return Kept(row.path, [(str(name), str(value)) for name, value in json.loads(plain)])


def forget_old() -> int:
    """Delete what nobody may read any more; return how many rows (each kept form does it)."""
    gone = db.session.execute(
        delete(KeptForm).where(KeptForm.kept_at < clock.now() - LIVES).returning(KeptForm.id)
    )
    return len(gone.all())


def _place(user_id: UUID, path: str) -> str:
    return f"kept_forms.fields:{user_id}:{path}"
