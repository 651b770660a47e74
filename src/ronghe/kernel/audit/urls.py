"""Addresses below /audit/."""

from django.urls import path

from . import views

app_name = "audit"

urlpatterns = [
    path("events", views.events, name="events"),
    path("events/<int:event_id>", views.event, name="event"),
    path("seal", views.seal, name="seal"),
]
