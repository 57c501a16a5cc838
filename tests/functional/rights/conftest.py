"""The helpers of these tests open a context of their own: a browser's request must not share it."""

from __future__ import annotations

import pytest

from tests.functional.rights import guide


@pytest.fixture(autouse=True)
def _known_app(app, clock):
    guide.apps[:] = [app]
    yield
    guide.apps.clear()


@pytest.fixture
def within(app):
    """An open context, for tests that call services themselves and use no browser."""
    with app.app_context():
        yield
