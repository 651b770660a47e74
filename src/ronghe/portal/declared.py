"""What the rooms declare to the portal: ``NAV`` and ``DESK`` in ``home.py``, ``LAYERS`` in ``layers.py``, ``FINDERS`` in ``search.py``."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from ronghe.kernel.pages import AreaTheme, Finder, NavItem, Panel


@cache
def navigation() -> list[NavItem]:
    """The entries of the navigation, in order."""
    return sorted((item for nav in _declared("home", "NAV") for item in nav), key=lambda item: item.order)


@cache
def themes() -> list[AreaTheme]:
    """The themes of the map, in order."""
    return sorted((theme for own in _declared("layers", "LAYERS") for theme in own), key=lambda theme: theme.order)


@cache
def panels() -> list[Panel]:
    """The panels of the desk, in order."""
    return sorted((panel for own in _declared("home", "DESK") for panel in own), key=lambda panel: panel.order)


@cache
def finders() -> list[Finder]:
    """What the search asks, in order."""
    return sorted((finder for own in _declared("search", "FINDERS") for finder in own), key=lambda one: one.order)


def _declared(module: str, name: str) -> list[Any]:
    rooms = [c.name for c in apps.get_app_configs() if c.name.startswith("ronghe.")]
    return [getattr(import_module(f"{room}.{module}"), name, ()) for room in rooms if find_spec(f"{room}.{module}")]
