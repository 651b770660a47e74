from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "ronghe.mechanisms.trials"
    label = "trials"
