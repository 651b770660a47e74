"""Pages of the register, below /registry/."""

from django.urls import URLPattern, path

from .views import applications, certificates

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
]
