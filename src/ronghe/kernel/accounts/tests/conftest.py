import pytest

from . import factories


@pytest.fixture
def places(db):
    factories.places()
