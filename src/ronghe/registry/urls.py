"""Pages of the register, below /registry/."""

from django.urls import path

from .views import surveys

app_name = "registry"
urlpatterns = [
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/new", surveys.new_survey, name="new_survey"),
    path("surveys/template", surveys.survey_template, name="survey_template"),
    path("surveys/<int:batch_id>/", surveys.survey, name="survey"),
    path("surveys/<int:batch_id>/mend", surveys.mend_survey, name="mend_survey"),
    path("surveys/<int:batch_id>/judge", surveys.judge_survey, name="judge_survey"),
    path("surveys/<int:batch_id>/submit", surveys.submit_survey, name="submit_survey"),
    path("surveys/<int:batch_id>/findings/", surveys.survey_findings, name="survey_findings"),
    path("surveys/<int:batch_id>/parcels/", surveys.survey_parcels, name="survey_parcels"),
    path("surveys/<int:batch_id>/marked/<int:number>", surveys.survey_marked, name="survey_marked"),
]
