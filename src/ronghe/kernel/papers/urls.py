"""Addresses of papers."""

from django.urls import path

from . import views

app_name = "papers"

urlpatterns = [
    path("", views.papers, name="papers"),
    path("check/", views.check, name="check"),
    path("check/<str:code>/", views.check_code, name="check_code"),
    path("batches/<int:batch_id>/", views.batch, name="batch"),
    path("batches/<int:batch_id>/package.zip", views.package, name="package"),
    path("<int:paper_id>/", views.paper, name="paper"),
    path("<int:paper_id>/paper.<str:form>", views.download, name="download"),
    path("<int:paper_id>/revoke", views.revoke, name="revoke"),
]
