"""Surveys for tests: files of a village's homesteads and plots, and the people who bring a batch to certificates."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import shapely
from openpyxl import Workbook

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.parties.models import Party, PartyIdentifier
from ronghe.kernel.parties.sealing import plain
from ronghe.kernel.parties.tests import factories as people
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.models import Parameter, ParameterValue
from tests.people import Person, person

from .. import services
from ..models import SurveyBatch
from ..rules.kinds import UnitKind
from ..services import SurveyGiven, SurveyStatement, SurveyTold
from . import factories

AT = factories.NOON
#: So long before that every notice is over.
EARLY = AT - timedelta(days=60)
CRS84 = "urn:ogc:def:crs:OGC:1.3:CRS84"


@dataclass
class Lot:
    """One parcel of a file; ``more`` are columns by their heads."""

    shape: shapely.Geometry
    holder: str = "演示甲"
    identity: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    def columns(self) -> dict[str, Any]:
        told = {
            "权利人": self.holder, "证件号": self.identity, "实测面积": str(factories.area(self.shape)),
            "用途": "农村宅基地", "坐落": "甲村", "四至": "东至路；南至李四；西至河；北至张五",
        }  # fmt: skip
        return told | self.more


def lots(count: int = 3, *, row: int = 0) -> list[Lot]:
    """Squares side by side, each of a person with a number of its own."""
    return [
        Lot(factories.square(i, row), f"演示{'甲乙丙丁戊己庚辛'[i % 8]}", people.identity(order=100 + 20 * row + i))
        for i in range(count)
    ]


def plot(i: int = 0, **more: str) -> Lot:
    """A contracted plot of the grid, with its codes and its term; ``more`` are columns by their heads."""
    told = {
        "地块编码": f"{people.VILLAGE}00{i + 1:05d}", "承包合同代码": f"{people.VILLAGE}000001J", "用途": "耕地",
        "承包期限起": "2015-06-01", "承包期限止": "2045-05-31",
    }  # fmt: skip
    return Lot(factories.square(i), "演示甲", people.identity(order=300), told | more)


def geojson(given: Sequence[Lot], *, crs: str | None = CRS84) -> bytes:
    features = [
        {"type": "Feature", "properties": one.columns(), "geometry": json.loads(shapely.to_geojson(one.shape))}
        for one in given
    ]
    body: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs:
        body["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(body, ensure_ascii=False).encode()


def workbook(given: Sequence[Lot], *, with_outlines: bool = True, heads: dict[str, str] | None = None) -> bytes:
    """The same as a table, with outlines as WKT; ``heads`` gives columns other names."""
    rows = [one.columns() | ({"图形": one.shape.wkt} if with_outlines else {}) for one in given]
    names = list(dict.fromkeys(name for row in rows for name in row))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([(heads or {}).get(name, name) for name in names])
    for row in rows:
        sheet.append([row.get(name) for name in names])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class Office:
    """A town's window, two of the county's department (one reviews, one enters), and the limits they work with."""

    def __init__(self, *, is_limited: bool = True) -> None:
        people.places()
        if is_limited:
            limits()
        self.window: Person = person(Role.TOWN_WINDOW, people.TOWN)
        self.reviewer: Person = person(Role.DEPARTMENT, people.COUNTY)
        self.registrar: Person = person(Role.DEPARTMENT, people.COUNTY)
        self.elsewhere: Person = person(Role.DEPARTMENT, people.OTHER)


#: As zones/national/parameters/registration.yaml has them: those that no place has put in use are assumed.
_LIMITS = (
    ("registration.area.warn_share", "ratio", "1/200", False),
    ("registration.area.warn_m2", "number", "1", False),
    ("registration.area.fault_share", "ratio", "1/20", False),
    ("registration.lines.sliver_m2", "number", "1", False),
    ("registration.lines.sliver_share", "ratio", "1/1000", False),
    ("registration.contract.max_years", "integer", "30", True),
    ("registration.term.max_workdays", "integer", "30", True),
    ("registration.public_notice.min_workdays", "integer", "15", False),
    ("registration.survey_notice.days", "integer", "7", False),
    ("registration.survey_notice.rounds", "integer", "2", False),
    ("registration.homestead.per_household_max", "integer", "1", True),
)


def limits() -> None:
    for name, kind, written, in_use in _LIMITS:
        limit(name, kind, written, in_use=in_use)


def limit(name: str, kind: str, written: str, *, in_use: bool = True) -> None:
    """A parameter of the nation with its value."""
    given = {"title": name, "kind": kind, "basis": "case_opened", "room": "REG", "pack": "national"}
    of, is_new = Parameter.objects.get_or_create(id=name, defaults=given)
    if not is_new:  # the packs are there, and say it themselves
        return
    ParameterValue.objects.create(
        parameter=of, origin="pack", starts=date(2019, 1, 1), status="set" if in_use else "assumed", in_use=in_use,
        written=[written], source="设计取值", recorded_at=AT,
    )  # fmt: skip


def told(kind: UnitKind = UnitKind.HOMESTEAD, **given: Any) -> SurveyTold:
    facts: dict[str, Any] = {
        "division": people.VILLAGE, "kind": kind, "surveyor": "演示测绘队", "surveyed_on": date(2026, 10, 1),
        "admits_new": True,
    }  # fmt: skip
    return SurveyTold(**(facts | given))


def taken(office: Office, content: bytes, *, name: str = "调查.geojson", kind: UnitKind = UnitKind.HOMESTEAD,
          table: bytes | None = None, stated: dict[str, Any] | None = None, **given: Any) -> SurveyBatch:  # fmt: skip
    """A batch whose file has been checked."""
    batch = services.take_survey(
        told=told(kind, **given), given=SurveyGiven(content, name, table, "属性表.xlsx" if table else ""),
        stated=SurveyStatement(**(stated or {})), actor=office.window.actor, at=AT,
    )  # fmt: skip
    return worked(batch)


def mended(batch: SurveyBatch, office: Office, content: bytes, *, name: str = "改正.geojson") -> SurveyBatch:
    services.mend_survey(
        batch_id=batch.pk, given=SurveyGiven(content, name), stated=SurveyStatement(), actor=office.window.actor, at=AT
    )
    return worked(batch)


def worked(batch: SurveyBatch) -> SurveyBatch:
    """The batch after its job has run."""
    batch.refresh_from_db()
    assert batch.job_id is not None
    done = run_here(batch.job_id)
    assert not done.failure, done.failure
    batch.refresh_from_db()
    return batch


def judged(batch: SurveyBatch, office: Office) -> SurveyBatch:
    """All that needs a person, settled."""
    for kind in set(batch.findings.filter(level="person").values_list("kind", flat=True)):
        services.judge_survey(batch_id=batch.pk, kind=kind, reason="已对照规划图核对", actor=office.window.actor, at=AT)
    batch.refresh_from_db()
    return batch


def reviewed(batch: SurveyBatch, office: Office, *, at: datetime = EARLY) -> Case:
    """A batch that was judged and submitted, and waits for its review."""
    case = services.submit_survey(batch_id=judged(batch, office).pk, actor=office.window.actor, at=at)
    return Case.objects.get(pk=case.pk)


def told_to_public(batch: SurveyBatch, office: Office, *, at: datetime = EARLY) -> Case:
    """A batch that was submitted and approved, so that its first notice runs."""
    case = reviewed(batch, office, at=at)
    allowed = casework.allowed_actions(case, actor=office.reviewer.actor, at=at)
    action = next(one.key for one in allowed if one.key.startswith("approve"))
    casework.act(case_id=case.pk, action=action, seen=None, actor=office.reviewer.actor, at=at)
    case.refresh_from_db()
    return case


def at_entry(batch: SurveyBatch, office: Office) -> Case:
    """A batch of which the public was told as often and as long as it must be, until nobody may object any more."""
    case = told_to_public(batch, office)
    for days in (15, 30, 60):
        if case.step != "entry":
            casework.end_due_notices(at=EARLY + timedelta(days=days))
            case.refresh_from_db()
    assert case.step == "entry"
    return case


def begun(batch: SurveyBatch, office: Office) -> SurveyBatch:
    """A batch that is about to be written into the register."""
    case = at_entry(batch, office)
    casework.act(case_id=case.pk, action="enter", seen=None, actor=office.registrar.actor, at=AT)
    batch.refresh_from_db()
    return batch


def entered(batch: SurveyBatch, office: Office) -> SurveyBatch:
    return worked(begun(batch, office))


def said(batch: SurveyBatch, level: str = "fault") -> list[tuple[int | None, str]]:
    """What was found, as (parcel, kind)."""
    return list(batch.findings.filter(level=level).order_by("number", "kind").values_list("number", "kind"))


def number_of(party: Party) -> str:
    """The identity number of a person, for files that name it."""
    return plain(PartyIdentifier.objects.current().get(party=party, kind="identity"))
