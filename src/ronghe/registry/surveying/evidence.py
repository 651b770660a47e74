"""Evidence beside the check of a survey: to which parcel of another file it goes, what is lacking, what is far off."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal

import numpy as np
import shapely
from django.db.models import Q

from ronghe.kernel.spatial.rules import Box
from ronghe.policy.rulebook import Given

from ..models import SurveyBatch, SurveyedParcel, SurveyEvidence
from ..rules.areas import working
from ..rules.evidence import FAR_M, GROUND_LENGTH, REQUIRED, lacking, outside_m
from .findings import NOTE, PERSON, Findings

CHUNK = 5_000


def far_limit(given: Given) -> float | None:
    """From how many metres outside of its parcel a photo is remarked; None where no pack says it."""
    limit = working(given[FAR_M])
    return None if limit is None else float(limit)


def required_in(given: Given) -> frozenset[str]:
    """The titles of the kinds that every parcel must have there; what is not in use asks for nothing."""
    stated = given[REQUIRED].value
    return stated if isinstance(stated, frozenset) else frozenset()


def carry_over(batch: SurveyBatch, findings: Findings) -> None:
    """Lead what was given for parcels of the file before to those of the present one; say what has none there."""
    rows = list(SurveyEvidence.objects.filter(batch=batch).standing().order_by("pk"))
    if not rows:
        return
    codes = _by_code(batch, {row.code for row in rows if row.code})
    without = [row for row in rows if row.code not in codes]
    spots = _by_spot(batch, without)
    moved: dict[int | None, list[int]] = defaultdict(list)
    lost: dict[tuple[int, str], int] = defaultdict(int)
    for row in rows:
        number = codes.get(row.code) if row.code in codes else spots.get(row.pk)
        if number != row.number:
            moved[number].append(row.pk)
        if number is None:
            lost[row.given_number, row.code] += 1
    for number, ids in moved.items():
        SurveyEvidence.objects.filter(pk__in=ids).update(number=number)
    for (number, code), count in lost.items():
        what = f"原第 {number} 宗{f'（{code}）' if code else ''}的 {count} 件佐证"
        findings.add(
            0, PERSON, "evidence_lost", "佐证", f"{what}在这份文件里没有对应的宗地",
            "不再需要的在佐证列表撤回；漏了宗地的补上后重新上传；或写明判定理由",
        )  # fmt: skip


def _by_code(batch: SurveyBatch, codes: set[str]) -> dict[str, int]:
    """The parcels of these codes: of the unit, or of the ground."""
    grounds = {code[:GROUND_LENGTH] for code in codes}
    rows = SurveyedParcel.objects.filter(Q(code__in=codes) | Q(ground_code__in=grounds), batch=batch)
    found: dict[str, int] = {}
    on_ground: dict[str, list[int]] = defaultdict(list)
    for number, code, ground in rows.order_by("-number").values_list("number", "code", "ground_code"):
        found |= dict.fromkeys(codes & {code, ground}, number)
        on_ground[ground].append(number)
    for code in codes - set(found):
        # A house was surveyed, or torn down, since: the ground is the same.
        same = on_ground[code[:GROUND_LENGTH]]
        if len(same) == 1:
            found[code] = same[0]
    return found


def _by_spot(batch: SurveyBatch, rows: Iterable[SurveyEvidence]) -> dict[int, int]:
    """The parcels that lie around the spots of these."""
    placed = [row for row in rows if row.spot_longitude is not None and row.spot_latitude is not None]
    if not placed:
        return {}
    points = shapely.points([(float(row.spot_longitude or 0), float(row.spot_latitude or 0)) for row in placed])
    tree, found = shapely.STRtree(points), {}
    around = SurveyedParcel.objects.filter(batch=batch, box__overlaps=Box(*shapely.total_bounds(points).tolist()))
    for number, outline in (
        around.exclude(geometry=None).order_by("-number").values_list("number", "geometry").iterator(CHUNK)
    ):
        for place in tree.query(outline, predicate="covers").tolist():
            found[placed[place].pk] = number
    return found


def judge_evidence(batch: SurveyBatch, findings: Findings, given: Given) -> None:
    """What evidence the parcels lack, and which photos say that they were taken elsewhere."""
    _tell_lacking(batch, findings, required_in(given))
    limit = far_limit(given)
    if limit is not None:
        _tell_far(batch, findings, limit)


def _tell_lacking(batch: SurveyBatch, findings: Findings, required: frozenset[str]) -> None:
    if not required:
        return
    kinds = kinds_given(batch)
    numbers = SurveyedParcel.objects.filter(batch=batch).order_by("number").values_list("number", flat=True)
    for number in numbers.iterator(CHUNK):
        missing = lacking(kinds.get(number, ()), required)
        if missing:
            findings.add(number, PERSON, MISSING, "佐证", missing_told(missing), MISSING_MEND)


#: The kind of finding that a parcel lacks evidence, and what to do.
MISSING = "evidence_missing"
MISSING_MEND = "在这一宗的页面补充，或用压缩包整批补充；或写明判定理由"


def missing_told(missing: Iterable[str]) -> str:
    """What is said of a parcel that lacks these kinds."""
    return f"这一宗没有{'、'.join(missing)}"


def kinds_given(batch: SurveyBatch, numbers: Collection[int] | None = None) -> dict[int, set[str]]:
    """Which kinds each parcel has; of all parcels, or of these."""
    kinds: dict[int, set[str]] = defaultdict(set)
    there = SurveyEvidence.objects.filter(batch=batch, number__isnull=False).standing().order_by()
    if numbers is not None:
        there = there.filter(number__in=numbers)
    for number, kind in there.values_list("number", "kind").distinct():
        kinds[number or 0].add(kind)
    return kinds


def _tell_far(batch: SurveyBatch, findings: Findings, limit: float) -> None:
    rows = SurveyEvidence.objects.filter(batch=batch, number__isnull=False, longitude__isnull=False).standing()
    photos: dict[int, list[SurveyEvidence]] = defaultdict(list)
    for row in rows.order_by("pk"):
        photos[row.number or 0].append(row)
    numbers = np.array(sorted(photos))
    for start in range(0, len(numbers), CHUNK):
        some = numbers[start : start + CHUNK].tolist()
        outlines = SurveyedParcel.objects.filter(batch=batch, number__in=some).exclude(geometry=None)
        for number, outline in outlines.order_by("number").values_list("number", "geometry"):
            for row in photos[number]:
                told = far_told(row.longitude, row.latitude, outline, limit)
                if told:
                    findings.add(number, NOTE, "evidence_far", "佐证", f"“{row.file_name}”{told}", FAR_MEND)


#: What may be behind it, and what to do.
FAR_MEND = "核对照片是不是这一宗的；手机定位不准、在宗地外取景，或按火星坐标记录的，可以不管"


def far_told(
    longitude: Decimal | float | None, latitude: Decimal | float | None, outline: shapely.Geometry | None,
    limit: float | None,
) -> str:  # fmt: skip
    """What is remarked of where a photo was taken; empty when nothing is."""
    if outline is None or limit is None or longitude is None or latitude is None:
        return ""
    metres = outside_m(outline, float(longitude), float(latitude))
    return f"记录的拍摄位置在宗地外 {metres:,.0f} 米" if metres > limit else ""
