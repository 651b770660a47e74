"""Visibility: a zone that is not yet published is found by nobody but its own office, whatever the address.

The matrix is made from the routes and from the description of the API: a new address is in it the day it is routed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from ronghe.governance.models import Task
from ronghe.governance.services import keep_ledger
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import PUBLIC, Actor
from ronghe.kernel.regions.models import Division, OrgUnit
from ronghe.kernel.spatial.models import Feature, Layer
from ronghe.policy.models import Clause, OrderedTask, ParameterValue, PolicyDocument, TaskUnit, Zone
from ronghe.policy.rulebook import all_rules
from ronghe.policy.tests.factories import NOON
from ronghe.site.api import api
from tests.people import Person, person

from .test_scope import scoped, views

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

#: Gaoqing lies in Zibo's zone: once the part is hidden, once the whole.
HIDDEN = ["gaoqing", "zibo"]
LAYER = "county-boundaries"
PARAMETER = "entry.agreement.area_max"

#: Rooms whose addresses hold nothing of a zone; their own tests say who sees what.
WITHOUT_ZONES = (
    *("accounts/", "audit/", "api/", "static/", "library/", "trials/"),
    *("rosters/", "cases/", "office/", "registry/", "parties/", "papers/", "messages/", "jobs/", "layers/analyses/"),
)
#: The same of the API.
API_WITHOUT_ZONES = (
    *("/api/v1/parameters/", "/api/v1/rules/", "/api/v1/workdays/", "/api/v1/trials/"),
    *("/api/v1/rosters/", "/api/v1/cases/", "/api/v1/procedures/", "/api/v1/plan-drafts/", "/api/v1/parties/"),
    *("/api/v1/papers/", "/api/v1/messages/", "/api/v1/jobs/", "/api/v1/notices/"),
    *("/api/v1/layers/", "/api/v1/analyses/", "/api/v1/objections/"),
    *("/api/v1/meetings/", "/api/v1/reports/", "/api/v1/ledger-tasks/", "/api/v1/supervision-sheets/"),
    "/api/v1/registry/",
)


@dataclass(frozen=True)
class Case:
    """A hidden zone with what stands in it, and the people who look for it."""

    zone: Zone
    values: dict[str, str]
    office: Person
    others: Person

    def fill(self, route: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda m: self.values[m[1]], route)


@pytest.fixture
def case(request, db) -> Case:
    zone = Zone.objects.get(pk=request.param)
    Zone.objects.filter(pk=zone.pk).update(published=False)
    task = OrderedTask.objects.filter(zone=zone, units__isnull=False).order_by("pk")[0]
    values = {
        "zone": zone.slug,
        "slug": zone.slug,
        "key": PolicyDocument.objects.filter(zone=zone).order_by("pk")[0].key,
        "task_id": str(task.pk),
        "unit_id": str(TaskUnit.objects.filter(task=task).order_by("pk")[0].unit_id),
        "parameter_id": PARAMETER,
    }
    elsewhere = Zone.objects.get(pk="jinan").seat_id
    return Case(zone, values, person(Role.ZONE_OFFICE, zone.seat_id), person(Role.ZONE_OFFICE, elsewhere))


def _routes() -> Iterator[str]:
    """Addresses to read, ``{name}`` for each parameter: pages from the routes, the API from its description."""
    for at, _ in views():
        if "<" in at and not at.startswith(WITHOUT_ZONES):
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", at)
    for at, operations in api.get_openapi_schema()["paths"].items():
        if "{" in at and "get" in operations and not at.startswith(API_WITHOUT_ZONES):
            yield at


#: The office's own work: strangers are led to the login, others learn nothing.
OFFICE = re.compile(r"^(/api/v1/zones/\{slug\}|/z/\{zone\})/(ledger|cockpit)")
#: What only does something, and files, which their own tests ask for.
ACTS = re.compile(r"/(sign|files/\{evidence_id\})$")
RECORDS = sorted(route for route in _routes() if "{layer}" not in route and not OFFICE.match(route))
OF_OFFICE = sorted(route for route in _routes() if OFFICE.match(route) and not ACTS.search(route))
#: What of a layer everybody may open when it is public; the rest is for staff, see the tests of its pages.
STAFF = re.compile(r"/(imports|analyses|edit|overlay|\{number\})")
LAYERS = sorted(route for route in _routes() if "{layer}" in route and not STAFF.search(route))
KNOWN = {"zone", "slug", "key", "task_id", "unit_id", "parameter_id", "layer", "z", "x", "y"}


def test_the_matrix_knows_how_to_fill_every_address():
    unknown = {name for route in RECORDS + LAYERS for name in re.findall(r"\{(\w+)\}", route)} - KNOWN
    assert not unknown, f"say in tests/house/test_visibility.py (Case.values) what to put for {sorted(unknown)}"
    assert len(RECORDS) > 12, "the routes are no longer found"


@pytest.mark.parametrize("case", HIDDEN, indirect=True)
@pytest.mark.parametrize("route", RECORDS)
def test_what_belongs_to_a_hidden_zone_is_for_its_office_alone(case, route):
    address = case.fill(route)
    for tail in ("", "?export=xlsx"):
        assert Client().get(address + tail).status_code == 404, f"a stranger gets {address}{tail}"
        assert case.others.client().get(address + tail).status_code == 404, (
            f"another city's office gets {address}{tail}"
        )
        assert case.office.client().get(address + tail).status_code == 200, (
            f"its own office does not get {address}{tail}"
        )
    fragment = Client().get(address, headers={"HX-Request": "true"})
    assert fragment.status_code == 404, f"a stranger gets a fragment of {address}"
    if address.startswith("/api/"):
        for who, status in ((case.others, 404), (case.office, 200)):
            answer = Client().get(address, headers={"Authorization": who.token()})
            assert answer.status_code == status, f"{who.post.division_id} gets {answer.status_code} from {address}"


@pytest.mark.parametrize("case", HIDDEN, indirect=True)
@pytest.mark.parametrize("route", OF_OFFICE)
def test_the_work_on_a_hidden_zone_is_for_its_office_alone(case, route):
    keep_ledger(zone=case.zone, at=NOON)
    of = Task.objects.get(ordered=int(case.values["task_id"]))
    address = re.sub(r"\{(\w+)\}", lambda m: {**case.values, "task_id": str(of.pk)}[m[1]], route)
    api_status = 401 if address.startswith("/api/") else 302
    assert Client().get(address).status_code == api_status, f"a stranger gets {address}"
    assert case.others.client().get(address).status_code == 404, f"another city's office gets {address}"
    assert case.office.client().get(address).status_code == 200, f"its own office does not get {address}"


def _searches(zone: Zone) -> Iterator[str]:
    """Words under which the zone's own things are found."""
    yield zone.title
    yield zone.short
    yield PolicyDocument.objects.filter(zone=zone)[0].title
    yield OrderedTask.objects.filter(zone=zone).order_by("pk")[0].title
    yield Clause.objects.filter(document__zone=zone, tasks=None).order_by("pk")[0].title
    yield OrgUnit.objects.filter(pk__in=TaskUnit.objects.filter(task__zone=zone).values("unit"))[0].name
    yield Division.objects.get(pk=zone.seat_id).name


@pytest.mark.parametrize("case", HIDDEN, indirect=True)
def test_no_list_and_no_search_leads_to_a_hidden_zone(case):
    leads = f"/z/{case.zone.slug}/"
    search = reverse("portal:search")
    addresses = [reverse("portal:home"), f"{search}?zone={case.zone.slug}&q={case.zone.short}"]
    addresses += [f"{search}?q={word}" for word in _searches(case.zone)]
    seen_by_office = 0
    for address in addresses:
        for who in (Client(), case.others.client()):
            assert leads not in who.get(address).content.decode(), f"{address} leads to the hidden zone"
        seen_by_office += leads in case.office.client().get(address).content.decode()
    assert seen_by_office == len(addresses), "the office finds its own zone by each of these"


@pytest.mark.parametrize("case", HIDDEN, indirect=True)
def test_the_library_says_nothing_of_a_hidden_zone(case):
    """Neither its clauses nor its values, on no page of the library and in no answer of the API."""
    value = ParameterValue.objects.filter(zone=case.zone).exclude(rules=[]).order_by("pk")[0]
    rule = next(one for one in all_rules().values() if one.parameters)
    key = PolicyDocument.objects.filter(zone=case.zone)[0].key
    addresses = [
        reverse("library:rules"),
        f"{reverse('library:rules')}?export=xlsx",
        f"{reverse('library:rules')}?zone={case.zone.slug}",
        reverse("library:rule", args=[value.rules[0]]),
        reverse("library:parameter", args=[value.parameter_id]),
        reverse("library:parameters") + f"?zone={case.zone.slug}",
        reverse("library:compare"),
        reverse("library:calculator", args=[rule.code]) + f"?zone={case.zone.slug}",
        f"/api/v1/rules/{rule.code}",
        f"/api/v1/parameters/{value.parameter_id}",
        "/api/v1/compare",
    ]
    for address in addresses:
        for who in (Client(), case.others.client()):
            shown = who.get(address).content.decode(errors="replace")
            assert f"/z/{case.zone.slug}/" not in shown, f"{address} leads to the hidden zone"
            assert key not in shown, f"{address} cites the hidden zone's document"
    question = {"zone": case.zone.slug, "date": "2026-11-26", "facts": {}}
    asked = Client().post(f"/api/v1/rules/{rule.code}/run", question, content_type="application/json")
    assert asked.status_code == 404
    office = case.office.client()
    assert f"/z/{case.zone.slug}/" in office.get(reverse("library:compare")).content.decode()


@pytest.mark.parametrize("case", HIDDEN, indirect=True)
def test_the_api_lists_no_hidden_zone(case):
    def listed(who: Client) -> list[str]:
        return [zone["slug"] for zone in who.get("/api/v1/zones").json()]

    assert case.zone.slug not in listed(Client())
    assert case.zone.slug not in listed(case.others.client())
    assert case.zone.slug in listed(case.office.client())


@pytest.mark.parametrize("case", HIDDEN, indirect=True)
def test_no_page_of_another_zone_speaks_of_a_hidden_one(case):
    faults = []
    for other in Zone.objects.filter(published=True):
        task = OrderedTask.objects.filter(zone=other).order_by("pk")[0]
        values = {
            "zone": other.slug, "slug": other.slug, "key": other.documents.order_by("pk")[0].key, "task_id": str(task.pk),
            "unit_id": str(TaskUnit.objects.filter(task=task)[0].unit_id), "parameter_id": PARAMETER,
        }  # fmt: skip
        for route in RECORDS:
            address = re.sub(r"\{(\w+)\}", lambda m, v=values: v[m[1]], route)
            answer = Client().get(address)
            assert answer.status_code == 200, address
            text = answer.content.decode()
            for word in (f"/z/{case.zone.slug}/", f'"{case.zone.slug}"', case.zone.title):
                if word in text:
                    faults.append(f"{address} holds {word}")
    assert not faults, "\n".join(["look through the actor's eyes at whatever a page or answer names:", *faults])


#: How the rows of a scoped model lead to their zone; ``None``: public by law or not of a zone, with the reason.
TO_THE_ZONE: dict[str, tuple[str | None, str]] = {
    "Zone": ("slug", ""),
    "PolicyDocument": ("zone", ""),
    "Clause": ("document__zone", ""),
    "OrderedTask": ("zone", ""),
    "RuleStatement": ("document__zone", ""),
    "ParameterValue": ("zone", ""),
    "KeptRuling": (None, "for staff alone; see the tests of the library"),
    "Trial": (None, "for staff alone; see the tests of trials"),
    "TrialRow": (None, "seen with its trial"),
    "Division": (None, "names and codes are published by the state"),
    "OrgUnit": (None, "names stand in published documents"),
    "Layer": (None, "has its own switch; see below"),
    "Feature": (None, "seen with its layer; see below"),
    "LayerVersion": (None, "seen with its layer"),
    "FeatureVersion": (None, "seen with its layer"),
    "LayerImport": (None, "for the staff of the layer's place; see the tests of layers"),
    "Analysis": (None, "for the staff of its place; see the tests of layers"),
    "Finding": (None, "seen with its analysis"),
    "User": (None, "of accounts"),
    "Membership": (None, "of accounts"),
    "Mandate": (None, "of accounts"),
    "Party": (None, "of parties"),
    "PartyMerge": (None, "of parties, seen with the party that remains"),
    "Task": (None, "for the staff of its place and the units it was given; see the tests of the ledger"),
    "Sheet": (None, "for the staff of its place and the unit that answers; see the tests of the ledger"),
    "Case": (None, "for staff and applicants; see the tests of casework"),
    "Notice": (None, "told to the public"),
    "PlanDraft": (None, "for the office of its place; see the tests of drafts"),
    "Meeting": (None, "for the staff of its place and the units it concerns; see the tests of meetings"),
    "WorkReport": (None, "for the staff of its place; see the tests of reports"),
    "SurveyBatch": (None, "for the staff of its place; see the tests of surveys"),
    "SurveyedParcel": (None, "seen with its batch"),
    "SurveyFinding": (None, "seen with its batch"),
    "SurveyEvidence": (None, "for the staff of its place and the holders of its unit; see the tests of evidence"),
    "EvidenceArchive": (None, "seen with its batch"),
    "Import": (None, "for the staff of its place; see the tests of rosters"),
    "UnitEntry": (None, "for the staff of its place; see the tests of rosters"),
    "Experience": (None, "published ones are public; see the tests of rosters"),
    "Instrument": (None, "issued ones are public; see the tests of instruments"),
    "Paper": (None, "for the staff of its place; see the tests of papers"),
    "Batch": (None, "for the staff of its place; see the tests of papers"),
    "BAUnit": (None, "for the staff of its place and its holders; see the tests of the register"),
    "SpatialUnit": (None, "for the staff of its place and its holders; see the tests of the register"),
    "Right": (None, "for the staff of its place and its holders; see the tests of the register"),
    "Restriction": (None, "for the staff of its place and its holders; see the tests of the register"),
    "Responsibility": (None, "for the staff of its place and its holders; see the tests of the register"),
    "Certificate": (None, "for the staff of its place and its holders; see the tests of the register"),
    "AdministrativeSource": (None, "for the staff of its place; see the tests of the register"),
    "SpatialSource": (None, "for the staff of its place; see the tests of the register"),
    "CollectiveMember": (None, "for the staff of its place; see the tests of the register"),
    "MembershipCase": (None, "for the staff of its place; see the tests of the register"),
    "KeptRightsFiling": (None, "for the staff of its place; see the tests of the register"),
    "LegacyHomestead": (None, "for the staff of its place; see the tests of the register"),
    "IllegalOccupation": (None, "for the staff of its place; see the tests of the register"),
    "RegistrationWindow": (None, "windows are public"),
    "VillagePlan": (None, "plans of villages are public"),
    "Message": (None, "one's own alone"),
    "Job": (None, "one's own alone"),
    "Event": (None, "of the record, for auditors"),
    **dict.fromkeys(
        (
            "AdministrativeSource",
            "Application",
            "BAUnit",
            "Certificate",
            "Responsibility",
            "Restriction",
            "Right",
            "SpatialSource",
            "SpatialUnit",
        ),
        (None, "for the staff of its place and whoever holds a right; see the tests of the register"),
    ),
    "Exchange": (None, "for the staff of its place; see the tests of exchange"),
    "Reconciliation": (None, "for the staff of its place; see the tests of exchange"),
    "ReconciliationRow": (None, "seen with its reconciliation"),
    "Appointment": (None, "for the staff of its window and whoever comes; see the tests of appointments"),
    **dict.fromkeys(
        ("IncomeApplication", "IncomeCertificate", "IncomeLine", "IncomeRight", "IncomeShares"),
        (None, "for the staff of the collective's place and whoever holds a share; see the tests of income"),
    ),
    "BookQuery": (None, "seen with its unit, by staff"),
    "ParcelProfile": (None, "seen with its unit"),
}


def test_every_scoped_model_is_in_the_matrix():
    unknown = set(scoped()) - set(TO_THE_ZONE)
    assert not unknown, f"say in TO_THE_ZONE how the rows of {sorted(unknown)} lead to their zone"


@pytest.mark.parametrize("case", HIDDEN, indirect=True)
@pytest.mark.parametrize("name", [name for name, (path, _) in TO_THE_ZONE.items() if path])
def test_rows_of_a_hidden_zone_are_seen_from_its_division_and_above_only(case, name):
    model, path = scoped()[name], TO_THE_ZONE[name][0]
    own = model._default_manager.filter(**{path: case.zone.pk})
    assert own.exists()

    def sees(actor: Actor) -> int:
        return own.filter(pk__in=model._default_manager.visible_to(actor).values("pk")).count()

    province = Actor(1, Role.LEADER, None, "370000000000")
    below = Division.objects.filter(parent=case.zone.seat_id).order_by("code")[0].code
    assert sees(PUBLIC) == 0
    assert sees(case.others.actor) == 0
    assert sees(Actor(1, Role.TOWN_WINDOW, None, below)) == 0, "what is above one's own division is not one's own"
    assert sees(case.office.actor) == own.count() == sees(province)


@pytest.mark.parametrize("route", LAYERS)
def test_a_layer_that_is_not_public_is_drawn_for_nobody(route):
    # 12/3385/1590 lies in Jinan; a whole world in one tile holds every outline
    address = route.format(layer=LAYER, z=0, x=0, y=0)
    assert Client().get(address).status_code == 200
    Layer.objects.filter(slug=LAYER).update(public=False)
    office = person(Role.ZONE_OFFICE, Zone.objects.get(pk="jinan").seat_id)
    assert Client().get(address).status_code == 404
    assert office.client().get(address).status_code == 404


def test_a_layer_that_is_not_public_is_in_no_list():
    lists = [reverse("spatial:layers"), "/api/v1/layers"]
    assert all(LAYER in Client().get(at).content.decode() for at in lists)
    Layer.objects.filter(slug=LAYER).update(public=False)
    assert not any(LAYER in Client().get(at).content.decode() for at in lists)
    assert not Feature.objects.visible_to(PUBLIC).exists()
    for at in (reverse("portal:home"), reverse("portal:map", args=["jinan"]), reverse("portal:zone", args=["jinan"])):
        answer = Client().get(at)
        assert answer.status_code == 200
        assert f"/tiles/{LAYER}/" not in answer.content.decode()
