from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    name = "ronghe.kernel.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        """Load what the rooms call their acts."""
        autodiscover_modules("verbs")
