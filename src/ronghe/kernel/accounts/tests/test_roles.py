"""What each role may do, and by a generated matrix what it may not."""

from itertools import combinations

import pytest

from ronghe.kernel.accounts import roles
from ronghe.kernel.accounts.access import reaches, require
from ronghe.kernel.accounts.errors import SignInFirst
from ronghe.kernel.accounts.roles import ADMINISTRATORS, BUSINESS, PERMISSIONS, Role, may, permissions_of, permit
from ronghe.kernel.actors import PUBLIC, SYSTEM, Actor
from ronghe.kernel.errors import Forbidden

from .factories import CITY, COUNTY, OTHER, TOWN

#: Who may what in the kernel; whatever is not here is for nobody else.
KERNEL = {
    "accounts.user.manage": {Role.SYSTEM_ADMIN},
    "accounts.membership.grant": {Role.SECURITY_ADMIN},
    "audit.event.view": {Role.AUDITOR},
}

MATRIX = [(role, name) for role in Role if role != Role.SYSTEM for name in sorted(PERMISSIONS)]


@pytest.mark.parametrize(("role", "name"), MATRIX)
def test_a_role_may_what_was_registered_and_nothing_else(role, name):
    expected = role in KERNEL[name] if name in KERNEL else role in PERMISSIONS[name].roles
    assert may(role, name) is expected
    division = None if role in (Role.SELF, Role.PUBLIC) else COUNTY
    actor = PUBLIC if role == Role.PUBLIC else Actor(user_id=1, role=role.value, division=division)
    if expected:
        require(actor, name)
    else:
        with pytest.raises(SignInFirst if actor.is_anonymous else Forbidden):
            require(actor, name)


@pytest.mark.parametrize("name", sorted(PERMISSIONS))
def test_an_unknown_role_may_what_everybody_may(name):
    assert may("mayor", name) is False


def test_an_unknown_permission_is_our_own_bug():
    with pytest.raises(ValueError, match=r"no\.such\.thing"):
        may(Role.LEADER, "no.such.thing")


def _own(role: Role) -> set[str]:
    return {name for name in permissions_of(role) if not PERMISSIONS[name].is_public}


@pytest.mark.parametrize(("one", "other"), list(combinations(sorted(ADMINISTRATORS), 2)))
def test_two_administrators_share_no_permission(one, other):
    assert _own(one)
    assert _own(other)
    assert not _own(one) & _own(other)


@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("other", [*sorted(BUSINESS), Role.SELF])
def test_an_administrator_shares_no_permission_with_the_business(administrator, other):
    assert not _own(administrator) & _own(other)


@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
def test_a_permission_that_mixes_an_administrator_with_others_is_refused(administrator):
    for other in set(Role) - {administrator, Role.SYSTEM, Role.PUBLIC}:
        with pytest.raises(ValueError, match="三员分立"):
            permit("x.y.z", "…", {administrator, other})
    assert "x.y.z" not in PERMISSIONS


def test_a_permission_registered_again_with_other_roles_is_refused():
    permit("accounts.user.manage", PERMISSIONS["accounts.user.manage"].title, {Role.SYSTEM_ADMIN})
    with pytest.raises(ValueError, match="twice"):
        permit("accounts.user.manage", "…", {Role.LEADER})


def test_what_is_public_every_role_may(monkeypatch):
    monkeypatch.setattr(roles, "PERMISSIONS", {})
    permit("x.y.view", "…", {Role.PUBLIC})
    assert all(may(role, "x.y.view") for role in Role)


def test_every_role_has_a_title():
    assert all(role.title for role in Role)


@pytest.mark.parametrize(
    ("granted", "asked", "reached"),
    [(COUNTY, COUNTY, True), (COUNTY, TOWN, True), (CITY, TOWN, True), (TOWN, COUNTY, False), (COUNTY, OTHER, False)],
)
def test_a_role_reaches_its_division_and_what_lies_below(places, granted, asked, reached):
    actor = Actor(user_id=1, role=Role.SYSTEM_ADMIN.value, division=granted)
    assert reaches(actor, asked) is reached
    if reached:
        require(actor, "accounts.user.manage", division=asked)
    else:
        with pytest.raises(Forbidden):
            require(actor, "accounts.user.manage", division=asked)


def test_who_has_no_division_reaches_none_and_the_system_reaches_all(places):
    assert not reaches(PUBLIC, TOWN)
    assert not reaches(Actor(user_id=1, role="self", on_behalf_of_id=1), TOWN)
    assert reaches(SYSTEM, TOWN)
