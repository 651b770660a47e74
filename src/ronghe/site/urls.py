"""All addresses: each room owns its own, the API stands under ``/api/v1/``."""

from django.urls import include, path

from . import events
from .api import api

urlpatterns = [
    path("", include("ronghe.portal.urls")),
    path("z/<slug:zone>/", include("ronghe.policy.urls")),
    path("z/<slug:zone>/", include("ronghe.governance.zone_urls")),
    path("library/", include("ronghe.policy.library_urls")),
    path("trials/", include("ronghe.mechanisms.trials.urls")),
    path("rosters/", include("ronghe.mechanisms.rosters.urls")),
    path("cases/", include("ronghe.mechanisms.casework.urls")),
    path("registry/", include("ronghe.registry.urls")),
    path("office/", include("ronghe.governance.urls")),
    path("parties/", include("ronghe.kernel.parties.urls")),
    path("papers/", include("ronghe.kernel.papers.urls")),
    path("messages/", include("ronghe.kernel.inbox.urls")),
    path("jobs/", include("ronghe.kernel.jobs.urls")),
    path("accounts/", include("ronghe.kernel.accounts.urls")),
    path("audit/", include("ronghe.kernel.audit.urls")),
    path("", include("ronghe.kernel.spatial.urls")),
    path("api/v1/", api.urls),
    path("healthz", events.health, name="health"),
    path("events/health", events.stream, name="stream"),
]

handler400 = "ronghe.site.errorpages.bad_request"
handler403 = "ronghe.site.errorpages.forbidden"
handler404 = "ronghe.site.errorpages.not_found"
handler500 = "ronghe.site.errorpages.server_error"
