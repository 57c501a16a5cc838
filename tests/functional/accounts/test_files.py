"""Stored files: who may open which, and in which wrapping."""

import uuid

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.core.storage import storage
from portal.extensions import db
from portal.models.records import StoredFile
from portal.models.supporters import SupporterDocument
from portal.services import files
from tests.factories import applicants, people
from tests.factories.applicants import picture

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def licence(app):
    """An enterprise of 明溪 that has handed its licence in: its person, and the file's address."""
    with app.app_context():
        actor, supporter_id = applicants.applied("enterprise")
        with unit_of_work.reading(people.everything()):
            paper = db.session.scalars(
                select(SupporterDocument.file_id).where(
                    SupporterDocument.supporter_id == supporter_id
                )
            ).one()
    return actor, f"/files/{paper}"


def test_the_applicant_and_the_vetting_county_see_it(client_as, licence):
    actor, url = licence
    for client in (client_as(actor), client_as("county_staff", "350421"), client_as("city_staff")):
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer.data == picture()


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("county_staff", "350429"),
        ("county_staff", "320681"),
        ("child_director", None),
        ("auditor", "350421"),
        ("platform_admin", "350400"),
        ("handover_staff", "350421"),
        ("individual", None),
        ("newcomer", None),
    ],
)
def test_everybody_else_gets_404_like_for_a_file_that_is_not_there(client_as, licence, who, place):
    client = client_as(who, place)
    there, nowhere = client.get(licence[1]), client.get(f"/files/{uuid.uuid4()}")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.text == nowhere.text


def test_a_visitor_is_asked_to_sign_in(client, licence):
    assert client.get(licence[1]).status_code == 303


def test_a_picture_is_wrapped_tightly(client_as, licence):
    headers = client_as(licence[0]).get(licence[1]).headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Disposition"].startswith("inline")


def test_a_pdf_is_a_download_and_never_a_page(app, client_as):
    with app.app_context():
        someone = people.account()
        draft = files.keep_draft(someone, data=PDF, mime="application/pdf")
        actor, _ = applicants.applied("enterprise", documents={"business_licence": draft})
    answer = client_as(actor).get(f"/files/{draft}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_draft_opens_for_nobody(app, client_as):
    with app.app_context():
        owner = people.account()
        draft = files.keep_draft(owner, data=picture(), mime="image/jpeg")
    assert client_as(owner).get(f"/files/{draft}").status_code == 404
    assert client_as("city_staff").get(f"/files/{draft}").status_code == 404


def test_a_draft_is_attached_once(app):
    from portal.domain.errors import NotFound

    with app.app_context():
        applicants.applied("enterprise")
        with unit_of_work.transaction(people.everything()):
            [taken] = db.session.scalars(select(StoredFile.id)).all()
            with pytest.raises(NotFound):
                files.attach(taken, unit_path="/35/", supporter_id=uuid.uuid4())


def test_drafts_are_swept_after_a_day_and_attached_files_stay(app, clock):
    with app.app_context():
        applicants.applied("enterprise")
        draft = files.keep_draft(people.account(), data=picture(), mime="image/jpeg")
        with unit_of_work.reading(people.everything()):
            key = db.session.get(StoredFile, draft).key

        def sweep():
            with unit_of_work.transaction(people.everything()):
                return files.sweep_drafts()

        clock.advance(hours=23, minutes=59)
        assert sweep() == 0
        clock.advance(minutes=2)
        assert sweep() == 1
        from portal.domain.errors import NotFound

        with pytest.raises(NotFound):
            storage().open(key)
        with unit_of_work.reading(people.everything()):
            assert len(db.session.scalars(select(StoredFile)).all()) == 1
