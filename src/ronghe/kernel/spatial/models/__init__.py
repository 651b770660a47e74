"""Tables of the map: layers with their features and versions, imports on their way in, analyses and what they found."""

from .analyses import Analysis, Finding
from .imports import ImportFeature, LayerImport
from .layers import Feature, FeatureVersion, Layer, LayerSource, LayerVersion, Tile

__all__ = [
    "Analysis",
    "Feature",
    "FeatureVersion",
    "Finding",
    "ImportFeature",
    "Layer",
    "LayerImport",
    "LayerSource",
    "LayerVersion",
    "Tile",
]
