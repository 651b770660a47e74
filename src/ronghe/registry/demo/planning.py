"""Planning and red-line layers of a county in the demonstration: drawn from its villages, marked as made up."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import shapely

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.spatial.models import Layer
from ronghe.kernel.spatial.services import LayerTold, create_layer
from ronghe.kernel.spatial.services.loading import Given, LayerFacts, load_boundaries

from .layout import Drawn

_NOTE = "演示数据：按演示村庄虚拟绘制，不是批准的规划成果，不作任何依据。"


def load_planning(county6: str, county: str, villages: Mapping[str, Drawn], *, at: datetime) -> None:
    """Lay down 永久基本农田, 生态保护红线, 城镇开发边界 and 规划用途 of a county; a repeat changes nothing."""
    sheets: dict[str, tuple[str, str, list[Given]]] = {
        f"pbf-{county6}": ("永久基本农田", Layer.Kind.RED_LINE, []),
        f"erl-{county6}": ("生态保护红线", Layer.Kind.RED_LINE, []),
        f"udb-{county6}": ("城镇开发边界", Layer.Kind.RED_LINE, []),
        f"plan-{county6}": ("规划用途", Layer.Kind.PLANNING, []),
    }
    for n, (code, drawn) in enumerate(villages.items()):
        fields = drawn.fields
        kept = _around(fields[len(fields) // 3 :])
        homes = _around(drawn.homesteads)
        sheets[f"pbf-{county6}"][2].append(_given(f"{code}-1", "永久基本农田图斑（演示）", kept))
        if n % 7 == 3:
            sheets[f"erl-{county6}"][2].append(_given(f"{code}-1", "生态保护红线（演示）", drawn.forest))
        if n % 9 == 0:
            town = shapely.box(*shapely.union_all([homes, drawn.workshop]).bounds)
            sheets[f"udb-{county6}"][2].append(_given(f"{code}-1", "城镇开发边界（演示）", town))
        uses = (
            ("村庄建设用地", homes),
            ("工业用地", drawn.workshop),
            ("耕地", _around(fields)),
            ("林地", drawn.forest),
        )
        for number, (use, shape) in enumerate(uses, start=1):
            sheets[f"plan-{county6}"][2].append(_given(f"{code}-{number}", use, shape))
    for slug, (title, kind, features) in sheets.items():
        _load(slug, f"{county}{title}（演示数据）", kind, features, division=f"{county6}000000", at=at)


def _load(slug: str, title: str, kind: str, features: Sequence[Given], *, division: str, at: datetime) -> None:
    if not Layer.objects.filter(slug=slug).exists():
        told = LayerTold(title=title, kind=kind, source="演示数据", note=_NOTE, shared_below=True)
        create_layer(slug=slug, division=division, told=told, actor=SYSTEM, at=at)
    facts = LayerFacts(
        slug=slug, title=title, note=_NOTE, crs_note="CGCS2000（EPSG:4490），经度在前、纬度在后", public=False
    )
    load_boundaries(
        layer=facts, key="registry-demo", origin="演示数据", crs="CGCS2000", features=features, at=at, note=_NOTE
    )


def _given(code: str, name: str, shape: shapely.Geometry) -> Given:
    return Given(code, name, shapely.geometry.mapping(shape))


def _around(shapes: Sequence[shapely.Geometry]) -> shapely.Geometry:
    return shapely.box(*shapely.total_bounds(list(shapes)).tolist())
