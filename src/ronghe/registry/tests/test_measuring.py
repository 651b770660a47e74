"""What an application measures anew is held against its outlines, at the counter already."""

from decimal import Decimal

import pytest

from ..errors import MeasuresDisagree
from ..rules.matters import Matter
from ..services import PartAsked
from . import factories as make
from .registering import Office, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture
def office(db, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def test_an_area_that_the_outline_does_not_have_is_refused(office):
    unit, _ = make.homestead()
    drawn = make.area(make.square())
    with pytest.raises(MeasuresDisagree, match="相差约 100 倍"):
        opened(office, unit, Matter.CHANGE, parts=(PartAsked(registered_area_m2=drawn * 100),))
    opened(office, unit, Matter.CHANGE, parts=(PartAsked(registered_area_m2=drawn + 1),))


def test_a_house_beyond_its_parcel_is_refused(office):
    unit, _ = make.homestead()
    half = make.square(0.5, width=1)
    with pytest.raises(MeasuresDisagree, match="房屋轮廓超出宗地"):
        opened(office, unit, Matter.HOUSE, parts=(PartAsked(half, make.area(half), Decimal("200")),))
    inside = make.square(0.2, width=0.5)
    opened(office, unit, Matter.HOUSE, parts=(PartAsked(inside, make.area(inside), Decimal("200")),))
