from django.apps import AppConfig


class RostersConfig(AppConfig):
    name = "ronghe.mechanisms.rosters"
    label = "rosters"
