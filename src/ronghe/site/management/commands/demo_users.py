"""``demo_users``: people to sign in as in a demonstration; a repeat changes nothing."""

import base64
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from ronghe.governance.demo import BEGIN, office_of, unit_of
from ronghe.governance.services import government_of
from ronghe.kernel.accounts.demo import DemoUser, close_users, make_party_user, make_user, reopen_users
from ronghe.kernel.accounts.models import Mandate
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.clock import now
from ronghe.kernel.parties import demo as parties
from ronghe.kernel.regions.models import Division, OrgUnit
from ronghe.policy.models import Zone
from ronghe.policy.queries import zones

#: The administrators of the demonstration reach the province in which most zones lie.
PROVINCE = "370000000000"
#: The zone in one of whose villages the demonstration has parties.
VILLAGE_OF = "gaoqing"
#: Departments that lead much in most zones: the user's name, what it is called, and how it is written in plans.
DEPARTMENTS = (
    ("nongye", "农业农村", ("农业农村",)),
    ("ziran", "自然资源", ("自然资源", "资规")),
    ("zhujian", "住房城乡建设", ("住房城乡建设", "住建")),
    ("caizheng", "财政", ("财政",)),
)
#: Offices of districts: of which zone, and where.
DISTRICTS = (
    ("licheng", "jinan", "370112000000"),
    ("jimo", "qingdao", "370215000000"),
    ("zichuan", "zibo", "370302000000"),
)
ADMINISTRATORS = (
    ("sysadmin", "系统管理员", Role.SYSTEM_ADMIN),
    ("security", "安全管理员", Role.SECURITY_ADMIN),
    ("auditor", "审计员", Role.AUDITOR),
)


class Command(BaseCommand):
    """Make the demonstration users and print ``role · username · password``."""

    help = "建立演示用户并列出岗位、用户名和密码；重复运行不会改变任何内容。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--close", action="store_true", help="停用仍在使用演示密码的演示用户")
        parser.add_argument("--reopen", action="store_true", help="重新启用停用的演示用户")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["close"]:
            close_users(password_of=_password, at=now())
            return
        if options["reopen"]:
            reopen_users(password_of=_password, at=now())
        last: OrgUnit | None = None
        for zone in zones(SYSTEM):
            office = office_of(zone)
            if office is None:
                continue
            last = last or office
            # What one person of the office has begun another checks, and the leader confirms.
            self._make(f"office.{zone.slug}", f"{zone.short}专班", Role.ZONE_OFFICE, office, zone.seat_id)
            self._make(f"office2.{zone.slug}", f"{zone.short}专班复核", Role.ZONE_OFFICE, office, zone.seat_id)
            self._make(f"leader.{zone.slug}", f"{zone.short}分管领导", Role.LEADER, office, zone.seat_id)
            for key, called, words in DEPARTMENTS:
                unit = unit_of(zone, *words)
                if unit is not None and unit != office:
                    self._make(f"{key}.{zone.slug}", f"{zone.short}{called}", Role.DEPARTMENT, unit, zone.seat_id)
            self._districts(zone)
        if last is not None:
            for username, name, role in ADMINISTRATORS:
                self._make(username, name, role, last, PROVINCE)
        self._village()

    def _districts(self, zone: Zone) -> None:
        for key, slug, code in DISTRICTS:
            division = Division.objects.filter(pk=code).first() if slug == zone.slug else None
            if division is not None:
                unit = government_of(division)
                self._make(f"{key}.{zone.slug}", f"{division.name}专班", Role.ZONE_OFFICE, unit, division.code)

    def _village(self) -> None:
        """A village with parties, the window of its town, and a farmer who acts for himself."""
        zone = next((zone for zone in zones(SYSTEM) if zone.slug == VILLAGE_OF), None)
        below = Division.objects.below(zone.seat_id) if zone else Division.objects.none()
        village = below.filter(level="village", name__contains="村").order_by("code").first()
        unit = unit_of(zone, "农业农村") if zone else None
        if zone is None or village is None or village.parent is None or unit is None:
            return
        name = village.name.removesuffix("村委会").removesuffix("村民委员会")
        parties.make_village(division=village.code, village=name, at=now())
        registrars = unit_of(zone, "自然资源", "资规")
        if registrars is not None:
            # What one registrar has examined another enters (职责分离).
            self._make(f"ziran2.{zone.slug}", f"{zone.short}登记复核", Role.DEPARTMENT, registrars, zone.seat_id)
        self._make(f"window.{zone.slug}", f"{village.parent.name}窗口", Role.TOWN_WINDOW, unit, village.parent.code)
        farmer = parties.farmer_of(village.code)
        if farmer is not None:
            password = _password(f"farmer.{zone.slug}")
            made = make_party_user(
                username=f"farmer.{zone.slug}",
                display_name=farmer.name,
                party_id=farmer.pk,
                kind=Mandate.Kind.SELF,
                at=now(),
                password=password,
            )
            self._tell(made, password)

    def _make(self, username: str, name: str, role: Role, unit: OrgUnit, division: str) -> None:
        password = _password(username)
        made = make_user(
            username=username,
            display_name=name,
            role=role,
            org_unit_id=unit.pk,
            division=division,
            at=now(),
            password=password,
            # The history of the demonstration is theirs.
            from_day=BEGIN,
        )
        self._tell(made, password)

    def _tell(self, made: DemoUser, password: str) -> None:
        kept = made.password or (password if made.user.check_password(password) else "（密码已改）")
        self.stdout.write(f"  {made.role.title}　{made.user.username}　{kept}")


def _password(username: str) -> str:
    """A password that only whoever holds this data folder's secret key can tell, the same at every start."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"demo:{username}".encode(), hashlib.sha256).digest()
    text = base64.b32encode(digest).decode().lower()
    return f"Rh-{text[:5]}-{text[5:10]}"
