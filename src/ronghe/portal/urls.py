"""Addresses of the portal."""

from django.urls import path

from . import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("z/<slug:zone>/", views.zone_home, name="zone_home"),
    path("z/<slug:zone>/map/", views.zone_map, name="zone_map"),
    path("search", views.search, name="search"),
    path("desk/", views.desk, name="desk"),
    path("help/", views.help_page, name="help"),
]
