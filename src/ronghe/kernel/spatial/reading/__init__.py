"""Reading files of features: GeoJSON, GeoPackage, Shapefile in an archive, DXF; in a process of its own."""

from .opened import Read, read, read_dbf

__all__ = ["Read", "read", "read_dbf"]
