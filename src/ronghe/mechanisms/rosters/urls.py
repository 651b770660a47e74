"""Addresses of this room."""

from django.urls import URLPattern

app_name = "rosters"

urlpatterns: list[URLPattern] = []
