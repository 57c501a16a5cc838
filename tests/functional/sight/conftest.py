import pytest

from tests.factories.sights import Office


@pytest.fixture
def office(app, client_as, clock):
    """A child's file and everybody's browser, at 2026-05-20 10:00."""
    return Office(app, client_as)
