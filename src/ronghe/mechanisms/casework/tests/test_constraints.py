"""A wrong move is impossible also past the services: attacked by the ORM and by SQL."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.papers.models import NumberSeries
from ronghe.mechanisms.casework import services
from ronghe.mechanisms.casework.models import Case, Decision, Material, Notice, Objection, ProcedureEdge

from .factories import NOON, PROCEDURE, act, at_notice, attached, case

pytestmark = pytest.mark.constraints


def refused_by(change) -> str:
    """The name of the constraint that refuses; empty when none does."""
    try:
        with transaction.atomic():
            change()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return ""


def decision(of: Case, **given) -> Decision:
    facts = {
        "number": of.moves + 1, "procedure": of.procedure, "version": PROCEDURE.version, "from_step": of.step,
        "action": "accept", "to_step": "review", "label": "受理", "outcome": "advance", "role": "town_window", "at": NOON,
    }  # fmt: skip
    return Decision.objects.create(case=of, **(facts | given))


def rows(of: Case):
    return Case.objects.filter(pk=of.pk)


@pytest.mark.parametrize(
    "given",
    [
        {"step": "review"},
        {"step": "done", "state": "done", "closed_at": NOON, "roles": []},
        {"step": "review", "moves": 1},
        {"moves": F("moves") + 1},
        {"moves": 5},
    ],
)
def test_a_case_does_not_move_without_a_decision(world, given):
    assert refused_by(lambda: rows(case(world)).update(**given)) == "case_moves_by_decision"


@pytest.mark.parametrize(
    ("given", "by"),
    [
        ({"to_step": "notice"}, "decision_is_declared"),
        ({"action": "approve"}, "decision_is_declared"),
        ({"version": "0" * 12}, "decision_is_declared"),
        ({"from_step": "review", "action": "approve", "to_step": "notice"}, "decision_follows_the_case"),
        ({"number": 2}, "decision_follows_the_case"),
        ({"procedure": "tests.other"}, "decision_follows_the_case"),
        ({}, "decision_moves_the_case"),
    ],
)
def test_a_decision_follows_the_procedure_and_moves_its_case(world, given, by):
    assert refused_by(lambda: decision(case(world), **given)) == by


def test_a_declared_decision_with_its_move_is_kept(world):
    made = case(world)

    def both() -> None:
        decision(made)
        rows(made).update(step="review", moves=1)

    assert refused_by(both) == ""


def test_a_case_does_not_go_elsewhere_than_its_decision_says(world):
    made = case(world)

    def both() -> None:
        decision(made)
        rows(made).update(step="mend", moves=1)

    assert refused_by(both) == "case_moves_by_decision"


def test_a_closed_case_never_changes_again(world):
    made = case(world)
    act(made, "refuse", world.window, reason="不属本镇")
    assert refused_by(lambda: rows(made).update(title="别的")) == "case_closed_stays"
    made.refresh_from_db()
    assert refused_by(lambda: decision(made)) == "decision_on_open_case"


@pytest.mark.parametrize(
    "given",
    [{"number": "另编"}, {"division_id": accounts.OTHER}, {"opened_at": NOON + timedelta(1)}, {"opened_by_id": None}],
)
def test_the_head_of_a_case_stays(world, given):
    assert refused_by(lambda: rows(case(world)).update(**given)) == "case_head_stays"


def test_nothing_of_the_record_is_removed_or_changed_even_by_the_owner_of_the_row(world):
    made = case(world)
    attached(made, world.window)
    act(made, "accept", world.window)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Decision.objects.filter(case=made).update(reason="另写")
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        ProcedureEdge.objects.all().delete()
    assert refused_by(lambda: made.materials.all()._raw_delete("default")) == "casework_material_stays"
    other = case(world)
    assert refused_by(lambda: rows(other)._raw_delete("default")) == "casework_case_stays"


@pytest.mark.parametrize(
    ("given", "by"),
    [
        ({"state": "paused"}, "case_paused_has_its_day"),
        ({"due": None}, "case_deadline_is_whole"),
        ({"closed_at": NOON}, "case_over_has_its_end"),
    ],
)
def test_a_case_does_not_contradict_itself(world, given, by):
    assert refused_by(lambda: rows(case(world)).update(**given)) == by


def test_a_number_stands_once(world):
    made = case(world)
    NumberSeries.objects.update(last=0)
    with pytest.raises(IntegrityError, match="case_number_once"), transaction.atomic():
        case(world)
    assert made.number.endswith("-0001号")


def test_no_case_begins_in_the_middle_of_its_procedure(world):
    made = case(world)

    def begin(step: str) -> None:
        copy = Case.objects.get(pk=made.pk)
        copy.pk, copy.number, copy.step = None, "另一件", step
        copy.save(force_insert=True)

    assert refused_by(lambda: begin("notice")) == "case_begins_in_its_first_step"
    assert refused_by(lambda: begin("apply")) == ""


def test_a_case_that_stands_at_its_end_is_over(world):
    made = case(world)

    def both() -> None:
        decision(made, action="refuse", to_step="refused")
        rows(made).update(step="refused", moves=1)

    assert refused_by(both) == "case_over_has_its_end"


def test_a_file_is_at_most_taken_back(world):
    files = Material.objects.filter(pk=attached(case(world), world.window).pk)
    assert refused_by(lambda: files.update(file_name="另一份.pdf")) == "material_stays"
    assert refused_by(lambda: files.update(removed_at=NOON)) == ""
    assert refused_by(lambda: files.update(removed_at=None)) == "material_stays"


def test_nothing_is_attached_to_a_closed_case(world):
    made = case(world)
    one = attached(made, world.window)
    act(made, "refuse", world.window, reason="不属本镇")
    assert refused_by(lambda: Material.objects.filter(pk=one.pk).update(removed_at=NOON)) == "material_of_an_open_case"
    one.pk = None
    assert refused_by(lambda: one.save(force_insert=True)) == "material_of_an_open_case"


def test_what_was_told_and_said_to_the_public_stays(world):
    made = at_notice(world)
    notice = Notice.objects.filter(case=made)
    objection = services.object_to(
        notice_id=notice.get().pk, name="王某", contact="1", text="有争议", actor=SYSTEM, at=NOON
    )
    said = Objection.objects.filter(pk=objection.pk)
    assert refused_by(lambda: notice.update(last_day=NOON.date())) == "notice_stays"
    assert refused_by(lambda: notice.update(text="别的")) == "notice_stays"
    assert refused_by(lambda: notice._raw_delete("default")) == "casework_notice_stays"
    assert refused_by(lambda: said.update(text="没有争议")) == "objection_stays"
    services.answer_objection(objection_id=objection.pk, upheld=True, answer="属实", actor=world.bureau.actor, at=NOON)
    assert refused_by(lambda: said.update(state="dismissed")) == "objection_stays"
