from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "ronghe.kernel.regions"
    label = "regions"
