"""集体收益分配权: how the shares of a collective are divided among its households, and whether one may go to another.

A share is a whole number of hundredths (百分之一份), so that the parts of a whole add up exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction

from ronghe.policy.checks import lacks, one_of
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate

from .hindrances import KEPT_ARTS

#: What may be done with a right: 转让、赠与、继承、有偿退出, as the zone's document allows.
CAUSES = "registration.income_right.causes"
LOST = "exit.shares.income_right_lost"
QUANTIFIED = Clause("collectives-law-2024", "第四十条")
LEAVES = Clause("collectives-law-2024", "第十六条")

#: Hundredths in one 份.
WHOLE = 100
#: No collective has more than ten thousand million 份.
MOST_HUNDREDTHS = 10**12
#: So many households are named in one line of a ruling.
MOST_NAMED = 5


class IncomeMatter(StrEnum):
    """事项: what a case of an income right is about."""

    FIRST = "first"
    TRANSFER = "transfer"
    CANCEL = "cancel"

    @property
    def title(self) -> str:  # type: ignore[override]
        return {"first": "首次登记", "transfer": "转移登记", "cancel": "注销登记"}[self.value]


class IncomeCause(StrEnum):
    """登记原因: how a right came to a household, or went from it."""

    FIRST = "first"
    INHERITANCE = "inheritance"
    DIVISION = "division"
    GIFT = "gift"
    SALE = "sale"
    EXIT = "exit"
    WAIVER = "waiver"
    EXTINCTION = "extinction"
    JUDGMENT = "judgment"

    @property
    def title(self) -> str:  # type: ignore[override]
        return CAUSE_TITLES[self]


CAUSE_TITLES: dict[IncomeCause, str] = {
    IncomeCause.FIRST: "首次登记",
    IncomeCause.INHERITANCE: "继承",
    IncomeCause.DIVISION: "户内分割",
    IncomeCause.GIFT: "赠与",
    IncomeCause.SALE: "转让",
    IncomeCause.EXIT: "有偿退出",
    IncomeCause.WAIVER: "自愿放弃",
    IncomeCause.EXTINCTION: "户内成员全部死亡且无人继承",
    IncomeCause.JUDGMENT: "生效法律文书",
}
_C = IncomeCause
#: Causes by which a right goes to another, and those by which it ends.
TO_ANOTHER = (_C.INHERITANCE, _C.DIVISION, _C.GIFT, _C.SALE)
CAUSES_OF: dict[IncomeMatter, tuple[IncomeCause, ...]] = {
    IncomeMatter.FIRST: (),
    IncomeMatter.TRANSFER: (*TO_ANOTHER, _C.EXIT),
    IncomeMatter.CANCEL: (_C.WAIVER, _C.EXTINCTION, _C.JUDGMENT),
}
#: What the holder alone decides on, and what the zone's document must allow.
_BY_HOLDER = frozenset({_C.DIVISION, _C.GIFT, _C.SALE, _C.EXIT, _C.WAIVER})
_ALLOWED = frozenset({_C.INHERITANCE, _C.GIFT, _C.SALE, _C.EXIT})
_BY_TITLE = {cause.title: cause for cause in IncomeCause}


# -- quantities ------------------------------------------------------------------------------------------------------


def share_words(hundredths: int) -> str:
    """12.50 份, 3 份: as people read it."""
    whole, part = divmod(hundredths, WHOLE)
    return f"{whole:,}.{part:02} 份" if part else f"{whole:,} 份"


def hundredths(text: str) -> int:
    """A number of 份 as people write it, in hundredths. Raises: ValueError, in words that say how to mend it."""
    plain = "".join(text.split()).replace(",", "").replace("，", "").removesuffix("份")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise ValueError("份额要写成数字，如 3 或 12.50") from None
    if not number.is_finite() or number < 0 or number * WHOLE > MOST_HUNDREDTHS:
        raise ValueError("份额不能小于 0，也不能超过一百亿份")
    if number * WHOLE != int(number * WHOLE):
        raise ValueError("份额最多两位小数")
    return int(number * WHOLE)


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """Divide hundredths by weights so that the parts add up exactly; equal remainders go to the earlier weight.

    Raises: ValueError when there is nothing to divide by.
    """
    if total < 0 or min(weights, default=0) < 0 or not any(weights):
        raise ValueError("total and weights must not be negative, and some weight must be above zero")
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def proposal(members: Sequence[int], *, total: int | None, per_member: int | None) -> tuple[int, list[int]]:
    """股权设置的建议: the total and each household's part in hundredths, by the living members of each.

    With a number for each member the parts are that many times the members; with a total alone it is shared out.
    Raises: ValueError when neither is given.
    """
    if per_member is not None:
        parts = [per_member * one for one in members]
        return (sum(parts) if total is None else total), parts
    if total is None:
        raise ValueError("a total or a number for each member must be given")
    return total, share_out(total, members)


# -- entering ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IncomeRightFacts:
    """A household on the list of a collective that sets up its shares."""

    members: int | None = fact("户内在册的在世成员", unit="人")
    shares: Fraction | None = fact("拟登记给本户的份额", unit="份")
    assigned: Fraction | None = fact("清单上各户份额合计", unit="份")
    total: Fraction | None = fact("股权设置的总份数", unit="份")


@rule("registration.income_right", "集体收益分配权首次登记", room="REG", covers=(), parameters=())
def income_right(facts: IncomeRightFacts, given: Given) -> Ruling[bool | None]:
    """Whether a household may be entered with its share: somebody on the roll who lives, some quantity, no rest.

    Source: 农村集体经济组织法 第四十条 (经营性财产的收益权以份额形式量化到本集体成员).
    """
    return gate([_members(facts.members), _quantity(facts.shares), _sum(facts.assigned, facts.total)])


def _members(members: int | None) -> Step:
    if members is None:
        return lacks("members", finding="不知道户内有几名在册的在世成员", cite=(QUANTIFIED,))
    if members < 1:
        return Step((QUANTIFIED,), "户内没有在册的在世成员，不能量化到本户；请先办理成员确认，或重新按名册统计", False)
    return Step((QUANTIFIED,), f"户内在册的在世成员 {members} 人", True)


def _quantity(shares: Fraction | None) -> Step:
    if shares is None:
        return lacks("shares", finding="没有填写份额", cite=(QUANTIFIED,))
    return Step((QUANTIFIED,), f"份额 {_figure(shares)} 份" + ("" if shares > 0 else "，须大于 0"), shares > 0)


def _sum(assigned: Fraction | None, total: Fraction | None) -> Step:
    unknown = tuple(name for name, value in (("assigned", assigned), ("total", total)) if value is None)
    if assigned is None or total is None:
        return lacks(*unknown, finding="不知道总份数或各户合计", cite=(QUANTIFIED,))
    ok = assigned == total
    told = f"各户合计 {_figure(assigned)} 份，总份数 {_figure(total)} 份"
    return Step((QUANTIFIED,), told + ("" if ok else f"，相差 {_figure(abs(assigned - total))} 份，须正好相等"), ok)


def _figure(number: Fraction) -> str:
    """A number of 份 with no more decimals than it has, of hundredths at most."""
    return share_words(int(number * WHOLE)).removesuffix(" 份")


@dataclass(frozen=True, slots=True)
class Listed:
    """清单上的一户: with its living members on the day of the question and its share in hundredths."""

    name: str
    members: int
    shares: int


def list_ruling(rows: Sequence[Listed], *, total: int) -> Ruling[bool | None]:
    """The rule on every household of a list, told in three lines: who fails which of them."""
    if not rows:
        return gate([Step((QUANTIFIED,), "清单上没有农户", False)])
    assigned = Fraction(sum(row.shares for row in rows), WHOLE)
    empty = [row.name for row in rows if _members(row.members).ok is False]
    without = [row.name for row in rows if _quantity(Fraction(row.shares, WHOLE)).ok is False]
    return gate(
        [
            _each(empty, len(rows), "都有在册的在世成员", "没有在册的在世成员，请重新按名册统计"),
            _each(without, len(rows), "份额都大于 0", "没有份额，请填写"),
            _sum(assigned, Fraction(total, WHOLE)),
        ]
    )


def _each(names: Sequence[str], count: int, good: str, bad: str) -> Step:
    if not names:
        return Step((QUANTIFIED,), f"{count} 户{good}", True)
    more = f"等 {len(names)} 户" if len(names) > MOST_NAMED else ""
    return Step((QUANTIFIED,), f"{'、'.join(names[:MOST_NAMED])}{more}{bad}", False)


# -- transfer and cancellation -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IncomeChangeFacts:
    """A household's right that goes to another, back to the collective, or ends."""

    cause: str | None = fact("登记原因", choices=tuple(one.title for one in IncomeCause if one is not _C.FIRST))
    held: Fraction | None = fact("本户现有份额", unit="份")
    moved: Fraction | None = fact("这次转移或注销的份额", unit="份")
    holder_applies: bool | None = fact("由本户书面申请")
    is_kept: bool | None = fact("列入有效的转移备案")
    holder_members: int | None = fact("本户在世的人", unit="人", required=False)
    taker_members: int | None = fact("取得一方在本集体名册上的在世成员", unit="人", required=False)
    taker_was_of_household: bool | None = fact("取得一方的人原在本户", required=False)
    taker_has_exited: bool | None = fact("取得一方已经退出本集体股权", required=False)
    charter_allows_heir: bool | None = fact("章程规定或成员大会同意由非本集体成员继承", required=False)


@rule("registration.income_change", "集体收益分配权转移和注销", room="REG", covers=(), parameters=(CAUSES, LOST))
def income_change(facts: IncomeChangeFacts, given: Given) -> Ruling[bool | None]:
    """Whether a household's share may go to another household of the collective, back to the collective, or end.

    The law quantifies shares to members of this collective, so only its households take one; an heir who is none takes
    it where the charter says so, or the assembly. What a filing lists is not taken without the household's application.
    Where no document of the zone speaks of a cause, a person judges. Source: 农村集体经济组织法 第四十条; 青岛 四(三)3;
    淄博 二(二)5; 济南 三(三)4; 土地管理法 第六十二条; 农村土地承包法 第二十七条 (for what those keep who moved to town).
    """
    cause = _BY_TITLE.get(facts.cause or "")
    return gate(
        [
            _cause(facts, cause, given),
            _amount(facts),
            _applied(facts, cause),
            _kept(facts, cause),
            _taker(facts, cause),
            _of_household(facts, cause),
            _exited(facts, cause, given),
            _extinct(facts, cause),
        ]
    )


def _cause(facts: IncomeChangeFacts, cause: IncomeCause | None, given: Given) -> Step | None:
    if cause is None:
        return lacks("cause", finding="不知道登记原因")
    if cause in _ALLOWED:
        return one_of(facts, "cause", given[CAUSES], otherwise="试验区文件没有允许这种处置")
    return None


def _amount(facts: IncomeChangeFacts) -> Step:
    unknown = tuple(name for name in ("held", "moved") if getattr(facts, name) is None)
    if facts.held is None or facts.moved is None:
        return lacks(*unknown, finding="不知道本户有多少、这次动多少", cite=(QUANTIFIED,))
    ok = 0 < facts.moved <= facts.held
    told = f"本户现有 {_figure(facts.held)} 份，这次 {_figure(facts.moved)} 份"
    return Step((QUANTIFIED,), told + ("" if ok else "；须大于 0，不能多于现有份额"), ok)


def _applied(facts: IncomeChangeFacts, cause: IncomeCause | None) -> Step | None:
    if cause not in _BY_HOLDER:
        return None
    if facts.holder_applies is None:
        return lacks("holder_applies", finding="不知道是不是由本户申请", cite=(LEAVES,))
    told = "由本户书面申请" if facts.holder_applies else "不是本户申请的不能办理"
    return Step((LEAVES,), told, facts.holder_applies)


def _kept(facts: IncomeChangeFacts, cause: IncomeCause | None) -> Step:
    if facts.is_kept is None:
        return lacks("is_kept", finding="不知道有没有转移备案", cite=KEPT_ARTS)
    if not facts.is_kept:
        return Step(KEPT_ARTS, "本户没有有效的转移备案", True)
    ok = facts.holder_applies is True or cause is _C.JUDGMENT
    told = "本户有有效的转移备案，" + ("由本户自愿申请" if ok else "非本户自愿申请不得注销、收回或转移")
    return Step(KEPT_ARTS, told, ok)


def _taker(facts: IncomeChangeFacts, cause: IncomeCause | None) -> Step | None:
    """Whoever takes it is a household of the collective; an heir may be another where the charter lets it."""
    if cause not in TO_ANOTHER:
        return None
    if facts.taker_members is None:
        return lacks("taker_members", finding="不知道取得一方有没有在册的成员", cite=(QUANTIFIED,))
    if facts.taker_members > 0:
        return Step((QUANTIFIED,), f"取得一方是本集体的农户，在册的在世成员 {facts.taker_members} 人", True)
    if cause is not _C.INHERITANCE:
        told = "份额量化到本集体成员，取得一方没有在册的在世成员，不能取得；可以转给本集体的农户，或退回集体"
        return Step((QUANTIFIED,), told, False)
    if facts.charter_allows_heir is None:
        told = "继承人不是本集体成员；章程怎样规定、成员大会是否同意：未知"
        return lacks("charter_allows_heir", finding=told, cite=(QUANTIFIED,))
    told = (
        "章程规定或成员大会同意由非本集体成员继承"
        if facts.charter_allows_heir
        else "章程和成员大会不允许由非本集体成员继承"
    )
    return Step((QUANTIFIED,), told, facts.charter_allows_heir)


def _of_household(facts: IncomeChangeFacts, cause: IncomeCause | None) -> Step | None:
    if cause is not _C.DIVISION:
        return None
    if facts.taker_was_of_household is None:
        return lacks("taker_was_of_household", finding="不知道取得一方是不是从本户分出", cite=(QUANTIFIED,))
    told = "取得一方的人原在本户" if facts.taker_was_of_household else "取得一方不是从本户分出的，请按转让或赠与办理"
    return Step((QUANTIFIED,), told, facts.taker_was_of_household)


def _exited(facts: IncomeChangeFacts, cause: IncomeCause | None, given: Given) -> Step | None:
    """Whoever left the shares does not get them back, where the zone's document says so."""
    if cause not in TO_ANOTHER or not given.flag(LOST) or not facts.taker_has_exited:
        return None
    return Step(given[LOST].cite, "取得一方已经退出本集体股权，在本村永久丧失收益分配权", False)


def _extinct(facts: IncomeChangeFacts, cause: IncomeCause | None) -> Step | None:
    if cause is not _C.EXTINCTION:
        return None
    if facts.holder_members is None:
        return lacks("holder_members", finding="不知道本户还有没有人在世", cite=(QUANTIFIED,))
    left = facts.holder_members
    return Step((QUANTIFIED,), "本户已没有人在世" if not left else f"本户还有 {left} 人在世，不能以此注销", left == 0)
