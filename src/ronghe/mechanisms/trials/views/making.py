"""Pages that make a trial: which rule, where and when, which table, and what is tried otherwise."""

import io
from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches, require
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.policy import queries as policy
from ronghe.policy.models import Room, Zone
from ronghe.policy.rulebook import Rule, all_rules, rule_named

from .. import demo, exports, queries, services
from ..errors import ChangeInvalid, TableColumnsWrong, TableValuesWrong
from ..forms import DEMO, KEPT, TrialForm
from ..models import FactTable, Trial
from ..permissions import TRIAL_RUN
from ..table import NAME_HEADS, ReadTable, label, read_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@allows(TRIAL_RUN)
def new_trial(request: HttpRequest) -> HttpResponse:
    """First rule, zone and day (a GET, so that a colleague can be sent there); then table and changes."""
    actor, now = actor_of(request), clock.now()
    asked = request.POST if request.method == "POST" else request.GET
    zones = own_zones(actor)
    rule = all_rules().get(asked.get("rule", ""))
    zone = next((one for one in zones if one.slug == asked.get("zone")), None)
    on, day_fault = _day(asked.get("date", ""), clock.legal_day(now))
    again = _again(asked.get("from", ""), rule, actor)
    context: dict[str, Any] = {
        "groups": _rules_by_room(),
        "rule": rule,
        "zones": zones,
        "chosen": zone,
        "on": on,
        "day_fault": day_fault,
        "again": again,
        "crumbs": [("试算", reverse("trials:trials")), ("新的试算", None)],
    }
    if rule is None or zone is None or day_fault:
        return render(request, "trials/new.html", context)
    [given] = policy.given_for(rule, [policy.zone(zone.slug, actor=actor)], on=on)
    form = TrialForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        rule=rule,
        given=given,
        has_kept=again is not None,
    )
    context |= {
        "form": form,
        "facts": [(one, label(one)) for one in rule.facts],
        "name_heads": "、".join(NAME_HEADS),
        "has_demo": demo.has_table(rule),
    }
    if request.method != "POST":
        return render(request, "trials/new.html", context)
    require(actor, TRIAL_RUN, division=zone.seat_id)
    if form.is_valid():
        try:
            trial = services.make_and_start_trial(
                rule=rule,
                zone=policy.zone(zone.slug, actor=actor),
                on=on,
                table=_table(form, rule, again),
                changes=form.changes(),
                subject=form.cleaned_data["subject"],
                actor=actor,
                at=now,
            )
        except (TableColumnsWrong, TableValuesWrong) as error:
            context["refused"] = error
        except ChangeInvalid as error:
            form.add_error(f"set-{error.facts['parameter']}", error.text)
        except DomainError as error:
            form.add_error("table", error.text)
        else:
            messages.success(request, f"第 {trial.pk} 号试算已经排队，{trial.row_count:,} 行。")
            return redirect("trials:trial", trial.pk)
    return render(request, "trials/new.html", context, status=422)


def own_zones(actor: Actor) -> list[Zone]:
    """The zones for which the actor may run trials: those whose seat lies in the actor's division."""
    return [zone for zone in policy.zones_by_name(actor) if reaches(actor, zone.seat_id)]


def _table(form: TrialForm, rule: Rule, again: Trial | None) -> ReadTable | FactTable:
    told = form.cleaned_data
    if told["source"] == KEPT and again is not None:
        return again.table
    if told["source"] == DEMO:
        return read_table(io.BytesIO(demo.table(rule)), name=demo.file_name(rule), rule=rule)
    upload = told["table"]
    return read_table(
        upload.file,
        name=upload.name or "",
        rule=rule,
        name_column=told["name_column"],
        keep_notes=told["keep_notes"],
    )


def _again(number: str, rule: Rule | None, actor: Actor) -> Trial | None:
    """The trial whose table is tried again."""
    if rule is None or not number.isdecimal() or len(number) > 18:
        return None
    found = queries.trial(int(number), actor=actor)
    return found if found.rule == rule.code else None


def _rules_by_room() -> list[tuple[str, list[Rule]]]:
    rules = all_rules().values()
    return [
        (room.label, sorted((rule for rule in rules if rule.room == room.value), key=lambda rule: rule.title))
        for room in Room
        if any(rule.room == room.value for rule in rules)
    ]


def _day(text: str, today: date) -> tuple[date, str]:
    if not text:
        return today, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return today, f"“{text[:20]}”不是日期，请写成 2026-11-22 的样子"


@require_safe
@allows(TRIAL_RUN)
def template(request: HttpRequest, code: str) -> HttpResponse:
    """An empty table of the rule's facts to fill in."""
    rule = rule_named(code)
    return _file(exports.template(rule), XLSX, f"试算表-{rule.title}.xlsx")


@require_safe
@allows(TRIAL_RUN)
def demo_table(request: HttpRequest, code: str) -> HttpResponse:
    """The demonstration of a rule, made for whoever asks."""
    rule = rule_named(code)
    return _file(demo.table(rule), "text/csv; charset=utf-8", demo.file_name(rule))


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
