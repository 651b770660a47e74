"""Commands on plan drafts: take a plan in, read it, correct it, make it a zone."""

import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.jobs import Work
from ronghe.kernel.jobs import services as jobs
from ronghe.kernel.regions.models import Division, OrgUnit
from ronghe.kernel.regions.services import one_load_at_a_time

from ..draft_pack import LOCAL_VERSION, KnownDivision, write_pack
from ..draft_values import given_value, outside_seat
from ..drafting import Change, Check, Current, UnitChoice, checks, current
from ..models import DraftChange, OrderedTask, PlanDraft, PolicyDocument, Zone
from ..packs import ZONES, read_pack
from ..packs.build import MEMBER_DIVISION
from ..reader import read_plan
from ..reader.errors import UnreadableDocument
from ..reader.intake import read_text
from ..reader.intake.limits import FILE_BYTES
from ..reader.stored import reading_of
from ..revising import Difference, differences
from ..suggesting import suggestions
from .carrying import carry_over
from .plans import load_pack

PLAN_KINDS = frozenset({FileKind.TXT, FileKind.DOCX, FileKind.PDF, FileKind.HTML})


class DraftNotFound(NotFound):
    """No such draft, or none that the actor may see."""

    code = "policy.draft_not_found"
    message = "没有找到第 {draft_id} 号方案草稿，或者不在您的权限范围内。"


class DraftNotOpen(Conflict):
    """It is read still, or over: nothing is corrected now."""

    code = "policy.draft_not_open"
    message = "第 {draft_id} 号方案草稿{state}，现在不能改动。请刷新页面查看最新情况。"


class DraftNotReady(Conflict):
    """Something must still be settled before it becomes a zone."""

    code = "policy.draft_not_ready"
    message = "第 {draft_id} 号方案草稿还不能确认：{listing}。请先处理这些问题。"


class ZoneSlugTaken(Conflict):
    """A new zone may not take the place of another."""

    code = "policy.zone_slug_taken"
    message = "标识“{slug}”已经是另一个试验区。请换一个标识；如果这是它的修订，请在“用途”里选修订。"


class ChangeNotFound(NotFound):
    """No such change, or it was undone."""

    code = "policy.draft_change_not_found"
    message = "第 {draft_id} 号草稿没有可以撤销的第 {number} 次改动。"


class DocumentNotOfZone(Invalid):
    """A revision names a document of its zone."""

    code = "policy.document_not_of_zone"
    message = "试验区“{slug}”没有标识为“{key}”的文件。请选择要修订的文件。"


@transaction.atomic
def take_plan(
    *, content: bytes | IO[bytes], name: str, reader: str = "policy.read_plan", actor: Actor, at: datetime
) -> PlanDraft:
    """Take a plan in (提交方案) and have it read in the background by the job ``reader``.

    Raises: Forbidden without a division, and whatever ``files.store`` refuses.
    """
    if actor.division is None:
        raise Forbidden()
    blob = files.store(content, name=name, kinds=PLAN_KINDS, limit=FILE_BYTES, at=at)
    made = PlanDraft.objects.create(
        blob=blob, file_name=name[-120:] or "方案", division_id=actor.division, made_by_id=actor.user_id, made_at=at
    )
    _start_reading(made, reader, actor=actor, at=at)
    record(verb="policy.draft.taken", subject=made, actor=actor, at=at, facts={"sha256": blob.digest})
    return made


def read_draft(work: Work, *, draft_id: int, at: datetime) -> dict[str, Any]:
    """Read a draft's plan; a repeat reads nothing again. What cannot be read says why, and stays to be looked at."""
    draft = PlanDraft.objects.get(pk=draft_id)
    if draft.state != PlanDraft.State.READING:
        return {"state": draft.state}
    work.progress(0, 4, "取出文字")
    reading_still = PlanDraft.objects.filter(pk=draft_id, state=PlanDraft.State.READING)
    try:
        intake = read_text(files.content(draft.blob_id), name=draft.file_name)
    except UnreadableDocument as error:
        reading_still.update(state=PlanDraft.State.UNREADABLE, failure=error.text)
        return {"state": "unreadable"}
    work.progress(1, 4, "认条款和标注")
    reading = read_plan(intake.text)
    work.progress(2, 4, "对应单位和区域")
    hints = suggestions(reading, division=draft.division_id)
    work.progress(3, 4, "保存")
    text = files.store(intake.text.encode("utf-8", "replace"), name="方案.txt", kinds={FileKind.TXT}, at=at)
    reading_still.update(
        state=PlanDraft.State.CHECKING, reading=reading.to_json(), suggested=hints, notes=list(intake.notes), text=text
    )
    work.progress(4, 4, "完成")
    return {"state": "checking", "tasks": len(reading.tasks)}


@transaction.atomic
def read_again(*, draft_id: int, reader: str = "policy.read_plan", actor: Actor, at: datetime) -> PlanDraft:
    """Read a plan again whose reading was cancelled or has failed (重新阅读). While one runs nothing more is started.

    Locks: PlanDraft. Raises: DraftNotFound, DraftNotOpen when it is read already.
    """
    draft = _locked(draft_id, actor)
    if draft.state != PlanDraft.State.READING:
        raise DraftNotOpen(draft_id=draft_id, state=draft.get_state_display())
    if draft.job is None or draft.job.is_over:
        _start_reading(draft, reader, actor=actor, at=at)
    return draft


def _start_reading(draft: PlanDraft, reader: str, *, actor: Actor, at: datetime) -> None:
    draft.job = jobs.start(
        reader, args={"draft_id": draft.pk}, title=f"阅读方案 {draft.file_name}"[:120],
        href=f"/office/plans/{draft.pk}/", actor=actor, at=at,
    )  # fmt: skip
    draft.save(update_fields=["job"])


def changes_of(draft: PlanDraft) -> list[Change]:
    """The corrections of a draft in their order."""
    rows = DraftChange.objects.filter(draft=draft).order_by("number")
    return [Change(r.number, r.target, r.key, r.field, r.value, r.undoes, r.reason) for r in rows]


def current_of(draft: PlanDraft) -> Current:
    """The draft as it stands. Raises: DraftNotOpen before it is read."""
    if draft.reading is None:
        raise DraftNotOpen(draft_id=draft.pk, state=draft.get_state_display())
    return current(reading_of(draft.reading), draft.suggested, changes_of(draft))


def _locked(draft_id: int, actor: Actor) -> PlanDraft:
    seen = PlanDraft.objects.visible_to(actor).filter(pk=draft_id).exists()
    found = PlanDraft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first() if seen else None
    if found is None:
        raise DraftNotFound(draft_id=draft_id)
    return found


def _open(draft_id: int, actor: Actor) -> PlanDraft:
    draft = _locked(draft_id, actor)
    if draft.state != PlanDraft.State.CHECKING:
        raise DraftNotOpen(draft_id=draft_id, state=draft.get_state_display())
    return draft


@transaction.atomic
def correct(
    *, draft_id: int, target: str, key: str, field: str, value: Any, reason: str = "", actor: Actor, at: datetime
) -> DraftChange | None:
    """Correct one fact of a draft (更正). The value that stands already changes nothing. Locks: PlanDraft.

    Raises: DraftNotFound, DraftNotOpen, DraftValueInvalid, Forbidden for a seat out of reach, ZoneSlugTaken for a zone out
    of reach: its tasks would be shown beside the plan.
    """
    draft = _open(draft_id, actor)
    here = current_of(draft)
    fitting = given_value(here, target=target, key=key, field=field, value=value, reason=reason)
    if target == "zone" and field == "seat" and not reaches(actor, str(fitting.value)):
        raise Forbidden()
    if target == "zone" and field == "slug":
        of = Zone.objects.filter(slug=fitting.value).first()
        if of is not None and not reaches(actor, of.seat_id):
            raise ZoneSlugTaken(slug=of.slug)
    if fitting.value == fitting.before and field not in ("added", "looked"):
        return None
    return _keep(
        draft, target=target, key=key, field=field, value=fitting.value, before=fitting.before, reason=reason,
        actor=actor, at=at,
    )  # fmt: skip


@transaction.atomic
def undo(*, draft_id: int, number: int, actor: Actor, at: datetime) -> DraftChange:
    """Undo one correction; what came after it stays. Locks: PlanDraft. Raises: DraftNotFound, DraftNotOpen, ChangeNotFound."""
    draft = _open(draft_id, actor)
    changes = changes_of(draft)
    undone = {one.undoes for one in changes}
    found = next((c for c in changes if c.number == number and c.target != "undo" and number not in undone), None)
    if found is None:
        raise ChangeNotFound(draft_id=draft_id, number=number)
    return _keep(
        draft, target="undo", key=found.key, field=found.field, value=None, before=None, reason="", actor=actor, at=at,
        undoes=number,
    )  # fmt: skip


def _keep(draft: PlanDraft, *, actor: Actor, at: datetime, key: str, **given: Any) -> DraftChange:
    draft.change_count += 1
    draft.save(update_fields=["change_count"])
    if given["field"] == "added":
        key = f"a{draft.change_count}"
    given["reason"] = given["reason"][:200]
    made = DraftChange.objects.create(
        draft=draft, number=draft.change_count, key=key[:120], user_id=actor.user_id, at=at, **given
    )
    facts = {"number": made.number, "target": made.target, "field": made.field}
    record(verb="policy.draft.corrected", subject=draft, actor=actor, at=at, facts=facts)
    return made


@transaction.atomic
def abandon_draft(*, draft_id: int, actor: Actor, at: datetime) -> PlanDraft:
    """Give a draft up; it stays to be looked at. A repeat changes nothing. Locks: PlanDraft."""
    draft = _locked(draft_id, actor)
    if draft.state == PlanDraft.State.CONFIRMED:
        raise DraftNotOpen(draft_id=draft_id, state=draft.get_state_display())
    if draft.state != PlanDraft.State.ABANDONED:
        draft.state, draft.failure = PlanDraft.State.ABANDONED, ""
        draft.save(update_fields=["state", "failure"])
        record(verb="policy.draft.abandoned", subject=draft, actor=actor, at=at)
    return draft


def all_checks(here: Current) -> list[Check]:
    """Everything that must hold before a draft is confirmed, the matches of a revision included."""
    if here.zone.mode != "revision":
        # The seat may have been corrected after the range.
        outside = outside_seat(here.zone.divisions, here.zone.seat)
        text = f"范围超出主管区划：{'、'.join(outside[:6])}" if outside else "范围都在主管区划之内"
        return [*checks(here), Check(text, not outside, "zone")]
    open_rows = [f"{row.old_label}→{row.new_label}" for row in differences(here) if row.wants_a_word]
    text = (
        f"改号或换了内容的条款还没有确认：{'、'.join(open_rows[:6])}" if open_rows else "改号和换了内容的条款都已确认"
    )
    return [*checks(here), Check(text, not open_rows, "changes")]


def refuse_unready(draft: PlanDraft) -> Current:
    """The draft as it stands, when nothing is left to be settled. Raises: DraftNotOpen, DraftNotReady."""
    if draft.state != PlanDraft.State.CHECKING:
        raise DraftNotOpen(draft_id=draft.pk, state=draft.get_state_display())
    here = current_of(draft)
    left = [one.text for one in all_checks(here) if not one.ok]
    if left:
        raise DraftNotReady(draft_id=draft.pk, listing="；".join(left))
    return here


@transaction.atomic
def confirm_draft(*, draft_id: int, actor: Actor, at: datetime) -> Zone:
    """Make a draft a zone, or a revision of a zone's document, by the way of every other pack. A repeat makes nothing more.

    Tasks keep their numbers where their clause keeps its label or is matched to a new one, so that what hangs on them
    stays. Locks: PlanDraft; one load of packs at a time.
    Raises: DraftNotFound, DraftNotOpen, DraftNotReady, ZoneSlugTaken, DocumentNotOfZone, Forbidden, PackFaults, and whatever
    ``load_pack`` refuses.
    """
    draft = _locked(draft_id, actor)
    if draft.state == PlanDraft.State.CONFIRMED and draft.zone is not None:
        return draft.zone
    one_load_at_a_time()  # two drafts of one zone see each other
    here = refuse_unready(draft)
    known = Zone.objects.filter(slug=here.zone.slug).first()
    seat = known.seat_id if known is not None else here.zone.seat
    if not reaches(actor, seat):
        raise Forbidden()
    key = _document_key(here, known)
    rows = differences(here)
    with tempfile.TemporaryDirectory() as work, _base_of(known) as base:
        folder = Path(work) / here.zone.slug
        number = PlanDraft.objects.filter(zone_id=here.zone.slug).count() + 1
        write_pack(
            here, folder, key=key, divisions=_divisions(here, base), base=base, number=number,
            keywords=_keywords(here, rows), members=_members(here, seat),
        )  # fmt: skip
        pack = read_pack(folder)
        if known is not None:
            carry_over(known, key, here.matches, rows)
        load_pack(pack, actor=actor, at=at)
        blob = files.store(_zipped(folder), name=f"{here.zone.slug}.zip", kinds={FileKind.ZIP}, at=at)
    zone = Zone.objects.get(slug=here.zone.slug)
    draft.state, draft.zone, draft.pack = PlanDraft.State.CONFIRMED, zone, blob
    draft.confirmed_by_id, draft.confirmed_at = actor.user_id, at
    draft.save(update_fields=["state", "zone", "pack", "confirmed_by", "confirmed_at"])
    record(
        verb="policy.draft.confirmed",
        subject=draft,
        actor=actor,
        at=at,
        division=zone.seat_id,
        facts={"zone": zone.slug, "document": key, "mode": here.zone.mode, "tasks": len(here.kept)},
    )
    return zone


def _document_key(here: Current, known: Zone | None) -> str:
    if here.zone.mode == "revision":
        if known is None or not PolicyDocument.objects.filter(zone=known, key=here.zone.revises).exists():
            raise DocumentNotOfZone(slug=here.zone.slug, key=here.zone.revises)
        return here.zone.revises
    if known is not None:
        raise ZoneSlugTaken(slug=here.zone.slug)
    year = here.document.date_made.year if here.document.date_made else ""
    return f"{here.zone.slug[:34]}-{year}"


@contextmanager
def _base_of(zone: Zone | None) -> Iterator[Path | None]:
    """The folder of the zone's present pack: what a person confirmed last, else what comes with the program."""
    if zone is None:
        yield None
        return
    last = PlanDraft.objects.filter(zone=zone, pack__isnull=False).order_by("-confirmed_at", "-pk").first()
    if last is None or last.pack_id is None:
        yield ZONES / zone.slug
        return
    with tempfile.TemporaryDirectory() as work:
        with zipfile.ZipFile(io.BytesIO(files.content(last.pack_id))) as archive:
            archive.extractall(work)
        yield Path(work)


def _zipped(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.writestr(zipfile.ZipInfo(path.relative_to(folder).as_posix()), path.read_bytes())
    return out.getvalue()


def _divisions(here: Current, base: Path | None) -> list[KnownDivision]:
    """Every division that the pack names, with those above it, the higher ones first."""
    codes: set[str] = {here.zone.seat, *here.zone.divisions, *(c for a in here.areas.values() for c in a.divisions)}
    codes |= {one.division for one in here.units.values() if one.division}
    codes |= {
        m.removeprefix(MEMBER_DIVISION) for u in here.units.values() for m in u.members if m.startswith(MEMBER_DIVISION)
    }
    rows = Division.objects.filter(descendants__descendant_id__in=codes - {""}, descendants__kind="administrative")
    found = {d.code: d for d in rows.distinct()}
    return [
        KnownDivision(d.code, d.name, d.level, d.parent_id, d.is_local)
        for d in sorted(found.values(), key=lambda d: d.code)
    ]


def _members(here: Current, seat: str) -> dict[str, UnitChoice]:
    """Units of the seat that are named as members of groups only: they stay what they are."""
    names = {member for one in here.units.values() for member in one.members}
    return {
        unit.name: UnitChoice(unit.name, unit.name, unit.kind, unit.level, unit.division_id, is_known=True)
        for unit in OrgUnit.objects.filter(division=seat, name__in=names)
    }


def _keywords(here: Current, rows: Sequence[Difference]) -> list[tuple[str, ...]]:
    """The words under which each kept task is found: those of the loaded task that it goes on with."""
    known = dict(
        OrderedTask.objects.filter(pk__in=[r.task_id for r in rows if r.task_id]).values_list("pk", "keywords")
    )
    after = [tuple(known.get(row.task_id or 0, ())) for row in rows if row.new_label]
    return after or [() for _ in here.kept]


def local_zones() -> Iterable[str]:
    """Zones whose pack a person confirmed: what the program ships of them is not loaded over it."""
    return Zone.objects.filter(pack_version__startswith=f"{LOCAL_VERSION}.").values_list("slug", flat=True)
