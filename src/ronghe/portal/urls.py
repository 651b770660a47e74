"""Addresses of the portal."""

from django.urls import path

from . import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("help/", views.help_page, name="help"),
    path("desk/", views.desk, name="desk"),
    path("z/<slug:zone>/", views.zone_home, name="zone"),
    path("z/<slug:zone>/map/", views.zone_map, name="map"),
]
