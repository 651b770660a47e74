from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "ronghe.kernel.files"
    label = "files"
