from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "ronghe.kernel.parties"
    label = "parties"
