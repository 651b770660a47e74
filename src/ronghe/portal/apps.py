from django.apps import AppConfig
from django.forms import Field


class PortalConfig(AppConfig):
    name = "ronghe.portal"
    label = "portal"

    def ready(self) -> None:
        """What every form says of an empty field: what to do, not what the field is."""
        Field.default_error_messages["required"] = "请填写或选择这一项。"
