"""Reading the list of what was erased on a restored database: everybody stays forgotten (L18)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from portal.core.storage import storage
from portal.domain import clock
from portal.domain.actor import SYSTEM
from portal.domain.errors import Invalid
from portal.extensions import db
from portal.models.children import ChildFile, Consent
from portal.models.records import StoredFile
from portal.models.rights import GuardianAccess
from portal.services import erasure, protections, tombstones, wish_review


def replay(lines: Iterable[tuple[str, UUID, str]]) -> dict[str, int]:
    """Do again what the list says; return how many of each kind changed something.

    Safe to run twice. Kinds that this version does not know stop it: nobody is left out silently.
    """
    done: dict[str, int] = {}
    for kind, row_id, reason in lines:
        if kind not in _AGAIN:
            raise Invalid("名单里有不认识的类别：{kind}", kind=kind)
        changed = _AGAIN[kind](row_id, reason)
        tombstones.lay(kind, row_id, reason)
        done[kind] = done.get(kind, 0) + bool(changed)
    return done


def _consent(row_id: UUID, reason: str) -> bool:
    sheet = db.session.get(Consent, row_id)
    if sheet is None or sheet.withdrawn_at is not None:
        return False
    wish_review.end_consents(SYSTEM, sheet.child_id, sheet.scope)
    return True


def _link(row_id: UUID, reason: str) -> bool:
    link = db.session.get(GuardianAccess, row_id)
    if link is None or link.revoked_at is not None:
        return False
    link.revoked_at = clock.now()
    return True


def _file(row_id: UUID, reason: str) -> bool:
    file = db.session.scalar(select(StoredFile).where(StoredFile.id == row_id))
    if file is None:
        return False
    storage().delete(file.key)
    erasure.forget_rows("stored_files", [row_id])
    return True


def _protected(row_id: UUID, reason: str) -> bool:
    child = db.session.get(ChildFile, row_id)
    if child is None or protections.whereabouts_hidden(row_id):
        return False
    protections.set_again(child)
    return True


_AGAIN: Mapping[str, Callable[[UUID, str], bool]] = {
    "child": erasure.child,
    "supporter": erasure.supporter,
    "account": erasure.account,
    "consent": _consent,
    "link": _link,
    "file": _file,
    "protected": _protected,
}
