"""Roles 岗位 and what each may do: pure data. Deny by default; a room registers its permissions when it is loaded.

三员分立: the three administrators share no permission with one another and none with the business of the platform.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ronghe.kernel.actors import PUBLIC_ROLE, SYSTEM_ROLE


class Role(StrEnum):
    """岗位: in what capacity somebody acts."""

    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"
    ZONE_OFFICE = "zone_office"
    DEPARTMENT = "department"
    TOWN_WINDOW = "town_window"
    LEADER = "leader"
    SELF = "self"
    PUBLIC = PUBLIC_ROLE
    SYSTEM = SYSTEM_ROLE

    @property
    def title(self) -> str:  # type: ignore[override]
        """What pages show."""
        return TITLES[self]


TITLES: dict[str, str] = {
    "system_admin": "系统管理员",
    "security_admin": "安全管理员",
    "auditor": "审计员",
    "zone_office": "试验区专班",
    "department": "部门经办",
    "town_window": "镇办窗口",
    "leader": "分管领导",
    "self": "本人或代理人",
    PUBLIC_ROLE: "公众",
    SYSTEM_ROLE: "系统",
}

#: 三员: system, security and audit administrators.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
#: 业务岗位: those who work on cases.
BUSINESS = frozenset({Role.ZONE_OFFICE, Role.DEPARTMENT, Role.TOWN_WINDOW, Role.LEADER})
#: What a Membership can grant. ``self`` comes from a Mandate, ``public`` from nothing, ``system`` from code alone.
STAFF = ADMINISTRATORS | BUSINESS
STAFF_CHOICES = [(role.value, role.title) for role in Role if role in STAFF]


@dataclass(frozen=True, slots=True)
class Permission:
    """权限: one thing that some roles may do, named ``room.thing.act``."""

    name: str
    title: str
    roles: frozenset[Role]

    @property
    def is_public(self) -> bool:
        return Role.PUBLIC in self.roles


PERMISSIONS: dict[str, Permission] = {}


def permit(name: str, title: str, roles: Iterable[Role]) -> str:
    """Register a permission and the roles that have it; what is public, every role has.

    Raises: ValueError when the name is registered with other roles, or mixes an administrator with others: our bug.
    """
    held = frozenset(Role(role) for role in roles)
    if Role.SYSTEM in held:
        raise ValueError(f"{name}: the system needs no permission")
    if Role.PUBLIC in held:
        held = frozenset(Role) - {Role.SYSTEM}
    elif len(held) > 1 and held & ADMINISTRATORS:
        raise ValueError(f"{name}: administrators share no permission with anybody (三员分立)")
    permission = Permission(name, title, held)
    if PERMISSIONS.setdefault(name, permission) != permission:
        raise ValueError(f"the permission {name} is registered twice, with different roles or titles")
    return name


def may(role: str, permission: str) -> bool:
    """Whether ``role`` has ``permission``. An unknown permission is our bug; an unknown role may nothing."""
    known = PERMISSIONS.get(permission)
    if known is None:
        raise ValueError(f"the permission {permission} is not registered")
    return role == SYSTEM_ROLE or role in known.roles


def permissions_of(role: str) -> frozenset[str]:
    """The names of the permissions that ``role`` has; the public ones included."""
    return frozenset(name for name in PERMISSIONS if may(role, name))
