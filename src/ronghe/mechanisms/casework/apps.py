from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "ronghe.mechanisms.casework"
    label = "casework"
