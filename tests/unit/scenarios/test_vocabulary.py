"""The words of stories, their page, and the work that the clock brings."""

from pathlib import Path

import pytest

from portal.jobs.handlers import HANDLERS
from portal.jobs.periodic import PERIODIC
from portal.scenarios import manual
from portal.scenarios.vocabulary import SIGHTS, VERBS
from portal.services import periodic

#: Periodic work that opens its own transactions or writes files: no part of a story.
THE_WORKERS_ALONE = {
    "audit_check": "reads the whole chain and its anchor outside the database",
    "audit_seal": "seals in a transaction of its own",
    "tombstones_write": "writes the list of what was erased into the storage",
}
ROOT = Path(__file__).resolve().parents[3]


def test_the_manual_is_current():
    written = (ROOT / "docs" / "SCENARIOS.md").read_text(encoding="utf-8")
    assert written == manual.page(VERBS, SIGHTS), "run: flask --app wsgi scenario docs"


@pytest.mark.parametrize("verb", [*VERBS.values(), *SIGHTS.values()], ids=lambda verb: verb.name)
def test_every_word_says_what_it_does_and_takes(verb):
    assert verb.sentence.endswith(".")
    assert all(isinstance(manual.kind(parameter.kind), str) for parameter in verb.parameters)


def test_the_clock_brings_what_the_worker_brings():
    kinds = {each.kind for each in PERIODIC}
    told = {kind for kind, _ in periodic.WORK}
    assert told <= kinds
    assert kinds - told == set(THE_WORKERS_ALONE)
    assert kinds <= set(HANDLERS)
