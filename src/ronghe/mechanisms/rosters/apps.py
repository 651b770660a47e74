from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RostersConfig(AppConfig):
    name = "ronghe.mechanisms.rosters"
    label = "rosters"

    def ready(self) -> None:
        """Rooms declare their lists in ``rosters.py``."""
        autodiscover_modules("rosters")
