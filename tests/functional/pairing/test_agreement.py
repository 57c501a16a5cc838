"""The agreement to sign: from the approval to the end, for the field, without who the child is."""

from __future__ import annotations

import pypdfium2
import pytest

from portal.documents import certificate
from tests.factories import pairings as make
from tests.factories import people
from tests.functional.pairing.test_pairing_pages import told


@pytest.mark.sqlite
def test_the_agreement_names_the_mentor_and_nothing_of_the_family(app, client_as):
    with app.app_context():
        one, canaries = told("matched")
        waiting = make.pairing(status="proposed")
        ended = make.pairing(status="closed")
    client = client_as("child_director", "350421100202")
    where = f"/desk/pairings/{one.id}/agreement"
    assert where in client.get(f"/desk/pairings/{one.id}").text
    page = client.get(where)
    assert page.status_code == 200
    for words in (
        one.file_no,
        "明溪县民政局",
        "结对人要做到",
        "不给钱",
        "不拍照",
        "不互留私人电话",
        "不留孩子过夜",
        "110",
    ):
        assert words in page.text
    # A child of ten signs as well.
    assert "我愿意" in page.text
    if not certificate.fault():
        answer = client.get(f"{where}.pdf")
        assert answer.content_type == "application/pdf"
        read = pypdfium2.PdfDocument(answer.data)
        text = "".join(sheet.get_textpage().get_text_range() for sheet in read)
        assert len(read) == 1
        assert one.file_no in text
        assert not [secret for secret in canaries if secret in text]
    assert not [secret for secret in canaries if secret in page.text]
    # Nothing to sign before a second person approved, and none after the end.
    for other in (waiting, ended):
        assert client.get(f"/desk/pairings/{other.id}/agreement").status_code == 404
        assert client.get(f"/desk/pairings/{other.id}/agreement.pdf").status_code == 404
    assert client_as("city_staff", "350400").get(where).status_code == 403


@pytest.mark.sqlite
def test_the_list_with_names_leaves_only_after_a_fresh_proof(app, client_as):
    with app.app_context():
        one = make.pairing()
    client = client_as("county_staff", "350421")
    asked = client.get("/desk/pairings.xlsx")
    assert asked.status_code == 303 and "/confirm" in asked.location
    people.prove(client, "pairing.export")
    assert client.get("/desk/pairings.xlsx").data[:2] == b"PK"
    # The figures are numbers without a name: they open like the page that shows them.
    book = client.get("/desk/pairings/figures.xlsx").data
    assert book[:2] == b"PK"
    assert one.child.name.encode() not in book
