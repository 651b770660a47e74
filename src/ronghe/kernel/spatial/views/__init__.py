"""Pages of layers, and what a map asks for."""

from .analyses import an_analysis, analyses, export_analysis, new_analysis, overlay
from .imports import an_import, apply, imports, marked, new_import
from .layers import a_feature, a_layer, edit_layer, export, features, layers, new_layer, versions
from .maps import geojson, tile

__all__ = [
    "a_feature", "a_layer", "an_analysis", "an_import", "analyses", "apply", "edit_layer", "export", "export_analysis",
    "features", "geojson", "imports", "layers", "marked", "new_analysis", "new_import", "new_layer", "overlay", "tile",
    "versions",
]  # fmt: skip
