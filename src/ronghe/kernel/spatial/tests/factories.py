"""Made-up layers and outlines for tests."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ronghe.kernel.spatial import services
from ronghe.kernel.spatial.services import Given, LayerFacts, LayerLoaded

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)

PLAIN = LayerFacts(slug="plain", title="试验图层", note="演示数据", crs_note="CGCS2000")
HIDDEN = LayerFacts(slug="hidden", title="内部图层", note="演示数据", crs_note="CGCS2000", public=False)


def square(west: float, south: float, side: float = 0.1) -> dict[str, Any]:
    """A square as GeoJSON, counter-clockwise."""
    east, north = west + side, south + side
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def given(code: str, geometry: Mapping[str, Any] | None = None, name: str = "") -> Given:
    return Given(code, name or f"要素{code}", geometry or square(117.0, 36.0))


def loaded(
    *features: Given, layer: LayerFacts = PLAIN, key: str = "test", crs: str = "CGCS2000", **others: Any
) -> LayerLoaded | None:
    """Load the features of a source."""
    return services.load_boundaries(layer=layer, key=key, origin="试验", crs=crs, features=features, at=NOON, **others)


def load(*features: Given, **others: Any) -> int:
    """Load the features of a source; returns how many were added, changed or removed."""
    done = loaded(*features, **others)
    return 0 if done is None else done.added + done.changed + done.removed


def grid(columns: int, rows: int, side: float = 0.02) -> list[Given]:
    """Squares side by side, from 110°E 30°N."""
    return [
        given(f"{column}-{row}", square(110 + column * side, 30 + row * side, side))
        for column in range(columns)
        for row in range(rows)
    ]
