"""Pages of the register, below /registry/."""

from django.urls import URLPattern, path

from .views import applications, certificates, coverage, filings, legacy, members, surveys

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
    path("filings/", filings.filings, name="filings"),
    path("filings/new", filings.filing_new, name="filing_new"),
    path("filings/<int:filing_id>/", filings.filing, name="filing"),
    path("filings/<int:filing_id>/act", filings.filing_act, name="filing_act"),
    path("legacy/", legacy.legacy, name="legacy"),
    path("legacy/search", legacy.legacy_search, name="legacy_search"),
    path("legacy/<int:record_id>/", legacy.legacy_record, name="legacy_record"),
    path("members/", members.members, name="members"),
    path("members/<int:collective_id>/", members.roll, name="roll"),
    path("members/<int:collective_id>/new", members.membership_new, name="membership_new"),
    path("members/<int:collective_id>/leave", members.membership_leave, name="membership_leave"),
    path("membership-cases/<int:case_id>/", members.membership_case, name="membership_case"),
    path("membership-cases/<int:case_id>/facts", members.membership_facts, name="membership_facts"),
    path("rolls/", coverage.rolls, name="rolls"),
    path("village-plans/", coverage.village_plans, name="village_plans"),
    path("windows/", coverage.windows, name="windows"),
]
