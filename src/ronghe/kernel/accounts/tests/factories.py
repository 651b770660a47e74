"""Places, users and posts for tests. Rows are made directly, so that a test begins with exactly what it says."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db.backends.postgresql.psycopg_any import DateRange

from ronghe.kernel.accounts.models import Mandate, Membership, User
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # 2026-11-22 12:00 in Asia/Shanghai
TODAY = date(2026, 11, 22)
ALWAYS = DateRange(date(2020, 1, 1), None)
GOOD = "Qing-2026-Yun"

#: Shandong > Zibo > Gaoqing > a town; and Zhoucun beside Gaoqing.
PROVINCE, CITY, COUNTY, TOWN, OTHER = "370000000000", "370300000000", "370322000000", "370322001000", "370306000000"

_numbers = itertools.count(1)


def places() -> None:
    """The five divisions with their closure, and a department in each."""
    Division = apps.get_model("regions", "Division")
    Closure = apps.get_model("regions", "DivisionClosure")
    above: dict[str, tuple[str, ...]] = {
        PROVINCE: (), CITY: (PROVINCE,), COUNTY: (CITY, PROVINCE), TOWN: (COUNTY, CITY, PROVINCE), OTHER: (CITY, PROVINCE),
    }  # fmt: skip
    levels = {PROVINCE: "province", CITY: "city", COUNTY: "county", TOWN: "town", OTHER: "county"}
    for code, ancestors in above.items():
        Division.objects.get_or_create(
            code=code,
            defaults={
                "name": f"区划{code[:6]}",
                "level": levels[code],
                "parent_id": ancestors[0] if ancestors else None,
            },
        )
        for distance, ancestor in enumerate((code, *ancestors)):
            Closure.objects.get_or_create(
                ancestor_id=ancestor, descendant_id=code, kind="administrative", defaults={"distance": distance}
            )
        unit(code)


def unit(division: str = COUNTY) -> Any:
    """A department of a division."""
    OrgUnit = apps.get_model("regions", "OrgUnit")
    return OrgUnit.objects.get_or_create(division_id=division, name="自然资源局", defaults={"level": "county"})[0]


def party(division: str = COUNTY) -> Any:
    """A person."""
    return apps.get_model("parties", "Party").objects.create(kind="person", name="演示农户", division_id=division)


def user(username: str = "", **given: Any) -> User:
    """A login without a password."""
    username = username or f"user{next(_numbers)}"
    return User.objects.create(
        username=username, display_name=given.pop("display_name", "演示"), password="!", created_at=NOON, **given
    )


def post(
    role: Role | str,
    *,
    of: User | None = None,
    division: str = COUNTY,
    org_unit_id: int | None = None,
    valid: DateRange = ALWAYS,
) -> Membership:
    """A user (a new one unless given) with a post, in a department of the division unless a unit is given."""
    return Membership.objects.create(
        user=of or user(), org_unit_id=org_unit_id or unit(division).pk, role=str(role), division_id=division,
        valid=valid, granted_at=NOON,
    )  # fmt: skip


def mandate(*, of: User | None = None, kind: str = "self", valid: DateRange = ALWAYS, **given: Any) -> Mandate:
    """A user who acts for a party."""
    return Mandate.objects.create(
        user=of or user(),
        party=given.pop("party", None) or party(),
        kind=kind,
        source="演示",
        valid=valid,
        granted_at=NOON,
    )


def actor(membership: Membership) -> Actor:
    """The actor of a post."""
    return Actor(membership.user_id, membership.role, membership.org_unit_id, membership.division_id)
