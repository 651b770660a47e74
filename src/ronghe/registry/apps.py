from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "ronghe.registry"
    label = "registry"
