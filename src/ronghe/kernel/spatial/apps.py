from django.apps import AppConfig


class SpatialConfig(AppConfig):
    name = "ronghe.kernel.spatial"
    label = "spatial"
