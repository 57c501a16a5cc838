"""Every column says whose secret it holds; case secrets and children's words lie sealed."""

from sqlalchemy import JSON, String, Text

from portal.domain.pii import PII
from portal.models import Base
from portal.models.base import Encrypted


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
    assert plain == []


def test_free_text_about_a_child_is_sealed():
    plain = [
        str(column)
        for column in columns()
        if column.info["pii"] is PII.P3
        and isinstance(column.type, String | Text | JSON)
        and not isinstance(column.type, Encrypted)
    ]
    assert set(plain) <= set(OPEN_CHILD_COLUMNS)


#: Columns about a child that the database must read to do its work, and why.
OPEN_CHILD_COLUMNS: dict[str, str] = {}
