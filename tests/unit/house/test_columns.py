"""Every column says whose secret it holds; case secrets and children's words lie sealed."""

from sqlalchemy import JSON, String, Text

from portal.domain.pii import PII
from portal.models import Base
from portal.models.base import Encrypted

#: Case secrets in clear, and why.
OPEN_CASE_COLUMNS = {
    "block_entries.reason_code": "one of four codes beside a keyed hash; no name, no number",
}
#: Words about a child that the database must read to do its work, and why.
OPEN_CHILD_COLUMNS = {
    "attendance_cells.arrived": "an hour, beside a sealed name",
    "attendance_cells.left": "an hour, beside a sealed name",
    "attendance_cells.state": "counted in SQL for every rate",
    "attendance_marks.arrived": "an hour, beside a sealed name",
    "attendance_marks.left": "an hour, beside a sealed name",
    "attendance_marks.state": "the sheet is reckoned from it in SQL and in domain.attendance",
    "care_ledger_rows.service_types": "counted per kind for the forms; a list of official words",
    "child_files.county_code": "the crowd on the register is counted by county in SQL",
    "child_files.region_code": "lists are filtered by place; the tree is public",
    "child_files.gender": "counted in SQL where an item needs it",
    "child_files.id_hmac": "a keyed hash, for finding the same child again",
    "child_files.primary_category": "counted per kind for the forms; one of four official words",
    "child_files.care_level": "decides how often a visit is due, asked in SQL",
    "pairing_needs.kind": "one open need of a kind per child, matched and counted by kind in SQL",
    "pairings.kind": "copied from the need for the person who answers it, who reads no need",
    "wishes.public_note": "two people screened it for everybody to read",
}


def columns():
    return [column for table in Base.metadata.sorted_tables for column in table.columns]


def test_every_column_has_a_pii_class():
    assert len(columns()) > 100
    unclassed = [str(c) for c in columns() if not isinstance(c.info.get("pii"), PII)]
    assert unclassed == []


def test_sealed_columns_are_bound_to_their_own_place():
    wrong = [
        str(column)
        for column in columns()
        if isinstance(column.type, Encrypted)
        and column.type.place != f"{column.table.name}.{column.name}"
    ]
    assert wrong == []


def test_case_secrets_are_sealed():
    plain = [
        str(column)
        for column in columns()
        if column.info["pii"] is PII.P4 and not isinstance(column.type, Encrypted)
    ]
    assert set(plain) == set(OPEN_CASE_COLUMNS)


def test_free_text_about_a_child_is_sealed():
    plain = [
        str(column)
        for column in columns()
        if column.info["pii"] is PII.P3
        and isinstance(column.type, String | Text | JSON)
        and not isinstance(column.type, Encrypted)
    ]
    assert set(plain) == set(OPEN_CHILD_COLUMNS)
