"""Pages of the register, below /registry/."""

from django.urls import path

from .views import exchange, parcels, querying, reconciling

app_name = "registry"
urlpatterns = [
    path("exchange/", exchange.exchanges, name="exchanges"),
    path("exchange/new", exchange.new_export, name="new_export"),
    path("exchange/tables", exchange.new_tables, name="new_tables"),
    path("exchange/tables/template.xlsx", exchange.tables_template, name="tables_template"),
    path("exchange/package", exchange.new_package, name="new_package"),
    path("exchange/<int:exchange_id>/", exchange.exchange, name="exchange"),
    path("exchange/<int:exchange_id>/file", exchange.exchange_file, name="exchange_file"),
    path("exchange/<int:exchange_id>/apply", exchange.exchange_apply, name="exchange_apply"),
    path("reconciliations/", reconciling.reconciliations, name="reconciliations"),
    path("reconciliations/new", reconciling.new_reconciliation, name="new_reconciliation"),
    path("reconciliations/<int:reconciliation_id>/", reconciling.reconciliation, name="reconciliation"),
    path("query/", querying.query, name="query"),
    path("query/records/", querying.query_records, name="query_records"),
    path("parcels/", parcels.parcels, name="parcels"),
    path("parcels/<int:unit_id>/", parcels.parcel, name="parcel"),
]
