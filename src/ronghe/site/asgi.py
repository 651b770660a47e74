"""The ASGI application."""

import os

from django.core.asgi import get_asgi_application

from .bodies import bounded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.site.settings")
application = bounded(get_asgi_application())
