"""The tests of casework have a procedure of their own."""

import pytest

from ronghe.mechanisms.casework import declared
from ronghe.mechanisms.casework.tests import factories


@pytest.fixture(autouse=True)
def procedure(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(declared, "PROCEDURES", declared.PROCEDURES)
    monkeypatch.setitem(declared.PROCEDURES, factories.PROCEDURE.key, factories.PROCEDURE)
    factories.ended.clear()
    return factories.PROCEDURE


@pytest.fixture
def world(db):
    return factories.World()
