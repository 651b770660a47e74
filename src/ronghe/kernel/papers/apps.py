from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "ronghe.kernel.papers"
    label = "papers"
