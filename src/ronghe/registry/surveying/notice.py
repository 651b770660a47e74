"""公告: what the public is told of a batch: parcels and holders, persons with masked names, bodies by their own."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db.models import Sum

from ronghe.kernel.papers.declared import masked_name
from ronghe.kernel.parties.models import Party

from ..models import SurveyBatch, SurveyedHolder, SurveyedParcel

#: So many parcels stand in the notice itself; the others are posted in the village and at the counter.
MOST_TOLD = 1_000
#: Whose names are told to nobody; all other parties are bodies.
_PERSONAL = (Party.Kind.PERSON, Party.Kind.HOUSEHOLD)
#: What follows when nobody objects: the entry, or, after the survey of contracted land was told, the notice.
ENTRY_FOLLOWS = "请在公告期内书面提出；期满无异议的，予以登簿发证。"
NOTICE_FOLLOWS = "请在公示期内书面提出；公示期满无异议的，再作首次登记公告。"


def notice_text(batch: SurveyBatch, *, then: str = ENTRY_FOLLOWS) -> str:
    """The text of the notice before entry. Args: ``then`` says what follows when nobody objects."""
    rows = SurveyedParcel.objects.filter(batch=batch)
    total = rows.aggregate(area=Sum("declared_m2"))["area"] or 0
    told = list(rows.select_related("division").order_by("number")[:MOST_TOLD])
    bodies = _bodies(batch, [row.number for row in told])
    listed = [
        f"{row.number}. {_masked(row.holders_text, bodies.get(row.number, ()))}　{row.ground_code or '待编号'}　"
        f"{row.location or row.division.name}　{row.declared_m2} m²　{row.use}".rstrip("　")
        for row in told
    ]
    head = (
        f"经权籍调查，拟对以下 {batch.parcels_count:,} 宗{batch.get_kind_display()}（共 {total:,} m²）办理首次登记。"
        f"对权利人、界址或面积有异议的，{then}"
    )
    more = batch.parcels_count - len(listed)
    tail = [f"其余 {more:,} 宗见张贴在所在村和登记窗口的附表。"] if more > 0 else []
    return "\n".join([head, *listed, *tail])


def _bodies(batch: SurveyBatch, numbers: Sequence[int]) -> Mapping[int, set[str]]:
    """The names of holders that are bodies, by parcel. A holder who is registered on entry only is always a person."""
    rows = SurveyedHolder.objects.filter(batch=batch, number__in=numbers, party__isnull=False)
    found: dict[int, set[str]] = defaultdict(set)
    for number, name in rows.exclude(party__kind__in=_PERSONAL).values_list("number", "name"):
        found[number].add(name)
    return found


def told_in_public(party: Party) -> str:
    """The name of a party as strangers see it."""
    return masked_name(party.name) if party.kind in _PERSONAL else party.name


def _masked(names: str, bodies: Collection[str]) -> str:
    """Names as strangers see them: those of bodies in full, all others masked, however long they are."""
    return "、".join(one if one in bodies else masked_name(one) for one in names.split("、"))
