"""What the page of a case shows of its application, and what the public is told of it."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from operator import attrgetter

from ronghe.kernel.clock import legal_day
from ronghe.kernel.pages import Fact
from ronghe.kernel.parties.models import Party
from ronghe.mechanisms.casework.declared import Content
from ronghe.mechanisms.casework.models import Case

from ..models import Application, ApplicationPart, SpatialUnitVersion
from ..rules.changing import PartAct
from ..rules.codes import printed
from ..rules.kinds import RightKind
from ..rules.matters import Matter
from ..rules.pledging import Shown
from ..services.blocking import acquirers_of, by_holder, hindrance_ruling, names_others
from ..services.units import ground_rows
from ..surveying.notice import told_in_public


def yuan(fen: int | None) -> str:
    """Money as people read it."""
    return "" if fen is None else f"{fen // 100:,}.{fen % 100:02d} 元"


def holders_words(application: Application, named: Callable[[Party], str] = attrgetter("name")) -> str:
    """Whom it shall belong to, with their shares. Args: ``named`` says how a holder is called."""
    rows = list(application.holders.select_related("party"))
    if len(rows) == 1 and (rows[0].share_num, rows[0].share_den) in ((1, 1), (None, None)):
        return named(rows[0].party)
    return "、".join(
        f"{named(row.party)}（{'共同共有' if row.share_num is None else Fraction(row.share_num, row.share_den or 1)}）"
        for row in rows
    )


def term_words(application: Application) -> str:
    """For when it shall hold."""
    if application.term_first is None and application.term_until is None:
        return ""
    if application.what in (Matter.EXTENSION, Matter.MORTGAGE_CHANGE):
        return f"至 {application.term_until}（不含）"
    return f"{application.term_first or '登簿之日'} 起，{f'至 {application.term_until}（不含）' if application.term_until else '长期'}"


#: What the parts of an application are called.
_PARTS = {Matter.CHANGE: "变更为", Matter.HOUSE: "房屋", Matter.MERGE: "合并的单元", Matter.EASEMENT: "需役地"}


def facts_of(application: Application) -> tuple[Fact, ...]:
    """The facts of an application, those that it has."""
    unit = application.baunit
    told = [
        Fact("登记事项", application.get_matter_display()),
        Fact("不动产单元", printed(unit.code), url=f"/registry/units/{unit.code}/", note=unit.get_kind_display()),
        Fact("登记原因", application.get_cause_display(), note="双方共同申请" if application.is_joint else ""),
        Fact("权利类型", RightKind(application.right_kind).title if application.right_kind else ""),
        Fact("登记给", holders_words(application)),
        Fact("权利期限", term_words(application)),
        Fact("权利人（机关）", application.party.name if application.party else application.holder),
        Fact("被担保债权", yuan(application.amount_fen)),
        Fact(_PARTS.get(application.what, "各部分"), _parts(application)),
        Fact("说明", application.text),
        Fact("来源材料", application.source_title, note=_origin(application)),
        Fact("同意和凭证", _proofs(application)),
        Fact("登记费", yuan(application.fee_fen) or "待地方确定", note=application.fee_note),
    ]
    return tuple(fact for fact in told if fact.value)


def _origin(application: Application) -> str:
    parts = (application.source_number, str(application.source_issued_on), application.source_issuer)
    return " ".join(part for part in parts if part)


def _proofs(application: Application) -> str:
    named = (
        (application.deed_tax_proof, "契税凭证"),
        (application.mortgagee_consents, "抵押权人书面同意"),
        (application.notice_holder_consents, "预告登记权利人书面同意"),
    )
    shown = [Shown(one).title for one in application.shown]
    return "、".join([*(title for given, title in named if given), *shown])


def _sides(part: ApplicationPart) -> str:
    sides = (("东", part.east), ("南", part.south), ("西", part.west), ("北", part.north))
    return "，".join(f"{side}至 {what}" for side, what in sides if what)


def _parts(application: Application) -> str:
    lines = []
    for part in application.parts.select_related("baunit", "party", "ground"):
        words = [
            printed(part.baunit.code) if part.baunit else "",
            PartAct(part.act).title if part.act != PartAct.CHANGED else "", part.ground.code if part.ground else "",
            "新界址" if part.geometry and application.what is Matter.CHANGE else "",
            f"{part.registered_area_m2:,} m²" if part.registered_area_m2 is not None else "",
            f"建筑面积 {part.floor_area_m2:,} m²" if part.floor_area_m2 is not None else "",
            part.use, part.location, _sides(part), part.structure, f"{part.floors} 层" if part.floors else "",
            part.party.name if part.party else "",
        ]  # fmt: skip
        lines.append(" ".join(word for word in words if word))
    return "；".join(lines)


def content_of(case: Case, on: date) -> Content:
    """What a case asks for, and whether anything in the book bars it as the book stands now."""
    application = Application.objects.select_related("baunit", "party").filter(pk=case.pk).first()
    if application is None:
        return Content(())
    bars = application.what.told.bars
    ruling = None
    if bars and not case.is_over:
        ruling = hindrance_ruling(
            application.baunit, matter=bars, on=on,
            mortgagee_consents=application.mortgagee_consents,
            notice_holder_consents=application.notice_holder_consents,
            holder_applies=by_holder(application, on=on), rrr_id=application.rrr_id,
            changes_holder=names_others(application), acquirers=acquirers_of(application),
        )  # fmt: skip
    return Content(facts_of(application), "登记簿上的限制", ruling)


def notice_text(case: Case) -> str:
    """What the public is told before the entry: who (people with masked names), where, how large, which right.

    Source: 不动产登记暂行条例实施细则 第十八条, as generally known (unverified).
    """
    application = Application.objects.select_related("baunit").get(pk=case.pk)
    unit = application.baunit
    rows: list[SpatialUnitVersion] = ground_rows(unit, on=legal_day(case.step_since))
    land = rows[0] if rows else None
    where = f"，坐落 {land.location}" if land and land.location else ""
    area = f"，登记面积 {land.registered_area_m2:,} 平方米" if land else ""
    kind = f"，权利类型：{RightKind(application.right_kind).title}" if application.right_kind else ""
    who = f"，权利人：{holders_words(application, told_in_public)}" if application.holders.exists() else ""
    return (
        f"拟对不动产单元 {printed(unit.code)} 办理{application.get_matter_display()}{where}{area}{kind}{who}。"
        "利害关系人有异议的，请在公告期内提出，并说明理由、提供证据；期满无异议或异议不成立的，予以登簿。"
    )
