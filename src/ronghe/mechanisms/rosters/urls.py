"""Addresses of lists."""

from django.urls import path

from . import views

app_name = "rosters"

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:roster>/", views.records, name="records"),
    path("<slug:roster>/map/", views.roster_map, name="map"),
    path("<slug:roster>/new", views.new, name="new"),
    path("<slug:roster>/check", views.check_field, name="check"),
    path("<slug:roster>/template.xlsx", views.template, name="template"),
    path("<slug:roster>/imports/", views.imports, name="imports"),
    path("<slug:roster>/imports/new", views.new_import, name="new_import"),
    path("<slug:roster>/imports/<int:import_id>/", views.an_import, name="import"),
    path("<slug:roster>/imports/<int:import_id>/apply", views.apply, name="apply"),
    path("<slug:roster>/imports/<int:import_id>/annotated.xlsx", views.annotated, name="annotated"),
    path("<slug:roster>/<int:record_id>/", views.record, name="record"),
    path("<slug:roster>/<int:record_id>/edit", views.edit, name="edit"),
    path("<slug:roster>/<int:record_id>/end", views.end, name="end"),
    path("<slug:roster>/<int:record_id>/move", views.move, name="move"),
    path("<slug:roster>/<int:record_id>/unmask", views.unmask, name="unmask"),
]
