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
    path("meetings/", views.meetings, name="meetings"),
    path("meetings/new", views.new_meeting, name="new_meeting"),
    path("meetings/<int:meeting_id>/", views.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/edit", views.meeting_edit, name="meeting_edit"),
    path("meetings/<int:meeting_id>/act", views.meeting_act, name="meeting_act"),
    path("meetings/<int:meeting_id>/hold", views.meeting_hold, name="meeting_hold"),
    path("meetings/<int:meeting_id>/issue", views.meeting_issue, name="meeting_issue"),
    path("meetings/<int:meeting_id>/minutes.pdf", views.meeting_minutes, name="meeting_minutes"),
    path("reports/", views.reports, name="reports"),
    path("reports/new", views.new_report, name="new_report"),
    path("reports/<int:report_id>/", views.work_report, name="work_report"),
    path("reports/<int:report_id>/tasks/", views.report_tasks, name="report_tasks"),
    path("reports/<int:report_id>/check", views.report_check, name="report_check"),
    path("reports/<int:report_id>/edit", views.report_edit, name="report_edit"),
    path("reports/<int:report_id>/submit", views.report_submit, name="report_submit"),
    path("reports/<int:report_id>/decide", views.report_decide, name="report_decide"),
    path("reports/<int:report_id>/draft.<str:form>", views.report_draft, name="report_draft"),
    path("reports/<int:report_id>/figures.xlsx", views.report_workbook, name="report_workbook"),
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
