"""Every table says how long its rows are kept, or why for good (L09, L18)."""

from portal.domain.retention import CLASSES
from portal.domain.retention_tables import TABLES, Kept
from portal.models import Base


def test_every_table_has_a_class_or_a_reason():
    assert set(TABLES) == set(Base.metadata.tables)


def test_a_class_exists_and_a_reason_says_something():
    for table, period in TABLES.items():
        if isinstance(period, Kept):
            assert len(period.why) > 20, table
        else:
            assert period in CLASSES, table


def test_only_the_chain_and_append_only_tables_and_rules_are_kept_for_good():
    about_people = {
        "access_rows", "supporters", "child_files", "phone_codes", "kept_forms", "proofs",
        "known_devices", "messages", "delegations", "resource_links", "honours", "grievances",
        "service_records", "certificates", "wechat_asks", "facts",
    }  # fmt: skip
    assert all(isinstance(TABLES[table], str) for table in about_people)
