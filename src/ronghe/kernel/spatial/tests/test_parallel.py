"""Two loads at the same moment."""

from ronghe.kernel.spatial.models import Feature, Layer, LayerSource
from ronghe.site.testing import in_parallel

from .factories import given, load, square


def test_two_loads_of_one_source_are_one_load(fresh_database):
    """Seen to fail (source twice) with the lock on the layer removed."""
    load(given("z", square(120.0, 36.0)), key="other")
    outcomes = in_parallel(*[lambda: load(*[given(str(i), square(117 + i / 10, 36.0)) for i in range(9)])] * 4)
    assert sorted(outcomes, key=str) == [0, 0, 0, 9]
    assert Layer.objects.get().version == 2


def test_loads_of_several_sources_all_stand_and_each_makes_its_version(fresh_database):
    """Seen to fail (two loads made the same version) with the lock on the layer removed."""
    loads = [lambda k=k: load(given(f"{k}", square(117 + k / 10, 36.0)), key=f"source{k}") for k in range(4)]
    assert in_parallel(*loads) == [1, 1, 1, 1]
    layer = Layer.objects.get()
    assert (layer.version, LayerSource.objects.count(), Feature.objects.count()) == (4, 4, 4)
    digest = layer.digest
    load(given("0", square(117, 36.0)), key="source0")
    assert Layer.objects.get().digest == digest
