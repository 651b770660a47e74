from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "ronghe.site"
    label = "site"
