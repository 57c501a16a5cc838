"""Accounts: opening one, proving the first factor, passwords and mailed links."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select, update

from portal.core import facts, outbox, passwords, scope, unit_of_work
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Invalid, NotFound
from portal.domain.passwords import is_absurd, problem
from portal.extensions import db
from portal.models.accounts import User, UserSession
from portal.queries import actors
from portal.services import limits, tokens

_WRONG = "邮箱或密码不对"


def normal_email(text: str) -> str:
    """Return the form in which an address is stored and found."""
    return text.strip().lower()


def open_account(
    *, email: str, name: str, password_hash: str = "", phone: str | None = None
) -> User | None:
    """Open an account, e-mail not verified yet; None when the address has one already.

    With an address that is taken, its owner gets a mail and the caller answers as always:
    whether an address has an account is told to nobody but its owner.
    """
    address = normal_email(email)
    owner = db.session.scalar(select(User).where(User.email == address))
    if owner is not None:
        facts.publish("account.already_registered", actor=SYSTEM, subject=owner)
        _tell_owner(owner)
        return None
    user = User(email=address, name=name.strip(), password_hash=password_hash, phone=phone)
    user.password_changed_at = clock.now() if password_hash else None
    db.session.add(user)
    db.session.flush()
    facts.publish("account.open", actor=Actor(user_id=user.id), subject=user)
    return user


def new_password_hash(password: str, own_words: tuple[str, ...] = (), field: str = "") -> str:
    """Check a new password and return its hash; Invalid on ``field`` (default ``password``).

    Nothing may have been written yet: the transaction is let go, so that the quarter of a second
    that a hash takes holds no lock.
    """
    if refusal := problem(password, own_words):
        raise Invalid(refusal, {field or "password": refusal})
    unit_of_work.rollback()
    return passwords.hashed(password)


def check_password(*, email: str, password: str, address: str) -> UUID:
    """Return the account that e-mail and password belong to; nothing stays open in the session.

    Raises TooMany when a limit is reached, Invalid otherwise: an unknown address, a wrong
    password and a closed account are one sentence, one status, one time. A second factor stands
    between this and an open session (account_sessions).
    """
    limits.reserve(login_claims(email, address))
    with unit_of_work.reading(scope.NOTHING):
        row = db.session.execute(
            select(User.id, User.password_hash).where(
                User.email == normal_email(email), User.disabled_at.is_(None)
            )
        ).one_or_none()
    stored = row.password_hash if row else None
    if is_absurd(password) or not passwords.matches(stored, password) or row is None:
        raise Invalid(_WRONG)
    return UUID(str(row.id))


def close_other_sessions(user_id: UUID, *, spare: str | None = None) -> None:
    """End every session of an account except the one whose token is spared."""
    ending = update(UserSession).where(
        UserSession.user_id == user_id, UserSession.revoked_at.is_(None)
    )
    if spare:
        ending = ending.where(UserSession.token_hash != actors.token_hash(spare))
    db.session.execute(ending.values(revoked_at=clock.now()))


def change_password(actor: Actor, *, current: str, new: str, address: str, token: str) -> User:
    """Change one's own password; every other session ends.

    Raises Invalid for a wrong present password or a weak new one, TooMany as signing in does.
    """
    fresh = new_password_hash(new, (actor.email, actor.name), "new")
    try:
        user_id = check_password(email=actor.email, password=current, address=address)
    except Invalid as refusal:
        raise Invalid("现在的密码不对", {"current": "现在的密码不对"}) from refusal
    limits.forgive(login_claims(actor.email, address))
    user = _set_password(db.session.get_one(User, user_id), fresh)
    close_other_sessions(user_id, spare=token)
    facts.publish("account.password_change", actor=actor, subject=user)
    return user


def request_reset(*, email: str) -> None:
    """Mail a token for a new password, if the address has an account; the answer tells nothing.

    For an address without one the same is done in vain, so the time tells nothing either.
    """
    user = db.session.scalar(
        select(User).where(User.email == normal_email(email), User.disabled_at.is_(None))
    )
    if user is not None:
        tokens.mail(user, "reset_password")
        return
    with unit_of_work.in_vain():
        tokens.mail(_nobody(), "reset_password")


def reset_password(*, token: str, new: str) -> User:
    """Set a new password with a mailed token; every session of the account ends.

    Raises NotFound for a token that is unknown, used or too old, Invalid for a weak password.
    """
    fresh = new_password_hash(new, _owners_words(token, "reset_password"))
    user = _set_password(tokens.use(token, "reset_password"), fresh)
    user.email_verified_at = user.email_verified_at or clock.now()
    close_other_sessions(user.id)
    facts.publish("account.password_reset", actor=Actor(user_id=user.id), subject=user)
    return user


def accept_invite(*, token: str, name: str, new: str) -> User:
    """Take up an invited account: a name, a password, and the e-mail counts as verified.

    Raises NotFound for a token that is unknown, used or too old, Invalid for a weak password.
    """
    fresh = new_password_hash(new, (*_owners_words(token, "invite"), name))
    user = _set_password(tokens.use(token, "invite"), fresh)
    user.name = name.strip()
    user.email_verified_at = user.email_verified_at or clock.now()
    facts.publish("account.invite_accepted", actor=Actor(user_id=user.id), subject=user)
    return user


def ask_verification(actor: Actor) -> None:
    """Mail the confirmation link again; nothing happens when the address is confirmed already."""
    user = db.session.get(User, actor.user_id)
    if user is not None and user.email_verified_at is None:
        tokens.mail(user, "verify_email")


def verify_email(*, token: str) -> Actor:
    """Confirm an e-mail address with its mailed token; NotFound when the token is no good."""
    user = tokens.use(token, "verify_email")
    user.email_verified_at = user.email_verified_at or clock.now()
    db.session.flush()
    facts.publish("account.email_verified", actor=Actor(user_id=user.id), subject=user)
    actor = actors.by_user(user.id)
    if actor is None:
        raise NotFound
    return actor


def _tell_owner(owner: User) -> None:
    """Owe one such mail a day: nobody's mailbox is filled by a stranger's typing."""
    outbox.owe(
        "already_registered",
        recipient=owner.email,
        key=f"{owner.id}:already_registered:{clock.today()}",
        user_id=owner.id,
        path="/login",
        name=owner.name,
    )


def _nobody() -> User:
    """Return an account for work done in vain; it never outlives its savepoint."""
    user = User(email=f"{uuid4()}@nobody.invalid", name="", password_hash="")
    db.session.add(user)
    db.session.flush()
    return user


def _owners_words(token: str, purpose: str) -> tuple[str, ...]:
    """Look at a token without holding the database: a hash is computed before it is used."""
    with unit_of_work.reading(scope.NOTHING):
        user = tokens.owner(token, purpose)
        return user.email, user.name


def _set_password(user: User, fresh: str) -> User:
    user.password_hash = fresh
    user.password_changed_at = clock.now()
    return user


def login_claims(email: str, address: str) -> tuple[limits.Claim, ...]:
    """Return what one try at a password is counted against."""
    return (
        (limits.LOGIN_ACCOUNT, normal_email(email)),
        (limits.LOGIN_ADDRESS, limits.network(address)),
        (limits.LOGIN_TOTAL, "all"),
    )
