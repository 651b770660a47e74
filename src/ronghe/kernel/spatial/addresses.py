"""Addresses that a map asks for."""

from typing import Protocol

from django.urls import reverse


class Versioned(Protocol):
    """A layer, or its row in the list."""

    @property
    def slug(self) -> str: ...

    @property
    def version(self) -> int: ...


def tiles_template(layer: Versioned) -> str:
    """Where a map finds the tiles of a layer: ``/tiles/…/{z}/{x}/{y}.mvt?v=3``, another address per version."""
    first = reverse("spatial:tile", args=[layer.slug, 0, 0, 0])
    return f"{first.removesuffix('/0/0/0.mvt')}/{{z}}/{{x}}/{{y}}.mvt?v={layer.version}"
