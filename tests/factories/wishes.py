"""Children, windows and wishes for tests, written with the models alone."""

from __future__ import annotations

import itertools
import uuid
from datetime import date, timedelta
from types import SimpleNamespace

from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import clock
from portal.domain.identity import fictitious_id_number
from portal.extensions import db
from portal.models.children import ChildFile, Consent, GuardianLink
from portal.models.units import Unit
from portal.models.wishes import Wish, WishCard, WishWindow
from tests.factories.people import SANMING, everything

VILLAGE = "350421100202"
NAMES = (
    "林小雨", "陈明亮", "黄子涵", "郑雨桐", "吴思远",
    "周文静", "苏可心", "何家乐", "赖志强", "曾晓梅",
)  # fmt: skip
_number = itertools.count(1)


def born(age: int) -> date:
    """A birth date of somebody who is this old today, whatever the day."""
    return clock.today().replace(day=1) - timedelta(days=365 * age + 200)


def child(
    age: int = 10, *, village: str = VILLAGE, gender: str = "female", **more
) -> SimpleNamespace:
    """A child on the register with a guardian on file; returns ids and the true facts."""
    number = next(_number)
    with unit_of_work.transaction(everything()):
        place = db.session.scalar(select(Unit).where(Unit.code == village))
        county = village[:6]
        order = 2 * number + (0 if gender == "female" else 1)
        id_no = fictitious_id_number(county, born(age), order % 1000)
        row = ChildFile(
            unit_path=place.path, tenant_path=place.tenant_path, gender=gender,
            name=more.pop("name", NAMES[number % len(NAMES)]), birth_date=born(age), id_no=id_no,
            id_hmac=f"{number:064d}", county_code=county, region_code=village,
            primary_category="de_facto_unattended", status="active",
            school="明溪县雪峰镇实验小学", home_address="雪峰镇下坊路12号", **more,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        guardian = GuardianLink(
            child_id=row.id, unit_path=row.unit_path, kind="guardian", name="林建国",
            relation="爷爷", phone="12059861234",
        )  # fmt: skip
        db.session.add(guardian)
        db.session.flush()
        return SimpleNamespace(
            id=row.id, name=row.name, id_no=id_no, birth_date=row.birth_date,
            guardian_id=guardian.id, village=place.name, unit_path=place.path,
        )  # fmt: skip


def crowd(count: int, age: int, *, village: str = VILLAGE, gender: str = "female") -> None:
    """That many active children of an age, for the K rule to count."""
    with unit_of_work.transaction(everything()):
        place = db.session.scalar(select(Unit).where(Unit.code == village))
        for _ in range(count):
            number = next(_number)
            db.session.add(
                ChildFile(
                    unit_path=place.path, tenant_path=place.tenant_path, gender=gender,
                    name="演示儿童", birth_date=born(age), id_no="", id_hmac=f"{number:064d}",
                    county_code=village[:6], region_code=village, status="active",
                    primary_category="de_facto_unattended",
                )
            )  # fmt: skip


def window(tenant: str = SANMING, occasion: str = "children_day", **dates: date) -> object:
    """A window around today; returns its id."""
    today = clock.today()
    with unit_of_work.transaction(everything()):
        row = WishWindow(
            tenant_path=tenant, year=today.year, occasion=occasion,
            opens=dates.get("opens", today - timedelta(days=19)),
            closes=dates.get("closes", today + timedelta(days=5)),
            deliver_by=dates.get("deliver_by", today + timedelta(days=12)),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row.id


def wish(
    of: SimpleNamespace, window_id, *, status: str = "approved", item_code: str = "XX01", **more
) -> object:
    """A wish of a child in any state, with consent; returns its id."""
    with unit_of_work.transaction(everything()):
        consent = Consent(
            child_id=of.id, unit_path=of.unit_path, given_by="林建国", relation="爷爷",
            scope="wish", method="written", text_version="1", given_on=clock.today(),
        )  # fmt: skip
        db.session.add(consent)
        db.session.flush()
        row = Wish(
            tenant_path=SANMING, unit_path=of.unit_path, child_id=of.id, window_id=window_id,
            consent_id=consent.id, file_no=f"WX-T-{next(_number):05d}", own_words="想要一盏台灯",
            item_code=item_code, spec=more.pop("spec", "|"), quantity=more.pop("quantity", 1),
            est_cost_fen=more.pop("est_cost_fen", 12800), status=status,
            status_since=clock.now(), **more,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row.id


def many(
    count: int, age: int, window_id, codes: list[str], *, village: str = VILLAGE,
    status: str = "approved",
) -> None:  # fmt: skip
    """That many children of an age with a wish each, in one transaction."""
    with unit_of_work.transaction(everything()):
        place = db.session.scalar(select(Unit).where(Unit.code == village))
        for _ in range(count):
            number = next(_number)
            row = ChildFile(
                unit_path=place.path, tenant_path=place.tenant_path,
                gender="female" if number % 2 else "male", name=NAMES[number % len(NAMES)],
                birth_date=born(age), id_hmac=f"{number:064d}", county_code=village[:6],
                id_no=fictitious_id_number(village[:6], born(age), number % 1000),
                region_code=village, primary_category="autism", status="active",
                school="明溪县雪峰镇实验小学", home_address="雪峰镇下坊路12号",
            )  # fmt: skip
            consent = Consent(
                unit_path=place.path, given_by="林建国", relation="爷爷", scope="wish",
                method="written", text_version="1", given_on=clock.today(),
            )  # fmt: skip
            db.session.add(row)
            db.session.flush()
            consent.child_id = row.id
            db.session.add(consent)
            db.session.flush()
            db.session.add(
                Wish(
                    tenant_path=place.tenant_path, unit_path=place.path, child_id=row.id,
                    window_id=window_id, consent_id=consent.id, file_no=f"WX-T-{number:05d}",
                    own_words="想要一样东西", item_code=codes[number % len(codes)], spec="|",
                    quantity=1, est_cost_fen=10_000, status=status, status_since=clock.now(),
                )
            )  # fmt: skip


def card(**fields) -> str:
    """A card on the wall, whatever it shows; returns its public code."""
    number = next(_number)
    today = clock.today()
    values = {
        "code": f"{number:026d}", "status": "open", "shuffle": (number * 7919) % 100_003,
        "batch_id": uuid.uuid4(), "region_code": "350421", "region_name": "明溪县",
        "city_code": "350400", "stage": "primary", "band": "9-11", "sex": None, "need": "学习",
        "item_code": "XX01", "title": "护眼台灯", "spec": "", "quantity": 1, "note": "",
        "illustration": "lamp", "is_service": False, "cost_band": "100-200",
        "occasion": "children_day", "year": today.year, "closes": today + timedelta(days=5),
        "deliver_by": today + timedelta(days=12),
    }  # fmt: skip
    with unit_of_work.transaction(everything()):
        db.session.add(WishCard(**{**values, **fields}))
    return values["code"]
