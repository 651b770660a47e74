"""Scope: what an actor gets to see goes through ``visible_to``, and every view says who may open it.

The static half: the code is read. The other half is ``test_visibility.py``: a hidden zone is looked for everywhere.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from ronghe.kernel.accounts.access import access_of
from ronghe.kernel.regions.scope import ScopedQuerySet

from . import source

#: Modules whose rows go to an actor.
SHOWING = re.compile(r"(^|/)(views|api|queries|exports|search|mapping|tiles|layers|home|context)(\.py$|/)")

#: Listed without ``visible_to``, with the reason: ``module:function`` → model → why.
UNSCOPED: dict[str, dict[str, str]] = {
    "kernel/accounts/queries.py:capacities": {
        "Membership": "one's own posts: narrowed to the user who acts",
        "Mandate": "one's own mandates: narrowed to the user who acts",
    },
    "kernel/accounts/queries.py:past_posts": {"Membership": "one's own posts: narrowed to the user who acts"},
    "kernel/accounts/queries.py:user_named": {"User": "the command line of the server, which sees all"},
    "kernel/accounts/queries.py:org_unit_named": {"OrgUnit": "names of units are public"},
    "kernel/regions/queries.py:units_named": {"OrgUnit": "for services and packs; names of units are public"},
    "kernel/regions/queries.py:groups_with": {"OrgUnit": "names of units are public"},
    "kernel/regions/queries.py:lineage": {"Division": "divisions are public"},
    "kernel/papers/queries.py:_by_code": {
        "Paper": "by a code that nobody guesses everybody learns what is public of it"
    },
    "kernel/spatial/tiles.py:features_of": {"Feature": "the view asks for the layer through visible_to before"},
    "kernel/spatial/services/layers.py:create_layer": {"Layer": "makes one; the view asks for its division before"},
    "kernel/audit/queries.py:events_of": {"Event": "the caller has asked whether the row may be seen"},
    "kernel/audit/queries.py:seal_state": {"Event": "the age of the oldest waiting event, nothing of what it says"},
    "kernel/audit/queries.py:_named": {"Division": "names of divisions are public"},
    "mechanisms/trials/queries.py:left_behind": {
        "Trial": "for the worker; says which numbers, nothing of what they are"
    },
    "mechanisms/casework/queries.py:colleagues": {
        "User": "whom a case may be handed to, by posts that act in its step"
    },
    "policy/queries/plans.py:clause_lineage": {"Clause": "the clauses above one that the caller may see"},
    "policy/queries/rulings.py:_values_for": {
        "ParameterValue": "of a zone that the caller got by visible_to, of its visible parents, and of the nation"
    },
    "policy/queries/plans.py:division_of": {"Division": "divisions are public"},
    "policy/queries/plans.py:own_and_groups": {"OrgUnit": "names of units are public"},
    "registry/queries/exchange.py:zone_of": {
        "Zone": "whose parameters hold in a division; nothing of the zone is shown"
    },
    "registry/queries/parcels.py:parcels": {
        "Right": "of the units that the same query got by visible_to",
        "ParcelProfile": "of the units that the same query got by visible_to",
    },
    "governance/queries/cases.py:open_case_of": {"Case": "for services: whether one of a task that they hold is open"},
    "governance/queries/ledger.py:lights_of": {
        "Zone": "for the worker, which reminds units of their own tasks",
        "Task": "for the worker, which reminds units of their own tasks",
    },
    "governance/queries/ledger.py:file_of": {"Task": "the parts of a task that the caller got by visible_to"},
    "governance/views/cockpit.py:cockpit": {"Clause": "titles of chapters of a zone that the view got by visible_to"},
    "governance/views/ledger.py:ledger_tree": {
        "Clause": "titles of chapters of a zone that the view got by visible_to"
    },
    "governance/queries/ledger.py:units_in": {"OrgUnit": "names of units are public"},
    "governance/views/shown.py:listing_of": {"Clause": "titles of chapters of a zone that the view got by visible_to"},
    "governance/queries/meetings.py:_refused": {"Case": "for the agenda of a zone that the office calls a meeting for"},
    "governance/queries/meetings.py:units_of": {"OrgUnit": "names of units are public"},
    "governance/queries/meetings.py:stuck_tasks": {
        "Task": "for the agenda of a zone that the office calls a meeting for"
    },
    "governance/queries/meetings.py:_unanswered": {
        "Sheet": "for the agenda of a zone that the office calls a meeting for"
    },
    "governance/queries/meetings.py:_decided_last": {
        "Meeting": "for the agenda of a zone that the office calls a meeting for"
    },
    "governance/queries/reports.py:_refusals": {"Case": "for figures of a zone whose report the office writes"},
    "governance/queries/reports.py:_sheets": {"Sheet": "for figures of a zone whose report the office writes"},
    "governance/queries/reports.py:heads_of": {
        "Clause": "for figures of a zone whose report the office writes",
        "Task": "for figures of a zone whose report the office writes",
    },
    "kernel/parties/queries.py:same_parties": {"Party": "which records are of one party; nothing of them is shown"},
    "registry/queries/rates.py:surveys_in": {"Division": "divisions are public"},
    "registry/queries/rates.py:_waiting": {"SurveyedParcel": "of batches that the actor may see; only counted"},
    "registry/queries/occupied.py:open_spots": {"IllegalOccupation": "a survey is held against all of its county"},
    "registry/queries/occupied.py:is_occupied": {
        "Restriction": "yes or no of one unit, for a rule; the caller may see the unit",
        "IllegalOccupation": "yes or no of one unit, for a rule; nothing of the record is shown",
    },
    "registry/queries/legacy.py:cured": {
        "Right": "whether the holder of a record's unit is still the same; none is shown"
    },
    "registry/queries/survey_progress.py:by_village": {
        "SurveyedParcel": "of batches that the actor may see; only counted"
    },
    "registry/queries/surveys.py:batches": {"SurveyedParcel": "narrows batches that the actor may see by a village"},
    "registry/api/line_check.py:post_line_check": {"Division": "divisions are public"},
    "registry/queries/occupied.py:unit_at": {"BAUnit": "what a record bars; who keeps it is asked by the roster"},
    "registry/queries/qualifying.py:homesteads_of": {"Right": "counted for a rule; nothing of them is shown"},
    "registry/queries/qualifying.py:villages_of": {"CollectiveMember": "for a rule; nothing of them is shown"},
    "registry/queries/qualifying.py:names_of": {"Party": "which records are of one party; nothing of them is shown"},
    "registry/queries/applications.py:units_open_to": {
        "BAUnit": "whoever is wronged may object to a unit whose code it knows; no more is told of it"
    },
    "registry/queries/applications.py:protected_by": {"Restriction": "what protects the party who asks"},
    "registry/queries/figures.py:given_in": {"Zone": "which parameters hold in a place; nothing of the zone is shown"},
    "registry/queries/evidence.py:counted": {
        "SurveyEvidence": "only counted, of parcels that the caller got by visible_to"
    },
    "registry/queries/surveys.py:places": {"Division": "divisions are public; those below the actor's own"},
    "registry/queries/certificates.py:_of_right": {
        "Right": "what is printed on a certificate that the caller got by visible_to"
    },
    "registry/queries/certificates.py:_of_restriction": {
        "Right": "what is printed on a proof that the caller got by visible_to",
        "Restriction": "what is printed on a proof that the caller got by visible_to",
    },
    "registry/queries/easements.py:easements_for": {
        "Restriction": "what other land serves a unit that the caller got by visible_to"
    },
    "registry/queries/easements.py:holders_of": {
        "Right": "whom the land serves that a proof names, which the caller got by visible_to"
    },
    "registry/queries/filings.py:standing_on": {
        "Right": "for services and gates: what one household holds that the caller has asked for",
        "CollectiveMember": "for services and gates: what one household holds that the caller has asked for",
        "IncomeRight": "for services and gates: what one household holds that the caller has asked for",
    },
    "registry/queries/filings.py:standing_filing": {
        "KeptRightsFiling": "for services and gates: whether one household has a filing"
    },
    "registry/queries/own.py:collectives_of": {
        "Party": "names of the collectives of the village in which the caller lives"
    },
    "registry/queries/own.py:memberships": {"CollectiveMember": "of the people with whom the caller lives"},
    "registry/queries/own.py:open_memberships": {"MembershipCase": "of the people with whom the caller lives"},
    "mechanisms/casework/queries.py:standing_notice": {"Notice": "the caller got its case by visible_to"},
    "registry/queries/filings.py:is_standing": {
        "CollectiveMember": "whether one item of a filing that the caller got by visible_to still stands",
        "Right": "whether one item of a filing that the caller got by visible_to still stands",
        "Restriction": "whether one item of a filing that the caller got by visible_to still stands",
    },
    "registry/queries/rolls.py:facts_of": {
        "CollectiveMember": "whether a person of a case that the caller may see is a member anywhere: yes or no alone"
    },
    "registry/queries/rolls.py:_came_by": {"CollectiveMember": "how a person of a case that the caller may see came"},
    "registry/queries/filings.py:_holds_still": {"IncomeRight": "for services and gates: yes or no alone"},
    "registry/queries/income.py:living_members": {
        "CollectiveMember": "counted for a rule; the caller has asked for the collective",
        "Party": "the people of that roll",
    },
    "registry/queries/income.py:rights": {"IncomeCertificate": "of rights that were got by visible_to"},
    "registry/queries/income.py:standing_right": {"IncomeRight": "for services and rules: what one household holds"},
    "registry/queries/income.py:total_of": {"IncomeShares": "for services and rules: one number of one collective"},
    "registry/queries/income.py:standing_certificates": {"IncomeCertificate": "of rights that were got by visible_to"},
    "registry/queries/income.py:takers": {
        "Party": "names of the households of a collective that the caller has asked for"
    },
    "registry/queries/income.py:has_exited": {
        "IncomeApplication": "for a rule: yes or no alone",
        "IncomeRight": "for a rule: yes or no alone",
    },
    "registry/api/book.py:get_rates": {"Division": "divisions are public"},
    "registry/views/rates.py:rates": {"Division": "divisions are public"},
    "registry/queries/rates.py:sum_up": {"Division": "divisions are public"},
    "registry/queries/rates.py:spots": {"Division": "divisions are public"},
    "registry/queries/births.py:birth_events": {
        "SpatialSource": "of a unit that the caller may see",
        "SurveyBatch": "that entered a unit which the caller may see; its event alone is told",
        "Exchange": "that entered a unit which the caller may see; its event alone is told",
    },
    "registry/queries/book.py:unit_page": {
        "AdministrativeSource": "papers that prove rights of a unit got by visible_to"
    },
    "registry/queries/appointments.py:_taken": {"Appointment": "how many seats are taken, which everybody may know"},
    "registry/queries/units.py:below": {"Division": "divisions are public"},
    "registry/queries/units.py:in_force": {"Certificate": "the caller narrows them to units got by visible_to"},
    "registry/queries/units.py:_held_by": {
        "Party": "holders of units that are got by visible_to",
        "Right": "rights in units that are got by visible_to",
    },
    "registry/queries/units.py:with_what_is_shown": {"Right": "rights in units that were got by visible_to"},
    "registry/queries/holdings.py:holdings": {
        "Right": "of units that the caller got by visible_to",
        "Restriction": "of units that the caller got by visible_to",
        "Certificate": "of units that the caller got by visible_to",
    },
    "registry/queries/contracts.py:contracts": {
        "Party": "contractors of contracts that are got by visible_to",
        "Right": "rights that rest on contracts that are got by visible_to",
    },
    "registry/queries/contracts.py:with_terms": {"Right": "rights that rest on contracts that were got by visible_to"},
    "registry/queries/contracts.py:_first": {"Right": "rights that rest on contracts that were got by visible_to"},
    "policy/views/plans.py:task_listing": {
        "OrderedTask": "only which columns and filters the page of a zone has; the view got the zone by visible_to",
        "OrgUnit": "names of units are public",
    },
}

#: Models with a division or a zone whose rows nobody lists by themselves: label → why.
UNLISTED: dict[str, str] = {
    "governance.AgendaItem": "shown with its meeting",
    "governance.Assignment": "shown with its task",
    "governance.Figures": "shown with a report",
    "governance.ProgressReport": "shown with its task",
    "governance.TaskMove": "shown with its task",
    "governance.TaskPlace": "shown with its task",
    "accounts.ApiToken": "one's own only, by user",
    "papers.NumberSeries": "counters, which nobody lists",
    "registry.ContractedCode": "codes of parties and plots in the tables of contracted land, which nobody lists",
    "casework.Decision": "shown with its case",
    "registry.ApplicationHolder": "shown with its application",
    "registry.ApplicationPart": "shown with its application",
    "parties.HouseholdMember": "shown with its household or person",
    "parties.PartyIdentifier": "shown masked with its party; found by blind index among the visible ones",
    "parties.PartyKey": "never shown",
    "parties.PartyName": "shown with its party",
    "parties.Representative": "shown with its body",
    "registry.SurveyedHolder": "shown with its parcel, by the name that the file gives",
    "regions.DivisionClosure": "ties between public divisions",
    "regions.FormerName": "names of public divisions",
    "regions.FunctionalTie": "ties between public divisions",
    "regions.GroupMember": "members of public units",
    "policy.AnnexRow": "shown with its document",
    "policy.Discrepancy": "shown with its document",
    "policy.TaskUnit": "shown with its task",
    "policy.TaskArea": "shown with its task",
    "policy.Milestone": "shown with its task",
}


def _own() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("ronghe.") and ".tests." not in m.__module__]


def scoped() -> dict[str, type[models.Model]]:
    """Models whose default queryset has ``visible_to``, by class name."""
    return {m.__name__: m for m in _own() if hasattr(m._default_manager.all(), "visible_to")}


def _chains(path: Path) -> Iterator[tuple[str, str, int, str]]:
    """(function, model, line, what comes first after ``.objects``) of each ``Model.objects…`` in a module."""
    module = source.tree(path)
    above = source.parents(module)
    for node in ast.walk(module):
        if not (isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")):
            continue
        owner = _model_of(node.value)
        parent = above.get(node)
        first = parent.attr if isinstance(parent, ast.Attribute) else ""
        function: ast.AST | None = node
        outermost = ""
        while function is not None:
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                outermost = function.name
            function = above.get(function)
        yield outermost, owner, node.lineno, first


def _model_of(node: ast.AST) -> str:
    """``Zone`` of ``Zone.objects`` and of ``apps.get_model("policy", "Zone").objects``."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("get_model"):
        return str(ast.literal_eval(node.args[-1])).rpartition(".")[2]
    return ast.unparse(node).rpartition(".")[2]


def test_every_list_begins_with_visible_to():
    known = scoped()
    faults = []
    met: set[tuple[str, str]] = set()
    for path in source.code():
        short = str(path.relative_to(source.SRC))
        if not SHOWING.search(short):
            continue
        for function, model, line, first in _chains(path):
            if model not in known or first == "visible_to":
                continue
            met.add((f"{short}:{function}", model))
            if model not in UNSCOPED.get(f"{short}:{function}", {}):
                faults.append(f"src/ronghe/{short}:{line}: {model}.objects.{first} in {function}")
    assert not faults, source.listed(faults, "begin with visible_to(actor), or give a reason in UNSCOPED here:")
    stale = [f"{where}: {model}" for where, of in UNSCOPED.items() for model in of if (where, model) not in met]
    assert not stale, source.listed(stale, "no longer so; take these out of UNSCOPED:")


def _belongs_to_a_place(model: type[models.Model]) -> str:
    """The field by which a row lies in a division, a zone, or something that does."""
    places = {"regions.Division", "policy.Zone", "policy.PolicyDocument", "policy.OrderedTask", "parties.Party", "regions.OrgUnit"}  # fmt: skip
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.related_model._meta.label in places:
            return field.name
        if isinstance(field, models.CharField) and field.name == "division":
            return field.name
    return ""


def test_every_model_of_a_place_is_scoped():
    known = scoped()
    faults = [
        f"{model._meta.label} (by {field})"
        for model in _own()
        if (field := _belongs_to_a_place(model)) and model.__name__ not in known and model._meta.label not in UNLISTED
    ]
    assert not faults, source.listed(faults, "give it a ScopedQuerySet, or say in UNLISTED here why nobody lists it:")
    stale = [
        label for label in UNLISTED if label.rpartition(".")[2] in known or label not in {m._meta.label for m in _own()}
    ]
    assert not stale, source.listed(stale, "take these out of UNLISTED:")


def test_models_that_nobody_lists_are_not_listed():
    """What UNLISTED promises: their rows come from a parent, never from a list of their own that a person pages through."""
    names = {label.rpartition(".")[2] for label in UNLISTED}
    faults = []
    narrowed = {
        ("policy/search.py", "TaskUnit"),  # to the tasks that the actor may see
        ("portal/search.py", "FormerName"),  # to the divisions that the actor may see
        ("kernel/spatial/models/layers.py", "DivisionClosure"),  # to what lies above the actor's own division
    }
    for path in source.code():
        short = str(path.relative_to(source.SRC))
        if not SHOWING.search(short) or re.search(r"(^|/)queries(\.py$|/)", short):
            continue
        for _, model, line, first in _chains(path):
            if model in names and (short, model) not in narrowed:
                faults.append(f"src/ronghe/{short}:{line}: {model}.objects.{first}")
    assert not faults, source.listed(faults, "read it through the query of its parent:")


def test_every_scoped_queryset_denies_by_default():
    """A queryset that forgets both ``scope`` and ``public`` shows nothing to anybody: never everything."""
    from ronghe.kernel.actors import PUBLIC

    for model in scoped().values():
        queryset = model._default_manager.all()
        if isinstance(queryset, ScopedQuerySet) and queryset.public is None:
            assert queryset.visible_to(PUBLIC).query.is_empty(), f"{model._meta.label} shows rows to the public"


def views(patterns=None, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every routed view with its address."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        here = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from views(one.url_patterns, here)
        elif isinstance(one, URLPattern):
            yield here, one.callback


#: Routed views that say nothing, because they hold nothing of anybody's.
OPEN = {"healthz": "for whoever watches the process", "events/health": "a heartbeat"}


def test_every_routed_view_says_who_may_open_it():
    silent = [at for at, view in views() if not at.startswith("api/") and at not in OPEN and access_of(view) is None]
    assert not silent, source.listed(silent, "write @allows(…), @signed_in or @public above these views:")


def test_every_api_operation_says_who_may_call_it():
    from ronghe.site.api import api

    silent = [
        f"{operation.view_func.__module__}.{operation.view_func.__name__}"
        for router in api._get_bound_routers()
        for path in router.path_operations.values()
        for operation in path.operations
        if access_of(operation.view_func) is None
    ]
    assert not silent, source.listed(silent, "write @allows(…) or @public between @router.… and the function:")
