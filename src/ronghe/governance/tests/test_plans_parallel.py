"""Two leaders confirm one plan at the same moment."""

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.errors import DomainError
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.models import Case, Decision
from ronghe.policy.models import OrderedTask, Zone
from ronghe.policy.tests.factories import NOON
from ronghe.policy.tests.test_drafts import settled
from ronghe.site.testing import in_parallel
from tests.people import person

from .test_plans import JINAN, moved, uploaded


def test_of_two_who_confirm_a_plan_one_does_and_the_zone_stands_once(fresh_packs, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    office, *leaders = person(Role.ZONE_OFFICE, JINAN), person(Role.LEADER, JINAN), person(Role.LEADER, JINAN)
    draft = settled(uploaded(office), office.actor)
    case = Case.objects.get()
    assert moved(case, office, "submit").status_code == 302
    case.refresh_from_db()

    def confirm(by) -> str:
        try:
            return casework.act(case_id=case.pk, action="confirm", seen=case.moves, actor=by.actor, at=NOON).action
        except DomainError as error:
            return error.code

    outcomes = in_parallel(*(lambda by=leader: confirm(by) for leader in leaders))
    assert sorted(outcomes) == ["casework.case_moved", "confirm"]
    assert Decision.objects.filter(case=case, action="confirm").count() == 1
    assert Zone.objects.filter(slug="zhangqiu").count() == 1
    draft.refresh_from_db()
    orders = OrderedTask.objects.filter(zone="zhangqiu").values_list("order", flat=True)
    assert len(orders) == len(set(orders)) > 0
