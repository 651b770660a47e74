"""Who is concerned by a case: who may act in a step, whom to tell."""

from collections.abc import Iterable
from datetime import date

from django.apps import apps
from django.db.models import Q

from ronghe.kernel.accounts.models import Mandate, Membership
from ronghe.kernel.accounts.roles import Role

from .declared import Step
from .models import Case


def staff_of(step: Step, case: Case, *, on: date) -> list[int]:
    """The users who may act in the step today: of the case's own division, or of the nearest above that has any."""
    roles = [role.value for role in step.roles if role is not Role.SELF]
    closure = apps.get_model("regions", "DivisionClosure").objects.filter(descendant_id=case.division_id)
    distance = dict(closure.values_list("ancestor_id", "distance"))
    posts = Membership.objects.in_force(on).filter(role__in=roles, division__in=distance)
    if case.org_unit_id is not None:
        posts = posts.filter(org_unit_id=case.org_unit_id)
    found = list(posts.values_list("division_id", "user_id"))
    nearest = min((distance[division] for division, _ in found), default=0)
    return sorted({user for division, user in found if distance[division] == nearest})


def may_act(user_id: int, step: Step, case: Case, *, on: date) -> bool:
    """Whether the user holds a post today that may act in the step of the case."""
    above = apps.get_model("regions", "DivisionClosure").objects.filter(descendant_id=case.division_id)
    posts = Membership.objects.in_force(on).filter(
        user_id=user_id, role__in=[role.value for role in step.roles], division__in=above.values("ancestor_id")
    )
    return posts.filter(Q() if case.org_unit_id is None else Q(org_unit_id=case.org_unit_id)).exists()


def applicants(case: Case, *, on: date) -> list[int]:
    """Whoever opened the case, and whoever acts for its applicant today: not an agent whose mandate has ended."""
    users: set[int] = set()
    if case.applicant_id is not None:
        users |= set(Mandate.objects.in_force(on).filter(party_id=case.applicant_id).values_list("user_id", flat=True))
    opener = case.opened_by_id
    if opener is not None and (
        case.applicant_id is None or Membership.objects.in_force(on).filter(user_id=opener).exists()
    ):
        users.add(opener)
    return sorted(users)


def concerned(step: Step, case: Case, *, on: date) -> Iterable[int]:
    """Whom to tell that a case has come to a step: its holder, else all who may act in it."""
    if case.holder_id is not None:
        return [case.holder_id]
    told = list(staff_of(step, case, on=on))
    return told + applicants(case, on=on) if Role.SELF in step.roles else told
