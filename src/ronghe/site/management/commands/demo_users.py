"""``demo_users``: people to sign in as in a demonstration; a repeat changes nothing."""

import base64
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from ronghe.kernel.accounts.demo import close_users, make_user, reopen_users
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.clock import now
from ronghe.kernel.regions.models import OrgUnit
from ronghe.policy.models import Zone
from ronghe.policy.queries import zones

#: The administrators of the demonstration reach the province in which most zones lie.
PROVINCE = "370000000000"
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
            office = self._unit(zone, "发展改革", "发改")
            if office is None:
                continue
            last = last or office
            self._make(f"office.{zone.slug}", f"{zone.short}专班", Role.ZONE_OFFICE, office, zone.seat_id)
            # What the office has checked another confirms: without a second person no plan becomes a zone.
            self._make(f"leader.{zone.slug}", f"{zone.short}分管领导", Role.LEADER, office, zone.seat_id)
            farming = self._unit(zone, "农业农村")
            if farming is not None:
                self._make(f"nongye.{zone.slug}", f"{zone.short}农业农村", Role.DEPARTMENT, farming, zone.seat_id)
        if last is not None:
            for username, name, role in ADMINISTRATORS:
                self._make(username, name, role, last, PROVINCE)

    def _unit(self, zone: Zone, *words: str) -> OrgUnit | None:
        own = OrgUnit.objects.filter(division=zone.seat_id, kind=OrgUnit.Kind.DEPARTMENT).order_by("pk")
        return next((unit for word in words for unit in own.filter(name__contains=word)), own.first())

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
        )
        kept = made.password or (password if made.user.check_password(password) else "（密码已改）")
        self.stdout.write(f"  {role.title}　{username}　{kept}")


def _password(username: str) -> str:
    """A password that only whoever holds this data folder's secret key can tell, the same at every start."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"demo:{username}".encode(), hashlib.sha256).digest()
    text = base64.b32encode(digest).decode().lower()
    return f"Rh-{text[:5]}-{text[5:10]}"
