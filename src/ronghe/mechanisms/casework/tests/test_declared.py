"""A procedure that cannot work is refused when it is loaded; and only declared moves ever happen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.errors import DomainError
from ronghe.mechanisms.casework import declared, services
from ronghe.mechanisms.casework.declared import PROCEDURES, Action, ByApplicant, Period, PublicNotice
from ronghe.mechanisms.casework.errors import NoticePeriodUnset, WithdrawalTooLate
from ronghe.mechanisms.casework.models import Case

from .factories import NOON, PROCEDURE, act, attached, case

STEPS = PROCEDURE.steps
LOOP = replace(STEPS[0], key="y", actions=(Action("again", "再来", "y"),))


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ((), "no step"),
        ((*STEPS, replace(STEPS[0], key="nowhere")), "nobody reaches nowhere"),
        ((replace(STEPS[0], actions=(Action("x", "x", "gone"),)), *STEPS[1:]), "leads nowhere"),
        ((replace(STEPS[0], roles=frozenset({Role.AUDITOR})), *STEPS[1:]), "nobody who may work"),
        ((STEPS[0], STEPS[0], *STEPS[1:]), "keys of their own"),
        ((*STEPS[:3], replace(STEPS[3], notice=PublicNotice(STEPS[3].notice.period, str, "x"))), "notice"),
        ((*STEPS[:2], replace(STEPS[2], apart_from=("x",)), STEPS[3]), "apart"),
        ((replace(STEPS[0], actions=(Action("x", "x", "apply"),)),), "ever done"),
        (
            (replace(STEPS[0], actions=(*STEPS[0].actions, Action("x", "x", "y"))), *STEPS[1:], LOOP),
            "y leads to no end",
        ),
        ((*STEPS[:3], replace(STEPS[3], actions=STEPS[3].actions[:1])), "return or refuse in notice"),
        ((replace(STEPS[0], period=Period(0)), *STEPS[1:]), "no period"),
        ((replace(STEPS[0], materials=STEPS[0].materials[:1] * 2), *STEPS[1:]), "materials of apply"),
        ((replace(STEPS[0], actions=(replace(STEPS[0].actions[0], label="长" * 41),)), *STEPS[1:]), "too long"),
    ],
)
def test_a_declaration_that_cannot_work_is_refused(steps, fault):
    with pytest.raises(ValueError, match=fault):
        replace(PROCEDURE, steps=steps)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"opens": frozenset({Role.AUDITOR})}, "opened by nobody"),
        ({"prefix": "字" * 21}, "too long"),
        ({"by_applicant": ByApplicant("gone", "/here")}, "no applicant opens it in gone"),
        ({"by_applicant": ByApplicant("accept", "/here")}, "no applicant opens it in accept"),
    ],
)
def test_a_head_that_cannot_work_is_refused(changed, fault):
    with pytest.raises(ValueError, match=fault):
        replace(PROCEDURE, **changed)


def test_what_the_applicant_opens_may_begin_elsewhere_than_at_the_counter():
    first = STEPS[0].key
    own = replace(STEPS[0], key="own", roles=frozenset({Role.SELF}), actions=(Action("submit", "提交", first),))
    made = replace(PROCEDURE, steps=(own, *STEPS), opens_at="/there", by_applicant=ByApplicant("own", "/here"))
    assert (made.begins(Role.SELF).key, made.begins(Role.TOWN_WINDOW).key, made.first.key) == ("own", first, first)
    assert (made.opened_at(Role.SELF), made.opened_at(Role.TOWN_WINDOW)) == ("/here", "/there")
    assert {to for source, _, to in made.edges() if source == ""} == {"own", first}
    # without it nothing changes, also not the version of the moves
    assert PROCEDURE.begins(Role.SELF) == PROCEDURE.first
    assert [edge for edge in PROCEDURE.edges() if edge[0] == ""] == [("", "open", first)]


def test_two_procedures_share_neither_key_nor_prefix():
    with pytest.raises(ValueError, match="begin as"):
        declared.declare(replace(PROCEDURE, key="tests.other"))
    PROCEDURES.pop("tests.other", None)


def test_every_declared_procedure_of_the_house_is_complete():
    assert all(one.title and one.summary and one.cite for key, one in PROCEDURES.items() if key != PROCEDURE.key)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["accept", "give_back", "refuse", "hand_in", "approve", "return", "enter", "withdraw"]),
            st.sampled_from(["window", "window2", "bureau", "bureau2", "elsewhere"]),
        ),
        max_size=14,
    )
)
def test_whatever_people_try_only_declared_moves_happen(world, tries):
    made = case(world)
    attached(made, world.window)
    at = NOON
    for action, who in tries:
        at += timedelta(hours=1)
        try:
            act(made, action, getattr(world, who), at=at, reason="试")
        except DomainError:
            continue
    services.end_due_notices(at=at + timedelta(60))
    made.refresh_from_db()
    chain = list(made.decisions.values_list("number", "from_step", "action", "to_step"))
    places = ["apply", *[to for *_, to in chain]]
    assert [n for n, *_ in chain] == list(range(1, len(chain) + 1))
    assert [source for _, source, *_ in chain] == places[:-1]
    assert {(source, action, to) for _, source, action, to in chain} <= set(PROCEDURE.edges())
    assert made.step == places[-1]
    assert made.is_over == (made.step in declared.ENDS)
    assert Case.objects.get(pk=made.pk).moves == len(chain)


class TestPeriodsOfACase:
    """A step may ask the case how long it may take, and how long the public is told."""

    def declared(self, monkeypatch, *, review=None, notice=None, **review_given):
        steps = (
            *STEPS[:2],
            replace(STEPS[2], period=review, **review_given),
            replace(STEPS[3], notice=replace(STEPS[3].notice, period=notice or Period(15))),
        )
        monkeypatch.setitem(declared.PROCEDURES, PROCEDURE.key, replace(PROCEDURE, steps=steps))

    def at_review(self, world, **given):
        made = case(world, **given)
        attached(made, world.window)
        act(made, "accept", world.window)
        made.refresh_from_db()
        return made

    def test_the_period_is_that_of_the_case(self, world, monkeypatch):
        self.declared(monkeypatch, review=lambda of: Period(3 if of.facts["area_m2"] < 100 else 7))
        small, large = self.at_review(world, area=90), self.at_review(world, area=180)
        assert (small.due_length, large.due_length) == (3, 7)

    def test_a_case_that_is_given_none_has_no_deadline(self, world, monkeypatch):
        self.declared(monkeypatch, review=lambda of: None)
        assert self.at_review(world).due is None

    def test_a_notice_runs_for_the_period_of_its_case(self, world, monkeypatch):
        self.declared(monkeypatch, notice=lambda of: Period(20))
        made = self.at_review(world)
        act(made, "approve", world.bureau)
        assert made.notices.get().length == 20

    def test_nobody_is_told_for_a_time_that_nobody_has_fixed(self, world, monkeypatch):
        self.declared(monkeypatch, notice=lambda of: None)
        made = self.at_review(world)
        with pytest.raises(NoticePeriodUnset, match="没有规定公示多长时间"):
            act(made, "approve", world.bureau)
        made.refresh_from_db()
        assert made.step == "review"

    def test_nobody_withdraws_what_has_been_brought_about(self, world, monkeypatch):
        self.declared(monkeypatch, is_withdrawable=False)
        made = self.at_review(world)
        with pytest.raises(WithdrawalTooLate, match="已经生效"):
            act(made, "withdraw", world.window)
        assert "withdraw" not in [one.key for one in services.allowed_actions(made, actor=world.window.actor, at=NOON)]
