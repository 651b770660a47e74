from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SpatialConfig(AppConfig):
    name = "ronghe.kernel.spatial"
    label = "spatial"

    def ready(self) -> None:
        """Rooms declare in ``drawn.py`` the layers that are drawn from their tables."""
        autodiscover_modules("drawn")
