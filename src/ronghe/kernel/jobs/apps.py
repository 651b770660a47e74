from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "ronghe.kernel.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Rooms declare their long work in ``long_work.py``."""
        autodiscover_modules("long_work")
