"""Addresses of the zone's office below ``/z/<zone>/``."""

from django.urls import path

from . import views

app_name = "zone_office"

urlpatterns = [
    path("cockpit/", views.cockpit, name="cockpit"),
    path("ledger/", views.ledger_list, name="ledger"),
    path("ledger/tree/", views.ledger_tree, name="tree"),
    path("ledger/gantt/", views.ledger_gantt, name="gantt"),
    path("ledger/calendar/", views.ledger_calendar, name="calendar"),
    path("ledger/board/", views.ledger_board, name="board"),
    path("ledger/issue/", views.issue, name="issue"),
    path("ledger/<int:task_id>/", views.ledger_task, name="task"),
    path("ledger/<int:task_id>/sign", views.sign, name="sign"),
    path("ledger/<int:task_id>/report", views.report, name="report"),
    path("ledger/<int:task_id>/close", views.close, name="close"),
    path("ledger/<int:task_id>/extend", views.extend, name="extend"),
    path("ledger/<int:task_id>/divide", views.divide, name="divide"),
    path("ledger/<int:task_id>/node", views.node, name="node"),
    path("ledger/<int:task_id>/stop", views.stop, name="stop"),
    path("ledger/<int:task_id>/sheet", views.sheet_new, name="sheet_new"),
    path("ledger/<int:task_id>/files/<int:evidence_id>", views.evidence, name="evidence"),
    path("compare/", views.theirs_alone, name="comparison"),
    path("compare/ours/", views.ours_alone, name="ours_alone"),
]
