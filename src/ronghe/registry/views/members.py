"""成员名册: the rolls of the collectives, one roll as of a day, applications held against the rule."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.kernel.pages.record import Tone
from ronghe.kernel.parties.models import Party
from ronghe.policy.ruling import Ruling
from ronghe.policy.views.calculators import Basis

from .. import services
from ..models import CollectiveMember, MembershipCase
from ..permissions import MEMBER_VIEW, MEMBER_WORK, OWN_CASES
from ..queries import rolls as queries
from ..roll_forms import FactsForm, MembershipForm, MembershipLossForm
from ..services.membership import APPLY
from .roll_shown import case_page, formed, panel, party_page, sought

TONES: dict[str, Tone] = {"open": "place", "paused": "warn", "done": "good", "refused": "bad", "withdrawn": "plain"}


def roll_address(of: Party) -> str:
    return reverse("registry:roll", args=[of.pk])


@require_safe
@allows(MEMBER_VIEW)
def members(request: HttpRequest) -> HttpResponse:
    """The collectives that one may see, each with its members today."""
    actor, day = actor_of(request), clock.legal_day(clock.now())
    listing: Listing[Any] = Listing(
        title="集体成员名册",
        columns=[
            Column("name", "农村集体经济组织", lambda p: p.name, order=("pinyin",), link=roll_address, wide=True),
            Column("village", "所在地", lambda p: p.division.name, order=("division",)),
            Column("members", "现有成员", lambda p: p.standing or 0, order=("standing",), kind="number"),
            Column("entered", "今年入册", lambda p: p.entered or 0, kind="number"),
            Column("left", "今年出册", lambda p: p.left or 0, kind="number"),
        ],
        filters=[Filter("text", "集体或所在地", kind="text")],
        order=("division", "pk"),
        empty="还没有登记农村集体经济组织",
        empty_next="先在“权利人”里登记集体经济组织，再确认成员。",
        row_link=roll_address,
    )
    asked = listing.asked(request.GET)
    rows = queries.collectives(actor, day=day, text=asked.text("text"))
    context = {
        "lead": "一人只在一个集体；何时成为成员、何时丧失，都有日期和办件可查。",
        "crumbs": [("成员、备案和台账", reverse("registry:rolls")), ("集体成员名册", None)],
    }
    return listing.respond(request, asked, rows, context=context)


@require_safe
@allows(MEMBER_VIEW)
def roll(request: HttpRequest, collective_id: int) -> HttpResponse:
    """The roll of one collective as of a day, with its figures."""
    actor, today = actor_of(request), clock.legal_day(clock.now())
    of = queries.collective(collective_id, actor=actor)
    works = may(actor.role, MEMBER_WORK)
    listing = _roll_listing(of, works)
    asked = listing.asked(request.GET)
    day = asked.day("day") or today
    state = asked.text("state")
    rows = queries.roll(of, actor=actor, day=day, state=state, text=asked.text("text"))
    context = {
        "collective": of,
        "lead": f"{of.division.name}，截至 {day}。",
        "figures": queries.statistic(of, actor=actor, day=day),
        "bars": [(title, count, "") for title, count in queries.statistic(of, actor=actor, day=day).by_entry if count],
        "most": max((n for _, n in queries.statistic(of, actor=actor, day=day).by_entry), default=0),
        "day": day,
        "works": works,
        "cases": [(one, reverse("registry:membership_case", args=[one.case_id])) for one in queries.cases_of(of, actor=actor)[:20]],
        "crumbs": [
            ("成员、备案和台账", reverse("registry:rolls")), ("集体成员名册", reverse("registry:members")), (of.name, None),
        ],
    }  # fmt: skip
    return listing.respond(request, asked, rows, template="registry/roll.html", context=context)


def _roll_listing(of: Party, works: bool) -> Listing[CollectiveMember]:
    def leaving(row: CollectiveMember) -> str:
        return f"{reverse('registry:membership_leave', args=[of.pk])}?person={row.person_id}"

    columns: list[Column[CollectiveMember]] = [
        Column("name", "成员", lambda m: m.person.name, order=("person__pinyin",), wide=True,
               link=lambda m: reverse("parties:party", args=[m.person_id])),
        Column("sex", "性别", lambda m: m.person.get_sex_display(), order=("person__sex",)),
        Column("born", "出生日期", lambda m: m.person.birth_date, order=("person__birth_date",), kind="date"),
        Column("since", "取得日期", lambda m: m.valid.lower, order=("since",), kind="date"),
        Column("begun_by", "取得原因", lambda m: m.get_begun_by_display(), order=("begun_by",)),
        Column("until", "丧失日期", lambda m: m.valid.upper, order=("until",), kind="date"),
        Column("ended_by", "丧失原因", lambda m: m.get_ended_by_display()),
        Column("note", "提示", lambda m: _note(m), template="registry/_row_member.html"),
    ]  # fmt: skip
    if works:
        columns.append(Column("act", "办理", lambda m: "" if m.ended_by else "登记丧失", link=leaving))
    return Listing(
        title=f"{of.name}成员名册",
        columns=columns,
        filters=[
            Filter("text", "姓名", kind="text"),
            Filter("day", "截至日期", kind="date"),
            Filter(
                "state", "状态", empty="现有成员",
                options=[Option("left", "已丧失"), Option("all", "现有和已丧失"), Option("dead", "已死亡待注销")],
            ),
        ],
        order=("person__pinyin", "pk"),
        empty="名册上还没有成员",
        empty_next="点“申请确认成员”，按规则核对、集体审议、公示后入册。",
    )  # fmt: skip


def _note(row: CollectiveMember) -> str:
    if not row.ended_by and row.person.ended_on is not None:
        return f"{row.person.ended_on} 死亡，待登记丧失"
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@allows(MEMBER_WORK)
def membership_new(request: HttpRequest, collective_id: int) -> HttpResponse:
    """Apply that a person be confirmed as a member."""
    actor = actor_of(request)
    of = queries.collective(collective_id, actor=actor)
    text, found = sought(request, kind=Party.Kind.PERSON)
    day = clock.legal_day(clock.now())
    form = MembershipForm(request.POST if request.method == "POST" else None, found=found, initial={"on": day})

    def do(given: dict[str, Any]) -> str:
        made = services.apply_for_membership(
            collective_id=of.pk, person_id=int(given["party"]), on=given["on"], facts=given, actor=actor,
            at=clock.now(),
        )  # fmt: skip
        messages.success(request, "已受理。请核对规则，补齐材料后提交集体审议。")
        return reverse("registry:membership_case", args=[made.case_id])

    context = {
        "title": "申请确认成员", "lead": f"{of.name}。先按姓名找到本人，再填写已知的事实；还不清楚的留空，受理后可以补。",
        "query": text, "found": found, "label": "本人姓名", "missing": "没有找到这个人。请核对姓名，或先在“权利人”里登记。",
        "submit": "提交申请", "cancel_url": roll_address(of),
        "crumbs": [("集体成员名册", reverse("registry:members")), (of.name, roll_address(of)), ("申请确认成员", None)],
    }  # fmt: skip
    return formed(request, form, do, "registry/pick.html", context)


def _number(text: str) -> int:
    """A number that a link of our own page gives; 0 for anything else, which nobody has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


@require_http_methods(["GET", "HEAD", "POST"])
@allows(MEMBER_WORK)
def membership_leave(request: HttpRequest, collective_id: int) -> HttpResponse:
    """Bring forward that a member has ceased to be one."""
    actor, at = actor_of(request), clock.now()
    of = queries.collective(collective_id, actor=actor)
    row = queries.member(of, _number(request.GET.get("person", "")), actor=actor, day=clock.legal_day(at))
    dead = row.person.ended_on
    initial = {"cause": "death", "on": dead} if dead else {"cause": "voluntary", "on": clock.legal_day(at)}
    form = MembershipLossForm(request.POST if request.method == "POST" else None, initial=initial)

    def do(given: dict[str, Any]) -> str:
        made = services.apply_for_loss(
            collective_id=of.pk, person_id=row.person_id, on=given["on"],
            cause=CollectiveMember.Exit(given["cause"]),
            facts={"is_contract_civil_servant": given["is_contract_civil_servant"]}, actor=actor, at=at,
        )  # fmt: skip
        messages.success(request, "已受理。请核对规则，补齐证明材料。")
        return reverse("registry:membership_case", args=[made.case_id])

    context = {
        "title": f"登记丧失成员身份：{row.person.name}",
        "lead": "就学、服役、务工、经商、离婚、丧偶、服刑都不是丧失成员身份的原因。丧失成员身份不影响本人的承包权、宅基地权利和房屋。",
        "submit": "提交", "cancel_url": roll_address(of),
        "crumbs": [("集体成员名册", reverse("registry:members")), (of.name, roll_address(of)), ("登记丧失", None)],
    }  # fmt: skip
    return formed(request, form, do, "portal/form.html", context)


@require_safe
@allows(MEMBER_VIEW, OWN_CASES)
def membership_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """An application held against the rule, clause by clause."""
    return _case_page(request, queries.membership_case(case_id, actor=actor_of(request)))


@require_POST
@allows(MEMBER_WORK)
def membership_facts(request: HttpRequest, case_id: int) -> HttpResponse:
    """State what was not known, until the collective is asked; the rule is asked again."""
    actor = actor_of(request)
    found = queries.membership_case(case_id, actor=actor)
    form, status = FactsForm(request.POST), 422
    if form.is_valid():
        try:
            services.state_facts(case_id=found.pk, facts=form.cleaned_data, actor=actor, at=clock.now())
        except DomainError as error:
            form.add_error(None, error.text)
            status = error.status
        else:
            messages.success(request, "事实已保存，规则已重新核对。")
            return redirect(reverse("registry:membership_case", args=[found.pk]))
    return _case_page(request, found, form=form, status=status)


def _case_page(
    request: HttpRequest, found: MembershipCase, *, form: FactsForm | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    page, of_roll = case_page(found.case_id, actor), None
    if may(actor.role, MEMBER_VIEW):
        of_roll = roll_address(found.collective)
    confirms = found.matter == MembershipCase.Matter.CONFIRM
    editable = confirms and may(actor.role, MEMBER_WORK) and found.case.step == APPLY and found.case.state == "open"
    if form is None and editable:
        form = FactsForm(initial={name: getattr(found, name) for name in FactsForm.base_fields})
    context = {
        "found": found,
        "title": found.case.title,
        "state": State(found.case.get_state_display(), TONES[found.case.state]),
        "facts": [
            Fact("集体", found.collective.name, url=of_roll or ""),
            Fact("本人", found.person.name, url=party_page(found.person_id, actor)),
            Fact("取得日期" if confirms else "丧失日期", found.on.isoformat()),
            Fact("办件", found.case.number, url=page),
        ],
        "case_url": page,
        "works": may(actor.role, MEMBER_WORK),
        "basis": _basis(found, queries.ruling_of(found), actor),
        "form": form,
        "action": reverse("registry:membership_facts", args=[found.pk]),
        "stated": _stated(found),
        "submit": "保存事实并重新核对",
        "crumbs": [
            ("集体成员名册", reverse("registry:members") if of_roll else None), (found.collective.name, of_roll),
            (found.person.name, None),
        ],
    }  # fmt: skip
    return render(request, "registry/membership_case.html", context, status=status)


def _basis(found: MembershipCase, ruling: Ruling[bool | None], actor: Any) -> Basis:
    """The panel, its result in the words of the matter."""
    on: date = clock.legal_day(found.case.opened_at)
    given = queries.given_in(found.case.zone, on=on)
    where = "：请在“事实”里补充" if may(actor.role, MEMBER_WORK) else "：窗口核对时补充"
    made = panel(ruling, given.values(), rule=queries.RULE, zone=found.case.zone, actor=actor, where=where)
    asked = tuple(
        f"{line.removesuffix(where)}：集体审议时登记" if "成员大会" in line else line for line in made.missing
    )
    made = replace(made, missing=asked)
    if ruling.value is True:
        return replace(made, result="符合成员条件")
    if ruling.value is False:
        return replace(made, result="不是（不再是）本集体成员")
    if ruling.missing == ("assembly_agrees",):
        return replace(made, result="须由成员大会决定", missing=())
    return replace(made, result="还不能判定")


def _stated(found: MembershipCase) -> list[tuple[str, str]]:
    """What was stated, for reading."""
    told = []
    for name, field in FactsForm.base_fields.items():
        value = getattr(found, name)
        word = (
            {True: "是", False: "否", None: "还不清楚", "": "还不清楚"}.get(value)
            if not isinstance(value, list)
            else "、".join(value) or "无"
        )
        told.append((str(field.label), word if word is not None else str(value)))
    return told
