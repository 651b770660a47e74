"""Single records: added, changed, ended; each is a version; states are moved by those who may, not by the author."""

import pytest
from django.db import IntegrityError, transaction

from ronghe.governance.models import UnitEntry
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests.factories import CITY, NOON, OTHER
from ronghe.kernel.actors import PUBLIC
from ronghe.kernel.audit.models import Event
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.regions.models import OrgUnit
from ronghe.mechanisms.rosters import errors, queries, services
from ronghe.mechanisms.rosters.models import Unmasking, Version
from ronghe.site.testing import in_parallel
from tests.people import person

from .conftest import World
from .factories import EXPERIENCES, UNITS, USCC, experience, unit


def create(world, of=UNITS, by=None, **changes):
    given = unit(**changes) if of is UNITS else experience(**changes)
    return services.create_record(of, given=given, actor=(by or world.office).actor, at=NOON)


def change(world, found, by=None, *, seen=None, of=UNITS, **given):
    return services.change_record(
        of, record_id=found.pk, given=given, seen=seen, actor=(by or world.office).actor, at=NOON
    )


def test_a_new_unit_makes_its_org_unit_and_hides_its_telephone(world):
    made = create(world)
    assert (made.unit.name, made.unit.kind, made.unit.stated_by) == ("县财政局", "department", [])
    assert made.phone == "138****0000"
    assert b"13800000000" not in bytes(made.phone_sealed)
    [version] = Version.objects.all()
    assert version.values["phone"] == "138****0000"
    assert Event.objects.get(verb="rosters.record.created").facts["roster"] == "units"


def test_a_known_unit_is_joined_not_made_again(world):
    known = OrgUnit.objects.create(division_id=unit()["division"], name="县财政局", aliases=["县财局"], level="county")
    assert create(world, name="县财局").unit == known


def test_every_fault_of_a_record_is_named(world):
    with pytest.raises(errors.RecordInvalid) as refused:
        create(world, name="", kind="x", uscc="91350100M000100Y44", phone="12")
    text = refused.value.text
    for part in ("单位名称：必填", "类别：“x”不是可选项", "末位校验不符，应为 3", "联系电话：不是电话号码"):
        assert part in text
    assert not UnitEntry.objects.exists()


def test_a_second_record_of_the_same_key_is_refused(world):
    create(world)
    with pytest.raises(errors.RecordExists, match="所属区划、单位名称"):
        create(world, uscc="")


def test_a_change_is_a_version_with_what_it_changed(world):
    made = create(world)
    done = change(world, made, contact="李某", phone="138****0000")
    assert (done.version, done.contact, done.phone) == (2, "李某", "138****0000")
    newest = queries.versions(UNITS, done, actor=world.office.actor)[0]
    assert [(c.label, c.before, c.after) for c in newest.changes] == [("联系人", "王某", "李某")]
    assert change(world, made, contact="李某").version == 2
    assert (
        services.unmask(UNITS, record_id=made.pk, field="phone", purpose="通知会议", actor=world.office.actor, at=NOON)
        == "13800000000"
    )


def test_a_change_of_what_somebody_else_has_changed_is_refused(world):
    made = create(world)
    change(world, made, contact="李某", seen=1)
    with pytest.raises(errors.RecordMoved):
        change(world, made, by=world.office2, contact="赵某", seen=1)


def test_whoever_does_not_reach_the_division_neither_adds_nor_sees(world):
    made = create(world)
    with pytest.raises(errors.RecordInvalid, match="不在您管辖的区划之内"):
        create(world, division=OTHER)
    with pytest.raises(errors.RecordNotFound):
        change(world, made, by=world.elsewhere, contact="x")
    assert made in queries.records(UNITS, actor=person(Role.LEADER, CITY).actor)


def test_an_ended_record_leaves_the_list_and_keeps_its_history(world):
    made = create(world)
    with pytest.raises(errors.ReasonMissing):
        services.end_record(UNITS, record_id=made.pk, seen=1, reason="", actor=world.office.actor, at=NOON)
    services.end_record(UNITS, record_id=made.pk, seen=1, reason="机构合并", actor=world.office.actor, at=NOON)
    assert not queries.records(UNITS, actor=world.office.actor).exists()
    with pytest.raises(errors.RecordEnded):
        change(world, made, contact="x")
    assert create(world).pk != made.pk


def test_a_secret_is_shown_for_a_purpose_that_is_recorded(world):
    made = create(world)
    with pytest.raises(errors.PurposeMissing):
        services.unmask(UNITS, record_id=made.pk, field="phone", purpose="看", actor=world.office.actor, at=NOON)
    with pytest.raises(errors.RecordNotFound):
        services.unmask(UNITS, record_id=made.pk, field="name", purpose="通知会议", actor=world.office.actor, at=NOON)
    services.unmask(UNITS, record_id=made.pk, field="phone", purpose="通知会议", actor=world.office.actor, at=NOON)
    kept = Unmasking.objects.get()
    assert (kept.purpose, kept.user) == ("通知会议", world.office.user)
    assert Event.objects.get(verb="rosters.secret.unmasked").facts["purpose"] == kept.pk


class TestExperience:
    def move(self, world, found, key, by, reason=""):
        return services.move_record(
            EXPERIENCES, record_id=found.pk, transition=key, seen=None, reason=reason, actor=by.actor, at=NOON
        )

    def test_it_is_reviewed_by_another_and_published_by_a_leader(self, world):
        made = create(world, EXPERIENCES)
        assert made.state == "draft"
        with pytest.raises(errors.OwnRecord):
            self.move(world, made, "review", world.office)
        with pytest.raises(Forbidden):
            self.move(world, made, "review", world.bureau)
        with pytest.raises(errors.TransitionRefused):
            self.move(world, made, "publish", world.leader)
        self.move(world, made, "review", world.office2)
        assert not EXPERIENCES.model.objects.visible_to(PUBLIC).exists()
        self.move(world, made, "publish", world.leader)
        assert EXPERIENCES.model.objects.visible_to(PUBLIC).get() == made
        with pytest.raises(errors.ReasonMissing):
            self.move(world, made, "withdraw", world.leader)

    def test_a_change_takes_the_review_back(self, world):
        made = create(world, EXPERIENCES)
        self.move(world, made, "review", world.office2)
        assert change(world, made, of=EXPERIENCES, summary="另一种做法").state == "draft"

    def test_a_clause_of_no_task_is_refused(self, world):
        with pytest.raises(errors.RecordInvalid, match="没有条款号为“九”的任务"):
            create(world, EXPERIENCES, clause="九")


@pytest.mark.constraints
@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"name": "县财政局"}, "unit_entry_key_once"),
        ({"uscc": USCC}, "unit_entry_uscc_once"),
        ({"ended_at": NOON}, "governance_unitentry_ended_says_why"),
        ({"version": 0}, "governance_unitentry_counts_versions"),
    ],
)
def test_the_database_refuses_what_the_services_refuse(world, given, name):
    create(world)
    other = create(world, name="县农业局", uscc="")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        UnitEntry.objects.filter(pk=other.pk).update(**given)


@pytest.mark.constraints
def test_a_version_is_written_once(world):
    create(world)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Version.objects.update(reason="x")


def test_of_two_who_change_the_same_version_one_is_told(fresh_database):
    """Seen to fail with the lock of the record taken out: both write version 2, and one is refused as our own bug."""
    world = World()
    made = create(world)

    def outcome(by, name):
        try:
            return change(world, made, by=by, contact=name, seen=1).contact
        except errors.RecordMoved:
            return "moved"

    got = in_parallel(lambda: outcome(world.office, "甲"), lambda: outcome(world.office2, "乙"))
    assert "moved" in got
    assert Version.objects.filter(record_id=made.pk).count() == 2
