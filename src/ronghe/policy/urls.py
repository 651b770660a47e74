"""Addresses of the policy room, below ``/z/<zone>/``."""

from django.urls import path

from . import views

app_name = "policy"
urlpatterns = [
    path("documents/", views.documents, name="documents"),
    path("documents/<slug:key>/", views.document, name="document"),
    path("documents/<slug:key>/clauses/", views.clauses, name="clauses"),
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/<int:task_id>/", views.task, name="task"),
    path("units/", views.units, name="units"),
    path("units/<int:unit_id>/", views.unit, name="unit"),
]
