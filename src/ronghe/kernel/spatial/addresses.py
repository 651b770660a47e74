"""Addresses that a map asks for."""

from django.urls import reverse


def tiles_template(slug: str, version: int) -> str:
    """Where a map finds the tiles of a layer: ``/tiles/…/{z}/{x}/{y}.mvt?v=3``, another address per version."""
    first = reverse("spatial:tile", args=[slug, 0, 0, 0])
    return f"{first.removesuffix('/0/0/0.mvt')}/{{z}}/{{x}}/{{y}}.mvt?v={version}"
