"""Pages of the register, below /registry/."""

from django.urls import URLPattern, path

from .views import applications, certificates, surveys

app_name = "registry"
urlpatterns: list[URLPattern] = [
    path("applications/", applications.applications, name="applications"),
    path("applications/<int:application_id>/", applications.application, name="application"),
    path("applications/<int:application_id>/amend", applications.amend, name="application_amend"),
    path("applications/<int:application_id>/fact", applications.record_fact, name="application_fact"),
    path("applications/<int:application_id>/notify", applications.notify, name="application_notify"),
    path("apply/<str:procedure>/", applications.choose, name="choose"),
    path("units/<str:code>/apply/<str:kind>", applications.apply, name="apply"),
    path("certificates/<int:certificate_id>/", certificates.certificate, name="certificate"),
    path("certificates/<int:certificate_id>/print", certificates.print_one, name="certificate_print"),
    path("certificates/<int:certificate_id>/recall", certificates.recall, name="certificate_recall"),
    path("certificates/<int:certificate_id>/reissue", certificates.reissue, name="certificate_reissue"),
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
