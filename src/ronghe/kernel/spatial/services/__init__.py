"""Commands on the map."""

from .analyses import GeometryOverlay, Hit, analyse, overlay_geometry, run_analysis
from .drawn import DrawnLayer, draw_anew
from .features import FeatureGiven, put_features, remove_features
from .import_apply import apply_import
from .import_check import check_import
from .imports import Statement, check_start, restated, start_apply, take_file
from .layers import LayerTold, change_layer, create_layer
from .loading import COUNTY_BOUNDARIES, Given, LayerFacts, LayerLoaded, load_boundaries

__all__ = [
    "COUNTY_BOUNDARIES",
    "DrawnLayer",
    "FeatureGiven",
    "GeometryOverlay",
    "Given",
    "Hit",
    "LayerFacts",
    "LayerLoaded",
    "LayerTold",
    "Statement",
    "analyse",
    "apply_import",
    "change_layer",
    "check_import",
    "check_start",
    "create_layer",
    "draw_anew",
    "load_boundaries",
    "overlay_geometry",
    "put_features",
    "remove_features",
    "restated",
    "run_analysis",
    "start_apply",
    "take_file",
]
