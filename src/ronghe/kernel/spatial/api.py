"""The API of the map: its layers. Their content stands under ``/layers/<slug>.geojson`` and ``/tiles/``."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Router, Schema

from ronghe.kernel.accounts.access import actor_of, public

from . import queries
from .addresses import tiles_template

router = Router(tags=["一张图"])


class LayerOut(Schema):
    """图层."""

    slug: str = Field(description="标识")
    title: str
    source: str = Field(description="来源")
    note: str = Field(description="说明")
    crs_note: str = Field(description="坐标系说明")
    version: int
    feature_count: int = Field(description="要素个数")
    geojson: str = Field(description="GeoJSON 地址")
    tiles: str = Field(description="矢量瓦片地址模板")

    @staticmethod
    def resolve_geojson(layer: queries.LayerRow) -> str:
        return reverse("spatial:geojson", args=[layer.slug])

    @staticmethod
    def resolve_tiles(layer: queries.LayerRow) -> str:
        return tiles_template(layer)


@router.get("/layers", response=list[LayerOut], summary="图层")
@public
def layers(request: HttpRequest) -> Any:
    """全部可见图层."""
    return queries.layer_rows(actor_of(request))
