"""登记程序: 申请、受理、审核（实地查看）、公告、登簿、缮证发证; each kind with its materials, checks, periods.

Intake and review, review and entry are by different persons. What the entry refuses, the decision is refused by.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.files.kinds import FileKind
from ronghe.mechanisms.casework.declared import (
    DONE,
    REFUSED,
    SCANS,
    Action,
    MaterialKind,
    Outcome,
    Procedure,
    PublicNotice,
    Step,
    declare,
)
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.rulebook import apply, rule_named
from ronghe.policy.ruling import Clause, Ruling, gate
from ronghe.policy.ruling import Step as Finding

from ..queries.parameters import given_in
from ..rules.applying import MATERIALS_ART
from ..rules.changing import PartAct
from ..rules.matters import Matter, is_taxed, needs_notice, needs_site_check
from ..services.blocking import acquirers_of, by_holder, hindrance_ruling, names_others
from ..services.entering import enter_application
from ..services.measuring import measured_ruling
from ..services.pledging import pledge_ruling
from ..services.qualifying import homestead_ruling
from .materials import locally_asked
from .periods import ACCEPT, notice_period, notice_words, registration_term
from .shown import content_of, notice_text

APPLY, REVIEW, NOTICE, ENTER, CERTIFY = "apply", "review", "notice", "enter", "certify"
LAW = "registration-regulation-2019"
COUNTER = frozenset({Role.TOWN_WINDOW, Role.DEPARTMENT})
BUREAU = frozenset({Role.DEPARTMENT})
APPLICANTS = COUNTER | {Role.SELF}
SITE = "site_record"


def _application(case: Case) -> Any:
    from . import application_of  # the package names this module

    return application_of(case)


def examined(case: Case, on: date) -> Ruling[Any]:
    """关口: nothing in the book bars it, and everything was looked at that must be before an entry."""
    application = _application(case)
    matter: Matter = application.what
    steps: list[Any] = []
    if matter.told.bars:
        steps += hindrance_ruling(
            application.baunit, matter=matter.told.bars, on=on,
            mortgagee_consents=application.mortgagee_consents,
            notice_holder_consents=application.notice_holder_consents,
            holder_applies=by_holder(application, on=on), rrr_id=application.rrr_id,
            changes_holder=names_others(application), acquirers=acquirers_of(application),
        ).steps  # fmt: skip
    pledged = pledge_ruling(application)
    steps += pledged.steps if pledged is not None else ()
    for found in (homestead_ruling(application, on=on), measured_ruling(application, on=on)):
        steps += found.steps if found is not None else ()
    facts = {
        "is_taxed": is_taxed(matter, application.right_kind, application.cause),
        "has_deed_tax_proof": application.deed_tax_proof,
        "needs_site_check": _site_asked(case),
        "has_site_record": case.materials.filter(key=SITE, removed_at=None).exists(),
    }
    steps += apply(rule_named("registration.examination"), facts, given_in(case, "registration.examination")).steps
    return gate(steps)


def _site_asked(case: Case) -> bool:
    application = _application(case)
    if needs_site_check(application.what, application.right_kind, application.cause):
        return True
    # A house that has come, or is said to be no more, is looked at like the first one.
    return bool(application.parts.exclude(act=PartAct.CHANGED).exists())


def _noticed(case: Case) -> bool:
    application = _application(case)
    return needs_notice(application.what, application.right_kind, is_ex_officio=application.is_ex_officio)


def _not_noticed(case: Case) -> bool:
    return not _noticed(case)


def _enter(*, case: Case, actor: Actor, at: datetime) -> None:
    enter_application(case=case, actor=actor, at=at)


def _page(case: Case) -> str:
    return f"/registry/applications/{case.pk}/"


_FORM = MaterialKind("form", "登记申请书", hint="当事人签字或盖章；双方申请的双方签字")
_IDENTITY = MaterialKind("identity", "身份证明和授权委托书", required=False)
_SOURCE = MaterialKind("source", "权属来源和登记原因证明", hint="批准文件、合同、协议、裁判文书、继承材料等")
_SURVEY = MaterialKind("survey", "界址和面积材料", required=False, kinds=SCANS | {FileKind.ZIP})
_STAKES = MaterialKind("stakes", "与他人利害关系的说明", required=False)
_CONSENT = MaterialKind("consent", "抵押权人、预告登记权利人的书面同意", required=False)
_PLEDGE = MaterialKind(
    "pledge",
    "发包方备案、承包方同意等证明",
    required=False,
    hint="承包地抵押、互换的备案，转让的发包方同意书，农房抵押的其他住所证明",
)
_TAX = MaterialKind("tax", "契税完税或免税凭证", required=False)
_CERTIFICATE = MaterialKind("certificate", "原不动产权证书或登记证明", required=False)
_ORDER = MaterialKind("order", "协助执行通知书和生效法律文书", hint="机关送达的文书和送达人员的证件")


#: What is ticked of an application, and the material that shows it.
_SHOWN_BY = (
    ("deed_tax_proof", _TAX), ("mortgagee_consents", _CONSENT), ("notice_holder_consents", _CONSENT), ("shown", _PLEDGE),
)  # fmt: skip


def on_paper(case: Case, day: date) -> Ruling[Any]:
    """关口: what was ticked is shown by a paper, before it is taken in. Source: 不动产登记暂行条例 第十六条."""
    application = _application(case)
    given = set(case.materials.filter(removed_at=None).values_list("key", flat=True))
    asked = {kind.key: kind.title for name, kind in _SHOWN_BY if getattr(application, name)}
    steps = [
        Finding(
            (MATERIALS_ART,),
            f"已上传{title}" if key in given else f"勾选了的须有证明：请退回补正，上传“{title}”；没有的，去掉勾选",
            key in given,
        )
        for key, title in asked.items()
    ]
    return gate(steps or [Finding((MATERIALS_ART,), "没有须另行证明的事项", True)])


def _intake(materials: tuple[MaterialKind, ...], by: frozenset[Role], then: str) -> tuple[Step, Step]:
    return (
        Step(
            APPLY,
            "申请",
            "上传材料后提交；退回补正的，按理由补正",
            by,
            (Action("submit", "提交申请", ACCEPT),),
            materials=materials,
        ),
        Step(
            ACCEPT,
            "受理",
            "核对申请人、材料和登记簿，当场决定是否受理",
            by - {Role.SELF},
            (
                Action(ACCEPT, "受理", then, gate=on_paper),
                Action("return", "退回补正", APPLY, Outcome.RETURN),
                Action("refuse", "不予受理", REFUSED, Outcome.REFUSE),
            ),
        ),
    )


def _review(is_noticed: bool) -> Step:
    ways = (
        (
            Action("approve", "审核通过，予以公告", NOTICE, gate=examined, only_if=_noticed),
            Action("approve_to_entry", "审核通过", ENTER, gate=examined, only_if=_not_noticed),
        )
        if is_noticed
        else (Action("approve", "审核通过", ENTER, gate=examined),)
    )
    return Step(
        REVIEW,
        "审核",
        "对照登记簿审核权属、界址、期限和限制；须实地查看的，上传查看记录",
        BUREAU,
        (
            *ways,
            Action("return", "退回补正", APPLY, Outcome.RETURN),
            Action("refuse", "不予登记", REFUSED, Outcome.REFUSE),
        ),
        period=registration_term,
        materials=(MaterialKind(SITE, "实地查看记录", required=False, hint="查看房屋坐落、层数、界址和占有情况"),),
        apart_from=(APPLY, ACCEPT),
    )


_NOTICE = Step(
    NOTICE,
    "公告",
    "公告期满无异议的，转入登簿",
    BUREAU,
    (
        Action("end_notice", "公告期满", ENTER, by_hand=False),
        Action("return", "退回审核", REVIEW, Outcome.RETURN),
        Action("refuse", "不予登记", REFUSED, Outcome.REFUSE),
    ),
    notice=PublicNotice(notice_period, lambda case: f"{notice_text(case)}{notice_words(case)}。", then="end_notice"),
)


def _entry(to: str, back: str, only_if: Callable[[Case], bool] | None = None, other: str = "") -> Step:
    ways = [Action("enter", "登簿", to, gate=examined, only_if=only_if, warning="登簿即时生效，不能撤回。")]
    if other:
        ways.append(
            Action(
                "enter_and_end", "登簿并办结", other, gate=examined, warning="登簿即时生效，不能撤回。",
                only_if=None if only_if is None else lambda case: not only_if(case),
            )
        )  # fmt: skip
    return Step(
        ENTER,
        "登簿",
        "由审核以外的另一人复核后登簿",
        BUREAU,
        (
            *ways,
            Action("return", "退回审核", back, Outcome.RETURN),
            Action("refuse", "不予登记", REFUSED, Outcome.REFUSE),
        ),
        period=registration_term,
        apart_from=(back,),
    )


_CERTIFYING = Step(
    CERTIFY,
    "缮证发证",
    "打印证书或证明，收回旧证，交给权利人",
    COUNTER,
    (Action("deliver", "发证办结", DONE),),
    materials=(MaterialKind("receipt", "领证签收", required=False),),
    is_withdrawable=False,
)


def _is_proved(case: Case) -> bool:
    """Whether something is issued: an entry that only ends a right or a restriction issues nothing."""
    matter: Matter = _application(case).what
    return matter not in _WITHOUT_PROOF


_WITHOUT_PROOF = frozenset(
    {
        Matter.CANCELLATION, Matter.OPERATION_END, Matter.RESIDENCE_END, Matter.LETTING_END, Matter.OBJECTION_END,
        Matter.ADVANCE_NOTICE_END, Matter.EASEMENT_END, Matter.MORTGAGE_END, Matter.SEIZURE, Matter.SEIZURE_END,
    }
)  # fmt: skip


def _procedure(
    name: str,
    title: str,
    summary: str,
    materials: tuple[MaterialKind, ...],
    *,
    cite: tuple[str, ...] = (),
    opens: frozenset[Role] = APPLICANTS,
    is_noticed: bool = False,
    is_reviewed: bool = True,
    proof: str = "always",
) -> Procedure:
    """A procedure of the register. ``proof`` says whether something is issued at its end: always, sometimes or never."""
    checks: tuple[Step, ...] = ()
    if is_reviewed:
        checks = (_review(is_noticed), *((_NOTICE,) if is_noticed else ()))
    back = REVIEW if is_reviewed else ACCEPT
    ending = {
        "always": (_entry(CERTIFY, back), _CERTIFYING),
        "sometimes": (_entry(CERTIFY, back, _is_proved, DONE), _CERTIFYING),
        "never": (_entry(DONE, back),),
    }[proof]
    hooks: dict[str, Any] = {} if proof == "never" else {"on_enter": {CERTIFY: _enter}}
    if proof == "sometimes":
        hooks["on_end"] = {DONE: _enter_unless_entered}
    if proof == "never":
        hooks["on_end"] = {DONE: _enter}
    return declare(
        Procedure(
            key=f"registry.{name}",
            title=title,
            summary=summary,
            prefix=title,
            cite=tuple(Clause(LAW, path) for path in ("第三条", *cite)),
            opens=opens,
            opens_at=f"/registry/apply/{name}/",
            page=_page,
            content=content_of,
            asks_for=locally_asked,
            steps=(*_intake(materials, opens, REVIEW if is_reviewed else ENTER), *checks, *ending),
            **hooks,
        )
    )


def _enter_unless_entered(*, case: Case, actor: Actor, at: datetime) -> None:
    """The end is reached from the entry itself, or after delivery of what the entry issued."""
    if not _is_proved(case):
        _enter(case=case, actor=actor, at=at)


_USUAL = (_FORM, _IDENTITY, _SOURCE, _STAKES)
PROCEDURES = (
    _procedure(
        "first",
        "首次登记",
        "权利第一次记入登记簿：集体土地所有权、宅基地和集体建设用地使用权及房屋所有权、土地承包经营权、林地和小型水利设施权利、宅基地资格权。依法须公告的，公告期满无异议后登簿。",
        (*_USUAL, _SURVEY),
        cite=("第十四条", "第十六条", "第二十条"),
        is_noticed=True,
    ),
    _procedure(
        "change",
        "变更登记",
        "用途、坐落、四至、界址、面积和房屋状况变化，新增房屋或房屋灭失，单元的分割、合并，土地和房屋合为一个单元，权利续期。",
        (*_USUAL, _SURVEY, _CERTIFICATE, _CONSENT),
        cite=("第十四条", "第十六条"),
    ),
    _procedure(
        "transfer",
        "转移登记",
        "权利转给他人：转让、互换、赠与、出资入股、继承、裁判。双方共同申请；继承和生效法律文书可由一方申请。宅基地只转给本集体没有宅基地的成员户；承包地在本集体农户之间互换须备案，转让须发包方同意。",
        (*_USUAL, _PLEDGE, _CERTIFICATE, _CONSENT, _TAX),
        cite=("第十四条", "第十六条", "第二十二条"),
    ),
    _procedure(
        "cancellation",
        "注销登记",
        "权利消灭：不动产灭失、放弃、期满或生效法律文书。依附于它的权利和限制一并终止。",
        (*_USUAL, _CERTIFICATE, _CONSENT),
        cite=("第十四条",),
        proof="never",
    ),
    _procedure(
        "correction",
        "更正登记",
        "登记簿记载有错误的，依申请或依职权更正；依职权更正的先公告。原记载仍可按时点查到。",
        (_FORM, _IDENTITY, _SOURCE, _CONSENT),
        cite=("第十四条",),
        is_noticed=True,
    ),
    _procedure(
        "objection",
        "异议登记",
        "利害关系人对登记有异议的，登记异议；自登记之日起十五日内不起诉即失效。有异议期间不办理处分登记。",
        (_FORM, _IDENTITY, _SOURCE),
        cite=("第十四条",),
        is_reviewed=False,
        proof="sometimes",
    ),
    _procedure(
        "advance_notice",
        "预告登记",
        "约定将来取得不动产的，先作预告；未经预告登记的权利人同意不办理处分登记。能够登记之日起九十日内未申请登记即失效。",
        (*_USUAL, _CONSENT),
        proof="sometimes",
    ),
    _procedure(
        "seizure",
        "查封登记",
        "人民法院等机关送达查封或解除查封文书的，当场登记；已被查封的作轮候查封。到期不续封的自行失效。",
        (_ORDER,),
        opens=BUREAU,
        is_reviewed=False,
        proof="never",
    ),
    _procedure(
        "mortgage",
        "抵押登记",
        "在权利上设立抵押，抵押的数额、期限变更或随债权转让，债务清偿后注销抵押。顺位按登记先后。土地所有权不能抵押；承包地的土地经营权向金融机构抵押，先向发包方备案；宅基地和农房按试验区文件。",
        (*_USUAL, _PLEDGE, _CERTIFICATE, _CONSENT),
        cite=("第十四条",),
        proof="sometimes",
    ),
    _procedure(
        "easement",
        "地役权登记",
        "按合同利用他人的土地（供役地）使自己的土地（需役地）受益，如通行、取水、排水、铺设管线。登记在供役地上，随需役地转移，到期或解除后注销。",
        (*_USUAL, _CERTIFICATE, _CONSENT),
        cite=("第十四条",),
        opens=COUNTER,
        proof="sometimes",
    ),
    _procedure(
        "operation",
        "土地经营权登记",
        "承包地、林地流转期限五年以上的，当事人可以申请登记土地经营权；期限在承包期以内。",
        (*_USUAL, _CERTIFICATE, _CONSENT),
        cite=("第十四条",),
        proof="sometimes",
    ),
    _procedure(
        "residence",
        "居住权登记",
        "按合同、遗嘱或裁判设立居住权，登记时设立；不得转让、继承，期满或死亡后注销。",
        (*_USUAL, _CERTIFICATE, _CONSENT),
        cite=("第十四条",),
        proof="sometimes",
    ),
    _procedure(
        "letting",
        "宅基地流转登记",
        "宅基地和农房的使用权出租、入股给他人，所有权和资格权不动；出租不超过法律允许的租期，到期或解除后注销。",
        (*_USUAL, _CERTIFICATE, _CONSENT),
        cite=("第十四条",),
        proof="sometimes",
    ),
)
