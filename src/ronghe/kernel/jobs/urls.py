"""Addresses of long work."""

from django.urls import path

from . import views

app_name = "jobs"

urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<int:job_id>/", views.job, name="job"),
    path("<int:job_id>/progress", views.progress, name="progress"),
    path("<int:job_id>/cancel", views.cancel, name="cancel"),
]
