"""A survey file of a village to try the import with: with three faults, or mended."""

import json
from random import Random
from typing import Any

import numpy as np
import shapely

from ronghe.kernel.regions.models import Division
from ronghe.kernel.spatial.rules import area_m2, as_multipolygon

from . import people
from .choosing import COUNTY, SEED, plan_county
from .layout import draw
from .loading import plain_name

#: Homesteads in the file.
PARCELS = 12
#: Numbers of households of the file lie beyond those of the demonstration.
_FIRST = 40_000


def survey_file(village: Division, *, faults: bool, seed: int = SEED) -> bytes:
    """The homesteads of a village as GeoJSON in CGCS2000; with ``faults`` the second overlaps the first, the fifth crosses
    itself, and the eighth states a hundredth of its area."""
    plan = plan_county(COUNTY, 50)[0]
    # A place of its own, beside where the villages of the demonstration lie.
    west, south = plan.west + 0.0075, plan.south + int(village.code[-5:]) % 20 * 0.0002
    rng = Random(f"{seed}:{village.code}")
    drawn = draw(PARCELS, west=west, south=south, rng=rng)
    name = plain_name(village)
    features = []
    for n, shape in enumerate(drawn.homesteads):
        head = people.household(_FIRST + int(village.code[-5:]) % 500 * 16 + n, rng)[0]
        area = float(area_m2(as_multipolygon(shape)[0]))
        if faults and n == 1:
            shape = shapely.affinity.translate(shape, xoff=-0.00003)
        if faults and n == 4:
            shape = _crossed(shape)
        stated = round(area / 100, 2) if faults and n == 7 else area
        properties: dict[str, Any] = {
            "不动产单元号": "", "权利人": head.name, "证件号": head.identity, "实测面积": stated, "用途": "农村宅基地",
            "坐落": f"{name}{n + 1}号", "东至": "邻户", "南至": "村道", "西至": "邻户", "北至": "村道",
        }  # fmt: skip
        features.append(
            {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
        )
    return json.dumps(
        {"type": "FeatureCollection", "name": f"{name}权籍调查（演示）", "features": features}, ensure_ascii=False
    ).encode()


def _crossed(shape: shapely.Geometry) -> shapely.Geometry:
    """Two corners exchanged: a bow tie of unequal halves."""
    points = shapely.get_coordinates(shape)[:-1]
    points[0] += (points[1] - points[0]) * 0.3
    return shapely.polygons(points[np.array([0, 2, 1, 3])])
