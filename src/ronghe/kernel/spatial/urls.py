"""Addresses of the map, at the root: tiles and layers belong to no zone."""

from django.urls import path

from . import views

app_name = "spatial"

urlpatterns = [
    path("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
    path("layers/<slug:layer>.geojson", views.geojson, name="geojson"),
    path("layers/", views.layers, name="layers"),
    path("layers/new", views.new_layer, name="new_layer"),
    path("layers/analyses/<int:analysis_id>/", views.an_analysis, name="analysis"),
    path("layers/analyses/<int:analysis_id>/export", views.export_analysis, name="export_analysis"),
    path("layers/<slug:layer>/", views.a_layer, name="layer"),
    path("layers/<slug:layer>/edit", views.edit_layer, name="edit_layer"),
    path("layers/<slug:layer>/features/", views.features, name="features"),
    path("layers/<slug:layer>/features/<int:number>/", views.a_feature, name="feature"),
    path("layers/<slug:layer>/versions/", views.versions, name="versions"),
    path("layers/<slug:layer>/export", views.export, name="export"),
    path("layers/<slug:layer>/imports/", views.imports, name="imports"),
    path("layers/<slug:layer>/imports/new", views.new_import, name="new_import"),
    path("layers/<slug:layer>/imports/<int:import_id>/", views.an_import, name="import"),
    path("layers/<slug:layer>/imports/<int:import_id>/apply", views.apply, name="apply"),
    path("layers/<slug:layer>/imports/<int:import_id>/marked", views.marked, name="marked"),
    path("layers/<slug:layer>/analyses/", views.analyses, name="analyses"),
    path("layers/<slug:layer>/analyses/new", views.new_analysis, name="new_analysis"),
    path("layers/<slug:layer>/overlay", views.overlay, name="overlay"),
]
