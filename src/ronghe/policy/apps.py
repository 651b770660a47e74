from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "ronghe.policy"
    label = "policy"
