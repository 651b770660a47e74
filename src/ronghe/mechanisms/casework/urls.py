"""Addresses of cases."""

from django.urls import path

from . import views

app_name = "casework"

urlpatterns = [
    path("", views.workbench, name="workbench"),
    path("all/", views.all_cases, name="cases"),
    path("procedures/", views.procedures, name="procedures"),
    path("procedures/<str:procedure>/", views.procedure, name="procedure"),
    path("procedures/<str:procedure>/new", views.new_case, name="new"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:notice_id>/", views.notice, name="notice"),
    path("objections/<int:objection_id>/answer", views.answer, name="answer"),
    path("<int:case_id>/", views.case, name="case"),
    path("<int:case_id>/act", views.act, name="act"),
    path("<int:case_id>/claim", views.claim, name="claim"),
    path("<int:case_id>/hand-over", views.hand_over, name="hand_over"),
    path("<int:case_id>/paper", views.notify, name="paper"),
    path("<int:case_id>/archive", views.archive, name="archive"),
    path("<int:case_id>/archive.zip", views.archived, name="archived"),
    path("<int:case_id>/materials", views.attach, name="attach"),
    path("<int:case_id>/materials/<int:material_id>/", views.material, name="material"),
    path("<int:case_id>/materials/<int:material_id>/remove", views.remove, name="remove"),
]
