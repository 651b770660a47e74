"""登记事项: what may be applied for, in which procedure, what it concerns, who may apply for it, and for what causes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from .kinds import (
    NEEDS_PARENT,
    PARENTS,
    RIGHT_TITLES,
    USE_RIGHTS,
    Act,
    RestrictionKind,
    RightKind,
)


class Matter(StrEnum):
    """登记事项: a registration of one kind, or what ends it."""

    FIRST = "first"
    CHANGE = "change"
    SPLIT = "split"
    MERGE = "merge"
    HOUSE = "house"
    EXTENSION = "extension"
    TRANSFER = "transfer"
    CANCELLATION = "cancellation"
    CORRECTION = "correction"
    OBJECTION = "objection"
    OBJECTION_END = "objection_end"
    ADVANCE_NOTICE = "advance_notice"
    ADVANCE_NOTICE_END = "advance_notice_end"
    SEIZURE = "seizure"
    SEIZURE_END = "seizure_end"
    EASEMENT = "easement"
    EASEMENT_END = "easement_end"
    MORTGAGE = "mortgage"
    MORTGAGE_CHANGE = "mortgage_change"
    MORTGAGE_TRANSFER = "mortgage_transfer"
    MORTGAGE_END = "mortgage_end"
    OPERATION = "operation"
    OPERATION_END = "operation_end"
    RESIDENCE = "residence"
    RESIDENCE_END = "residence_end"
    LETTING = "letting"
    LETTING_END = "letting_end"

    @property
    def told(self) -> "Told":
        return MATTERS[self]

    @property
    def title(self) -> str:  # type: ignore[override]
        return MATTERS[self].title


class Cause(StrEnum):
    """登记原因."""

    FIRST = "first"
    SALE = "sale"
    SWAP = "swap"
    GIFT = "gift"
    CONTRIBUTION = "contribution"
    INHERITANCE = "inheritance"
    BEQUEST = "bequest"
    JUDGMENT = "judgment"
    FACTS = "facts"
    WAIVER = "waiver"
    EXPIRY = "expiry"
    MISTAKE = "mistake"
    CONTRACT = "contract"
    SETTLED = "settled"

    @property
    def title(self) -> str:  # type: ignore[override]
        return CAUSE_TITLES[self]


CAUSE_TITLES: dict[Cause, str] = {
    Cause.FIRST: "首次登记",
    Cause.SALE: "转让（买卖）",
    Cause.SWAP: "互换",
    Cause.GIFT: "赠与",
    Cause.CONTRIBUTION: "出资入股",
    Cause.INHERITANCE: "继承",
    Cause.BEQUEST: "受遗赠",
    Cause.JUDGMENT: "生效法律文书或政府生效决定",
    Cause.FACTS: "姓名名称或自然状况变更",
    Cause.WAIVER: "不动产灭失或权利人放弃权利",
    Cause.EXPIRY: "期限届满或权利人死亡",
    Cause.MISTAKE: "更正登记或异议登记",
    Cause.CONTRACT: "合同约定",
    Cause.SETTLED: "债务清偿、约定解除或机关解除",
}
#: Causes for which one side alone may apply, as ``registration.one_sided.causes`` names them.
ONE_SIDED: dict[Cause, str] = {
    one: CAUSE_TITLES[one]
    for one in (
        Cause.FIRST,
        Cause.INHERITANCE,
        Cause.BEQUEST,
        Cause.JUDGMENT,
        Cause.FACTS,
        Cause.WAIVER,
        Cause.EXPIRY,
        Cause.MISTAKE,
    )
}
#: Causes by which land or a house is acquired against deed tax; contracted land is not taxed (契税法 第二条). A judgment
#: passes it as a sale or gift does; of those who get it by a death the heirs at law alone are free (契税法 第六条).
TAXED = frozenset({Cause.SALE, Cause.SWAP, Cause.GIFT, Cause.CONTRIBUTION, Cause.JUDGMENT, Cause.BEQUEST})
UNTAXED_KINDS = frozenset({RightKind.CONTRACT, RightKind.CONTRACT_TREES, RightKind.OPERATION})


class Concern(StrEnum):
    """What a matter concerns in its unit."""

    UNIT = "unit"
    RIGHT = "right"
    RESTRICTION = "restriction"


@dataclass(frozen=True, slots=True)
class Told:
    """What is declared of a matter.

    ``bars`` is the registration by whose name ``rules.hindrances`` judges it; empty where nothing in the register bars it.
    ``excludes`` says that no other such application may be open on the unit; ``watches``, that nothing of what it was
    applied for may have changed when it is entered.
    """

    title: str
    procedure: str
    act: Act
    bars: str
    causes: tuple[Cause, ...]
    concern: Concern = Concern.UNIT
    kinds: frozenset[int] = frozenset()
    excludes: bool = True
    watches: bool = True
    is_for_applicants: bool = True

    @property
    def registration(self) -> str:
        """The registration (登记类型) under which periods, fees and applicants are fixed."""
        return self.bars or self.act.title


_R, _K, _C = RightKind, RestrictionKind, Cause
_FACTS = (_C.FACTS, _C.JUDGMENT)
_ENDS = (_C.SETTLED, _C.WAIVER, _C.EXPIRY, _C.JUDGMENT)
_RIGHT_ENDS = (_C.EXPIRY, _C.WAIVER, _C.SETTLED, _C.JUDGMENT)
_TRANSFERABLE = frozenset(int(k) for k in (USE_RIGHTS | {_R.OPERATION}))
_ALL_RIGHTS = frozenset(int(k) for k in RIGHT_TITLES)
#: What runs for a term may run on; a lease is made anew, for no more years than one may have (民法典 第七百零五条).
_EXTENDABLE = _ALL_RIGHTS - {int(k) for k in (_R.COLLECTIVE_OWNERSHIP, _R.QUALIFICATION, _R.LETTING)}


def _end(title: str, procedure: str, kind: RestrictionKind, *, by_applicants: bool = True) -> Told:
    """What lifts a restriction: it disposes of nothing, and so nothing bars it."""
    return Told(
        title, procedure, Act.CANCELLATION, "", _ENDS, Concern.RESTRICTION, frozenset({int(kind)}), excludes=False,
        watches=False, is_for_applicants=by_applicants,
    )  # fmt: skip


MATTERS: dict[Matter, Told] = {
    Matter.FIRST: Told("首次登记", "first", Act.FIRST, "首次登记", (_C.FIRST, _C.JUDGMENT)),
    Matter.CHANGE: Told("变更登记", "change", Act.CHANGE, "变更登记", _FACTS),
    Matter.SPLIT: Told("变更登记（分割）", "change", Act.CHANGE, "变更登记", _FACTS),
    Matter.MERGE: Told("变更登记（合并）", "change", Act.CHANGE, "变更登记", _FACTS),
    Matter.HOUSE: Told("变更登记（房地一体）", "change", Act.CHANGE, "变更登记", _FACTS),
    Matter.EXTENSION: Told(
        "变更登记（续期）", "change", Act.CHANGE, "变更登记", (_C.CONTRACT, _C.JUDGMENT), Concern.RIGHT, _EXTENDABLE
    ),
    Matter.TRANSFER: Told(
        "转移登记", "transfer", Act.TRANSFER, "转移登记",
        (_C.SALE, _C.SWAP, _C.GIFT, _C.CONTRIBUTION, _C.INHERITANCE, _C.BEQUEST, _C.JUDGMENT), Concern.RIGHT, _TRANSFERABLE,
    ),
    Matter.CANCELLATION: Told(
        "注销登记", "cancellation", Act.CANCELLATION, "注销登记", (_C.WAIVER, _C.EXPIRY, _C.SETTLED, _C.JUDGMENT), Concern.RIGHT,
        _ALL_RIGHTS,
    ),
    Matter.CORRECTION: Told(
        "更正登记", "correction", Act.CORRECTION, "更正登记", (_C.MISTAKE, _C.JUDGMENT), Concern.RIGHT, _ALL_RIGHTS,
        excludes=False,
    ),
    Matter.OBJECTION: Told(
        "异议登记", "objection", Act.OBJECTION, "", (_C.MISTAKE,), excludes=False, watches=False
    ),
    Matter.OBJECTION_END: _end("异议注销", "objection", _K.OBJECTION),
    Matter.ADVANCE_NOTICE: Told(
        "预告登记", "advance_notice", Act.ADVANCE_NOTICE, "预告登记", (_C.CONTRACT,), Concern.RIGHT, _TRANSFERABLE
    ),
    Matter.ADVANCE_NOTICE_END: _end("预告注销", "advance_notice", _K.ADVANCE_NOTICE),
    Matter.SEIZURE: Told(
        "查封登记", "seizure", Act.SEIZURE, "", (_C.JUDGMENT,), excludes=False, watches=False, is_for_applicants=False
    ),
    Matter.SEIZURE_END: _end("解除查封", "seizure", _K.SEIZURE, by_applicants=False),
    Matter.EASEMENT: Told(
        "地役权登记", "easement", Act.FIRST, "地役权登记", (_C.CONTRACT, _C.JUDGMENT), Concern.RIGHT,
        frozenset(int(k) for k in USE_RIGHTS | {_R.COLLECTIVE_OWNERSHIP}), is_for_applicants=False,
    ),
    Matter.EASEMENT_END: _end("地役权注销", "easement", _K.EASEMENT, by_applicants=False),
    Matter.MORTGAGE: Told(
        "抵押登记", "mortgage", Act.FIRST, "抵押登记", (_C.CONTRACT,), Concern.RIGHT, _ALL_RIGHTS
    ),
    Matter.MORTGAGE_CHANGE: Told(
        "抵押变更", "mortgage", Act.CHANGE, "抵押登记", (_C.CONTRACT, _C.JUDGMENT), Concern.RESTRICTION,
        frozenset({int(_K.MORTGAGE)}),
    ),
    Matter.MORTGAGE_TRANSFER: Told(
        "抵押转移", "mortgage", Act.TRANSFER, "抵押登记", (_C.CONTRACT, _C.INHERITANCE, _C.JUDGMENT), Concern.RESTRICTION,
        frozenset({int(_K.MORTGAGE)}),
    ),
    Matter.MORTGAGE_END: _end("抵押注销", "mortgage", _K.MORTGAGE),
    Matter.OPERATION: Told(
        "经营权登记", "operation", Act.FIRST, "经营权登记", (_C.CONTRACT, _C.CONTRIBUTION), Concern.RIGHT,
        frozenset(int(k) for k in PARENTS[_R.OPERATION]),
    ),
    Matter.OPERATION_END: Told(
        "经营权注销", "operation", Act.CANCELLATION, "注销登记", _RIGHT_ENDS, Concern.RIGHT,
        frozenset({int(_R.OPERATION)}),
    ),
    Matter.RESIDENCE: Told(
        "居住权登记", "residence", Act.FIRST, "居住权登记", (_C.CONTRACT, _C.INHERITANCE, _C.BEQUEST, _C.JUDGMENT), Concern.RIGHT,
        frozenset(int(k) for k in PARENTS[_R.RESIDENCE]),
    ),
    Matter.RESIDENCE_END: Told(
        "居住权注销", "residence", Act.CANCELLATION, "注销登记", _RIGHT_ENDS, Concern.RIGHT,
        frozenset({int(_R.RESIDENCE)}),
    ),
    Matter.LETTING: Told(
        "宅基地流转登记", "letting", Act.FIRST, "流转登记", (_C.CONTRACT, _C.CONTRIBUTION), Concern.RIGHT,
        frozenset(int(k) for k in PARENTS[_R.LETTING]),
    ),
    Matter.LETTING_END: Told(
        "宅基地流转注销", "letting", Act.CANCELLATION, "注销登记", _RIGHT_ENDS, Concern.RIGHT,
        frozenset({int(_R.LETTING)}),
    ),
}  # fmt: skip

#: What an authority orders: no party applies for it (不动产登记暂行条例 第十四条).
ORDERS = frozenset({Matter.SEIZURE, Matter.SEIZURE_END})
#: What a first registration may enter; derived rights have matters of their own, but for the qualification.
FIRST_KINDS = frozenset(RIGHT_TITLES) - (NEEDS_PARENT - {_R.QUALIFICATION})
#: Rights whose first registration is told to the public before it is entered.
NOTICED = frozenset(
    {
        _R.COLLECTIVE_OWNERSHIP, _R.HOMESTEAD_USE, _R.HOMESTEAD_HOUSE, _R.COLLECTIVE_USE, _R.COLLECTIVE_HOUSE,
        _R.CONTRACT, _R.CONTRACT_TREES,
    }
)  # fmt: skip


def needs_notice(matter: Matter, kind: int | None, *, is_ex_officio: bool) -> bool:
    """Whether the public is told first: of a first registration of these rights, of a correction ex officio.

    Source: 不动产登记暂行条例实施细则 第十七条, as domain/land.md a7 tells it (unverified).
    """
    if matter is Matter.CORRECTION:
        return is_ex_officio
    return matter is Matter.FIRST and kind in {int(one) for one in NOTICED}


#: Consents and proofs that applications may bring, by the names of their fields.
PROOFS = ("deed_tax_proof", "mortgagee_consents", "notice_holder_consents")


def proofs_asked(matter: Matter) -> tuple[str, ...]:
    """Which of them such an application may bring, now or later."""
    if not matter.told.bars or matter is Matter.FIRST:
        return ()
    return PROOFS if matter is Matter.TRANSFER else PROOFS[1:]


def needs_site_check(matter: Matter, kind: int | None, cause: Cause) -> bool:
    """实地查看: whether somebody looks at the place: at what a house is registered for, and at what is said to be no more."""
    houses = {int(one) for one in (_R.HOMESTEAD_HOUSE, _R.COLLECTIVE_HOUSE, _R.STATE_USE_HOUSE)}
    if matter is Matter.FIRST:
        return kind in houses
    return matter is Matter.HOUSE or (matter is Matter.CANCELLATION and cause is Cause.WAIVER and kind in houses)


def is_taxed(matter: Matter, kind: int | None, cause: Cause) -> bool:
    """Whether deed tax is due on it, so that its proof is looked at. Source: 契税法 第二条、第十一条."""
    return matter is Matter.TRANSFER and cause in TAXED and kind not in {int(one) for one in UNTAXED_KINDS}


def shared_areas(whole: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """The registered area of a whole over its parts in proportion to their outlines, to the hundredth, none lost.

    What rounding leaves goes to the parts with the largest remainders; the earlier of equal ones first.
    """
    total = sum(weights, Decimal(0))
    if not weights or total <= 0:
        raise ValueError("parts have areas above zero")
    cents = int(whole * 100)
    exact = [cents * weight / total for weight in weights]
    parts = [int(one.to_integral_value(ROUND_FLOOR)) for one in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: parts[i] - exact[i])
    for i in by_remainder[: cents - sum(parts)]:
        parts[i] += 1
    return [Decimal(part) / 100 for part in parts]
