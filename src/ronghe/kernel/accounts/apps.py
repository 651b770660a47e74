from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "ronghe.kernel.accounts"
    label = "accounts"
    verbose_name = "用户与授权"

    def ready(self) -> None:
        """Load every room's permissions, so that a name that nobody registered is found at once."""
        autodiscover_modules("permissions")
