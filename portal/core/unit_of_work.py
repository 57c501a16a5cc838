"""The only callers of session.commit: one commit at the edge of a request, a job or a command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.core import facts, jobs, outbox, scope
from portal.domain.errors import Conflict, Unavailable
from portal.extensions import db

#: Whether the transaction being begun will write: SQLite then takes its one writer at once.
writing: ContextVar[bool] = ContextVar("writing", default=False)

_before_commit: list[Callable[[Session], None]] = []
_after_commit: list[Callable[[Session], None]] = []


def before_commit(hook: Callable[[Session], None]) -> None:
    """Register what must be written in the same transaction (owed messages)."""
    if hook not in _before_commit:
        _before_commit.append(hook)


def after_commit(hook: Callable[[Session], None]) -> None:
    """Register what hangs on committed rows and may fail without harm (waking the queue)."""
    if hook not in _after_commit:
        _after_commit.append(hook)


def commit() -> None:
    """Flush, let the hooks add their rows, commit; a lost race becomes Conflict."""
    session = db.session()
    try:
        session.flush()
        for hook in _before_commit:
            hook(session)
        session.commit()
        for hook in _after_commit:
            hook(session)
    except StaleDataError as error:
        _undo(session)
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看") from error
    except IntegrityError as error:
        _undo(session)
        raise Conflict("这一条与已有的记录冲突，没有保存") from error
    except OperationalError as error:
        _undo(session)
        raise Unavailable("系统正忙，请稍后再试；刚才的内容没有保存") from error
    except BaseException:
        _undo(session)
        raise


def rollback() -> None:
    """Undo everything since the last commit."""
    _undo(db.session())


def _undo(session: Session) -> None:
    session.rollback()
    facts.take_pending(session)
    jobs.take_pending(session)
    outbox.take_pending(session)


@contextmanager
def transaction(work: scope.Scope) -> Iterator[Session]:
    """Run a block in one writing transaction under ``work`` (jobs, commands, scenarios)."""
    token = writing.set(True)
    session = db.session()
    _undo(session)
    try:
        with scope.within(work, session):
            yield session
            commit()
    except BaseException:
        _undo(session)
        raise
    finally:
        writing.reset(token)


@contextmanager
def reading(work: scope.Scope) -> Iterator[Session]:
    """Run a block that only reads, under ``work``; nothing is committed."""
    session = db.session()
    session.rollback()
    try:
        with scope.within(work, session):
            yield session
    finally:
        session.rollback()


@contextmanager
def in_vain() -> Iterator[None]:
    """Do a block's work and take it back, so that the other branch takes as long as this one.

    Its rows, facts and mails never were; what it raises is raised. The transaction goes on.
    """
    session = db.session()
    point = session.begin_nested()
    try:
        yield
        session.flush()
    finally:
        if point.is_active:
            point.rollback()


def system_scope(reason: str) -> scope.Scope:
    """Return the whole tree for the system itself; ``reason`` is listed by a house test."""
    return scope.Scope(paths=("/",), reason=reason)
