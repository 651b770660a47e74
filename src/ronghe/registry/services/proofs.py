"""Certificates: numbered and issued, recalled when what they prove is another or no more."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.db import refuses
from ronghe.kernel.papers.models import NumberSeries
from ronghe.kernel.regions.models import Division

from ..errors import CertificateNotFound, CertificateStands, NotInForce
from ..models import RRR, BAUnit, Certificate, Restriction, Right
from ..rules.kinds import RestrictionKind, RightKind
from .writing import locked_rrr, locked_units, reason_of

#: How a province is written at the head of a certificate's number, by the first two digits of its code.
PROVINCES = {"37": "鲁", "35": "闽", "33": "浙", "32": "苏", "50": "渝", "44": "粤", "11": "京"}
_WORDS = {Certificate.Kind.CERTIFICATE: "不动产权", Certificate.Kind.PROOF: "不动产证明"}


def county_of(division: str) -> Division:
    """The county, or functional zone of that rank, in which a division lies."""
    rows = Division.objects.filter(descendants__descendant_id=division, level__in=("county", "city"))
    found = sorted(rows.distinct(), key=lambda one: one.level != "county")
    return found[0] if found else Division.objects.get(pk=division)


def next_numbers(kind: Certificate.Kind, *, county: Division, year: int, count: int) -> list[str]:
    """The next numbers of certificates of a county in a year: 鲁（2026）高青县不动产权第0000001号. Locks: the series."""
    head, first = take_numbers(kind, county=county, year=year, count=count)
    return [f"{head}{first + i:07d}号" for i in range(count)]


def take_numbers(kind: Certificate.Kind, *, county: Division, year: int, count: int) -> tuple[str, int]:
    """How numbers begin, and the first of ``count`` that are taken now. Locks: the series."""
    return take_series(_WORDS[kind], county=county, year=year, count=count)


def take_series(word: str, *, county: Division, year: int, count: int) -> tuple[str, int]:
    """The same of a series by the word for what it numbers: no two kinds of certificates share one. Locks: the series."""
    key = {"prefix": word, "division": county, "year": year}
    NumberSeries.objects.bulk_create([NumberSeries(**key)], ignore_conflicts=True)
    series = NumberSeries.objects.select_for_update().get(**key)
    NumberSeries.objects.filter(pk=series.pk).update(last=F("last") + count)
    return f"{PROVINCES.get(county.code[:2], '')}（{year}）{county.name}{word}第", series.last + 1


@transaction.atomic
def certify(*, rrr_id: int, on: date, actor: Actor, at: datetime) -> Certificate:
    """Issue the certificate of a right, or the proof of a restriction (缮证). Locks: BAUnit, NumberSeries.

    Raises: RightNotFound, NotInForce, CertificateStands.
    """
    sort = RRR.objects.filter(pk=rrr_id).values_list("sort", flat=True).first()
    is_right = sort == RRR.Sort.RIGHT
    rrr = locked_rrr(rrr_id, RRR.Sort.RIGHT if is_right else RRR.Sort.RESTRICTION)
    title = RightKind(rrr.kind).title if is_right else RestrictionKind(rrr.kind).title
    rows = (Right if is_right else Restriction).objects.current().as_of(on).filter(rrr=rrr)
    if not rows.exists():
        raise NotInForce(kind=title, rrr=rrr.pk, day=on)
    standing = Certificate.objects.filter(rrr=rrr, recalled_on=None).first()
    if standing is not None:
        raise CertificateStands(kind=title, number=standing.number)
    unit = rrr.baunit
    kind = Certificate.Kind.CERTIFICATE if is_right else Certificate.Kind.PROOF
    number = next_numbers(kind, county=county_of(unit.division_id), year=on.year, count=1)[0]
    with refuses({"certificate_one_in_force": CertificateStands(kind=title, number=number)}):
        made = Certificate.objects.create(kind=kind, number=number, rrr=rrr, baunit=unit, issued_on=on, issued_at=at)
    facts = {"rrr": rrr.pk, "on": on}
    record(verb="registry.certificate.issued", subject=made, actor=actor, at=at, facts=facts, division=unit.division_id)
    return made


@transaction.atomic
def recall(*, certificate_id: int, on: date, reason: str, actor: Actor, at: datetime) -> Certificate:
    """Take a certificate back, or declare it void (收回、作废). Locks: BAUnit. Raises: CertificateNotFound, ReasonNeeded."""
    said = reason_of(reason, what="收回证书")
    found = Certificate.objects.filter(pk=certificate_id).first()
    if found is None:
        raise CertificateNotFound(number=certificate_id)
    unit = locked_units(found.baunit_id)[0]
    found.refresh_from_db()
    if found.recalled_on is None:
        found.recalled_on, found.recalled_at, found.recall_reason = on, at, said[:120]
        found.save(update_fields=["recalled_on", "recalled_at", "recall_reason"])
        facts = {"rrr": found.rrr_id, "on": on}
        record(
            verb="registry.certificate.recalled",
            subject=found,
            actor=actor,
            at=at,
            facts=facts,
            division=unit.division_id,
        )
    return found


def recall_of(unit: BAUnit, *, on: date, at: datetime, reason: str, rrrs: Sequence[int] | None = None) -> int:
    """Certificates of a locked unit, or of some of its rights, go back with what they prove; the act's event says so."""
    rows = Certificate.objects.filter(baunit=unit, recalled_on=None)
    if rrrs is not None:
        rows = rows.filter(rrr__in=rrrs)
    return rows.update(recalled_on=on, recalled_at=at, recall_reason=reason)
