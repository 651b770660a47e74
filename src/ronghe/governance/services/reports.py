"""报告: freeze the figures of a period, draft a report on them, edit it, have it approved by another, archive it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.inbox.services import tell
from ronghe.kernel.papers.blocks import Sheet
from ronghe.kernel.papers.services import issue_paper, sheet_of
from ronghe.policy.models import Zone

from ..errors import (
    PeriodNotOver,
    PeriodUnknown,
    ReportChanged,
    SamePersonApproves,
    WorkReportIncomplete,
    WorkReportNotFound,
    WorkReportNotInState,
)
from ..models import Figures, ReportVersion, WorkReport
from ..papers import WORK_REPORT
from ..queries import reports as queries
from ..queries.basis import office_of
from ..rules import reporting
from ..rules.figures import digest_of


def report_address(report: WorkReport) -> str:
    """The page of a report."""
    return f"/office/reports/{report.pk}/"


def freeze(*, zone: Zone, first: date, last: date, actor: Actor, at: datetime) -> Figures:
    """Freeze the figures of a period that has ended (冻结期末数据). A repeat gives the same as long as the record says the same.

    Raises: Forbidden, PeriodNotOver.
    """
    if not reaches(actor, zone.seat_id):
        raise Forbidden()
    if last >= legal_day(at):
        raise PeriodNotOver(last=last, next=last + timedelta(days=1))
    told = queries.told(zone, first=first, last=last)
    with transaction.atomic():
        found, is_new = Figures.objects.get_or_create(
            zone=zone, first=first, last=last, digest=digest_of(told), defaults={"told": told, "made_at": at}
        )
        if is_new:
            facts = {"first": first, "last": last, "digest": found.digest, "tasks": told["sums"]["total"]}
            record(
                verb="governance.figures.frozen", subject=found, actor=actor, at=at, facts=facts, division=zone.seat_id
            )
    return found


def period_of(kind: str, key: str) -> reporting.Period:
    """The period of a kind of report. Raises: PeriodUnknown."""
    titles = dict(WorkReport.Kind.choices)
    try:
        found = reporting.period(key)
    except ValueError:
        found = None
    if found is None or reporting.length_of(key) != reporting.LENGTH[kind]:
        raise PeriodUnknown(period=key[:20], kind=titles[kind])
    return found


def write_report(*, zone: Zone, kind: str, period: str, actor: Actor, at: datetime) -> WorkReport:
    """Draft a report on the figures of a period (起草报告), as its first version. What is in hand already is given again.

    Args: ``period`` is 2026-10, 2026-Q3 or 2026. Locks: the zone.
    Raises: Forbidden, PeriodUnknown, PeriodNotOver, WorkReportNotInState when it was archived and its paper holds.
    """
    of = period_of(kind, period)
    figures = freeze(zone=zone, first=of.first, last=of.last, actor=actor, at=at)
    with transaction.atomic():
        Zone.objects.select_for_update().get(pk=zone.pk)
        before = _before(zone, kind, of)
        if before is not None:
            return before
        made = WorkReport.objects.create(
            zone=zone, division_id=zone.seat_id, kind=kind, title=reporting.title_of(kind, zone.title, of)[:120],
            figures=figures, made_by_id=actor.user_id, made_at=at,
        )  # fmt: skip
        sections = reporting.drafted(figures.told, zone=zone.title, label=of.label)
        plain = [{"key": one.key, "title": one.title, "text": one.text} for one in sections]
        ReportVersion.objects.create(report=made, number=1, sections=plain, user_id=actor.user_id, at=at)
        facts = {"kind": kind, "period": period, "version": 1}
        record(verb="governance.report.written", subject=made, actor=actor, at=at, facts=facts)
        return made


def _before(zone: Zone, kind: str, of: reporting.Period) -> WorkReport | None:
    """The report of the same period that is in hand. Raises: WorkReportNotInState for one whose paper holds."""
    rows = WorkReport.objects.filter(zone=zone, kind=kind, figures__first=of.first, figures__last=of.last)
    for found in rows.select_related("figures", "paper__revocation").order_by("-pk"):
        if found.paper is None:
            return found
        if not hasattr(found.paper, "revocation"):
            raise WorkReportNotInState(title=found.title, state="已印发归档", what="重复起草；有误的，请先作废原文书")
    return None


def _locked(report_id: int, actor: Actor) -> WorkReport:
    seen = WorkReport.objects.visible_to(actor).filter(pk=report_id).exists()
    found = WorkReport.objects.select_for_update(of=("self",)).filter(pk=report_id).first() if seen else None
    if found is None:
        raise WorkReportNotFound(report=report_id)
    if not reaches(actor, found.division_id):
        raise Forbidden()
    return found


def _refuse_unless(report: WorkReport, state: str, what: str) -> None:
    if report.state != state:
        raise WorkReportNotInState(title=report.title, state=report.get_state_display(), what=what)


def newest(report: WorkReport) -> ReportVersion:
    """The version that counts."""
    return report.versions.order_by("-number")[0]


@transaction.atomic
def save_version(*, report_id: int, seen: int, texts: Mapping[str, str], actor: Actor, at: datetime) -> ReportVersion:
    """Save another version of a draft (保存报告稿), written on the one that was seen. The same words make no new version.

    Args: ``texts`` are by the keys of the sections; a section that is not given stays. Locks: WorkReport.
    Raises: WorkReportNotFound, Forbidden, WorkReportNotInState, ReportChanged, WorkReportIncomplete.
    """
    report = _locked(report_id, actor)
    _refuse_unless(report, WorkReport.State.DRAFT, "修改")
    before = newest(report)
    if before.number != seen:
        raise ReportChanged(now=before.number, seen=seen)
    sections = [{**one, "text": _tidy(texts.get(one["key"], one["text"]))} for one in before.sections]
    lacking = [one["title"] for one in sections if not one["text"]]
    if lacking:
        raise WorkReportIncomplete(listing="、".join(lacking))
    if sections == before.sections:
        return before
    made = ReportVersion.objects.create(
        report=report, number=before.number + 1, sections=sections, user_id=actor.user_id, at=at
    )
    record(verb="governance.report.written", subject=report, actor=actor, at=at, facts={"version": made.number})
    return made


def _tidy(text: str) -> str:
    return "\n".join(line for line in (raw.strip() for raw in text.splitlines()) if line)


@transaction.atomic
def submit_report(*, report_id: int, actor: Actor, at: datetime) -> WorkReport:
    """Hand a draft in for approval (送审). A repeat changes nothing. Locks: WorkReport.

    Raises: WorkReportNotFound, Forbidden, WorkReportNotInState.
    """
    report = _locked(report_id, actor)
    if report.state == WorkReport.State.SUBMITTED:
        return report
    _refuse_unless(report, WorkReport.State.DRAFT, "送审")
    report.state, report.submitted_by_id, report.returned_for = WorkReport.State.SUBMITTED, actor.user_id, ""
    report.save(update_fields=["state", "submitted_by", "returned_for"])
    facts = {"version": newest(report).number}
    record(verb="governance.report.submitted", subject=report, actor=actor, at=at, facts=facts)
    return report


@transaction.atomic
def return_report(*, report_id: int, reason: str, actor: Actor, at: datetime) -> WorkReport:
    """Give a report back with what has to be changed (退改). Locks: WorkReport.

    Raises: WorkReportNotFound, Forbidden, WorkReportNotInState, WorkReportIncomplete.
    """
    report = _locked(report_id, actor)
    _refuse_unless(report, WorkReport.State.SUBMITTED, "退改")
    if not reason.strip():
        raise WorkReportIncomplete(listing="退改意见")
    report.state, report.returned_for = WorkReport.State.DRAFT, reason.strip()[:400]
    report.save(update_fields=["state", "returned_for"])
    record(verb="governance.report.returned", subject=report, actor=actor, at=at)
    _tell_authors(report, "报告退改", report.returned_for, at=at)
    return report


@transaction.atomic
def approve_report(*, report_id: int, actor: Actor, at: datetime) -> WorkReport:
    """Approve a report (审定) by somebody who has not written in it: it becomes a numbered paper and never changes again.

    A repeat issues nothing more. Locks: WorkReport, the number series.
    Raises: WorkReportNotFound, Forbidden, WorkReportNotInState, SamePersonApproves, and what papers refuse.
    """
    report = _locked(report_id, actor)
    if report.state == WorkReport.State.ARCHIVED:
        return report
    _refuse_unless(report, WorkReport.State.SUBMITTED, "审定（须先送审）")
    if actor.user_id in authors_of(report):
        raise SamePersonApproves()
    subject = ("governance.workreport", report.pk)
    report.paper = issue_paper(
        WORK_REPORT.key, facts=report_facts(report), division=report.division_id, subject=subject, actor=actor, at=at
    )
    report.state = WorkReport.State.ARCHIVED
    report.save(update_fields=["state", "paper"])
    facts = {"paper": report.paper.pk, "figures": report.figures.digest}
    record(verb="governance.report.archived", subject=report, actor=actor, at=at, facts=facts)
    _tell_authors(report, "报告已审定印发", "", at=at)
    return report


def authors_of(report: WorkReport) -> set[int | None]:
    """Who drafted, edited or handed in a report."""
    return {report.made_by_id, report.submitted_by_id, *report.versions.values_list("user_id", flat=True)}


def _tell_authors(report: WorkReport, what: str, text: str, *, at: datetime) -> None:
    tell(authors_of(report), title=f"{what}：{report.title[:90]}", text=text, href=report_address(report), at=at)


def report_facts(report: WorkReport) -> dict[str, Any]:
    """What the paper of a report says: its newest words, and of the figures what its charts and tables show."""
    figures: Mapping[str, Any] = report.figures.told
    by_id = {task["id"]: task for task in figures["tasks"]}
    return {
        "zone": report.zone.title,
        "office": office_of(report.zone, on=report.figures.last),
        "kind": report.get_kind_display(),
        "title": report.title,
        "first": report.figures.first.isoformat(),
        "last": report.figures.last.isoformat(),
        "digest": report.figures.digest,
        "sections": newest(report).sections,
        "sums": figures["sums"],
        "late": [_line(by_id[pk]) for pk in figures["sums"]["late"]],
    }


def _line(task: Mapping[str, Any]) -> dict[str, Any]:
    units: Iterable[Any] = task["units"]
    return {
        "label": task["label"], "title": task["title"], "units": [name for _, name in units], "due": task["due"],
        "percent": task["percent"], "late_days": task["late_days"],
    }  # fmt: skip


def report_draft(report: WorkReport, *, at: datetime) -> Sheet:
    """The report as it would be issued now, marked as a draft."""
    return sheet_of(WORK_REPORT, report_facts(report), unit_id=None, at=at, is_draft=True)
