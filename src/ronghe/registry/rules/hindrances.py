"""What stands in the register and bars an act: a rule of the rulebook, asked when a case is opened and when it is entered."""

from collections.abc import Collection
from dataclasses import dataclass

from ronghe.policy.checks import lacks
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate

from .kinds import RestrictionKind

MATTERS = (
    "首次登记", "转移登记", "变更登记", "注销登记", "更正登记", "异议登记", "预告登记", "查封登记", "抵押登记",
    "经营权登记", "居住权登记", "流转登记", "地役权登记",
)  # fmt: skip
OBJECTION_ART = Clause("civil-code-2020", "第二百二十条第二款")
ADVANCE_ART = Clause("civil-code-2020", "第二百二十一条")
MORTGAGE_ART = Clause("civil-code-2020", "第四百零六条")
REFUSAL_ART = Clause("registration-regulation-2019", "第二十二条")
KEPT_ARTS = (Clause("land-law-2019", "第六十二条"), Clause("contracting-law-2018", "第二十七条"))

_DISPOSALS = frozenset(
    {"转移登记", "变更登记", "注销登记", "预告登记", "抵押登记", "经营权登记", "居住权登记", "流转登记", "地役权登记"}
)


@dataclass(frozen=True, slots=True)
class HindranceFacts:
    """What burdens a unit on the day of the act."""

    matter: str | None = fact("申请的登记", choices=MATTERS)
    is_seized: bool | None = fact("已查封，尚未解除")
    has_objection: bool | None = fact("有未失效的异议登记")
    is_mortgaged: bool | None = fact("已抵押，尚未注销")
    mortgagee_consents: bool | None = fact("抵押权人书面同意", required=False)
    has_advance_notice: bool | None = fact("有未失效的预告登记")
    notice_holder_consents: bool | None = fact("预告登记的权利人书面同意", required=False)
    is_announced: bool | None = fact("取得权利的就是预告登记的权利人", required=False)
    is_illegal_occupation: bool | None = fact("列入违法占用台账，尚未处理完毕")
    keeps_rights: bool | None = fact("转移备案保留的权益，备案仍然有效")
    holder_applies: bool | None = fact("由保留权益的权利人自愿申请", required=False)
    changes_holder: bool | None = fact("更正改变权利人、份额或缩短期限，且没有生效法律文书或政府决定", required=False)


def facts_of_standing(standing: Collection[int], *, matter: str) -> HindranceFacts:
    """The facts that the kinds of the restrictions in force give."""
    return HindranceFacts(
        matter=matter,
        is_seized=RestrictionKind.SEIZURE in standing,
        has_objection=RestrictionKind.OBJECTION in standing,
        is_mortgaged=RestrictionKind.MORTGAGE in standing,
        has_advance_notice=RestrictionKind.ADVANCE_NOTICE in standing,
        is_illegal_occupation=RestrictionKind.ILLEGAL_OCCUPATION in standing,
    )


@rule(
    "registration.hindrances",
    "登记簿上的限制是否妨碍申请的登记",
    room="REG",
    covers=(),
    parameters=(),
)
def hindrances(facts: HindranceFacts, given: Given) -> Ruling[bool | None]:
    """Whether nothing in the register bars the act.

    A seizure bars every disposal until it is lifted. An objection bars disposals while it has effect. A mortgaged unit
    is disposed of with the mortgagee's written consent: the platform asks for it, also where the parties might have
    agreed otherwise. What an advance notice secures needs its holder's consent, and passes to that holder without. A unit on the roster of illegal
    occupation is neither registered first nor disposed of. What a household that moved to town has kept by a filing
    passes on or ends by its own application alone. A correction that names other holders than the book or a
    shorter term, without a judgment or decision that says so, would take from a seizure, a mortgagee, a notice's holder or
    a household that moved what they hold: it is barred as a transfer is, though not by an objection, which it may settle.
    Other corrections, objections and further seizures are never barred.
    Source: 民法典 第二百二十、二百二十一、四百零六条; 不动产登记暂行条例 第二十二条; 土地管理法 第六十二条;
    农村土地承包法 第二十七条; 淄博 二(二)2(2); 济南 三(一)1、三(一)2; 青岛 四(一)1.
    """
    if facts.matter is None:
        return gate([lacks("matter", finding="没有说明申请的是哪一类登记")])
    disposes = facts.matter in _DISPOSALS
    moves = facts.matter == "更正登记" and facts.changes_holder is True
    steps = [
        _bars(facts.is_seized, "is_seized", disposes or moves, "没有查封", "已被查封，查封解除前不能办理", REFUSAL_ART),
        _bars(
            facts.has_objection, "has_objection", disposes, "没有有效的异议登记",
            "有异议登记，注销或失效前不能办理", OBJECTION_ART,
        ),
        _with_consent(
            facts.is_mortgaged, facts.mortgagee_consents, "is_mortgaged",
            (disposes or moves) and facts.matter != "抵押登记",
            "没有抵押", "已抵押，没有抵押权人书面同意", MORTGAGE_ART,
        ),
        Step((ADVANCE_ART,), "有预告登记，转移给预告登记的权利人", True)
        if facts.has_advance_notice and facts.is_announced and facts.matter == "转移登记"
        else _with_consent(
            facts.has_advance_notice, facts.notice_holder_consents, "has_advance_notice", disposes or moves,
            "没有预告登记", "有预告登记，没有预告登记权利人书面同意", ADVANCE_ART,
        ),
        _bars(
            facts.is_illegal_occupation, "is_illegal_occupation", disposes or facts.matter == "首次登记",
            "没有列入违法占用台账", "列入违法占用台账，处理完毕前不予登记", REFUSAL_ART,
        ),
        _with_consent(
            facts.keeps_rights, facts.holder_applies, "keeps_rights", moves or facts.matter in ("转移登记", "注销登记"),
            "没有转移备案保留的权益", "列入转移备案保留的权益，不是权利人自愿申请的不能办理", *KEPT_ARTS,
        ),
    ]  # fmt: skip
    return gate(steps)


def _bars(there: bool | None, name: str, matters: bool, clear: str, barred: str, *cite: Clause) -> Step:
    if not matters:
        return Step(cite, f"{clear.removeprefix('没有')}不妨碍这类登记", True)
    if there is None:
        return lacks(name, finding=f"不知道是否{barred.split('，')[0]}", cite=cite)
    return Step(cite, barred if there else clear, not there)


def _with_consent(
    there: bool | None, consents: bool | None, name: str, matters: bool, clear: str, barred: str, *cite: Clause
) -> Step:
    if there and consents and matters:
        return Step(cite, f"{barred.split('，')[0]}，权利人已书面同意", True)
    return _bars(there, name, matters, clear, barred, *cite)
