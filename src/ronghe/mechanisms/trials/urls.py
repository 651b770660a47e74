"""Addresses of trials."""

from django.urls import path

from . import views

app_name = "trials"

urlpatterns = [
    path("", views.trials, name="trials"),
    path("new", views.new_trial, name="new"),
    path("template/<str:code>.xlsx", views.template, name="template"),
    path("demo/<str:code>.csv", views.demo_table, name="demo"),
    path("<int:trial_id>/", views.trial, name="trial"),
    path("<int:trial_id>/progress", views.progress, name="progress"),
    path("<int:trial_id>/cancel", views.cancel, name="cancel"),
    path("<int:trial_id>/rows/", views.rows, name="rows"),
    path("<int:trial_id>/rows.csv", views.rows_csv, name="csv"),
    path("<int:trial_id>/rows/<int:line>/", views.row, name="row"),
]
