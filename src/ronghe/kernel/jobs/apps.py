from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "ronghe.kernel.jobs"
    label = "jobs"
