"""Pages of the register, below /registry/."""

from django.urls import path

from . import views

app_name = "registry"
urlpatterns = [
    path("", views.units, name="units"),
    path("open", views.open_unit, name="open_unit"),
    path("contracts/", views.contracts, name="contracts"),
    path("contracts/<int:contract_id>/", views.contract, name="contract"),
    path("mine/", views.mine, name="mine"),
    path("mine/prove", views.prove, name="prove"),
    path("mine/proofs/<int:paper_id>/", views.proof, name="proof"),
    path("mine/proofs/<int:paper_id>.pdf", views.proof_pdf, name="proof_pdf"),
    path("rates/", views.rates, name="rates"),
    path("units/<str:code>/", views.unit, name="unit"),
]
