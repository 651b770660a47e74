"""Addresses of the zone's office."""

from django.urls import path

from . import views

app_name = "governance"

urlpatterns = [
    path("tasks/", views.my_tasks, name="my_tasks"),
    path("sheets/", views.sheets, name="sheets"),
    path("sheets/<int:sheet_id>/", views.sheet, name="sheet"),
    path("sheets/<int:sheet_id>/answer", views.sheet_answer, name="sheet_answer"),
    path("sheets/<int:sheet_id>/close", views.sheet_close, name="sheet_close"),
    path("plans/", views.plans, name="plans"),
    path("plans/new", views.new_plan, name="new_plan"),
    path("plans/<int:draft_id>/", views.plan, name="plan"),
    path("plans/<int:draft_id>/names/", views.names, name="names"),
    path("plans/<int:draft_id>/zone/", views.zone, name="zone"),
    path("plans/<int:draft_id>/changes/", views.changes, name="changes"),
    path("plans/<int:draft_id>/changes/<int:number>/undo", views.undo, name="undo"),
    path("plans/<int:draft_id>/match", views.match, name="match"),
    path("plans/<int:draft_id>/read", views.read_again, name="read_again"),
    path("plans/<int:draft_id>/settle", views.settle, name="settle"),
    path("plans/<int:draft_id>/tasks/new", views.added_task, name="added_task"),
    path("plans/<int:draft_id>/tasks/<slug:key>/", views.task, name="task"),
    path("plans/<int:draft_id>/tasks/<slug:key>/change", views.change_task, name="change_task"),
]
