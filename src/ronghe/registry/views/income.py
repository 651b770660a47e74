"""集体收益分配权: the collectives with what they have set up, one of them as of a day, its first registration and changes."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.pages import Column, Fact, Filter, Listing
from ronghe.kernel.parties.models import Party

from .. import services
from ..income_forms import ChangeForm, FirstForm
from ..models import IncomeRight, IncomeShares
from ..permissions import MEMBER_VIEW, MEMBER_WORK
from ..queries import income as queries
from ..queries.rolls import collective
from ..rules.income import share_words
from .roll_shown import formed, party_page

#: So many collectives stand in the picture: those that lack most certificates.
MOST_BARS = 12


def address_of(of: Party) -> str:
    return reverse("registry:income_of", args=[of.pk])


def percent(part: int, whole: int) -> str:
    """To the tenth, rounded down; a dash where there is nothing to count."""
    if not whole:
        return "—"
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}%"


@require_safe
@allows(MEMBER_VIEW)
def income(request: HttpRequest) -> HttpResponse:
    """The collectives that one may see: total, households, and how many of them have their certificate."""
    actor, day = actor_of(request), clock.legal_day(clock.now())
    listing: Listing[Any] = Listing(
        title="集体收益分配权",
        columns=[
            Column("name", "农村集体经济组织", lambda p: p.name, order=("pinyin",), link=address_of, wide=True),
            Column("village", "所在地", lambda p: p.division.name, order=("division",)),
            Column("total", "总份数", lambda p: _shares(p.total), order=("total",), kind="number"),
            Column("households", "登记户数", lambda p: p.households or 0, order=("households",), kind="number"),
            Column("certified", "有证户数", lambda p: p.certified or 0, order=("certified",), kind="number"),
            Column("rate", "颁证率", lambda p: percent(p.certified or 0, p.households or 0), kind="number"),
        ],
        filters=[Filter("text", "集体、所在地或农户", kind="text")],
        order=("division", "pk"),
        empty="没有符合条件的农村集体经济组织",
        empty_next="换一个名称再找；还没有登记集体的，先在“权利人”里登记集体经济组织，再确认成员。",
        row_link=address_of,
    )
    asked = listing.asked(request.GET)
    rows = queries.collectives_with_shares(actor, day=day, text=asked.text("text"))
    having = list(rows.filter(households__gt=0).order_by("division", "pk")[:200])
    bars = sorted(
        ((one.name, (one.certified or 0) * 100 // one.households, address_of(one)) for one in having),
        key=lambda bar: bar[1],
    )
    context = {
        "lead": "集体经营性财产的收益权按份量化到户；每户有多少份、从何时起、凭什么，都可查。",
        "bars": bars[:MOST_BARS],
        "crumbs": [("成员、备案和台账", reverse("registry:rolls")), ("集体收益分配权", None)],
    }
    return listing.respond(request, asked, rows, template="registry/income.html", context=context)


def _shares(hundredths: int | None) -> str:
    return "尚未设置" if hundredths is None else share_words(hundredths)


@require_safe
@allows(MEMBER_VIEW)
def income_of(request: HttpRequest, collective_id: int) -> HttpResponse:
    """One collective as of a day: its shares, who holds them, their certificates, and what is under way."""
    actor, today = actor_of(request), clock.legal_day(clock.now())
    of = collective(collective_id, actor=actor)
    works = may(actor.role, MEMBER_WORK)
    listing = _holders(of, works)
    asked = listing.asked(request.GET)
    day = asked.day("day") or today
    setup = queries.setup(of, actor=actor, day=day)
    rows = queries.rights(of, actor=actor, day=day, text=asked.text("text"))
    whole = list(queries.rights(of, actor=actor, day=day).values_list("shares_hundredths", "certificate_id"))
    certified, held = sum(pk is not None for _, pk in whole), sum(shares for shares, _ in whole)
    cases = list(queries.applications_of(of, actor=actor)[:20])
    started = any(one.total_hundredths is not None for one in cases)
    context = {
        "collective": of,
        "lead": f"{of.division.name}，截至 {day}。",
        "setup": setup,
        "figures": _figures(setup, len(whole), certified, held),
        "shares": [("有证", certified, ""), ("还没有证", len(whole) - certified, "")],
        "households": len(whole),
        "first": reverse("registry:income_first", args=[of.pk])
        if works and not started and queries.setup(of, actor=actor, day=today) is None
        else "",
        "cases": [(one, reverse("registry:income_case", args=[one.pk])) for one in cases],
        "roll": reverse("registry:roll", args=[of.pk]),
        "crumbs": _crumbs((of.name, None)),
    }
    return listing.respond(request, asked, rows, template="registry/income_of.html", context=context)


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [
        ("成员、备案和台账", reverse("registry:rolls")), ("集体收益分配权", reverse("registry:income")), *more
    ]  # fmt: skip


def _figures(setup: IncomeShares | None, households: int, certified: int, held: int) -> list[Fact]:
    """What a collective has set up and how far it has come."""
    if setup is None:
        return []
    how = "静态管理：增人不增份，减人不减份" if setup.is_static else "动态管理：按章程随人口调整"
    rest = setup.total_hundredths - held
    return [
        Fact("总份数", share_words(setup.total_hundredths), note=how),
        Fact("登记户数", f"{households:,} 户"),
        Fact("颁证率", percent(certified, households), note=f"{certified:,} / {households:,} 户"),
        Fact("集体持有", share_words(rest), note="退出、注销后没有登记到户的份额"),
        Fact("依据", setup.source.title, note=f"{setup.source.number} {setup.source.issued_on}".strip()),
    ]


def _holders(of: Party, works: bool) -> Listing[IncomeRight]:
    columns: list[Column[Any]] = [
        Column("holder", "农户", lambda r: r.holder.name, order=("holder__pinyin",), wide=True, link=lambda r: _household(of, r.holder_id)),
        Column("shares", "份额", lambda r: share_words(r.shares_hundredths), order=("shares_hundredths",), kind="number"),
        Column("since", "从何时起", lambda r: r.since, order=("since",), kind="date"),
        Column("cause", "登记原因", lambda r: r.get_cause_display(), order=("cause",)),
        Column("certificate", "证号", lambda r: r.certificate_number or "还没有发证", link=_certificate),
    ]  # fmt: skip
    if works:
        columns.append(Column("act", "办理", lambda r: "转移或注销", link=lambda r: _change(of, r.holder_id)))
    return Listing(
        title=f"{of.name}集体收益分配权",
        columns=columns,
        filters=[Filter("text", "农户", kind="text"), Filter("day", "截至日期", kind="date")],
        order=("holder__pinyin", "pk"),
        empty="这一天还没有登记到户的份额",
        empty_next="按成员名册编制清单，审核、公示后整村登簿发证。",
    )


def _certificate(row: Any) -> str:
    return reverse("registry:income_certificate", args=[row.certificate_id]) if row.certificate_id else ""


def _change(of: Party, holder_id: int) -> str:
    return f"{reverse('registry:income_change', args=[of.pk])}?holder={holder_id}"


def _household(of: Party, holder_id: int) -> str:
    return reverse("registry:income_holder", args=[of.pk, holder_id])


@require_safe
@allows(MEMBER_VIEW)
def income_holder(request: HttpRequest, collective_id: int, holder_id: int) -> HttpResponse:
    """What one household held of a collective, from when to when, and by which case."""
    actor = actor_of(request)
    of = collective(collective_id, actor=actor)
    rows = queries.history_of(of, holder_id, actor=actor)
    holder = rows[0].holder
    standing = next((row for row in rows if row.valid.upper is None), None)
    context = {
        "title": f"{holder.name}的集体收益分配权",
        "facts": [
            Fact("农村集体经济组织", of.name, url=address_of(of)),
            Fact("农户", holder.name, url=party_page(holder.pk, actor)),
            Fact("现有份额", share_words(standing.shares_hundredths) if standing else "没有"),
        ],
        "rows": rows,
        "change": _change(of, holder.pk) if standing is not None and may(actor.role, MEMBER_WORK) else "",
        "crumbs": _crumbs((of.name, address_of(of)), (holder.name, None)),
    }
    return render(request, "registry/income_holder.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(MEMBER_WORK)
def income_first(request: HttpRequest, collective_id: int) -> HttpResponse:
    """Open the first registration of a collective: the list is counted from its roll."""
    actor, at = actor_of(request), clock.now()
    of = collective(collective_id, actor=actor)
    day = clock.legal_day(at)
    counted = queries.households_on_roll(of.pk, day=day)
    form = FirstForm(request.POST if request.method == "POST" else None, initial={"counted_on": day})

    def do(given: dict[str, Any]) -> str:
        made = services.open_income_first(
            collective_id=of.pk, counted_on=given["counted_on"], total_hundredths=given["total"],
            per_member_hundredths=given["per_member"], is_static=given["management"] == "static",
            origin=form.origin(), actor=actor, at=at,
        )  # fmt: skip
        messages.success(request, "已按名册编出清单。请核对各户份额，合计等于总份数后上传决议、提交审核。")
        return reverse("registry:income_case", args=[made.pk])

    context = {
        "title": f"{of.name}收益分配权首次登记",
        "lead": _counted_words(counted.by_household.values(), counted.alone),
        "submit": "编制清单",
        "cancel_url": address_of(of),
        "crumbs": _crumbs((of.name, address_of(of)), ("首次登记", None)),
    }
    return formed(request, form, do, "portal/form.html", context)


def _counted_words(members: Any, alone: Sequence[str]) -> str:
    each = list(members)
    told = f"今天名册上在世的成员中，{sum(each):,} 人在 {len(each):,} 户。"
    if alone:
        names = "、".join(alone[:5]) + ("等" if len(alone) > 5 else "")
        told += f"另有 {len(alone):,} 人不在任何一户（{names}），不会列入清单；请先在“权利人”里把他们登记到户。"
    return told


@require_http_methods(["GET", "HEAD", "POST"])
@allows(MEMBER_WORK)
def income_change(request: HttpRequest, collective_id: int) -> HttpResponse:
    """Ask that a household's share go to another household, back to the collective, or end; ``?holder=`` is whose."""
    actor, at = actor_of(request), clock.now()
    of = collective(collective_id, actor=actor)
    text = request.GET.get("holder", "")
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
    row = queries.held(of, wanted, actor=actor, day=clock.legal_day(at))
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        takers=queries.takers(of, but=row.holder_id, day=clock.legal_day(at)),
        initial={"shares": _plain(row.shares_hundredths), "holder_applies": True},
    )

    def do(given: dict[str, Any]) -> str:
        made = services.open_income_change(
            collective_id=of.pk, holder_id=row.holder_id, change=form.change(), origin=form.origin(), actor=actor, at=at
        )
        messages.success(request, "已受理。请上传书面申请和材料，按规则核对后报部门审核。")
        return reverse("registry:income_case", args=[made.pk])

    context = {
        "title": f"转移或注销：{row.holder.name}",
        "lead": f"{of.name}，现有 {share_words(row.shares_hundredths)}。退出、转移收益分配权，不影响本户的承包地和宅基地。",
        "submit": "提交",
        "cancel_url": address_of(of),
        "crumbs": _crumbs((of.name, address_of(of)), ("转移或注销", None)),
    }
    return formed(request, form, do, "portal/form.html", context)


def _plain(hundredths: int) -> str:
    return share_words(hundredths).removesuffix(" 份").replace(",", "")
