from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CaseworkConfig(AppConfig):
    name = "ronghe.mechanisms.casework"
    label = "casework"

    def ready(self) -> None:
        """Rooms declare their procedures in ``procedures.py``."""
        autodiscover_modules("procedures")
