"""What every table shares: ids, UTC times, PII class per column, encrypted columns, version."""

from __future__ import annotations

import os
import threading
import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, MetaData, String, Text, TypeDecorator, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, declared_attr, mapped_column

from portal.domain import cipher, clock
from portal.domain.pii import P0, P1, PII

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: A unit's path compares byte by byte on both databases, whatever the cluster's locale is.
PATH = String(120).with_variant(String(120, collation="C"), "postgresql")


class Base(DeclarativeBase):
    """The declarative base; Flask-SQLAlchemy shares its metadata."""

    metadata = MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; SQLite keeps it naive, the program never sees that."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a naive time reached the database"
            raise ValueError(msg)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware UTC instant."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Encrypted(TypeDecorator[str]):
    """Text sealed with the field cipher; ``place`` is "table.column" and is authenticated."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal on the way in."""
        return None if value is None else cipher.ring().seal(value, self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open on the way out."""
        return None if value is None else cipher.ring().unseal(value, self.place)


def column(pii: PII, *args: Any, **kwargs: Any) -> MappedColumn[Any]:
    """Declare a column with its PII class; a column without one fails the build (L01)."""
    info = {**kwargs.pop("info", {}), "pii": pii}
    return mapped_column(*args, info=info, **kwargs)


class _Ticks:
    """Counts the ids of one millisecond, so that ids made in a row sort in that row."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millis = -1
        self._count = 0

    def next(self) -> tuple[int, int]:
        """Return the portal clock's millisecond and how many ids it has seen."""
        millis = int(clock.now().timestamp() * 1000)
        with self._lock:
            self._count = self._count + 1 if millis == self._millis else 0
            self._millis = millis
            return millis, self._count


_ticks = _Ticks()


def time_ordered_id() -> uuid.UUID:
    """Return a version 7 UUID (RFC 9562) by the portal's clock: ids sort by time, then by count.

    A story stands still for many acts: the count (26 bits) keeps their order, random bits keep
    the ids of several processes apart.
    """
    millis, count = _ticks.next()
    random = int.from_bytes(os.urandom(6), "big")
    value = (millis & ((1 << 48) - 1)) << 80 | 0x7 << 76 | (count >> 14 & 0xFFF) << 64
    value |= 0b10 << 62 | (count & 0x3FFF) << 48 | random
    return uuid.UUID(int=value)


class Identified:
    """An opaque random id; nothing about creation order can be read off it."""

    id: Mapped[uuid.UUID] = column(P1, Uuid, primary_key=True, default=uuid.uuid4, sort_order=-10)


class Stamped:
    """When a row was made, and by whom."""

    created_at: Mapped[datetime] = column(P1, UTCDateTime, default=clock.now, sort_order=90)
    created_by: Mapped[uuid.UUID | None] = column(P1, Uuid, sort_order=91)


class Versioned:
    """A version number that makes the second of two writers lose (StaleDataError)."""

    version: Mapped[int] = column(P1, default=1, sort_order=92)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Use the column as SQLAlchemy's version counter."""
        return {"version_id_col": cls.version}


class UnitScoped:
    """A row owned by a unit; only a scope whose path covers it may read or write it."""

    unit_path: Mapped[str] = column(P1, PATH, index=True, sort_order=80)


class TenantScoped:
    """A row shared by all units of one authority (supporters, windows, catalogue)."""

    tenant_path: Mapped[str] = column(P1, PATH, index=True, sort_order=79)


__all__ = [
    "P0",
    "P1",
    "PATH",
    "Base",
    "Encrypted",
    "Identified",
    "Stamped",
    "TenantScoped",
    "UTCDateTime",
    "UnitScoped",
    "Versioned",
    "column",
    "time_ordered_id",
]
