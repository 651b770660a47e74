"""集体收益分配权登记: a collective's first registration with its list, told to the village; transfers, exits, ends."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.pages import Fact
from ronghe.mechanisms.casework.declared import (
    DONE,
    REFUSED,
    Action,
    Content,
    MaterialKind,
    Outcome,
    Period,
    Procedure,
    PublicNotice,
    Step,
    declare,
)
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.ruling import Clause, Ruling, gate
from ronghe.policy.ruling import Step as Finding

from ..models import IncomeApplication
from ..queries.income import asked
from ..rules.income import CAUSES, LEAVES, QUANTIFIED, IncomeCause, share_words
from ..services.income import CANCEL_KEY, FIRST_KEY, PREPARE, TRANSFER_KEY
from ..services.income_entry import enter_income_change, enter_income_first
from .periods import income_notice_period, income_notice_words

APPLY, REVIEW, NOTICE, ENTER = "apply", "review", "notice", "enter"
#: A person has judged what no document of the zone speaks of.
JUDGED = "approve_judged"
CLERKS = frozenset({Role.TOWN_WINDOW, Role.DEPARTMENT})
BUREAU = frozenset({Role.DEPARTMENT})


def stated_in(case: Case) -> IncomeApplication:
    """What a case asks for, for its gates and its end."""
    rows = IncomeApplication.objects.select_related("case__zone", "collective__division", "holder", "taker")
    return rows.get(pk=case.pk)


def fits(case: Case, day: date) -> Ruling[Any]:
    """关口: the rule says yes, as the roll and the register stand on the day."""
    return asked(stated_in(case), day=day).ruling


def is_left_to_a_person(case: Case, day: date) -> Ruling[Any]:
    """关口: nothing speaks against it, and the rule leaves only to a person whether the place allows such a disposal."""
    found = asked(stated_in(case), day=day).ruling
    steps = [
        Finding(s.cite, f"{s.finding}；由经办人判断，写明理由", None) if s.missing == (CAUSES,) else s
        for s in found.steps
    ]
    if found.missing != (CAUSES,):
        return gate([*steps, Finding((), "规则已有结论或还缺事实，不需要人工判断", False)])
    return gate(steps)


def may_be_handed_in(case: Case, day: date) -> Ruling[Any]:
    """关口: nothing speaks against it; what the rule leaves to a person, the bureau judges."""
    found = fits(case, day)
    return is_left_to_a_person(case, day) if found.missing == (CAUSES,) else found


def page_of(case: Case) -> str:
    """Where a case is shown with its list, or with what is asked for."""
    return reverse("registry:income_case", args=[case.pk])


def content_of(case: Case, on: date) -> Content:
    """What a case asks for; while it is open, what the rule says."""
    found = IncomeApplication.objects.select_related("collective", "holder", "taker").filter(pk=case.pk).first()
    if found is None:
        return Content(())
    return Content(facts_of(found), "能不能登记", None if case.is_over else fits(case, on))


def facts_of(found: IncomeApplication) -> tuple[Fact, ...]:
    """The facts of a case, those that it has."""
    told = [
        Fact("农村集体经济组织", found.collective.name),
        Fact("来源材料", found.source_title, note=f"{found.source_number} {found.source_issued_on}".strip()),
    ]
    if found.total_hundredths is not None:
        how = "静态管理：增人不增份，减人不减份" if found.is_static else "动态管理：按章程随人口调整"
        told += [
            Fact("总份数", share_words(found.total_hundredths), note=how),
            Fact("统计基准日", str(found.counted_on), note=f"{found.lines.count()} 户"),
        ]
    elif found.holder is not None and found.shares_hundredths is not None:
        told += [
            Fact("登记原因", IncomeCause(found.cause).title),
            Fact("农户", found.holder.name, note="本户书面申请" if found.holder_applies else "不是本户申请"),
            Fact("份额", share_words(found.shares_hundredths)),
        ]
        if found.taker is not None:
            told.append(Fact("取得一方", found.taker.name))
    return tuple(told)


def _entered(*, case: Case, actor: Actor, at: datetime) -> None:
    enter_income_first(application=stated_in(case), actor=actor, at=at)


def _changed(*, case: Case, actor: Actor, at: datetime) -> None:
    was_judged = case.decisions.filter(action=JUDGED).exists()
    enter_income_change(application=stated_in(case), was_judged=was_judged, actor=actor, at=at)


def _told(case: Case) -> str:
    """What the village is told: how many shares, how many households; who wants to see the list asks for it in the village.

    Names and numbers of households stand on the list in the village, not on the open net (个人信息保护法).
    """
    found = stated_in(case)
    return (
        f"{found.collective.name}拟按“{found.source_title}”登记集体收益分配权：总份数 {share_words(found.total_hundredths or 0)}，"
        f"统计基准日 {found.counted_on}，共 {found.lines.count()} 户，清单在村务公开栏同时张贴。{income_notice_words(case)}。"
        "对户数、人数、份额有异议的，请在公示期内提出。"
    )


_RETURN = Action("return", "退回编制清单", PREPARE, Outcome.RETURN)
INCOME_FIRST = declare(
    Procedure(
        key=FIRST_KEY,
        title="集体收益分配权首次登记",
        summary="一个集体按成员名册分户量化份额，农业农村部门审核，村内公示，无异议的整村登簿发证；清单合计须正好等于总份数。",
        prefix="收益权首登",
        cite=(QUANTIFIED,),
        opens=CLERKS,
        opens_at="/registry/income/",
        page=page_of,
        content=content_of,
        steps=(
            Step(
                PREPARE,
                "编制清单",
                "按名册分户填写份额，合计等于总份数后提交",
                CLERKS,
                (
                    Action("submit", "提交审核", REVIEW, gate=fits),
                    Action("refuse", "不予受理", REFUSED, Outcome.REFUSE),
                ),
                materials=(
                    MaterialKind(
                        "resolution", "成员大会关于股权设置的决议", hint="写明应到、实到和同意人数，盖集体印章"
                    ),
                ),
            ),
            Step(
                REVIEW,
                "审核",
                "核对决议、名册和清单",
                BUREAU,
                (
                    Action("approve", "审核通过，公示", NOTICE, gate=fits),
                    _RETURN,
                    Action("refuse", "不予登记", REFUSED, Outcome.REFUSE),
                ),
                period=Period(10),
                apart_from=(PREPARE,),
            ),
            Step(
                NOTICE,
                "公示",
                "公示期内无异议的，转登簿",
                CLERKS,
                (
                    Action("told", "公示期满", ENTER, by_hand=False),
                    _RETURN,
                    Action("refuse", "异议成立，不予登记", REFUSED, Outcome.REFUSE),
                ),
                notice=PublicNotice(income_notice_period, _told, then="told", cite=QUANTIFIED),
            ),
            Step(
                ENTER,
                "登簿发证",
                "复核后整村登簿，平台随即编发证书",
                BUREAU,
                (
                    Action("enter", "登簿并发证", DONE, gate=fits, warning="登簿后只能以转移、注销登记改变各户份额。"),
                    _RETURN,
                ),
                period=Period(5),
                apart_from=(PREPARE,),
            ),
        ),
        on_end={DONE: _entered},
    )
)


def _one_household(
    key: str, title: str, summary: str, prefix: str, cite: tuple[Clause, ...], materials: tuple[MaterialKind, ...]
) -> Procedure:
    """Of one household: taken in at the counter, decided by the bureau, which enters it with the same decision."""
    done = "登簿后证书随即收回、换发，退出或注销的份额不能恢复。"
    return declare(
        Procedure(
            key=key,
            title=title,
            summary=summary,
            prefix=prefix,
            cite=cite,
            opens=CLERKS,
            opens_at="/registry/income/",
            page=page_of,
            content=content_of,
            steps=(
                Step(
                    APPLY,
                    "申请核对",
                    "收齐材料，按规则核对",
                    CLERKS,
                    (
                        Action("submit", "报部门审核", REVIEW, gate=may_be_handed_in),
                        Action("refuse", "不予受理", REFUSED, Outcome.REFUSE),
                    ),
                    period=Period(5),
                    materials=materials,
                ),
                Step(
                    REVIEW,
                    "审核登簿",
                    "复核后登簿，收回旧证、换发新证",
                    BUREAU,
                    (
                        Action("approve", "审核通过并登簿", DONE, gate=fits, warning=done),
                        Action(
                            JUDGED,
                            "人工判断后登簿",
                            DONE,
                            gate=is_left_to_a_person,
                            needs_reason=True,
                            warning="试验区文件没有规定这种处置，由您判断，理由随办件保存。" + done,
                        ),
                        Action("return", "退回申请核对", APPLY, Outcome.RETURN),
                        Action("refuse", "不予登记", REFUSED, Outcome.REFUSE),
                    ),
                    period=Period(10),
                    apart_from=(APPLY,),
                ),
            ),
            on_end={DONE: _changed},
        )
    )


_APPLICATION = MaterialKind("application", "书面申请", hint="户主签名或按手印；法律文书办理的附送达回证")
INCOME_TRANSFER = _one_household(
    TRANSFER_KEY,
    "集体收益分配权转移登记",
    "继承、户内分割、赠与、转让给本集体的农户，或有偿退出给集体；全部或部分份额都可以。退出与承包地、宅基地互不牵连。",
    "收益权转移",
    (QUANTIFIED, LEAVES),
    (_APPLICATION, MaterialKind("agreement", "协议或继承材料", hint="转让、赠与、分户、退出协议，或继承公证、遗嘱等")),
)
INCOME_CANCEL = _one_household(
    CANCEL_KEY,
    "集体收益分配权注销登记",
    "本户自愿放弃、户内成员全部死亡且无人继承，或生效法律文书。",
    "收益权注销",
    (QUANTIFIED,),
    (_APPLICATION, MaterialKind("proof", "证明材料", required=False, hint="死亡证明、生效法律文书等")),
)
