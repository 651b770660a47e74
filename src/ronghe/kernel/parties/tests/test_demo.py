"""The village of the demonstration."""

from datetime import date

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties import demo, queries, sealing
from ronghe.kernel.parties.models import Party, PartyIdentifier

from . import factories as make
from .factories import NOON, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("villages")]


def test_the_village_has_history_a_duplicate_and_numbers_of_nobody():
    made = demo.make_village(division=VILLAGE, village="甲村", at=NOON)
    assert demo.make_village(division=VILLAGE, village="甲村", at=NOON) == []
    assert len(made) == 17
    assert not Party.objects.filter(is_demo=False).exists()
    for row in PartyIdentifier.objects.filter(kind="identity"):
        assert sealing.plain(row).startswith(demo.NOWHERE)
        assert "不在区划代码表" in row.warning
    assert [one.why for one in queries.duplicates(SYSTEM)] == ["姓名和出生日期相同"]
    son = Party.objects.get(name="孙立强户")
    assert [row.person.name for row in queries.members(son, on=make.TODAY)] == ["孙立强", "王海燕", "孙梓轩"]
    assert queries.members(son, on=date(2022, 1, 1)) == []
    farmer = demo.farmer_of(VILLAGE)
    assert farmer is not None
    assert farmer.name == "孙德顺"
