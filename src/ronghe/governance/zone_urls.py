"""Addresses of this room below ``/z/<zone>/``."""

from django.urls import path

from . import views

app_name = "zone_office"
urlpatterns = [
    path("compare/", views.theirs_alone, name="comparison"),
    path("compare/ours/", views.ours_alone, name="ours_alone"),
]
