"""Addresses of parties."""

from django.urls import path

from . import views

app_name = "parties"

urlpatterns = [
    path("", views.parties, name="parties"),
    path("find", views.find, name="find"),
    path("check/<slug:kind>", views.check, name="check"),
    path("new/person", views.new_person, name="new_person"),
    path("new/household", views.new_household, name="new_household"),
    path("new/<slug:kind>", views.new_body, name="new_body"),
    path("duplicates", views.duplicates, name="duplicates"),
    path("merge", views.merge, name="merge"),
    path("merges", views.merges, name="merges"),
    path("merges/<int:merge_id>/undo", views.undo, name="undo"),
    path("erase", views.erase_which, name="erase"),
    path("<int:party_id>/erase", views.erase, name="erase_party"),
    path("<int:party_id>/", views.overview, name="party"),
    path("<int:party_id>/members", views.members, name="members"),
    path("<int:party_id>/numbers", views.numbers, name="numbers"),
    path("<int:party_id>/history", views.history, name="history"),
    path("<int:party_id>/events", views.events, name="events"),
    path("<int:party_id>/rename", views.rename, name="rename"),
    path("<int:party_id>/numbers/set", views.set_number, name="set_number"),
    path("<int:party_id>/numbers/<int:identifier_id>/close", views.close_number, name="close_number"),
    path("<int:party_id>/numbers/<int:identifier_id>/unmask", views.unmask, name="unmask"),
    path("<int:party_id>/representative", views.representative, name="representative"),
    path("<int:party_id>/end", views.end, name="end"),
    path("<int:party_id>/members/add", views.add, name="add"),
    path("<int:party_id>/members/marry", views.marry, name="marry"),
    path("<int:party_id>/members/birth", views.birth, name="birth"),
    path("<int:party_id>/members/head", views.head, name="head"),
    path("<int:party_id>/members/split", views.split, name="split"),
    path("<int:party_id>/members/<int:person_id>/leave", views.leave, name="leave"),
    path("<int:party_id>/death", views.death, name="death"),
]
