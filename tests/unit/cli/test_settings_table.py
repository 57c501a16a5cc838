"""The operator's page tells every setting as the code declares it."""

import re

from portal.cli import settings as command
from portal.config import Settings
from tests.unit.house.source import ROOT

PAGE = (ROOT / "docs" / "OPERATIONS.md").read_text(encoding="utf-8")


def test_the_page_holds_the_table_as_the_command_prints_it():
    [written] = re.findall(r"<!-- settings -->\n(.*?)\n<!-- /settings -->", PAGE, re.DOTALL)
    assert written == command.table()


def test_every_setting_says_what_it_means_and_no_secret_has_a_default():
    fields = Settings.model_fields
    assert len(fields) > 20
    assert [name for name, field in fields.items() if not field.description] == []
    for name in ("SECRET_KEY", "FIELD_KEYS"):
        assert f"| `{name}` | – |" in command.table()


def test_the_example_environment_names_only_settings_that_exist():
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    example = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert named
    assert named <= known


def test_every_periodic_job_stands_on_the_page():
    from portal.jobs.periodic import PERIODIC

    assert [each.kind for each in PERIODIC if f"`{each.kind}`" not in PAGE] == []
