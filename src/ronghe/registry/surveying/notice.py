"""公告: what the public is told of a batch: parcels and holders with masked names."""

from django.db.models import Sum

from ronghe.kernel.papers.declared import masked_name

from ..models import SurveyBatch, SurveyedParcel

#: So many parcels stand in the notice itself; the others are posted in the village and at the counter.
MOST_TOLD = 1_000
#: Whoever has a name of more characters is a body: its name is no secret.
_LONGEST_OF_PERSONS = 4


def notice_text(batch: SurveyBatch) -> str:
    """The text of the notice before entry."""
    rows = SurveyedParcel.objects.filter(batch=batch)
    total = rows.aggregate(area=Sum("declared_m2"))["area"] or 0
    listed = [
        f"{row.number}. {_masked(row.holders_text)}　{row.ground_code or '待编号'}　{row.location or row.division.name}　"
        f"{row.declared_m2} m²　{row.use}".rstrip("　")
        for row in rows.select_related("division").order_by("number")[:MOST_TOLD]
    ]
    head = (
        f"经权籍调查，拟对以下 {batch.parcels_count:,} 宗{batch.get_kind_display()}（共 {total:,} m²）办理首次登记。"
        "对权利人、界址或面积有异议的，请在公告期内书面提出；期满无异议的，予以登簿发证。"
    )
    more = batch.parcels_count - len(listed)
    tail = [f"其余 {more:,} 宗见张贴在所在村和登记窗口的附表。"] if more > 0 else []
    return "\n".join([head, *listed, *tail])


def _masked(names: str) -> str:
    """Persons' names as strangers see them; those of bodies in full."""
    return "、".join(one if len(one) > _LONGEST_OF_PERSONS else masked_name(one) for one in names.split("、"))
