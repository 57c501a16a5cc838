"""Taking a person out of every table: what says who somebody is goes, what is counted stays.

The class of each column (domain.pii) decides, so that a new table is met by itself: in the rows
that belong to a child or a supporter every P2–P4 value is emptied. Rows that only exist to reach
the person are deleted. Facts keep ids; the words beside them are erased.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, String, Table, Text, delete, func, or_, select, update
from sqlalchemy import inspect as inspect_mapper

from portal.core import scope, transitions
from portal.core.storage import storage
from portal.domain import clock
from portal.domain.actor import SYSTEM
from portal.domain.errors import WrongState
from portal.domain.lifecycles import children, commitments, supporters
from portal.domain.pii import P0, P1
from portal.extensions import db
from portal.models import Base
from portal.models.accounts import RoleGrant, User
from portal.models.base import Encrypted
from portal.models.children import ChildFile, GuardianLink, ImportRow
from portal.models.honours import Honour, HonourCard
from portal.models.needs import NeedApplication, PairingNeed
from portal.models.records import Fact, FactNote, Message, StoredFile
from portal.models.rights import GuardianAccess
from portal.models.service_records import Certificate
from portal.models.supporters import Supporter, SupporterDocument, SupporterMember
from portal.models.wishes import Commitment, Wish
from portal.queries import speakers
from portal.services import (
    camp_photos,
    certificate_papers,
    erased_bonds,
    letter_scans,
    pairing_leaving,
    tombstones,
    wish_review,
)

GONE = "已删除"
#: Erased on the person's own word, not because a period is over.
ASKED = "asked"
_CHUNK = 500
#: Values that say nothing about anybody once the name is gone; the forms' counts need them.
_COUNTED = frozenset(
    {
        "child_files.gender", "child_files.county_code", "child_files.primary_category",
        "child_files.left_behind", "child_files.birth_date", "child_files.region_code",
        "care_ledger_rows.service_types", "consents.relation",
    }
)  # fmt: skip
#: Memory that nobody may change; it holds ids, no names.
_MEMORY = frozenset({"facts", "fact_notes", "tombstones", "access_rows", "unit_changes"})
#: Certificates have a longer period of their own; who asks to be forgotten leaves them nameless.
_OWN_PERIOD = frozenset({"certificates"})
#: Rows that only exist to know or to reach the supporter, the pointing ones first.
_REACHING = ("pool_tags", "pool_profiles", "supporter_documents", "vetting_checks")
#: What stays when an account goes: that somebody held a role, or spoke for a supporter.
_STAYS_WITH_ACCOUNT = frozenset({"role_grants", "supporter_members"})


def child(child_id: UUID, reason: str = "period") -> bool:
    """Erase a child's file; False when it is erased already or gone.

    Wishes still on their way are withdrawn first. What is left counts a year of birth, a county
    and a category.
    """
    with scope.everywhere("erasing a child wherever something about them lies", db.session()):
        file = db.session.get(ChildFile, child_id)
        if file is None or file.status == "erased":
            return False
        for purpose in ("wish", "pairing", "camp", "photo", "share", "data"):
            wish_review.end_consents(SYSTEM, child_id, purpose)
        transitions.fire(children.MACHINE, file, "erase", SYSTEM)
        file.birth_date = date(file.birth_date.year, 1, 1)
        file.region_code = file.county_code
        db.session.flush()
        wishes = db.session.scalars(select(Wish.id).where(Wish.child_id == child_id)).all()
        guardians = select(GuardianLink.id).where(GuardianLink.child_id == child_id)
        needs = db.session.scalars(select(PairingNeed.id).where(PairingNeed.child_id == child_id))
        bonds = erased_bonds.forget(child_id, _empty)
        _words_beside([child_id, *wishes, *needs, *bonds, *db.session.scalars(guardians)])
        db.session.execute(delete(ImportRow).where(ImportRow.child_id == child_id))
        db.session.execute(delete(GuardianAccess).where(GuardianAccess.child_id == child_id))
        letter_scans.forget(child_id)
        camp_photos.forget(child_id)
        _empty_rows("child_id", child_id)
        _delete_rows("guardian_links", "child_id", child_id)
        db.session.execute(
            update(Commitment).where(Commitment.wish_id.in_(wishes)).values(thanks="", reason="")
        )
        _overwrite(ChildFile, child_id, name=GONE, id_no="", id_hmac=secrets.token_hex(32))
        tombstones.lay("child", child_id, reason)
    return True


def supporter(supporter_id: UUID, reason: str = "period") -> bool:
    """Erase a supporter and, when it spoke for nothing else, its account; False when gone.

    Raises WrongState while a promise is on its way: it is kept or given back first.
    """
    with scope.everywhere("erasing a supporter wherever something lies", db.session()):
        row = db.session.get(Supporter, supporter_id)
        if row is None or row.status == "erased":
            return False
        _refuse_while_promised(supporter_id)
        pairing_leaving.leave_all(row)
        transitions.fire(supporters.MACHINE, row, "erase", SYSTEM)
        db.session.flush()
        promises = select(Commitment.id).where(Commitment.supporter_id == supporter_id)
        applied = select(NeedApplication.id).where(NeedApplication.supporter_id == supporter_id)
        _words_beside([supporter_id, *db.session.scalars(promises), *db.session.scalars(applied)])
        _delete_files(supporter_id)
        for name in _REACHING:
            _delete_rows(name, "supporter_id", supporter_id)
        honours = select(Honour.id).where(Honour.supporter_id == supporter_id)
        db.session.execute(delete(HonourCard).where(HonourCard.honour_id.in_(honours)))
        _empty_rows("supporter_id", supporter_id)
        if row.kind == "individual" and reason == ASKED:
            certificate_papers.forget_person(Certificate.supporter_id == supporter_id)
        _overwrite(
            Supporter, supporter_id, name=GONE, name_marks="", uscc=None, uscc_hmac=None,
            fundraising_no=None, details={}, returned_fields={},
        )  # fmt: skip
        for user_id in speakers.of(supporter_id):
            if not speakers.speak_elsewhere(user_id, supporter_id):
                account(user_id, reason)
        db.session.execute(
            update(SupporterMember)
            .where(SupporterMember.supporter_id == supporter_id)
            .values(ended_at=clock.now())
        )
        tombstones.lay("supporter", supporter_id, reason)
    return True


def account(user_id: UUID, reason: str = "period") -> bool:
    """Erase an account nobody works with: name, address, sessions, second factors, mails."""
    user = db.session.get(User, user_id)
    gone = f"erased-{user_id.hex}@erased.invalid"
    if user is None or user.email == gone:
        return False
    if db.session.scalar(select(RoleGrant.id).where(RoleGrant.user_id == user_id).limit(1)):
        raise WrongState("工作人员的账号由管理员停用，不能在这里删除")
    db.session.execute(delete(Message).where(Message.user_id == user_id))
    for mapper in _mapped():
        table = mapper.local_table
        mine = table.columns.get("user_id")
        # What belongs to a supporter is that supporter's to erase, row by row.
        if mine is None or not mine.foreign_keys or "supporter_id" in table.columns:
            continue
        if table.name not in _STAYS_WITH_ACCOUNT | _MEMORY:
            _delete_rows(table.name, "user_id", user_id)
    if reason == ASKED:
        certificate_papers.forget_person(Certificate.user_id == user_id)
    _empty_rows("asker_id", user_id)
    _overwrite(User, user_id, email=gone, password_hash="", disabled_at=clock.now())
    tombstones.lay("account", user_id, reason)
    return True


def _mapped() -> Iterable[Any]:
    return sorted(Base.registry.mappers, key=lambda mapper: str(mapper.local_table.name))


def _empty_rows(owner: str, owner_id: UUID) -> None:
    """Empty the personal values of every row that names the owner."""
    for mapper in _mapped():
        column = mapper.local_table.columns.get(owner)
        if column is not None and mapper.local_table.name not in _MEMORY | _OWN_PERIOD:
            _empty(mapper.local_table, column == owner_id)


def _empty(table: Any, where: Any, **given: Any) -> None:
    values = {
        column.name: _nothing(column)
        for column in table.columns
        if column.info.get("pii") not in (P0, P1, None) and _is_personal(table, column)
    }
    if values or given:
        db.session.execute(update(table).where(where).values({**values, **given}))


def _is_personal(table: Table, column: Column[Any]) -> bool:
    if f"{table.name}.{column.name}" in _COUNTED:
        return False
    if column.foreign_keys:
        return bool(column.nullable) and _points_at_person(column)
    return bool(column.nullable) or isinstance(column.type, (Encrypted, String, Text, JSON))


def _points_at_person(column: Column[Any]) -> bool:
    return any(key.column.table.name == "guardian_links" for key in column.foreign_keys)


def _nothing(column: Column[Any]) -> Any:
    if column.nullable:
        return None
    if isinstance(column.type, JSON):
        default = getattr(column.default, "arg", None)
        return [] if getattr(default, "__name__", "") == "list" else {}
    return ""


def _overwrite(model: Any, row_id: UUID, **values: Any) -> None:
    """Empty a person's own row and write what must stand in it."""
    table = inspect_mapper(model).local_table
    _empty(table, table.columns["id"] == row_id, **values)
    if (row := db.session.get(model, row_id)) is not None:
        db.session.expire(row)


def _words_beside(subjects: list[UUID]) -> None:
    """Erase the free words beside the facts about these subjects, and the mails that told them."""
    facts = select(Fact.id).where(Fact.subject_id.in_(subjects))
    keys = [str(fact) for fact in db.session.scalars(facts)]
    for start in range(0, len(keys), _CHUNK):
        told = func.substr(Message.dedupe_key, 1, 36).in_(keys[start : start + _CHUNK])
        db.session.execute(delete(Message).where(told).execution_options(synchronize_session=False))
    db.session.execute(
        update(FactNote)
        .where(FactNote.fact_id.in_(facts), FactNote.erased_at.is_(None))
        .values(text="", erased_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _delete_rows(name: str, owner: str, owner_id: UUID) -> None:
    table = Base.metadata.tables[name]
    mine = table.columns[owner] == owner_id
    if "id" not in table.columns:
        db.session.execute(delete(table).where(mine))
        return
    _delete_by_id(name, db.session.scalars(select(table.columns["id"]).where(mine)).all())


def _delete_by_id(name: str, ids: Sequence[UUID]) -> None:
    """Delete rows of a table after freeing what points at them."""
    if not ids:
        return
    _unlink(name, ids)
    table = Base.metadata.tables[name]
    db.session.execute(delete(table).where(table.columns["id"].in_(ids)))


def _unlink(target: str, ids: Sequence[UUID]) -> None:
    """Free every row that points at these: the pointer goes, or the row where it must point."""
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if not any(key.column.table.name == target for key in column.foreign_keys):
                continue
            hit = column.in_(ids)
            if column.nullable:
                db.session.execute(update(table).where(hit).values({column.name: None}))
            else:
                db.session.execute(delete(table).where(hit))


def _delete_files(supporter_id: UUID) -> None:
    """Delete what the supporter handed in, row and bytes; receipts belong to the wish's archive."""
    receipts = select(Commitment.receipt_file_id).where(Commitment.receipt_file_id.is_not(None))
    papers = select(SupporterDocument.file_id).where(SupporterDocument.supporter_id == supporter_id)
    files = db.session.scalars(
        select(StoredFile).where(
            or_(StoredFile.supporter_id == supporter_id, StoredFile.id.in_(papers)),
            StoredFile.id.not_in(receipts),
        )
    ).all()
    for file in files:
        tombstones.lay("file", file.id, "owner")
        storage().delete(file.key)
    _delete_by_id("stored_files", [file.id for file in files])


def forget_rows(table: str, ids: Sequence[UUID]) -> None:
    """Delete rows and free, or delete, what points at them."""
    _delete_by_id(table, ids)


def _refuse_while_promised(supporter_id: UUID) -> None:
    live = select(Commitment.id).where(
        Commitment.supporter_id == supporter_id, Commitment.status.in_(commitments.LIVE)
    )
    if db.session.scalar(live.limit(1)) is not None:
        raise WrongState("还有没完成的认领，请先完成或退回，再删除资料")
