"""Pages of the register, below /registry/."""

from django.urls import URLPattern, path

from .views import coverage, filings, legacy, members

app_name = "registry"
urlpatterns: list[URLPattern] = [
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
