"""数据汇交: have a file made of the register, or have one that was given checked whole and then applied whole or not at all."""

import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError, Forbidden
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.jobs import Work
from ronghe.kernel.jobs import services as jobs
from ronghe.kernel.jobs.models import Job
from ronghe.kernel.pages.workbook import save_workbook
from ronghe.kernel.spatial.exports import Format

from ..errors import (
    DayInFuture,
    ExchangeEmpty,
    ExchangeFaulty,
    ExchangeNotFound,
    ExchangeNotReady,
    ExchangeOwnFile,
    ExchangePurposeNeeded,
    ExchangeToJudge,
)
from ..exchange import contract_files, contracts_in
from ..exchange.contracts_out import write_contracts
from ..exchange.entered import digest_of_entry
from ..exchange.features import features, write_features
from ..exchange.packages import write_package
from ..exchange.register import Numbers, Wanted, sheets, units_wanted
from ..models import Exchange
from ..rules.tables import Fault
from . import packaging

XLSX = "xlsx"
FORMS: dict[str, str] = {
    XLSX: "XLSX 工作簿", Format.GPKG.value: "GeoPackage", Format.SHP.value: "Shapefile（ZIP）", Format.GEOJSON.value: "GeoJSON",
}  # fmt: skip
TABLE_KINDS = frozenset({FileKind.XLSX, FileKind.ZIP})
OUTLINE_KINDS = frozenset({FileKind.GEOJSON, FileKind.GPKG, FileKind.SHAPE_ZIP})
LEAST_PURPOSE, MOST_SHOWN, LARGEST = 4, 200, 2 * 1024**3
K, S = Exchange.Kind, Exchange.State


def start_export(
    *,
    kind: Exchange.Kind,
    division: str,
    on: date,
    form: str = XLSX,
    unit_kind: str = "",
    is_official: bool = False,
    purpose: str = "",
    actor: Actor,
    at: datetime,
) -> Exchange:
    """Have the register of a division written to a file (导出); numbers stay masked unless it is an official exchange.

    Raises: Forbidden, DayInFuture, ExchangePurposeNeeded, ExchangeEmpty.
    """
    said = " ".join(purpose.split())[:200]
    if not reaches(actor, division):
        raise Forbidden()
    if on > legal_day(at):
        raise DayInFuture(what="截至日期", day=on)
    if is_official and len(said) < LEAST_PURPOSE:
        raise ExchangePurposeNeeded(least=LEAST_PURPOSE)
    if not units_wanted(Wanted(division, on, at, unit_kind), actor=actor).exists():
        raise ExchangeEmpty(what="单元")
    with transaction.atomic():
        made = Exchange.objects.create(
            kind=kind, division_id=division, on=on, form=form if kind == K.REGISTER else "", unit_kind=unit_kind,
            is_official=is_official, purpose=said, user_id=actor.user_id, made_at=at,
        )  # fmt: skip
        made.job = _job("registry.export", made, actor, at)
        made.save(update_fields=["job"])
        facts = {"kind": str(kind), "form": made.form, "unit_kind": unit_kind, "on": on, "whole_numbers": is_official}
        record(verb="registry.exchange.asked", subject=made, actor=actor, at=at, facts=facts)
    return made


def take_file(
    *,
    kind: Exchange.Kind,
    content: bytes | IO[bytes],
    name: str,
    outlines: tuple[IO[bytes], str] | None = None,
    actor: Actor,
    at: datetime,
) -> Exchange:
    """Take a file of the other side (上传) and have it checked in the background.

    Raises: Forbidden without a division, and whatever ``files.store`` refuses.
    """
    if actor.division is None:
        raise Forbidden()
    kinds = TABLE_KINDS if kind == K.CONTRACTS_IN else {FileKind.ZIP}
    blob = files.store(content, name=name, kinds=kinds, at=at)
    shapes = files.store(outlines[0], name=outlines[1], kinds=OUTLINE_KINDS, at=at) if outlines else None
    with transaction.atomic():
        made = Exchange.objects.create(
            kind=kind, division_id=actor.division, on=legal_day(at), given=blob, outlines=shapes,
            file_name=files.plain_name(name), user_id=actor.user_id, made_at=at,
        )  # fmt: skip
        made.job = _job("registry.check", made, actor, at)
        made.save(update_fields=["job"])
        facts = {"kind": str(kind), "sha256": blob.digest}
        record(verb="registry.exchange.taken", subject=made, actor=actor, at=at, facts=facts)
    return made


def _job(key: str, of: Exchange, actor: Actor, at: datetime) -> Job:
    return jobs.start(
        key,
        args={"exchange_id": of.pk, "by": actor.as_args()},
        title=f"{of.get_kind_display()} {of.file_name}".strip(),
        href=f"/registry/exchange/{of.pk}/",
        division=of.division_id,
        actor=actor,
        at=at,
    )


# -- out -------------------------------------------------------------------------------------------------------------


def run_export(work: Work, *, exchange_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """Write the file of an export. A repeat writes it anew, unless it is done."""
    of = Exchange.objects.select_related("division").get(pk=exchange_id)
    if of.state != S.WORKING:
        return {"state": of.state}
    wanted = Wanted(of.division_id, of.on, of.made_at, of.unit_kind)
    total = units_wanted(wanted, actor=actor).order_by().count()
    try:
        with tempfile.TemporaryDirectory(prefix="ronghe-exchange-") as folder:
            file, name, counts = _written(work, of, wanted, Path(folder), total, actor=actor, at=at)
            with file.open("rb") as content:
                blob = files.store(content, name=name, limit=LARGEST, at=at)
    except DomainError as error:
        Exchange.objects.filter(pk=of.pk).update(state=S.FAILED, failure=error.text)
        raise
    with transaction.atomic():
        Exchange.objects.filter(pk=of.pk, state=S.WORKING).update(
            state=S.DONE, done_at=at, made=blob, file_name=name, counts={"units": total, **counts}
        )
        facts = {"sha256": blob.digest, "units": total}
        record(verb="registry.exchange.made", subject=of, actor=actor, at=at, facts=facts)
    return {"state": "done", "units": total}


def _written(
    work: Work, of: Exchange, wanted: Wanted, folder: Path, total: int, *, actor: Actor, at: datetime
) -> tuple[Path, str, dict[str, int]]:
    """The file, its name, and what it holds. Raises: ExchangeEmpty."""
    numbers = Numbers(of, actor=actor, at=at)
    stem = f"{of.division.name}{of.get_kind_display()}-{of.on:%Y%m%d}"

    def tell(done: int) -> None:
        work.progress(done % 1_000_000, total, f"正在写入（第 {done // 1_000_000 + 1} 遍）")

    if of.kind == K.PACKAGE_OUT:
        file = folder / "package.zip"
        return file, f"{stem}.zip", write_package(file, of, wanted, numbers, actor=actor, tell=tell)
    if of.kind == K.CONTRACTS_OUT:
        file = folder / "contracts.zip"
        counts = write_contracts(file, folder, wanted, numbers, of=of, actor=actor, at=at, tell=tell)
        if not counts.get("CBDKXX"):
            raise ExchangeEmpty(what="承包地块")
        return file, f"{stem}.zip", counts
    if of.form == XLSX:
        file = folder / "register.xlsx"
        with file.open("wb") as out:
            save_workbook(sheets(wanted, numbers, actor=actor, tell=tell), out)
        return file, f"{stem}.xlsx", {}
    form = Format(of.form)
    file, count = write_features(folder, features(wanted, numbers, actor=actor, tell=tell), form=form)
    if not count:
        raise ExchangeEmpty(what="图形")
    return file, f"{stem}.{'zip' if form is Format.SHP else form.value}", {"features": count}


# -- in --------------------------------------------------------------------------------------------------------------


def run_check(work: Work, *, exchange_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """Check what was given whole; nothing is written to the register. A repeat checks anew."""
    of = Exchange.objects.get(pk=exchange_id)
    if of.state not in (S.WORKING, S.FAULTY, S.READY):
        return {"state": of.state}
    try:
        if of.kind != K.CONTRACTS_IN:
            return _check_package(work, of, actor, at)
        work.progress(0, 1, "正在核对")
        found, book = _read(of, actor=actor, at=at)
    except DomainError as error:
        Exchange.objects.filter(pk=of.pk).update(
            state=S.FAULTY, failure=error.text, groups=[], faults=[], counts={}, made=None
        )
        return {"state": "faulty"}
    marked = None
    if found.faults:
        made = contract_files.annotated(book, found.sheets, found.faults)
        marked = files.store(made, name="标注.xlsx", kinds={FileKind.XLSX}, at=at)
    told = [[one.line, one.field, contract_files.label_of(one), one.what] for one in found.doubts[:MOST_SHOWN]]
    _settle(
        of, S.FAULTY if found.faults else S.READY, {**found.counts, "doubts": len(found.doubts)}, found.faults,
        contract_files.label_of, made=marked, doubts=told,
    )  # fmt: skip
    return {"state": "faulty" if found.faults else "ready", **found.counts}


def _read(of: Exchange, *, actor: Actor, at: datetime) -> tuple[contracts_in.Read, bytes]:
    """The tables of an import with all that is wrong with them, and the workbook itself."""
    assert of.given_id is not None  # a file was taken
    book, packed, packed_name = contract_files.tables_in(files.content(of.given_id))
    outlines = None
    if of.outlines is not None:
        outlines = (files.content(of.outlines.digest), of.outlines.as_kind, "图形文件")
    elif packed is not None:
        outlines = (packed, FileKind.GPKG, packed_name)
    return contracts_in.checked(book, name=of.file_name, outlines=outlines, actor=actor, at=at), book


def _check_package(work: Work, of: Exchange, actor: Actor, at: datetime) -> dict[str, Any]:
    """A package that is only verified is done when it is sound; one that is to be entered is ready then."""
    counts, faults, doubts, marked = packaging.read_package(work, of, actor=actor, at=at)
    is_over = of.kind == K.PACKAGE_CHECK and not faults
    state = S.FAULTY if faults else S.DONE if is_over else S.READY
    told = [[one.line, one.field, packaging.label_of(one), one.what] for one in doubts[:MOST_SHOWN]]
    _settle(
        of, state, counts, faults, packaging.label_of, done_at=at if is_over else None, doubts=told, made=marked
    )  # fmt: skip
    if is_over:
        with transaction.atomic():
            record(
                verb="registry.exchange.verified", subject=of, actor=actor, at=at, facts={"rows": sum(counts.values())}
            )
    return {"state": str(state), **counts}


def _settle(
    of: Exchange,
    state: Exchange.State,
    counts: dict[str, int],
    faults: list[Fault],
    label: Callable[[Fault], str],
    **more: Any,
) -> None:
    groups = Counter((label(one), one.what[:40]) for one in faults)
    Exchange.objects.filter(pk=of.pk).update(
        state=state,
        failure="",
        counts={**counts, "bad": len({(one.table, one.line) for one in faults})},
        groups=[[where, what, number] for (where, what), number in groups.most_common(30)],
        faults=[[one.line, one.field, label(one), one.what] for one in faults[:MOST_SHOWN]],
        **more,
    )


@transaction.atomic
def start_apply(*, exchange_id: int, judged: str = "", actor: Actor, at: datetime) -> Exchange:
    """Have sound tables, or a sound package, entered in the register (导入), by another than who brought them. Locks: Exchange.

    A repeat starts nothing more. Args: ``judged`` says how what rules could not decide was judged.
    Raises: ExchangeNotFound, ExchangeNotReady, ExchangeOwnFile, ExchangeToJudge.
    """
    seen = Exchange.objects.visible_to(actor).filter(pk=exchange_id, kind__in=Exchange.ENTERED).exists()
    found = Exchange.objects.select_for_update(of=("self",)).filter(pk=exchange_id).first() if seen else None
    if found is None:
        raise ExchangeNotFound(exchange=exchange_id)
    if found.state in (S.APPLYING, S.DONE):
        return found
    if found.state != S.READY:
        raise ExchangeNotReady(exchange=exchange_id, state=found.get_state_display())
    if found.user_id is not None and found.user_id == actor.user_id:
        raise ExchangeOwnFile(exchange=exchange_id)
    said = " ".join(judged.split())[:200]
    if found.doubts and len(said) < LEAST_PURPOSE:
        raise ExchangeToJudge(count=found.counts["doubts"], first=found.doubts[0][3], least=LEAST_PURPOSE)
    found.state, found.applied_by_id, found.judged = S.APPLYING, actor.user_id, said if found.doubts else ""
    found.job = _job("registry.apply", found, actor, at)
    found.save(update_fields=["state", "applied_by", "judged", "job"])
    return found


def run_apply(work: Work, *, exchange_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """Enter what was checked in one transaction: everything, or nothing when a worker dies or something has changed."""
    try:
        with transaction.atomic():
            return _applied(work, exchange_id, actor, at)
    except DomainError as error:
        Exchange.objects.filter(pk=exchange_id).update(state=S.FAILED, failure=error.text)
        raise


def _applied(work: Work, exchange_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    of = Exchange.objects.select_for_update(of=("self",)).get(pk=exchange_id)
    if of.state != S.APPLYING:
        return {"state": of.state}
    assert of.given_id is not None
    if of.kind == K.PACKAGE_IN:
        package = packaging.read_to_enter(work, of, actor=actor, at=at)
        _refuse_changed(of, package.faults, package.doubts, packaging.label_of)
        made = packaging.enter_package(work, of, package, actor=actor, at=at)
    else:
        found, _ = _read(of, actor=actor, at=at)
        _refuse_changed(of, found.faults, found.doubts, contract_files.label_of)
        made = contracts_in.apply(
            found, title=f"承包交换表 {of.file_name}", blob_id=of.given_id, actor=actor, at=at, tell=work.progress
        )
    of.state, of.done_at, of.counts = S.DONE, at, {**of.counts, **made}
    of.save(update_fields=["state", "done_at", "counts"])
    facts = {**made, "on": legal_day(at), "digest": digest_of_entry(of.given_id, at)}
    record(verb="registry.exchange.applied", subject=of, actor=actor, at=at, facts=facts)
    return {"state": "done", **made}


def _refuse_changed(of: Exchange, faults: list[Fault], doubts: list[Fault], label: Callable[[Fault], str]) -> None:
    """What was sound at the check may be so no more. Raises: ExchangeFaulty, ExchangeToJudge."""
    if faults:
        raise ExchangeFaulty(count=len(faults), first=f"{label(faults[0])}：{faults[0].what}")
    if len(doubts) > of.counts.get("doubts", 0):  # layers have changed since a person judged
        raise ExchangeToJudge(count=len(doubts), first=doubts[0].what, least=LEAST_PURPOSE)


@transaction.atomic
def note_reading(*, of: Exchange, actor: Actor, at: datetime) -> None:
    """Somebody has fetched a file with what stands in the register: who and when is kept."""
    record(verb="registry.exchange.read", subject=of, actor=actor, at=at, facts={"whole_numbers": of.is_official})
