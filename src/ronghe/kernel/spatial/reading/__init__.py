"""Reading files of features: GeoJSON, GeoPackage, Shapefile in an archive, DXF; in a process of its own."""

from .opened import Read, read

__all__ = ["Read", "read"]
