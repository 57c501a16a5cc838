"""The rights of whoever has an account, be they member, staff or nothing yet: copy and correct."""

from __future__ import annotations

from portal.core import facts, scope
from portal.domain.actor import Actor
from portal.domain.errors import Invalid, NotFound
from portal.extensions import db
from portal.models.accounts import User
from portal.queries import account_data
from portal.services import rights

_NAME_LENGTH = 60
#: What may be corrected; a new address or key is set on the pages of signing in.
FIELDS = ("name", "phone", "other")


def copied(actor: Actor) -> None:
    """Record that somebody took a copy of what their own account holds."""
    facts.publish("account.copy", actor=actor, subject=_user(actor))


def correct(actor: Actor, *, field: str, words: str) -> bool:
    """Correct an own account; tell whether it is done, or waits for a written answer.

    Hours, papers and decisions stand in an account's name, so the bureau looks first; where
    nothing ever hung on it, the correction is done at once. Raises Invalid, Conflict for the
    same request twice.
    """
    user, text = _user(actor), words.strip()
    if field not in FIELDS:
        raise Invalid("请选择要更正的内容", {"field": "请选择要更正的内容"})
    if field == "name" and len(text) > _NAME_LENGTH:
        raise Invalid("姓名最多60个字", {"words": "姓名最多60个字"})
    home = account_data.home_of(user.id)
    if home is None and field != "other":
        rights.check_correction(field, text)
        setattr(user, field, text)
        facts.publish("account.correct", actor=actor, subject=user, field=field)
        return True
    if home is None:
        raise Invalid("这个账号没有登记资料，请写给投诉与建议", {"field": "请选择姓名或电话"})
    asked = rights.Asked("correct", field, text)
    own = scope.Scope(paths=(home.unit_path,), reason="a person asks about their own account")
    with scope.within(own, db.session()):
        rights.begin(actor, asked, unit_path=home.unit_path, tenant_path=home.tenant_path)
    return False


def _user(actor: Actor) -> User:
    user = db.session.get(User, actor.user_id) if actor.user_id else None
    if user is None:
        raise NotFound
    return user
