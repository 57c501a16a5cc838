"""What can be learnt from the wall (security.md 2.3): T-AN1, 2, 3, 4 and 6 on crawled pages.

The register is 三明's of domain.md 7, scaled down, with some cells far below K on purpose.
"""

import random
import re
from collections import Counter
from itertools import pairwise
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain import catalogue
from portal.domain import clock as portal_clock
from portal.domain.bands import ALL_AGES
from portal.domain.identity import age_on
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.wishes import Wish, WishCard
from portal.services import publication
from tests.factories import people
from tests.factories import wishes as make

K = 10
#: County village → children per age; 泰宁 is small, and its 15–17 are four.
REGISTER = {
    "350421100202": {4: 4, 7: 12, 10: 7, 13: 11, 16: 12},
    "350429100200": {4: 3, 7: 5, 10: 4, 13: 9, 16: 4},
    "350404001001": {4: 15, 7: 20, 10: 22, 13: 17, 16: 13},
}
NAMES = {"明溪县": "350421", "泰宁县": "350429", "三元区": "350404"}
BANDS = {"3–5岁": (3, 5), "6–8岁": (6, 8), "9–11岁": (9, 11), "12–14岁": (12, 14),
         "15–17岁": (15, 17), "学龄前": (3, 5), "小学": (6, 11), "中学": (12, 17)}  # fmt: skip
FOR_ALL = sorted(
    one.code
    for one in catalogue.faces()
    if not one.size_kind and not one.choices and one.ages == ALL_AGES
)
CARD = re.compile(
    r'href="/wishes/([a-z0-9]{26})".*?map-pin.*?</svg>([^<]+)</li>.*?#user.*?</svg>([^<]+)</li>',
    re.DOTALL,
)


@pytest.fixture
def published(app, clock):
    """A register, a wish for every third child, one batch on the wall."""
    rng = random.Random(350400)
    with app.app_context():
        window = make.window()
        plain = [one for one in catalogue.faces() if not one.size_kind and not one.choices]
        for village, ages in REGISTER.items():
            real = village_of(village)
            for age, count in ages.items():
                make.crowd(count - count // 3, age, village=real)
                codes = [one.code for one in plain if age in one.ages]
                rng.shuffle(codes)
                # One wish in two, at least one a cell, is for something that fits every age.
                some = count // 6
                make.many(some, age, window, codes, village=real)
                make.many(count // 3 - some, age, window, FOR_ALL, village=real)
        city = people.staff("city_staff", "350400")
        with unit_of_work.transaction(scope.of(city)):
            result = publication.release(city, window)
        yield SimpleNamespace(app=app, window=window, result=result, city=city)


def village_of(code):
    """The first village of the county, whatever the list calls it."""
    with unit_of_work.reading(people.everything()):
        return db.session.scalar(
            select(make.Unit.code)
            .where(make.Unit.level == "village", make.Unit.code.startswith(code[:6]))
            .order_by(make.Unit.code)
        )


def crawl(client, query=""):
    """Every card of a filter, by walking all its pages: {code: (place, band)}."""
    found, url = {}, f"/wishes?{query}"
    while url:
        page = client.get(url).text
        for code, place, age in CARD.findall(page):
            found[code] = (place.strip(), age.strip().split(" ")[0])
        following = re.search(r'href="(/wishes\?[^"]*after=[^"]+)" rel="next"', page)
        url = following.group(1).replace("&amp;", "&") if following else ""
    return found


def register():
    """The true attributes of every child: (county, age)."""
    today = portal_clock.today()
    with unit_of_work.reading(people.everything()):
        rows = db.session.execute(select(ChildFile.county_code, ChildFile.birth_date))
        return [(county, age_on(born, today)) for county, born in rows]


def fits(place, band, county, age):
    low, high = BANDS[band]
    return low <= age <= high and (place not in NAMES or NAMES[place] == county)


def test_an1_no_card_fits_fewer_than_k_children(published, client):
    cards = crawl(client)
    children = register()
    assert published.result.published == len(cards) >= 40
    for place, band in set(cards.values()):
        assert sum(fits(place, band, *child) for child in children) >= K, (place, band)


def test_an1_the_crowd_behind_a_rolled_up_card_is_k_too(published, client):
    """Take the rule as known: who else's card would say exactly this?"""
    # Of items that fit every age: what a card says is then a matter of the child's cell alone, and
    # every cell has such a card.
    shown = {}
    with published.app.app_context(), unit_of_work.reading(people.everything()):
        today = portal_clock.today()
        rows = db.session.execute(
            select(ChildFile.county_code, ChildFile.birth_date, WishCard.region_name, WishCard.band)
            .join(Wish, Wish.child_id == ChildFile.id)
            .join(WishCard, WishCard.id == Wish.card_id)
            .where(WishCard.item_code.in_(FOR_ALL))
        )
        for county, born, place, band in rows:
            face = shown.setdefault((county, five(age_on(born, today))), (place, band))
            assert face == (place, band)
    crowd = Counter(shown.get((county, five(age))) for county, age in register())
    crowd.pop(None, None)  # cells whose cards are held
    assert len(crowd) >= 3
    assert {face: n for face, n in crowd.items() if n < K} == {}


def five(age):
    return next(label for label, (low, high) in list(BANDS.items())[:5] if low <= age <= high)


def test_an2_no_pair_of_filter_answers_isolates_a_face_below_k(published, client):
    """Subtract and intersect every pair of answers: what remains still shows crowds of K."""
    queries = [
        "", "region=350421", "region=350429", "region=350400", "age=6-8", "age=primary",
        "age=secondary", "category=学习", "category=图书",
    ]  # fmt: skip
    answers = [crawl(client, query) for query in queries]
    children = register()
    for one in answers:
        for other in answers:
            for codes in (one.keys() - other.keys(), one.keys() & other.keys()):
                for place, band in {one[code] for code in codes}:
                    assert sum(fits(place, band, *child) for child in children) >= K


def test_an3_an_attacker_who_knows_every_child_guesses_at_one_in_k(published, client):
    cards = crawl(client)
    children = register()
    hits = 0.0
    for place, band in cards.values():
        candidates = sum(fits(place, band, *child) for child in children)
        assert 1 / candidates <= 1 / K
        hits += 1 / candidates
    assert hits <= len(cards) / K


def test_an4_nothing_about_a_child_stands_in_any_public_byte(published, client):
    with published.app.app_context(), unit_of_work.reading(people.everything()):
        children = db.session.scalars(select(ChildFile)).all()
        canaries = {
            value
            for child in children
            for value in (
                child.name, child.id_no, child.school, child.home_address, str(child.id),
                child.birth_date.isoformat(), child.unit_path, child.region_code,
            )
            if value
        }  # fmt: skip
        wishes = db.session.scalars(select(Wish)).all()
        canaries |= {one.file_no for one in wishes} | {str(one.id) for one in wishes}
        canaries |= {"林建国", "12059861234", "de_facto_unattended", "事实无人抚养", "孤独症"}
    cards = crawl(client)
    pages = [
        client.get("/wishes"),
        client.get("/wishes?region=350421&age=primary"),
        client.get("/"),
    ]
    pages += [client.get(f"/wishes/{code}") for code in cards]
    public = "".join(page.text + str(page.headers) for page in pages)
    assert len(canaries) > 100
    assert [canary for canary in canaries if canary in public] == []


def test_an6_codes_and_order_say_nothing_about_creation(published, client):
    with published.app.app_context(), unit_of_work.reading(people.everything()):
        made = db.session.execute(
            select(WishCard.code, Wish.file_no, WishCard.shuffle).join(
                Wish, Wish.card_id == WishCard.id
            )
        ).all()
    codes = [code for code, _, _ in sorted(made, key=lambda row: row[1])]
    signs = Counter("".join(codes))
    # The last sign carries two bits only; all others are uniform over 32.
    expected = len(codes) * 25 / 32
    counted = Counter("".join(code[:25] for code in codes))
    assert len(signs) == 32
    assert sum((counted[s] - expected) ** 2 / expected for s in counted) < 75
    order = [file_no for _, file_no, _ in sorted(made, key=lambda row: row[2])]
    agreements = sum(one < two for one, two in pairwise(order))
    assert 0.25 < agreements / len(order) < 0.75


def test_the_youngest_of_all_counties_roll_up_together(published, client):
    """明溪 4 and 泰宁 3 are below K even together; the smallest neighbour goes along."""
    shown = {face for face in crawl(client).values() if face[1] in ("3–5岁", "学龄前")}
    assert shown == {("三明市", "学龄前")}
