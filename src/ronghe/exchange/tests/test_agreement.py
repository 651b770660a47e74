"""协议入市: both sides of the limit, and what is missing where it cannot be told."""

import pytest

from ronghe.kernel.actors import PUBLIC
from ronghe.policy import queries
from ronghe.policy.tests.factories import NOON, load

pytestmark = pytest.mark.django_db


@pytest.fixture
def zones():
    load("national", "qingdao", "zibo")


def test_five_mu_in_qingdao(zones):
    z = queries.zone("qingdao", actor=PUBLIC)
    a = queries.answer(
        "entry.agreement_exception",
        z,
        on=NOON.date(),
        facts={"area_mu": 5, "has_collective_consent": True, "has_approval": True},
    )
    print(a.as_json())
    assert a.ruling.value is True
    a = queries.answer(
        "entry.agreement_exception",
        queries.zone("zibo", actor=PUBLIC),
        on=NOON.date(),
        facts={"area_mu": 5, "has_collective_consent": True, "has_approval": True},
    )
    print(a.as_json())
    assert a.ruling.value is None
