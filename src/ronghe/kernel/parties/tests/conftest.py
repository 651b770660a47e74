"""Every test of parties has its villages."""

import pytest

from . import factories


@pytest.fixture
def villages(db):
    factories.places()
