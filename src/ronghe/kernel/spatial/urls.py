"""Addresses of the map, at the root: tiles and layers belong to no zone."""

from django.urls import path

from . import views

app_name = "spatial"

urlpatterns = [
    path("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
    path("layers/<slug:layer>.geojson", views.geojson, name="geojson"),
    path("layers/", views.layers, name="layers"),
]
