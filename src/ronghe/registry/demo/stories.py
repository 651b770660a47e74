"""What happened in the villages of the demonstration since they were registered: told with the services, one act after another."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import shapely

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.clock import LEGAL_ZONE
from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.kernel.parties.services import leave_member, record_death, register_body
from ronghe.kernel.spatial.rules import area_m2, as_multipolygon

from .. import services
from ..models import RRR, Responsibility
from ..rules.kinds import RestrictionKind, RightKind, SourceKind
from ..services import Holder, NewPart, Term
from .layout import Drawn
from .loading import Village


def tell(villages: Sequence[tuple[Village, Drawn]], *, today: date) -> None:
    """Tell the stories in the first villages; the farmer of the demonstration lives in the very first, which stays quiet
    but for a lease."""
    if not villages:
        return
    cooperative = _cooperative(villages[0][0], today)
    for village, _ in villages[:3]:
        _lease(village, cooperative, today)
        _let(village, cooperative)
    for nth, (village, drawn) in enumerate(villages[1:6]):
        _burdens(village, nth, today)
        _people(village)
        _easement(village)
        if nth < 2:
            _split_and_merge(village, drawn, today)
            _second_homestead(village, today)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(15), LEGAL_ZONE)


def _source(village: str, kind: SourceKind, title: str, on: date) -> int:
    return services.keep_source(kind=kind, title=f"{title}（演示）", issued_on=on, division=village).pk


def _right(unit: int, *kinds: RightKind) -> RRR:
    return RRR.objects.filter(baunit=unit, sort="right", kind__in=[int(k) for k in kinds]).order_by("pk")[0]


def _use(unit: int) -> RRR:
    return _right(unit, RightKind.HOMESTEAD_HOUSE, RightKind.HOMESTEAD_USE)


def _people(village: Village) -> None:
    """A head died and the widow follows; a grown child married away to town."""
    for n, household in enumerate(village.households[30:40]):
        rows = list(
            HouseholdMember.objects.current().filter(household=household).select_related("person").order_by("pk")
        )
        spouse = next((row for row in rows if row.relation == "12"), None)
        child = next((row for row in rows if row.relation in ("20", "30")), None)
        if n == 0 and spouse is not None and len(rows) == 2:
            record_death(
                person_id=rows[0].person_id, on=date(2024, 9, 14), new_head_id=spouse.person_id, actor=SYSTEM,
                at=_at(date(2024, 9, 20)),
            )  # fmt: skip
        elif n < 4 and child is not None and not any(row.relation in ("38", "41", "42") for row in rows):
            leave_member(
                household_id=household,
                person_id=child.person_id,
                on=date(2025, 2, 10),
                actor=SYSTEM,
                at=_at(date(2025, 2, 12)),
            )


def _cooperative(village: Village, today: date) -> Party:
    known = Party.objects.filter(division=village.division, kind="cooperative", is_demo=True).first()
    return known or register_body(
        kind=Party.Kind.COOPERATIVE, name=f"{village.name}丰禾农机专业合作社（演示）", division=village.division, uscc="",
        actor=SYSTEM, at=_at(today - timedelta(days=1500)), is_demo=True,
    )  # fmt: skip


def _lease(village: Village, cooperative: Party, today: date) -> None:
    """Some fields are leased to a cooperative within the contract's term; one of these rights is pledged to a bank."""
    began = date(2022, 10, 1)
    for n, plot in enumerate(village.plots[1:10:2]):
        contract = _right(plot, RightKind.CONTRACT)
        source = _source(village.division, SourceKind.AGREEMENT, "土地经营权流转合同", began)
        made = services.grant_right(
            baunit_id=plot, kind=RightKind.OPERATION, holders=[Holder(cooperative.pk)], term=Term(began, date(2029, 10, 1)),
            source_id=source, parent_id=contract.pk, actor=SYSTEM, at=_at(date(2022, 10, 12)),
        )  # fmt: skip
        services.bind(
            rrr_id=made.pk,
            kind=Responsibility.Kind.FARM_USE,
            text="用于粮食种植，不改变农业用途。",
            source_id=source,
            actor=SYSTEM,
            at=_at(date(2022, 10, 12)),
        )
        services.certify(rrr_id=made.pk, on=date(2022, 10, 12), actor=SYSTEM, at=_at(date(2022, 10, 12)))
        if n == 0:
            _mortgage(village, plot, made, today)


#: Old houses of the village that its cooperative runs as an inn.
_INN = (41, 42)


def _let(village: Village, cooperative: Party) -> None:
    """The use of two homesteads is let for ten years, within the lease of the law: ownership and qualification stay."""
    began = date(2025, 4, 1)
    for number in _INN:
        unit = village.homesteads[number] if number < len(village.homesteads) else None
        if unit is None:
            continue
        made = services.grant_right(
            baunit_id=unit, kind=RightKind.LETTING, holders=[Holder(cooperative.pk)], term=Term(began, date(2035, 4, 1)),
            source_id=_source(village.division, SourceKind.CONTRACT, "闲置农房租赁合同", began), parent_id=_use(unit).pk,
            actor=SYSTEM, at=_at(date(2025, 4, 9)),
        )  # fmt: skip
        services.certify(rrr_id=made.pk, on=date(2025, 4, 9), actor=SYSTEM, at=_at(date(2025, 4, 9)))


def _mortgage(village: Village, plot: int, right: RRR, today: date) -> None:
    signed = date(2025, 4, 8)
    pledged = services.restrict(
        baunit_id=plot, kind=RestrictionKind.MORTGAGE, term=Term(signed, date(2028, 4, 8)), parent_id=right.pk,
        holder="惠农村镇银行（演示）", amount_fen=30_000_000, text="土地经营权抵押贷款",
        source_id=_source(village.division, SourceKind.AGREEMENT, "抵押合同", signed), actor=SYSTEM, at=_at(signed),
    )  # fmt: skip
    services.certify(rrr_id=pledged.pk, on=signed, actor=SYSTEM, at=_at(signed))


def _burdens(village: Village, nth: int, today: date) -> None:
    """A seizure, an objection, an advance notice, an illegal occupation: one in each village."""
    unit = village.homesteads[nth]
    if nth == 0:
        on, kind, source = date(2026, 6, 15), RestrictionKind.SEIZURE, SourceKind.SEIZURE_ORDER
        term, holder, text = Term(on, date(2029, 6, 15)), "演示县人民法院", "民间借贷纠纷执行案，查封三年"
    elif nth == 1:
        on, kind, source = today - timedelta(days=6), RestrictionKind.OBJECTION, SourceKind.APPLICATION
        term, holder, text = Term(on), "邻户（演示）", "对西侧界址有异议"
    elif nth == 2:
        on, kind, source = date(2026, 10, 20), RestrictionKind.ADVANCE_NOTICE, SourceKind.AGREEMENT
        term, holder, text = Term(on), "受让户（演示）", "本集体内部转让预告"
    elif nth == 3:
        on, kind, source = date(2023, 8, 1), RestrictionKind.ILLEGAL_OCCUPATION, SourceKind.OTHER
        term, holder, text = Term(on), "", "超占村道 38 平方米，责令整改"
    else:
        return
    services.restrict(
        baunit_id=unit, kind=kind, term=term, holder=holder, text=text,
        source_id=_source(village.division, source, kind.title, on), actor=SYSTEM, at=_at(on),
    )  # fmt: skip


def _easement(village: Village) -> None:
    """Whoever works one field leads water through that of a neighbour."""
    servient, dominant = village.plots[16], village.plots[17]
    on = date(2024, 3, 20)
    made = services.register_easement(
        rrr_id=_right(servient, RightKind.CONTRACT).pk, dominant_id=dominant, until=None, on=on,
        text="沿地块东侧埋设灌溉管道取水，每年清淤一次（演示）", actor=SYSTEM, at=_at(on),
        source_id=_source(village.division, SourceKind.AGREEMENT, "地役权合同", on),
    )  # fmt: skip
    services.certify(rrr_id=made.pk, on=on, actor=SYSTEM, at=_at(on))


#: Homesteads that others of the demonstration's stories and cases are about.
_TOLD_OF = (20, 21, 30, 31)


def _split_and_merge(village: Village, drawn: Drawn, today: date) -> None:
    """Last spring a homestead was divided, and another household inherited one half; two plots of one holder became one."""
    on = date(2026, 3, 18)
    # Land without a house is divided by a line alone.
    land = (n for n, house in enumerate(drawn.houses) if n >= 8 and house is None and n not in _TOLD_OF)
    number = next(land, None)
    if number is None:
        return
    shape = drawn.homesteads[number]
    west, south, east, north = shape.bounds
    middle = (west + east) / 2
    whole = area_m2(as_multipolygon(shape)[0])
    half = (whole / 2).quantize(Decimal("0.01"))
    parts = [
        NewPart(shapely.box(west, south, middle, north), half),
        NewPart(shapely.box(middle, south, east, north), whole - half),
    ]
    survey = services.keep_survey(
        title="分割测绘（演示）", surveyed_on=on, division=village.division, surveyor="演示测绘队"
    ).pk
    source = _source(village.division, SourceKind.INHERITANCE, "遗产分割协议", on)
    _, given = services.split_unit(
        baunit_id=village.homesteads[number],
        parts=parts,
        on=on,
        survey_id=survey,
        source_id=source,
        actor=SYSTEM,
        at=_at(on),
    )
    later = on + timedelta(days=30)
    services.transfer_right(
        rrr_id=_use(given.pk).pk, to=[Holder(village.households[-1])], on=later,
        source_id=_source(village.division, SourceKind.INHERITANCE, "继承公证书", later), actor=SYSTEM, at=_at(later),
    )  # fmt: skip
    _merge(village, drawn, 13, on, survey)


def _merge(village: Village, drawn: Drawn, n: int, on: date, survey: int) -> None:
    """A field is joined with its neighbour, after its holder had got that one from another household."""
    if not drawn.fields[n].touches(drawn.fields[n + 1]):
        return
    a, b = village.plots[n], village.plots[n + 1]
    holder = _right(a, RightKind.CONTRACT).rights.order_by("pk")[0].party_id
    services.transfer_right(
        rrr_id=_right(b, RightKind.CONTRACT).pk, to=[Holder(holder)], on=on - timedelta(days=30),
        source_id=_source(village.division, SourceKind.AGREEMENT, "互换协议", on), actor=SYSTEM, at=_at(on - timedelta(days=30)),
    )  # fmt: skip
    services.merge_units(
        baunit_ids=[a, b], on=on, survey_id=survey, source_id=_source(village.division, SourceKind.AGREEMENT, "并地协议", on),
        actor=SYSTEM, at=_at(on),
    )  # fmt: skip


def _second_homestead(village: Village, today: date) -> None:
    """A household inherits the use of a second homestead: the qualification stays where it was."""
    on = date(2025, 5, 6)
    services.transfer_right(
        rrr_id=_use(village.homesteads[20]).pk, to=[Holder(village.households[21])], on=on,
        source_id=_source(village.division, SourceKind.INHERITANCE, "继承公证书", on), actor=SYSTEM, at=_at(on),
    )  # fmt: skip
