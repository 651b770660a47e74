from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "ronghe.governance"
    label = "governance"
