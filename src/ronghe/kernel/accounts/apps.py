from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ronghe.kernel.accounts"
    label = "accounts"
