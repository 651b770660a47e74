"""Addresses of the policy library, below ``/library/``: rules of all zones, side by side."""

from django.urls import path

from . import views

app_name = "library"
urlpatterns = [
    path("", views.rule_items, name="rules"),
    path("rules/<str:rule_id>/", views.rule_item, name="rule"),
    path("parameters/", views.parameters, name="parameters"),
    path("parameters/<str:parameter_id>/", views.parameter, name="parameter"),
    path("parameters/<str:parameter_id>/enter/", views.enter_value, name="enter"),
    path("values/<int:value_id>/take-back/", views.take_back_value, name="take-back"),
    path("compare/", views.compare, name="compare"),
    path("calculators/", views.calculators, name="calculators"),
    path("calculators/<str:code>/", views.calculator, name="calculator"),
    path("rulings/", views.kept_rulings, name="rulings"),
    path("rulings/papers/", views.ruling_papers, name="ruling-papers"),
    path("rulings/<int:number>/", views.kept_ruling, name="ruling"),
    path("rulings/<int:number>/paper/", views.ruling_paper, name="ruling-paper"),
    path("workdays/", views.workdays, name="workdays"),
    path("workdays/day/", views.change_workday, name="workday"),
    path("workdays/year/", views.enter_workyear, name="workyear"),
    path("laws/", views.laws, name="laws"),
    path("laws/<slug:key>/", views.law, name="law"),
]
