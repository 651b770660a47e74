"""What stands behind each address of the API: made when a test asks for it, in the database of the packs."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from fractions import Fraction

import shapely

from ronghe.governance.rosters import UNITS
from ronghe.governance.services import add_item, call_meeting, issue_sheet, take_plan, write_report
from ronghe.governance.tests import ledgers
from ronghe.kernel import clock
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import PUBLIC, SYSTEM
from ronghe.kernel.inbox.models import Message
from ronghe.kernel.inbox.services import tell
from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.papers.services import issue_paper
from ronghe.kernel.parties import services as parties
from ronghe.kernel.parties.models import Party, PartyIdentifier
from ronghe.kernel.parties.services import NewPerson
from ronghe.kernel.parties.tests.factories import identity, uscc
from ronghe.kernel.regions.models import Division
from ronghe.kernel.spatial import services as layers
from ronghe.kernel.spatial.tests import files as outlined
from ronghe.kernel.spatial.topology import Tolerance
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.models import Notice
from ronghe.mechanisms.casework.tests import factories as procedures
from ronghe.mechanisms.rosters import services as rosters
from ronghe.mechanisms.rosters.tests import factories as lists
from ronghe.mechanisms.rosters.values import Places
from ronghe.mechanisms.trials.tests import factories as trials
from ronghe.policy.models import OrderedTask, PolicyDocument, TaskUnit, Zone
from ronghe.policy.papers import RULING
from ronghe.policy.services import enter_local_value
from ronghe.registry import services as registry
from ronghe.registry.models import CollectiveMember, Exchange
from ronghe.registry.queries.appointments import coming_days
from ronghe.registry.rosters import WINDOWS
from ronghe.registry.rules import appointing
from ronghe.registry.rules.evidence import EvidenceKind
from ronghe.registry.rules.kinds import GroundKind, RightKind, SourceKind, UnitKind
from ronghe.registry.rules.matters import Cause, Matter
from ronghe.registry.rules.pledging import Shown
from ronghe.registry.services import appointing as services
from ronghe.registry.services import exchanging, reconciling
from ronghe.registry.tests import evidence as pictures
from ronghe.registry.tests import surveys
from tests.people import Person, person
from tests.plans import ZHANGQIU

#: One name means one thing in an address, but for these.
OTHERS = {
    ("/rosters/", "key"): "roster",
    ("/papers/check/", "code"): "paper_code",
    ("/layers/", "slug"): "layer",
    ("/layers/", "import_id"): "layer_import",
    ("/ledger-tasks/", "task_id"): "ledger_task",
    ("/registry/parcels/", "unit_id"): "parcel",
}


class Standing(dict[str, str]):
    """Values of path parameters behind which something stands for the office of Jinan."""

    def __init__(self, office: Person) -> None:
        super().__init__(slug="jinan", year="2026", code="entry.agreement_exception", roster="units", number="1")
        self.office = office

    def of(self, path: str, names: list[str]) -> dict[str, str]:
        """The values of one address."""
        other = {name: told for (part, name), told in OTHERS.items() if part in path}
        return {name: self[other.get(name, name)] for name in names}

    def __missing__(self, name: str) -> str:
        self.update({told: str(value) for told, value in _MAKERS[name](self.office).items()})
        return self[name]


def _zone(office: Person) -> dict[str, object]:
    task = OrderedTask.objects.filter(zone="jinan").order_by("pk")[0]
    return {
        "task_id": task.pk,
        "unit_id": TaskUnit.objects.filter(task=task)[0].unit_id,
        "key": PolicyDocument.objects.filter(zone="jinan")[0].key,
    }


def _value(office: Person) -> dict[str, object]:
    entered = enter_local_value(
        parameter_id="entry.agreement.area_max", zone=OrderedTask.objects.filter(zone="jinan")[0].zone,
        starts=date(2026, 1, 1), written=["8"], source="会议纪要", actor=office.actor, at=clock.now(),
    )  # fmt: skip
    return {"parameter_id": entered.parameter_id, "value_id": entered.pk}


def _trial(office: Person) -> dict[str, object]:
    _value(office)
    tried = trials.ran(zone="jinan")
    return {"trial_id": tried.pk, "line": tried.rows.order_by("line")[0].line}


def _record(office: Person) -> dict[str, object]:
    given = {"division": office.post.division_id, "name": "市财政局试验处", "kind": "department", "level": "city"}
    return {"record_id": rosters.create_record(UNITS, given=given, actor=office.actor, at=clock.now()).pk}


def _import(office: Person) -> dict[str, object]:
    """A file with a row that is not the office's, so that there is something to annotate."""
    return {"import_id": lists.given(lists.book([lists.GOOD]), office).pk}


def _draft(office: Person) -> dict[str, object]:
    draft, case = take_plan(content=ZHANGQIU.encode(), name="章丘方案.txt", actor=office.actor, at=clock.now())
    assert draft.job_id is not None
    run_here(draft.job_id)
    return {"draft_id": draft.pk, "case_id": case.pk, "job_id": draft.job_id}


def _meeting(office: Person) -> dict[str, object]:
    now, zone = clock.now(), Zone.objects.get(pk="jinan")
    told = {"on": clock.legal_day(now), "place": "市民中心", "convener": "领导小组办公室"}
    made = call_meeting(zone=zone, actor=office.actor, at=now, **told)
    item = add_item(meeting_id=made.pk, matter="明年安排", actor=office.actor, at=now)
    return {"meeting_id": made.pk, "item_id": item.pk}


def _report(office: Person) -> dict[str, object]:
    zone = Zone.objects.get(pk="jinan")
    made = write_report(zone=zone, kind="yearly", period="2025", actor=office.actor, at=clock.now())
    return {"report_id": made.pk}


def _ledger(office: Person) -> dict[str, object]:
    """A task at work, with a sheet that waits for an answer."""
    ledger = ledgers.kept(office, office)
    task = ledgers.issued(ledger)
    sheet = issue_sheet(
        task_id=task.pk, unit_id=ledger.lead, rank=1, matter="进度滞后", demand="两周内赶上", actor=office.actor,
        at=ledgers.after(5),
    )  # fmt: skip
    return {"ledger_task": task.pk, "sheet_id": sheet.pk}


def _notice(office: Person) -> dict[str, object]:
    """A case of the procedure of casework's own tests, which has everything that a procedure may have."""
    procedure = procedures.PROCEDURE
    town = Division.objects.below(office.post.division_id).filter(level="town").order_by("code")[0].code
    window, now = person(Role.TOWN_WINDOW, town), clock.now()
    case = casework.open_case(
        procedure.key, title="试验登记", division=town, facts={"area_m2": 180}, actor=window.actor, at=now
    )
    material = casework.attach(
        case_id=case.pk, key="source", content=procedures.PDF, name="证明.pdf", actor=window.actor, at=now
    )
    procedures.act(case, "accept", window, at=now)
    procedures.act(case, "approve", office, at=now)
    return {"notice_id": Notice.objects.get(case=case).pk, "case_id": case.pk, "material_id": material.pk}


def _objection(office: Person) -> dict[str, object]:
    notice = _notice(office)["notice_id"]
    told = {"name": "李四", "contact": "13800000000", "text": "面积不对"}
    made = casework.object_to(notice_id=int(str(notice)), actor=PUBLIC, at=clock.now(), **told)
    return {"objection_id": made.pk}


def _parties(office: Person) -> dict[str, object]:
    now, place = clock.now(), office.post.division_id
    village = Division.objects.below(place).filter(level="village").order_by("code")[0].code

    def registered(name: str, number: str = "") -> Party:
        new = NewPerson(name, identity=number, birth_date=None if number else date(1980, 5, 1))
        return parties.register_person(new=new, division=village, actor=SYSTEM, at=now)

    head, same = registered("演示甲", identity()), registered("演示甲")
    home = parties.register_household(
        head=head.pk, members=[], division=village, since=date(2000, 1, 1), actor=SYSTEM, at=now
    )
    merge = parties.merge_parties(source_id=same.pk, target_id=head.pk, reason="同一人登记两次", actor=SYSTEM, at=now)
    number = PartyIdentifier.objects.filter(party=head)[0]
    return {"party_id": home.pk, "person_id": head.pk, "identifier_id": number.pk, "merge_id": merge.pk}


def _rolls(office: Person) -> dict[str, object]:
    """A collective with a member who has moved to town, and an application of somebody else."""
    now, place = clock.now(), office.post.division_id
    day = clock.legal_day(now)
    village = Division.objects.below(place).filter(level="village").order_by("code")[0].code
    window = person(Role.TOWN_WINDOW, village)
    body = parties.register_body(
        kind=Party.Kind.COLLECTIVE, name="演示合作社", division=village, uscc=uscc("N2"), actor=SYSTEM, at=now
    )
    head, other = (
        parties.register_person(new=NewPerson(name, identity=identity()), division=village, actor=SYSTEM, at=now)
        for name in ("演示迁", "演示新")
    )
    home = parties.register_household(
        head=head.pk, members=[], division=village, since=date(2000, 1, 1), actor=SYSTEM, at=now
    )
    registry.enrol_member(
        collective_id=body.pk, person_id=head.pk, begun_by=CollectiveMember.Entry.ORIGINAL, on=date(2020, 1, 1),
        actor=SYSTEM, at=now,
    )  # fmt: skip
    filing = registry.file_kept_rights(household_id=home.pk, moved_on=day, moved_to="城区", actor=SYSTEM, at=now)
    case = registry.apply_for_membership(
        collective_id=body.pk, person_id=other.pk, on=day, facts={"came_by": "其他"}, actor=window.actor, at=now
    )
    return {"collective_id": body.pk, "filing_id": filing.pk, "membership_case_id": case.pk}


def _income(office: Person) -> dict[str, object]:
    """The first registration of the shares of a collective, its list drawn up."""
    of, now = Party.objects.get(pk=int(str(_rolls(office)["collective_id"]))), clock.now()
    day = clock.legal_day(now)
    made = registry.open_income_first(
        collective_id=of.pk, counted_on=day, total_hundredths=100_00, per_member_hundredths=None, is_static=True,
        origin=registry.IncomeOrigin("股权设置决议", day), actor=person(Role.TOWN_WINDOW, of.division_id).actor, at=now,
    )  # fmt: skip
    return {"income_case_id": made.pk}


def _paper(office: Person) -> dict[str, object]:
    facts = {
        "subject": "试验", "rule": "试验规则", "zone": "济南", "on": "2026-11-23", "verdict": "通过", "facts": [], "steps": [],
        "parameters": [],
    }  # fmt: skip
    made = issue_paper(RULING.key, facts=facts, division=office.post.division_id, actor=office.actor, at=clock.now())
    return {"paper_id": made.pk, "paper_code": made.code}


def _message(office: Person) -> dict[str, object]:
    tell([office.user.pk], title="试验", at=clock.now())
    return {"message_id": Message.objects.get(user=office.user).pk}


def _layer(office: Person) -> dict[str, object]:
    """A layer with two features, an import that asks for nothing, and a check of its topology."""
    now, actor = clock.now(), office.actor
    division = str(office.post.division_id)
    told = layers.LayerTold("试验图层", "working")
    made = layers.create_layer(slug="trial", division=division, told=told, actor=actor, at=now)
    at_home = outlined.parcels(2, west=117.0, south=36.65)
    given = layers.take_file(
        layer=made, content=outlined.geojson(at_home), name="地块.geojson", mode="merge", stated=layers.Statement(),
        actor=actor, at=now,
    )  # fmt: skip
    assert given.job_id is not None
    run_here(given.job_id)
    started = layers.start_apply(import_id=given.pk, actor=actor, at=now)
    assert started.job_id is not None
    run_here(started.job_id)
    made.refresh_from_db()
    analysis = layers.analyse(kind="topology", layer=made, other=None, tolerance=Tolerance(), actor=actor, at=now)
    return {"layer": made.slug, "layer_import": given.pk, "analysis_id": analysis.pk}


def _survey(office: Person) -> dict[str, object]:
    """A batch of the town's window, with findings of its file."""
    village = Division.objects.below(office.post.division_id).filter(level="village").order_by("code")[0]
    window, now = person(Role.TOWN_WINDOW, village.parent_id or ""), clock.now()
    told = registry.SurveyTold(village.code, UnitKind.HOMESTEAD, "试验测绘队", clock.legal_day(now))
    given = registry.SurveyGiven(surveys.geojson(surveys.lots(2)), "调查.geojson")
    made = registry.take_survey(told=told, given=given, stated=registry.SurveyStatement(), actor=window.actor, at=now)
    assert made.job_id is not None
    run_here(made.job_id)
    evidence = registry.add_evidence(
        batch_id=made.pk, number=1, kind=EvidenceKind.PHOTO, content=pictures.png(), name="全景.png", actor=window.actor,
        at=now,
    )  # fmt: skip
    archive = registry.take_evidence_archive(
        batch_id=made.pk, content=pictures.archive({"2.png": pictures.png(2)}), name="佐证.zip",
        documents_as=EvidenceKind.SOURCE, actor=window.actor, at=now,
    )  # fmt: skip
    assert archive.job_id is not None
    run_here(archive.job_id)
    return {"batch_id": made.pk, "parcel_number": 2, "evidence_id": evidence.pk, "archive_id": archive.pk}


def _application(office: Person) -> dict[str, object]:
    """A mortgage that is applied for on a contracted plot, and the certificate of the plot."""
    now = clock.now()
    town = Division.objects.below(office.post.division_id).filter(level="town").order_by("code")[0].code
    village = Division.objects.below(town).filter(level="village").order_by("code")[0].code
    day = clock.legal_day(now)
    survey = registry.keep_survey(title="权籍调查", surveyed_on=day, division=village)
    unit = registry.open_unit(
        kind=UnitKind.CONTRACTED, division=village, grounds=[registry.Ground(GroundKind.PLOT, Decimal("666.67"))],
        survey_id=survey.pk, on=date(2020, 1, 1), actor=SYSTEM, at=now,
    )  # fmt: skip
    home = parties.register_household(
        head=NewPerson("演示承包", identity=identity()), members=[], division=village, since=date(2000, 1, 1),
        actor=SYSTEM, at=now,
    )  # fmt: skip
    source = registry.keep_source(kind=SourceKind.CONTRACT, title="承包合同", issued_on=day, division=village)
    right = registry.grant_right(
        baunit_id=unit.pk, kind=RightKind.CONTRACT, holders=[registry.Holder(home.pk)], source_id=source.pk,
        term=registry.Term(date(2020, 1, 1), date(2050, 1, 1)), actor=SYSTEM, at=now,
    )  # fmt: skip
    asked = registry.Asked(
        matter=Matter.MORTGAGE, cause=Cause.CONTRACT, shown=(Shown.BANK, Shown.FILED), origin=registry.Origin(SourceKind.AGREEMENT, "抵押合同", day),
        rrr_id=right.pk, holder="银行", amount_fen=100_00, is_joint=True,
    )  # fmt: skip
    window = person(Role.TOWN_WINDOW, town)
    made = registry.open_application(baunit_id=unit.pk, asked=asked, actor=window.actor, at=now)
    proof = registry.certify(rrr_id=right.pk, on=day, actor=SYSTEM, at=now)
    return {"application_id": made.pk, "certificate_id": proof.pk}


def _unit(office: Person) -> dict[str, object]:
    """A contracted plot in the name of a household, and its contract."""
    now, day = clock.now(), date(2020, 1, 1)
    home = _parties(office)["party_id"]
    village = Party.objects.get(pk=home).division_id
    survey = registry.keep_survey(title="权籍调查", surveyed_on=day, division=village)
    contract = registry.keep_source(
        kind=SourceKind.CONTRACT, title="承包合同", number=f"{village}000001J", issued_on=day, division=village
    )
    unit = registry.open_unit(
        kind=UnitKind.CONTRACTED, division=village, survey_id=survey.pk, on=day, actor=SYSTEM, at=now,
        grounds=[registry.Ground(GroundKind.PLOT, Decimal("400.00"), shapely.box(117.0, 36.65, 117.0002, 36.6502))],
    )  # fmt: skip
    registry.grant_right(
        baunit_id=unit.pk, kind=RightKind.CONTRACT, holders=[registry.Holder(int(str(home)))],
        term=registry.Term(day, date(2050, 1, 1)), source_id=contract.pk, actor=SYSTEM, at=now,
    )  # fmt: skip
    return {"unit_code": unit.code, "contract_id": contract.pk}


def _register(office: Person) -> dict[str, object]:
    """A parcel of construction land, an export of it, and a reconciliation with that export."""
    now = clock.now()
    village = Division.objects.below(office.post.division_id).filter(level="village").order_by("code")[0].code
    survey = registry.keep_survey(title="试验调查", surveyed_on=date(2020, 1, 1), division=village)
    ground = registry.Ground(GroundKind.PARCEL, Decimal("500.00"), location="试验路 1 号")
    unit = registry.open_unit(
        kind=UnitKind.CONSTRUCTION, division=village, grounds=[ground], survey_id=survey.pk, on=date(2020, 1, 1),
        actor=SYSTEM, at=now,
    )  # fmt: skip
    made = exchanging.start_export(
        kind=Exchange.Kind.REGISTER, division=village, on=clock.legal_day(now), actor=office.actor, at=clock.now()
    )
    assert made.job_id is not None
    run_here(made.job_id)
    compared = reconciling.start(
        division=village, on=clock.legal_day(now), content=f"单元代码,面积\n{unit.code},500\n".encode(), name="对方.csv",
        area_share=Fraction(1, 200), area_floor_m2=Decimal(1), actor=office.actor, at=clock.now(),
    )  # fmt: skip
    return {"parcel": unit.pk, "exchange_id": made.pk, "reconciliation_id": compared.pk}


def _appointment(office: Person) -> dict[str, object]:
    """A window that sees people on every working day, and somebody who is to come."""
    now = clock.now()
    town = Division.objects.below(office.post.division_id).filter(level="town").order_by("code")[0]
    given = {
        "division": town.code, "name": f"{town.name}登记窗口", "address": "便民服务中心", "telephone": "05310000000",
        "hours": "工作日",
    }  # fmt: skip
    window = rosters.create_record(WINDOWS, given=given, places=Places({town.code: town.name}), actor=SYSTEM, at=now)
    slots = appointing.slots_of(range(1, 8), [(time(0), time(23))], minutes=60, capacity=9)
    services.state_appointment_hours(
        window_id=window.pk, begins_on=clock.legal_day(now), slots=slots, actor=SYSTEM, at=now
    )
    free = next(
        slot for day in coming_days(window, at=now, ahead=14) for slot in day.slots if slot.day > clock.legal_day(now)
    )
    made = services.make_appointment(
        window_id=window.pk, day=free.day, begins=free.begins, matter="inquiry", telephone="13800000000", name="试验来人",
        actor=SYSTEM, at=now,
    )  # fmt: skip
    return {"window_id": window.pk, "appointment_id": made.pk}


_Maker = Callable[[Person], dict[str, object]]
_MAKERS: dict[str, _Maker] = {
    **dict.fromkeys(("task_id", "unit_id", "key"), _zone),
    **dict.fromkeys(("window_id", "appointment_id"), _appointment),
    **dict.fromkeys(("parameter_id", "value_id"), _value),
    **dict.fromkeys(("trial_id", "line"), _trial),
    "record_id": _record,
    "import_id": _import,
    **dict.fromkeys(("draft_id", "job_id"), _draft),
    **dict.fromkeys(("meeting_id", "item_id"), _meeting),
    "report_id": _report,
    **dict.fromkeys(("ledger_task", "sheet_id"), _ledger),
    **dict.fromkeys(("notice_id", "case_id", "material_id"), _notice),
    "objection_id": _objection,
    **dict.fromkeys(("party_id", "person_id", "identifier_id", "merge_id"), _parties),
    **dict.fromkeys(("collective_id", "filing_id", "membership_case_id"), _rolls),
    "income_case_id": _income,
    **dict.fromkeys(("paper_id", "paper_code"), _paper),
    "message_id": _message,
    **dict.fromkeys(("batch_id", "parcel_number", "evidence_id", "archive_id"), _survey),
    **dict.fromkeys(("parcel", "exchange_id", "reconciliation_id"), _register),
    **dict.fromkeys(("layer", "layer_import", "analysis_id"), _layer),
    **dict.fromkeys(("application_id", "certificate_id"), _application),
    **dict.fromkeys(("unit_code", "contract_id"), _unit),
}
