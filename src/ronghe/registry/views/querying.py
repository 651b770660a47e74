"""登记信息查询: for everybody, by what they know; nothing that is typed stands in an address."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Listing

from ..models import BookQuery
from ..permissions import BOOK_VIEW, PUBLIC_QUERY
from ..queries import exchange as queries
from ..rules import privacy
from ..rules.codes import printed
from ..services.querying import Question, ask

_QUIET = {"autocomplete": "off", "spellcheck": "false"}


class QueryForm(forms.Form):
    """What is known of the unit and of its holder."""

    unit = forms.CharField(
        label="不动产单元代码",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=_QUIET),
        help_text="28 位，可以有空格",
    )
    certificate = forms.CharField(
        label="证号",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs=_QUIET),
        help_text="不动产权证书或登记证明的全部证号",
    )
    name = forms.CharField(
        label="权利人姓名或名称", max_length=120, required=False, widget=forms.TextInput(attrs=_QUIET), help_text="全名"
    )
    tail = forms.CharField(
        label="权利人证件号码末六位", max_length=6, required=False, widget=forms.TextInput(attrs=_QUIET)
    )
    purpose = forms.CharField(
        label="用途", max_length=200, required=False, help_text="权利人和工作人员查看登记簿内容时填写，查询留有记录"
    )

    def __init__(self, *args: object, with_purpose: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not with_purpose:
            del self.fields["purpose"]

    def clean(self) -> dict[str, object]:
        told = super().clean() or {}
        if not (told.get("unit") or told.get("certificate")):
            self.add_error("unit", "请填写单元代码或证号。")
        elif not (told.get("name") or told.get("tail") or told.get("purpose")):
            self.add_error("name", "请填写权利人姓名或证件号码末六位。")
        return told


@require_http_methods(["GET", "HEAD", "POST"])
@allows(PUBLIC_QUERY)
def query(request: HttpRequest) -> HttpResponse:
    """Ask about a unit."""
    actor = actor_of(request)
    sent = request.method == "POST"
    form = QueryForm(request.POST if sent else None, with_purpose=not actor.is_anonymous)
    answered, status = None, 200
    if sent and form.is_valid():
        try:
            answered = ask(
                Question(**form.cleaned_data), network=request.META.get("REMOTE_ADDR", ""), actor=actor, at=clock.now()
            )
        except DomainError as error:
            form.add_error(None, error.text)
            status = error.status
    elif form.errors:
        status = 422
    told = []
    if answered is not None:
        told = [
            (privacy.LABELS[name], _shown(name, answered.told[name]))
            for name in privacy.told_at(answered.level)
            if name in answered.told
        ]
    context = {
        "form": form, "title": "登记信息查询", "submit": "查询", "answered": answered, "told": told,
        "grades": [(level.title, grade.who, "、".join(privacy.LABELS[name] for name in grade.tells)) for level, grade in privacy.GRADES.items()],
        "crumbs": [("登记信息查询", None)],
    }  # fmt: skip
    response = render(request, "registry/query.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _shown(name: str, value: object) -> list[str]:
    if isinstance(value, bool):
        return ["有" if value else "无"]
    if isinstance(value, list):
        return [str(one) for one in value] or ["无"]
    return [f"{value:,}" if name == "area_m2" else str(value or "—")]


RECORDS: Listing[BookQuery] = Listing(
    title="登记信息查询记录",
    columns=[
        Column("at", "时间", lambda q: clock.legal_day(q.at), order=("at",), kind="date"),
        Column("unit", "不动产单元", lambda q: printed(q.baunit.code), kind="code", wide=True),
        Column("level", "内容", lambda q: q.get_level_display()),
        Column("by", "查询人", lambda q: str(q.user or "公众")),
        Column("purpose", "用途", lambda q: q.purpose),
    ],
    order=("-pk",),
    empty="还没有查询记录",
    empty_next="凭姓名和证号的查询，以及写明用途的查询，都记在这里。",
)


@require_safe
@allows(BOOK_VIEW)
def query_records(request: HttpRequest) -> HttpResponse:
    """Who was told what of the units of one's place."""
    rows = queries.book_queries(actor_of(request))
    context = {"crumbs": [("登记信息查询", reverse("registry:query")), ("查询记录", None)]}
    return RECORDS.respond(request, RECORDS.asked(request.GET), rows, context=context)
