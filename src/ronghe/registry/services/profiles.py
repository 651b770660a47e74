"""地块入市信息: what the one map says of a parcel beside what the register says (REG-13)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day

from ..errors import ProfileInvalid
from ..models import ParcelProfile
from ..rules.kinds import UnitKind
from ..rules.parcel_sheet import PATHS, SERVICES
from .writing import close, standing_unit, write_again


@transaction.atomic
def set_profile(
    *,
    baunit_id: int,
    planned_use: str,
    services: Sequence[str],
    path: str,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> ParcelProfile:
    """State planned use, services and path to the market of a parcel from today on. A repeat changes nothing. Locks: BAUnit.

    Raises: UnitNotFound, UnitOver, ProfileInvalid.
    """
    unit = standing_unit(baunit_id)
    if unit.kind != UnitKind.CONSTRUCTION:
        raise ProfileInvalid(why=f"“{unit.get_kind_display()}”不是集体建设用地")
    if path not in PATHS:
        raise ProfileInvalid(why="入市途径不在选项里")
    strange = sorted(set(services) - set(SERVICES))
    if strange:
        raise ProfileInvalid(why=f"基础设施状况里没有“{strange[0][:20]}”")
    told = {
        "planned_use": " ".join(planned_use.split())[:40],
        "services": [one for one in SERVICES if one in services],
        "path": path,
        "note": " ".join(note.split())[:200],
    }
    on = legal_day(at)
    last = ParcelProfile.objects.current().filter(baunit=unit).order_by("-valid").first()
    if last is not None and all(getattr(last, name) == value for name, value in told.items()):
        return last
    if last is not None:
        close(last, at)
        if last.valid.lower < on:
            write_again(last, at, valid=DateRange(last.valid.lower, on))
    made = ParcelProfile.objects.create(
        baunit=unit, valid=DateRange(on, None), recorded=DateTimeTZRange(at, None), user_id=actor.user_id, **told
    )
    facts = {"profile": made.pk, "path": path, "services": told["services"]}
    record(verb="registry.parcel.described", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    return made
