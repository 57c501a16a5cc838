"""Needs, their cards, applications and offers for tests, written with the models alone."""

from __future__ import annotations

import itertools
import uuid
from datetime import timedelta
from types import SimpleNamespace

from portal.core import unit_of_work
from portal.domain import clock
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.children import ChildFile, Consent
from portal.models.needs import NeedApplication, NeedCard, PairingNeed, PairingOffer
from portal.models.standings import Clearance
from portal.models.supporters import Supporter, VettingCheck
from tests.factories import people, wishes
from tests.factories.people import MINGXI, SANMING, everything

_number = itertools.count(1)
_CHECKS = (
    ("identity", 700, 0, ""),
    ("offence", 365, 0, "none"),
    ("interview", 365, 0, "suitable"),
    ("training", 365, 150, ""),
)


def child(age: int = 10, *, lacks_affection: bool = True, **more) -> SimpleNamespace:
    """A child with a guardian who agrees to pairing, found to lack affection."""
    one = wishes.child(age, **more)
    with unit_of_work.transaction(everything()):
        db.session.get(ChildFile, one.id).lacks_affection = lacks_affection
        db.session.add(
            Consent(
                child_id=one.id, unit_path=one.unit_path, given_by="林建国", relation="爷爷",
                scope="pairing", method="written", text_version="1", given_on=clock.today(),
            )
        )  # fmt: skip
    return one


def need(of: SimpleNamespace, *, status: str = "approved", kind: str = "affection", **more):
    """A need of a child in any state, with everything it takes; returns its id."""
    number, today = next(_number), clock.today()
    values = {
        "rhythm": "monthly_quarterly", "assessed_on": today - timedelta(days=30),
        "heard_on": today - timedelta(days=20), "child_words": "想有人周末来看我",
        "waiting_since": today - timedelta(days=10) if status != "draft" else None,
        "file_no": f"JD-T-{number:04d}", "tenant_path": SANMING, "unit_path": of.unit_path,
        "drafted_by": None, "status_since": clock.now(),
    }  # fmt: skip
    with unit_of_work.transaction(everything()):
        row = PairingNeed(child_id=of.id, kind=kind, status=status, **{**values, **more})
        db.session.add(row)
        db.session.flush()
        return row.id


def published(of: SimpleNamespace, **more) -> SimpleNamespace:
    """A published need with its card; returns the need's id and the card's code."""
    fields = more.pop("card", {})
    need_id = need(of, status="published", **more)
    code = card(**fields)
    with unit_of_work.transaction(everything()):
        row = db.session.get(PairingNeed, need_id)
        row.card_id = db.session.query(NeedCard.id).filter_by(code=code).scalar()
    return SimpleNamespace(id=need_id, code=code)


def card(**fields) -> str:
    """A card on /needs, whatever it shows; returns its public code."""
    number = next(_number)
    values = {
        "code": f"n{number:025d}", "status": "open", "shuffle": (number * 7919) % 100_003,
        "batch_id": uuid.uuid4(), "region_code": "350421", "region_name": "明溪县",
        "city_code": "350400", "stage": "primary", "band": "9-11", "need": "company",
        "rhythm": "monthly_quarterly", "days": [], "language": "", "helper": "",
        "illustration": "need-company",
    }  # fmt: skip
    with unit_of_work.transaction(everything()):
        db.session.add(NeedCard(**{**values, **fields}))
    return {**values, **fields}["code"]


def mentor(*, tenant: str = SANMING, holds: bool = True) -> Actor:
    """A person who may meet children (tier 2 in force), or one whose tier 2 was only asked for."""
    actor = people.supporter("individual", tenant=tenant)
    today = clock.today()
    with unit_of_work.transaction(everything()):
        person = db.session.get(Supporter, actor.supporter_ids[0])
        person.tier = 2 if holds else 1
        db.session.add(
            Clearance(
                supporter_id=person.id, tenant_path=tenant,
                unit_path=MINGXI if tenant == SANMING else tenant,
                status="granted" if holds else "asked", status_since=clock.now(),
                granted_at=clock.now() if holds else None,
                valid_to=today + timedelta(days=300) if holds else None,
            )
        )  # fmt: skip
        for kind, days, minutes, result in _CHECKS if holds else ():
            db.session.add(
                VettingCheck(
                    supporter_id=person.id, tenant_path=tenant, kind=kind, minutes=minutes,
                    done_on=today - timedelta(days=10), result=result,
                    expires_on=today + timedelta(days=days - 10), office="县公安局",
                )
            )  # fmt: skip
    return actor


def application(need_id: uuid.UUID, by: Actor, *, status: str = "lodged") -> uuid.UUID:
    """An application of a mentor for a need; returns its id."""
    with unit_of_work.transaction(everything()):
        need_row = db.session.get(PairingNeed, need_id)
        row = NeedApplication(
            need_id=need_id, supporter_id=by.supporter_ids[0], unit_path=need_row.unit_path,
            tenant_path=need_row.tenant_path, status=status, words="周六有空", applied_at=clock.now(),
            promise={
                "need": "company", "region": "明溪县", "band": "9-11",
                "rhythm": "monthly_quarterly", "days": [], "illustration": "need-company",
            },
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row.id


def offer(by: Actor, *, kinds: tuple[str, ...] = ()) -> uuid.UUID:
    """An open offer of a mentor; returns its id."""
    with unit_of_work.transaction(everything()):
        row = PairingOffer(
            supporter_id=by.supporter_ids[0], tenant_path=SANMING, unit_path=MINGXI,
            kinds=list(kinds), status="open", words="", offered_at=clock.now(),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row.id
