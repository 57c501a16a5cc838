"""The first wall: which units' rows this piece of work may touch.

A scope is open or there are no rows. Two listeners hold it: criteria on every ORM statement and a
refusal of foreign writes. On PostgreSQL the same scope is set for the transaction, and row-level
security, forced, holds it again (migrations; ADR 0004).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, event, false, inspect, or_, text
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.elements import (
    ReleaseSavepointClause,
    RollbackToSavepointClause,
    SavepointClause,
)

from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.models.base import Base, TenantScoped, UnitScoped

#: The character after "/" in code order: ``path >= p and path < p[:-1] + AFTER`` is a prefix test.
_AFTER_SLASH = "0"


@dataclass(frozen=True, slots=True)
class Scope:
    """Path prefixes, shared authorities, own supporters, programmes one is on duty for.

    ``reason`` says why it is this wide.
    """

    paths: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
    supporters: tuple[UUID, ...] = ()
    programmes: tuple[UUID, ...] = ()
    reason: str = ""

    def covers(self, path: str) -> bool:
        """Tell whether a unit path lies inside this scope."""
        return any(path.startswith(prefix) for prefix in self.paths)

    def covers_tenant(self, path: str) -> bool:
        """Tell whether an authority's shared rows lie inside this scope."""
        return path in self.tenants or self.covers(path)


NOTHING = Scope(reason="no scope is open")
_EVERYTHING = ("/",)

#: These ask for no row, and going back must be possible after a statement has failed.
_SAVEPOINTS = (SavepointClause, RollbackToSavepointClause, ReleaseSavepointClause)
#: Where a connection keeps what PostgreSQL was told in the running transaction.
_TOLD = "scope_told"
_SET_CONFIG = text(
    "SELECT set_config('app.paths', :paths, true), set_config('app.tenants', :tenants, true), "
    "set_config('app.supporters', :supporters, true), "
    "set_config('app.programmes', :programmes, true)"
)

_current: ContextVar[Scope] = ContextVar("scope", default=NOTHING)
#: A test switches the ORM wall off to prove that row-level security holds alone.
_orm_wall: ContextVar[bool] = ContextVar("orm_wall", default=True)


def current() -> Scope:
    """Return the open scope; NOTHING when none is."""
    return _current.get()


def of(actor: Actor) -> Scope:
    """Return the scope a signed-in person works in."""
    tenants = tuple(sorted({grant.tenant_path for grant in actor.grants if grant.tenant_path}))
    reason = f"actor {actor.user_id}"
    return Scope(actor.paths(), tenants, actor.supporter_ids, actor.programme_ids, reason)


@contextmanager
def within(scope: Scope, session: Session) -> Iterator[None]:
    """Open ``scope`` for the block; rows that lie outside afterwards are let go."""
    token = _current.set(scope)
    try:
        yield
        if session.new or session.dirty or session.deleted:
            session.flush()
    finally:
        _current.reset(token)
        _forget_foreign(session)


def everywhere(reason: str, session: Session) -> Any:
    """Open the whole tree. Every caller is listed, with its reason, by a house test."""
    return within(Scope(paths=_EVERYTHING, reason=reason), session)


def open_for_request(scope: Scope) -> None:
    """Set the scope of a web request; the gate calls it once, before the first query."""
    _current.set(scope)


def close() -> None:
    """Forget the scope at the end of a request."""
    _current.set(NOTHING)


@contextmanager
def orm_wall_off() -> Iterator[None]:
    """Switch the ORM wall off (tests only, to see row-level security hold alone)."""
    token = _orm_wall.set(False)
    try:
        yield
    finally:
        _orm_wall.reset(token)


def _forget_foreign(session: Session) -> None:
    scope = current()
    for row in list(session.identity_map.values()):
        if not isinstance(row, UnitScoped | TenantScoped):
            continue
        # A row that a commit expired cannot be asked where it stands without reading it again
        # under the narrower scope, where it may be gone: it is let go, too.
        if inspect(row).expired or (not session.is_modified(row) and not _may_touch(row, scope)):
            session.expunge(row)


def _may_touch(row: object, scope: Scope) -> bool:
    if any(getattr(row, column) in held for column, held in _owners(type(row), scope)):
        return True
    if isinstance(row, UnitScoped):
        return scope.covers(row.unit_path)
    if isinstance(row, TenantScoped):
        return scope.covers_tenant(row.tenant_path)
    return True


def _owners(model: type[Any], scope: Scope) -> list[tuple[str, tuple[UUID, ...]]]:
    """Return the columns by which a row is somebody's wherever it stands, with whose they are."""
    ways = (
        (getattr(model, "__supporter_column__", None), scope.supporters),
        (getattr(model, "__programme_column__", None), scope.programmes),
    )
    return [(column, held) for column, held in ways if column and held]


def _prefixes(column: Any, paths: tuple[str, ...]) -> list[ColumnElement[bool]]:
    return [(column >= path) & (column < path[:-1] + _AFTER_SLASH) for path in paths]


def criterion(model: type[Any], scope: Scope) -> ColumnElement[bool]:
    """Return the condition a row of ``model`` must meet to be seen in ``scope``."""
    tests: list[ColumnElement[bool]] = []
    if issubclass(model, UnitScoped):
        tests += _prefixes(model.unit_path, scope.paths)
    else:
        tests += _prefixes(model.tenant_path, scope.paths)
        if scope.tenants:
            tests.append(model.tenant_path.in_(scope.tenants))
    tests += [getattr(model, column).in_(held) for column, held in _owners(model, scope)]
    return or_(false(), *tests)


def scoped_models() -> tuple[type[Any], ...]:
    """Return every mapped class that a scope governs."""
    return tuple(
        mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, UnitScoped | TenantScoped)
    )


@lru_cache(maxsize=512)
def _options(scope: Scope) -> tuple[LoaderCriteriaOption, ...]:
    return tuple(
        with_loader_criteria(
            model, criterion(model, scope), include_aliases=True, propagate_to_loaders=False
        )
        for model in scoped_models()
    )


def _filter_reads(state: ORMExecuteState) -> None:
    if not _orm_wall.get() or state.is_column_load:
        return
    if state.is_select or state.is_update or state.is_delete:
        if current().paths == _EVERYTHING:
            return
        state.statement = state.statement.options(*_options(current()))


def _refuse_foreign_writes(session: Session, *_: object) -> None:
    if not _orm_wall.get():
        return
    scope = current()
    for row in [*session.new, *session.dirty, *session.deleted]:
        if getattr(type(row), "__write_open__", False):
            continue
        if not _may_touch(row, scope) or not _was_inside(row, scope):
            raise NotFound


def _was_inside(row: object, scope: Scope) -> bool:
    """Check the stored path of a row that is being moved to another unit."""
    if isinstance(row, UnitScoped):
        return all(scope.covers(old) for old in inspect(row).attrs.unit_path.history.deleted or ())
    if isinstance(row, TenantScoped):
        moved = inspect(row).attrs.tenant_path.history.deleted or ()
        return all(scope.covers_tenant(old) for old in moved)
    return True


def _begun(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Mark a connection that a session has taken: nothing was told in this transaction yet."""
    if connection.dialect.name == "postgresql":
        connection.info[_TOLD] = _settings(NOTHING)


def _tell(connection: Connection, statement: Any, *_: Any) -> None:
    """Before a statement, tell PostgreSQL the open scope, where it heard another one last.

    Only then: a scope that opens and closes with no statement inside costs nothing. The setting
    ends with the transaction, so a pooled connection carries none to its next user.
    """
    told = connection.info.get(_TOLD)
    if told is None or isinstance(statement, _SAVEPOINTS):
        return
    wanted = _settings(current())
    if told != wanted:
        connection.info[_TOLD] = wanted
        connection.execute(_SET_CONFIG, wanted)


def _unsaid(connection: Connection, *_: Any) -> None:
    """Forget what was told inside a savepoint: going back to it took the setting back, too."""
    if _TOLD in connection.info:
        connection.info[_TOLD] = {}


def _ended(connection: Connection) -> None:
    connection.info.pop(_TOLD, None)


@lru_cache(maxsize=512)
def _settings(scope: Scope) -> dict[str, str]:
    return {
        "paths": ",".join(scope.paths),
        "tenants": ",".join(scope.tenants),
        "supporters": ",".join(str(each) for each in scope.supporters),
        "programmes": ",".join(str(each) for each in scope.programmes),
    }


def install(session_factory: Any) -> None:
    """Attach both listeners and the announcement to the application's sessions, once."""
    if getattr(session_factory, "has_scope_walls", False):
        return
    session_factory.has_scope_walls = True
    event.listen(session_factory, "do_orm_execute", _filter_reads)
    event.listen(session_factory, "before_flush", _refuse_foreign_writes)
    event.listen(session_factory, "after_begin", _begun)
    for name, listener in (
        ("before_execute", _tell),
        ("rollback_savepoint", _unsaid),
        ("commit", _ended),
        ("rollback", _ended),
    ):
        event.listen(Engine, name, listener)
