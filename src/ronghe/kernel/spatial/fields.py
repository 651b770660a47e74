"""Geometry in core PostgreSQL: WKB in a ``bytea`` column for what a thing looks like, a ``box`` column for finding it.

No extension is needed (decision 0001): GiST's built-in ``box_ops`` answers "whose box overlaps this one", and GEOS
(shapely) decides the rest in Python.
"""

import re
from typing import TYPE_CHECKING, Any

import shapely
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import PostgresOperatorLookup
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from .rules import CHINA, Box

if TYPE_CHECKING:
    _MultiPolygonField = models.Field[BaseGeometry | bytes, MultiPolygon]
    _BoxField = models.Field[Box | None, Box]
else:
    _MultiPolygonField = _BoxField = models.Field

#: How the WKB of every stored geometry begins: little endian, type 6. A check constraint holds tables to it.
MULTIPOLYGON_WKB = b"\x01\x06\x00\x00\x00"

_NUMBER = r"(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
_BOX = re.compile(rf"\({_NUMBER},{_NUMBER}\),\({_NUMBER},{_NUMBER}\)")


class MultiPolygonField(_MultiPolygonField):
    """A valid MultiPolygon in CGCS2000, longitude before latitude, as WKB.

    Give it a shapely Polygon or MultiPolygon, or WKB; it gives back a MultiPolygon.
    """

    description = "MultiPolygon in CGCS2000 (WKB)"
    empty_strings_allowed = False

    def db_type(self, connection: Any) -> str:
        return "bytea"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> MultiPolygon | None:
        return None if value is None else shapely.from_wkb(bytes(value))

    def to_python(self, value: Any) -> MultiPolygon | None:
        """Raises: ValidationError for what is no valid polygon."""
        if value is None:
            return None
        if isinstance(value, bytes | bytearray | memoryview):
            try:
                value = shapely.from_wkb(bytes(value))
            except ShapelyError as error:
                raise ValidationError("几何数据不是有效的 WKB。", code="wkb") from error
        if not isinstance(value, BaseGeometry) or value.geom_type not in ("Polygon", "MultiPolygon") or value.is_empty:
            raise ValidationError("几何应当是非空的面（MultiPolygon）。", code="type")
        if value.has_z:
            raise ValidationError("几何应当是二维的。", code="dimension")
        if not value.is_valid:
            raise ValidationError("几何无效：%(why)s。", code="invalid", params={"why": shapely.is_valid_reason(value)})
        return value if isinstance(value, MultiPolygon) else MultiPolygon([value])

    def get_prep_value(self, value: Any) -> bytes | None:
        geometry = self.to_python(super().get_prep_value(value))
        return None if geometry is None else bytes(shapely.to_wkb(geometry, byte_order=1, include_srid=False))

    def value_to_string(self, obj: models.Model) -> str:
        prepared = self.get_prep_value(self.value_from_object(obj))
        return "" if prepared is None else prepared.hex()


class BoxField(_BoxField):
    """The bounding box of another field's geometry, written with it: ``BoxField(of="geometry")``.

    It follows the geometry whenever a row is saved or created in bulk. ``save(update_fields=…)`` and ``bulk_update``
    must name both; ``QuerySet.update`` of a geometry must give the box as well.
    """

    description = "bounding box of a geometry (PostgreSQL box)"
    empty_strings_allowed = False

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)
        self.of = of

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"]
        return name, path, args, kwargs | {"of": self.of}

    def db_type(self, connection: Any) -> str:
        return "box"

    def pre_save(self, model_instance: models.Model, add: bool) -> Box | None:
        geometry = getattr(model_instance, self.of)
        if isinstance(geometry, bytes | bytearray | memoryview):
            geometry = shapely.from_wkb(bytes(geometry))
        box = None if geometry is None else Box(*geometry.bounds)
        setattr(model_instance, self.attname, box)
        return box

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Box | None:
        return self.to_python(value)

    def to_python(self, value: Any) -> Box | None:
        if value is None or isinstance(value, Box):
            return value
        if isinstance(value, str):
            # PostgreSQL writes the upper right corner first.
            corners = _BOX.fullmatch(value)
            if corners is None:
                raise ValidationError("不是外包矩形。", code="box")
            east, north, west, south = map(float, corners.groups())
            return Box(west, south, east, north)
        return Box(*map(float, value))

    def get_prep_value(self, value: Any) -> str | None:
        box = self.to_python(super().get_prep_value(value))
        return None if box is None else written(box)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::box"


@BoxField.register_lookup
class Overlaps(PostgresOperatorLookup):
    """``box__overlaps=(west, south, east, north)``: boxes that share a point with it (to 1e-6 degrees, as core
    PostgreSQL compares). Answered by a GiST index on the column."""

    lookup_name = "overlaps"
    postgres_operator = "&&"

    def process_rhs(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        placeholder, params = super().process_rhs(compiler, connection)
        return f"{placeholder}::box", params


class StartOfWkb(models.Func):
    """The five bytes that say byte order and type of a geometry: for a check constraint."""

    function = "substr"
    template = "%(function)s(%(expressions)s, 1, 5)"
    output_field = models.BinaryField()


class LiesInChina(models.Func):
    """Whether a box lies in China: refuses projected coordinates and swapped axes."""

    template = f"%(expressions)s <@ box '({CHINA.west},{CHINA.south}),({CHINA.east},{CHINA.north})'"
    output_field = models.BooleanField()


class Side(models.Func):
    """``width`` or ``height`` of a box, in degrees."""

    output_field = models.FloatField()


def written(box: Box) -> str:
    """A box as PostgreSQL reads it."""
    return f"({box.west!r},{box.south!r}),({box.east!r},{box.north!r})"
