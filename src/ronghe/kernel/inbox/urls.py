"""Addresses of messages."""

from django.urls import path

from . import views

app_name = "inbox"

urlpatterns = [
    path("", views.messages, name="messages"),
    path("read", views.read_all, name="read_all"),
    path("<int:message_id>/open", views.open_message, name="open"),
]
