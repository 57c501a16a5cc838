"""The words of stories, their page, and the work that the clock brings."""

from pathlib import Path

import pytest

from portal.jobs.handlers import HANDLERS
from portal.jobs.periodic import PERIODIC
from portal.scenarios import clockwork, manual
from portal.scenarios.vocabulary import SIGHTS, VERBS

ROOT = Path(__file__).resolve().parents[3]


def test_the_manual_is_current():
    written = (ROOT / "docs" / "SCENARIOS.md").read_text(encoding="utf-8")
    assert written == manual.page(VERBS, SIGHTS), "run: flask --app wsgi scenario docs"


@pytest.mark.parametrize("verb", [*VERBS.values(), *SIGHTS.values()], ids=lambda verb: verb.name)
def test_every_word_says_what_it_does_and_takes(verb):
    assert verb.sentence.endswith(".")
    assert all(isinstance(manual.kind(parameter.kind), str) for parameter in verb.parameters)


def test_the_clock_brings_what_the_worker_brings():
    assert {kind for kind, _ in clockwork.PERIODIC} == {each.kind for each in PERIODIC}


def test_each_periodic_function_is_the_workers_own():
    for kind, work in clockwork.PERIODIC:
        bound = HANDLERS[kind].act.__closure__
        assert work in {cell.cell_contents for cell in bound}
