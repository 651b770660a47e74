from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "ronghe.kernel.inbox"
    label = "inbox"
