from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PapersConfig(AppConfig):
    name = "ronghe.kernel.papers"
    label = "papers"

    def ready(self) -> None:
        """Rooms declare their papers in ``papers.py``."""
        autodiscover_modules("papers")
