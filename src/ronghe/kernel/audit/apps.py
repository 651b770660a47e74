from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "ronghe.kernel.audit"
    label = "audit"
    verbose_name = "审计"
