"""Reads of the policy library: rules with where they stand and what they are worth, and zones side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import Invalid, NotFound

from .. import ruling
from ..models import (
    Clause,
    KeptRuling,
    Matter,
    Parameter,
    ParameterValue,
    PolicyDocument,
    RuleItem,
    RuleStatement,
    Zone,
)
from ..rulebook import InForce
from .plans import parent_seen_by, zones_by_name
from .rulings import stated_value, stored_value, values_side_by_side, zone_chain


class RuleItemNotFound(NotFound):
    """No rule of this number stands in the catalogue."""

    code = "policy.rule_item_not_found"
    message = "规则目录里没有编号为“{rule}”的规则。请从政策库选择。"


class ParameterNotFound(NotFound):
    """No parameter has this id."""

    code = "policy.parameter_not_found"
    message = "没有标识为“{parameter}”的参数。请从政策库选择参数。"


class LocalValueNotFound(NotFound):
    """No local value of this number that can be taken back."""

    code = "policy.local_value_not_found"
    message = "没有编号为 {value_id} 的本地录入值，或者它已经撤下。请刷新参数页面查看最新情况。"


class ComparedUnknown(Invalid):
    """A comparison asks for zones or matters that are not there, or that the actor may not see."""

    code = "policy.compared_unknown"
    message = "没有可对比的{what} {unknown}。可用：{known}。"


class LawNotFound(NotFound):
    """No law of this key is in the national pack."""

    code = "policy.law_not_found"
    message = "没有标识为“{key}”的国家法规。请从政策库的国家法规选择。"


class KeptRulingNotFound(NotFound):
    """No kept ruling of this number that the actor may see."""

    code = "policy.kept_ruling_not_found"
    message = "没有编号为 {number} 的存档结论，或者它不在您的管辖范围内。"


@dataclass(frozen=True, slots=True)
class Cited:
    """引用: a clause with the way to it."""

    label: str
    href: str
    title: str


def cited(cites: Iterable[ruling.Clause], *, actor: Actor) -> dict[ruling.Clause, Cited]:
    """The clauses that the actor may see, with their addresses; one query however many."""
    wanted = set(cites)
    if not wanted:
        return {}
    rows = (
        Clause.objects.visible_to(actor)
        .filter(document__key__in={c.document for c in wanted}, label__in={c.path for c in wanted})
        .select_related("document__zone")
    )
    return {ruling.Clause(row.document.key, row.label): cited_row(row) for row in rows}


def cited_row(row: Clause) -> Cited:
    """How a clause is cited on pages: 青岛 三(二)3, 土地管理法 第六十三条."""
    document = row.document
    about = " ".join(filter(None, [document.title, document.number, document.date_made.isoformat(), row.title]))
    if document.zone is None:
        name = document.title.removeprefix("中华人民共和国").partition("（")[0]
        return Cited(f"{name} {row.label}", f"{reverse('library:law', args=[document.key])}#c{row.pk}", about)
    where = reverse("policy:clauses", args=[document.zone_id, document.key])
    return Cited(f"{document.zone.short} {row.label}", f"{where}#c{row.pk}", about)


def zones_side_by_side(actor: Actor) -> list[Zone]:
    """The zones that the actor may see, by name, each with its parent if that may be seen too: values come from there."""
    return list(zones_by_name(actor).prefetch_related(parent_seen_by(actor)))


# -- rules ---------------------------------------------------------------------------------------------------------


def rule_items(
    *, actor: Actor, text: str = "", room: str = "", matter: str = "", zone: str = "", status: str = ""
) -> QuerySet[RuleItem]:
    """The catalogue, narrowed. ``status`` keeps rules that have a value of that status in a zone one may see."""
    rows = RuleItem.objects.select_related("matter").prefetch_related("statements__document__zone")
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(pk__iexact=text) | Q(modules__icontains=text))
    if room:
        rows = rows.filter(room=room)
    if matter:
        rows = rows.filter(matter=matter)
    seen = Zone.objects.visible_to(actor)
    stated = RuleStatement.objects.visible_to(actor).filter(document__zone__in=seen)
    if zone:
        rows = rows.filter(pk__in=stated.filter(document__zone=zone).values("rule"))
    if status:
        values = ParameterValue.objects.visible_to(actor).in_force().filter(status=status)
        values = values.filter(zone=zone) if zone else values
        rows = rows.filter(pk__in={rule for value in values for rule in value.rules})
    return rows


def rule_item(rule_id: str) -> RuleItem:
    """One rule of the catalogue. Raises: RuleItemNotFound."""
    found = RuleItem.objects.select_related("matter").filter(pk=rule_id).first()
    if found is None:
        raise RuleItemNotFound(rule=rule_id)
    return found


def statements(rule: RuleItem, *, actor: Actor) -> QuerySet[RuleStatement]:
    """Where the rule stands: documents of zones that the actor may see, with their clauses."""
    return (
        RuleStatement.objects.visible_to(actor)
        .filter(rule=rule)
        .select_related("document__zone")
        .prefetch_related("clauses__document__zone")
        .order_by("document__zone")
    )


def values_of(
    *, actor: Actor, rule: str = "", parameter: str = "", zone: str = "", withdrawn: bool = False
) -> QuerySet[ParameterValue]:
    """Stored values that the actor may see: of a rule, a parameter or a zone, by parameter, zone and day."""
    rows = ParameterValue.objects.visible_to(actor)
    if not withdrawn:
        rows = rows.in_force()
    if rule:
        rows = rows.filter(rules__contains=[rule])
    if parameter:
        rows = rows.filter(parameter=parameter)
    if zone:
        rows = rows.filter(zone=zone)
    return (
        rows.select_related("parameter", "zone", "author")
        .prefetch_related("cites__clause__document__zone")
        .order_by("parameter", "zone", "-starts", "-recorded_at")
    )


def parameters(
    *, actor: Actor, text: str = "", room: str = "", status: str = "", zone: Zone | None = None
) -> QuerySet[Parameter]:
    """All parameters, narrowed. ``status`` keeps those with such a value in the zone, or in any that one may see."""
    rows = Parameter.objects.all()
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(pk__icontains=text))
    if room:
        rows = rows.filter(room=room)
    if status or zone is not None:
        values = ParameterValue.objects.visible_to(actor).in_force()
        if zone is not None:
            values = values.filter(Q(zone=None) | Q(zone__in=[z.slug for z in zone_chain(zone) if z is not None]))
        if status:
            values = values.filter(status=status)
        rows = rows.filter(pk__in=values.values("parameter"))
    return rows


def parameter(parameter_id: str) -> Parameter:
    """One parameter. Raises: ParameterNotFound."""
    found = Parameter.objects.select_related("matter").filter(pk=parameter_id).first()
    if found is None:
        raise ParameterNotFound(parameter=parameter_id)
    return found


def parameter_description(of: Parameter, *, actor: Actor) -> dict[str, Any]:
    """What a parameter is, and every value that it has or had in any zone that the actor may see."""
    return {
        "id": of.pk,
        "title": of.title,
        "kind": of.kind,
        "unit": of.unit,
        "basis": of.basis,
        "room": of.room,
        "matter": of.matter_id or "",
        "choices": of.choices,
        "meaning": of.meaning,
        "values": [stored_value(row) for row in values_of(actor=actor, parameter=of.pk, withdrawn=True)],
    }


def local_value(value_id: int, *, actor: Actor, zone: str = "", parameter: str = "") -> tuple[Zone, str]:
    """Of a value that a person entered and that stands: its zone and the parameter's title.

    Args: ``zone`` and ``parameter``, where given, must be the value's own.
    Raises: LocalValueNotFound.
    """
    rows = values_of(actor=actor, zone=zone, parameter=parameter)
    found = rows.filter(pk=value_id, origin=ParameterValue.Origin.LOCAL).first()
    if found is None or found.zone is None:
        raise LocalValueNotFound(value_id=value_id)
    return found.zone, found.parameter.title


def whence(value: InForce, zones: Mapping[str, Zone]) -> str:
    """Who states a value, as people read it: 青岛, 全国, 青岛（本地录入）. ``zones`` are those that may be named."""
    if not value.zone:
        return ""
    place = zones[value.zone].short if value.zone in zones else "全国"
    return f"{place}（本地录入）" if value.author else place


def laws(*, actor: Actor) -> QuerySet[PolicyDocument]:
    """The laws and national rules that values and rules rest on."""
    return PolicyDocument.objects.visible_to(actor).filter(zone=None).prefetch_related("clauses").order_by("date_made")


def law(key: str, *, actor: Actor) -> PolicyDocument:
    """One law. Raises: LawNotFound."""
    found = laws(actor=actor).filter(key=key).first()
    if found is None:
        raise LawNotFound(key=key)
    return found


def kept_rulings(*, actor: Actor, text: str = "", zone: str = "", verdict: str = "") -> QuerySet[KeptRuling]:
    """The kept rulings of the actor's division and below."""
    rows = KeptRuling.objects.visible_to(actor).select_related("zone", "actor_user")
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(subject__icontains=text) | Q(rule__icontains=text))
    if zone:
        rows = rows.filter(zone=zone)
    if verdict:
        rows = rows.filter(verdict="" if verdict == "value" else verdict)
    return rows


def kept_ruling(number: int, *, actor: Actor) -> KeptRuling:
    """One kept ruling. Raises: KeptRulingNotFound."""
    found = kept_rulings(actor=actor).filter(pk=number).first()
    if found is None:
        raise KeptRulingNotFound(number=number)
    return found


# -- zones side by side --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """对比的一行: one parameter in every zone; ``differs`` when those that state it do not say the same."""

    parameter: Parameter
    rules: tuple[str, ...]
    cells: tuple[InForce, ...]  # one per zone, in the order asked for
    differs: bool

    @property
    def is_partial(self) -> bool:
        """Whether some zones do not speak of it."""
        return not all(cell.is_stated for cell in self.cells)


@dataclass(frozen=True, slots=True)
class ComparedMatter:
    """对比的一个事项: its rules and parameters."""

    matter: Matter
    rules: tuple[RuleItem, ...]
    rows: tuple[Compared, ...]

    @property
    def differs(self) -> bool:
        return any(row.differs or row.is_partial for row in self.rows)


def comparison(zones: Sequence[Zone], *, actor: Actor, on: date, matters: Sequence[str] = ()) -> list[ComparedMatter]:
    """Each matter with its parameters in every zone on a day: a fixed number of queries, whatever the number of matters.

    A parameter belongs to a matter by its definition, or because a rule of the matter states it.
    """
    by_zone = values_side_by_side(zones, on=on)
    rules_of = _rules_by_parameter(actor)
    items = list(RuleItem.objects.all())
    parameters = list(Parameter.objects.all())
    made = []
    for matter in Matter.objects.filter(pk__in=matters) if matters else Matter.objects.all():
        rules = tuple(item for item in items if item.matter_id == matter.pk)
        ids = {item.pk for item in rules}
        rows = []
        for parameter in parameters:
            stating = rules_of.get(parameter.pk, ())
            if parameter.matter_id != matter.pk and not ids & set(stating):
                continue
            cells = tuple(values[parameter.pk] for values in by_zone)
            if any(cell.is_stated or cell.idle is not None for cell in cells):
                rows.append(Compared(parameter, stating, cells, differs(cells)))
        made.append(ComparedMatter(matter, rules, tuple(rows)))
    return made


@dataclass(frozen=True, slots=True)
class Comparison:
    """地区对比: zones side by side on a day, as programs and the shell ask for them."""

    on: date
    zones: tuple[Zone, ...]
    matters: tuple[ComparedMatter, ...]

    def as_json(self) -> dict[str, Any]:
        """The answer of ``ronghe parameter compare`` and of the API."""
        return {
            "date": self.on.isoformat(),
            "zones": [{"slug": zone.slug, "short": zone.short, "title": zone.title} for zone in self.zones],
            "matters": [
                {
                    "key": one.matter.key,
                    "title": one.matter.title,
                    "rules": [rule.pk for rule in one.rules],
                    "differs": one.differs,
                    "parameters": [self._row(row) for row in one.rows],
                }
                for one in self.matters
            ],
        }

    def _row(self, row: Compared) -> dict[str, Any]:
        return {
            "id": row.parameter.pk,
            "title": row.parameter.title,
            "rules": list(row.rules),
            "differs": row.differs,
            "partial": row.is_partial,
            "values": {z.slug: stated_value(cell) for z, cell in zip(self.zones, row.cells, strict=True)},
        }


def compared(*, actor: Actor, on: date, zones: Sequence[str] = (), matters: Sequence[str] = ()) -> Comparison:
    """The named zones side by side on the named matters; all that the actor may see where none is named.

    Raises: ComparedUnknown.
    """
    seen = {zone.slug: zone for zone in zones_side_by_side(actor)}
    keys = list(Matter.objects.values_list("key", flat=True))
    for what, asked, known in (("试验区", zones, list(seen)), ("事项", matters, keys)):
        if unknown := [name for name in asked if name not in known]:
            raise ComparedUnknown(what=what, unknown="、".join(unknown), known="、".join(known))
    chosen = [seen[slug] for slug in dict.fromkeys(zones or seen)]
    return Comparison(on, tuple(chosen), tuple(comparison(chosen, actor=actor, on=on, matters=matters)))


def differs(cells: Sequence[InForce]) -> bool:
    """Whether the zones that state it say different things; one that leaves it open differs from one that does not."""
    said = {
        tuple(sorted(cell.value.items())) if isinstance(cell.value, Mapping) else cell.value
        for cell in cells
        if cell.is_stated
    }
    return len(said) > 1


def _rules_by_parameter(actor: Actor) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for parameter, rules in ParameterValue.objects.visible_to(actor).in_force().values_list("parameter_id", "rules"):
        found.setdefault(parameter, set()).update(rules)
    return {parameter: tuple(sorted(rules)) for parameter, rules in found.items()}
