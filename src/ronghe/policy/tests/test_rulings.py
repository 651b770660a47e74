"""Which value is in force: local, then zone, then parents, then nation; an open value is never filled from elsewhere."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.policy import queries, values
from ronghe.policy.models import KeptRuling, ParameterValue, Zone
from ronghe.policy.rulebook import Basis, rule_named
from ronghe.policy.services import (
    LocalValueExists,
    LocalValueInvalid,
    enter_local_value,
    keep_ruling,
    take_back_local_value,
)
from ronghe.site.testing import in_parallel
from tests.people import person

from .factories import NOON, copied, load_folder

AREA_MAX = "entry.agreement.area_max"
RULE = "entry.agreement_exception"
TODAY = date(2026, 11, 23)
FACTS = {"area_mu": 5, "is_scattered": False, "has_collective_consent": True, "has_approval": True}


@pytest.fixture
def loaded(packs: None, db: None) -> None:
    """The real packs; what a test changes is rolled back."""


def _zone(slug: str) -> Zone:
    return queries.zone(slug, actor=SYSTEM)


def _value(slug: str, on: date = TODAY, parameter: str = AREA_MAX):
    return queries.values_in_force(_zone(slug), on=on, parameters=[parameter])[parameter]


def _enter(slug: str, written: str, starts: date = date(2026, 1, 1), source: str = "会议纪要〔2026〕3号"):
    office = person(Role.ZONE_OFFICE, Zone.objects.get(pk=slug).seat_id)
    return enter_local_value(
        parameter_id=AREA_MAX,
        zone=_zone(slug),
        starts=starts,
        written=[written],
        source=source,
        actor=office.actor,
        at=NOON,
    )


# -- resolution ----------------------------------------------------------------------------------------------------


def test_a_zone_s_own_value_with_its_clause(loaded):
    value = _value("qingdao")
    assert (value.value, value.zone, value.status) == (5, "qingdao", "set")
    assert [str(cite) for cite in value.cite] == ["qingdao-2020 三(二)3"]


def test_before_its_first_day_nothing_is_in_force(loaded):
    # 青岛的方案 2020-11-24 成文
    assert _value("qingdao", date(2020, 11, 23)).status == "absent"
    assert _value("qingdao", date(2020, 11, 24)).status == "set"


def test_what_a_zone_leaves_open_is_not_filled_from_elsewhere(loaded):
    assert (_value("zibo").status, _value("zibo").value) == ("unset", None)
    # Gaoqing lies in Zibo's zone: what Zibo leaves open is open there too.
    assert (_value("gaoqing").status, _value("gaoqing").zone) == ("unset", "zibo")


def test_a_local_value_stands_above_the_pack_from_its_day_on(loaded):
    _enter("zibo", "3", date(2026, 6, 1))
    assert _value("zibo", date(2026, 5, 31)).status == "unset"
    value = _value("zibo", date(2026, 6, 1))
    assert (value.value, value.author, value.source) == (3, "演示", "会议纪要〔2026〕3号")
    # The clause that orders the value stays its basis.
    assert [str(cite) for cite in value.cite] == ["zibo-2020 二(一)2(3)"]
    # and reaches the county below
    assert _value("gaoqing", date(2026, 6, 1)).value == 3


def test_a_child_s_local_value_stands_above_the_parent_s(loaded):
    _enter("zibo", "3")
    _enter("gaoqing", "2")
    assert (_value("zibo").value, _value("gaoqing").value) == (3, 2)


def test_a_reload_never_touches_what_a_person_entered(loaded, tmp_path: Path):
    _enter("qingdao", "8")
    folder = copied("qingdao", tmp_path)
    file = folder / "parameters" / "entry.yaml"
    file.write_text(file.read_text("utf-8").replace("value: 5,", "value: 6,"), "utf-8")
    load_folder(folder)
    assert _value("qingdao").value == 8
    # The pack's own value was replaced, not changed: the old row is kept, taken back.
    rows = ParameterValue.objects.filter(parameter=AREA_MAX, zone="qingdao", origin="pack").order_by("pk")
    assert [(r.written, r.withdrawn_at is None) for r in rows] == [(["5"], False), (["6"], True)]


def test_a_parameter_s_own_date_picks_its_version(loaded, django_assert_num_queries):
    _enter("qingdao", "8", date(2026, 6, 1))
    of = _zone("qingdao")
    opened = queries.values_in_force(of, on=TODAY, dates={Basis.CASE_OPENED: date(2026, 5, 1)}, parameters=[AREA_MAX])
    assert (opened[AREA_MAX].value, _value("qingdao").value) == (5, 8)
    with django_assert_num_queries(5):  # definitions, values, their citations, clauses, documents
        queries.values_in_force(of, on=TODAY)


# -- local values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["0.5", "五", "", "5 亩"])
def test_a_value_outside_its_type_is_not_entered(loaded, written):
    with pytest.raises(LocalValueInvalid, match="协议入市的面积上限"):
        _enter("qingdao", written)
    assert not ParameterValue.objects.filter(origin="local").exists()


def test_a_local_value_names_its_source(loaded):
    with pytest.raises(LocalValueInvalid, match="来源"):
        _enter("qingdao", "8", source=" ")


def test_one_value_a_day(loaded):
    _enter("qingdao", "8")
    with pytest.raises(LocalValueExists, match="2026-01-01"):
        _enter("qingdao", "9")


def test_a_value_taken_back_stays_on_record(loaded):
    value = _enter("qingdao", "8")
    office = person(Role.ZONE_OFFICE, value.zone.seat_id)
    take_back_local_value(value_id=value.pk, actor=office.actor, at=NOON + timedelta(hours=1))
    assert _value("qingdao").value == 5
    assert ParameterValue.objects.get(pk=value.pk).withdrawn_at == NOON + timedelta(hours=1)
    with pytest.raises(queries.LocalValueNotFound):
        take_back_local_value(value_id=value.pk, actor=office.actor, at=NOON)
    verbs = list(Event.objects.filter(verb__startswith="policy.value").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["policy.value.entered", "policy.value.taken_back"]


def test_two_people_who_enter_at_once_leave_one_value(fresh_packs):
    """Without the unique constraint both would be let in; the loser is told by name."""
    outcomes = in_parallel(lambda: _enter("qingdao", "8"), lambda: _enter("qingdao", "9"))
    assert sorted(type(one).__name__ for one in outcomes) == ["LocalValueExists", "ParameterValue"]
    assert ParameterValue.objects.in_force().filter(origin="local").count() == 1


# -- the database --------------------------------------------------------------------------------------------------


def _refused(constraint: str, statement: str, *values: object) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    assert refused.value.__cause__.diag.constraint_name == constraint


@pytest.mark.constraints
def test_a_value_is_never_changed_nor_removed(loaded):
    pk = ParameterValue.objects.filter(parameter=AREA_MAX, zone="qingdao").get().pk
    only = "parameter_value_is_only_taken_back"
    _refused(only, "UPDATE policy_parametervalue SET written = '{9}' WHERE id = %s", pk)
    _refused(only, "UPDATE policy_parametervalue SET written = '{9}', withdrawn_at = now() WHERE id = %s", pk)
    kept = "policy_parametervalue_is_append_only"
    _refused(kept, "DELETE FROM policy_parametervalue WHERE id = %s", pk)


@pytest.mark.constraints
def test_the_database_holds_what_a_value_is(loaded):
    head = (
        "INSERT INTO policy_parametervalue (parameter_id, zone_id, origin, starts, status, in_use, written, rules, source,"
        " author_id, recorded_at, withdrawn_at) VALUES "
    )
    same_day = "(%s, 'qingdao', 'pack', '2020-11-24', 'set', true, '{7}', '{}', '', NULL, now(), NULL)"
    _refused("parameter_one_value_a_day", head + same_day, AREA_MAX)
    nation = "(%s, NULL, 'pack', '2020-01-01', 'set', true, '{7}', '{}', '', NULL, now(), NULL)"
    _refused("parameter_one_value_a_day", head + f"{nation}, {nation}", AREA_MAX, AREA_MAX)
    unset = "(%s, 'qingdao', 'pack', '2021-01-01', 'unset', true, '{7}', '{}', '', NULL, now(), NULL)"
    _refused("parameter_unset_has_no_value", head + unset, AREA_MAX)
    nobody = "(%s, 'qingdao', 'local', '2021-01-01', 'set', true, '{7}', '{}', '纪要', NULL, now(), NULL)"
    _refused("parameter_local_value_names_its_author", head + nobody, AREA_MAX)
    early = "(%s, 'qingdao', 'pack', '2021-01-01', 'set', true, '{7}', '{}', '', NULL, now(), now() - interval '1 day')"
    _refused("parameter_value_is_taken_back_later", head + early, AREA_MAX)


# -- rulings -------------------------------------------------------------------------------------------------------


def test_five_mu_go_by_agreement_in_qingdao_and_zibo_says_what_it_lacks(loaded):
    qingdao = queries.answer(RULE, _zone("qingdao"), on=TODAY, facts=FACTS)
    assert qingdao.ruling.value is True
    assert qingdao.as_json()["steps"][0] == {
        "finding": "宗地面积 5 亩 ≤ 协议入市的面积上限 5 亩",
        "ok": True,
        "cite": "qingdao-2020 三(二)3",
        "missing": [],
    }
    over = queries.answer(RULE, _zone("qingdao"), on=TODAY, facts=FACTS | {"area_mu": "5.01"})
    assert over.ruling.verdict == "failed"
    zibo = queries.answer(RULE, _zone("zibo"), on=TODAY, facts=FACTS)
    assert (zibo.ruling.verdict, zibo.ruling.missing) == ("undecidable", (AREA_MAX,))


def test_a_kept_ruling_gives_the_same_answer_years_later(loaded):
    office = person(Role.ZONE_OFFICE, _zone("qingdao").seat_id)
    answer = queries.answer(RULE, _zone("qingdao"), on=TODAY, facts=FACTS)
    kept = keep_ruling(answer=answer, subject="某宗地", actor=office.actor, at=NOON)
    _enter("qingdao", "1")
    assert queries.answer(RULE, _zone("qingdao"), on=TODAY, facts=FACTS).ruling.value is False
    again = KeptRuling.objects.get(pk=kept.pk)
    assert queries.replayed(again) == answer.ruling == queries.stored_ruling(again)
    assert queries.is_unchanged(again)


def test_a_snapshot_is_the_parameter_again(loaded):
    for value in queries.values_in_force(_zone("qingdao"), on=TODAY).values():
        assert queries.from_snapshot(queries.snapshot(value)) == value


@pytest.mark.constraints
def test_kept_rulings_are_only_added_to(loaded):
    office = person(Role.ZONE_OFFICE, _zone("qingdao").seat_id)
    answer = queries.answer(RULE, _zone("qingdao"), on=TODAY, facts=FACTS)
    kept = keep_ruling(answer=answer, actor=office.actor, at=NOON)
    with pytest.raises(Exception, match="policy_keptruling"), transaction.atomic():
        KeptRuling.objects.filter(pk=kept.pk).update(verdict="failed")


def test_plain_forms_lose_nothing():
    assert queries.plain(Fraction(2, 3)) == "2/3"
    assert queries.plain({"工业": Fraction(50)}) == {"工业": 50}
    assert queries.plain(frozenset({"b", "a"})) == ["a", "b"]
    assert queries.as_stated(0.1) == "0.1"


def test_a_period_is_counted_by_the_stored_calendar(loaded):
    # 2026 国庆节: 10-01 至 10-07 放假, 10-10（周六）上班: five working days from 09-30 end on 10-13.
    found = queries.answer("period.working_days", _zone("qingdao"), on=TODAY, facts={"start": "2026-09-30", "days": 5})
    assert found.ruling.value == date(2026, 10, 13)
    assert "2026-10-01" in found.stated_facts["days_off"]
    own = queries.answer(
        "period.working_days",
        _zone("qingdao"),
        on=TODAY,
        facts={"start": "2026-09-30", "days": 5, "announced_years": ["2026"]},
    )
    assert own.ruling.value == date(2026, 10, 7), "a calendar that is stated is the one that counts"


def test_a_value_that_is_off_is_named_and_never_used(loaded):
    # 济南 三(二)3 proposes trade across districts; it is off until authorised.
    value = _value("jinan", parameter="quota.circulation.scope")
    assert (value.status, value.value, value.idle) == ("absent", None, "跨区县")
    assert "提出而未启用：跨区县" in str(value)
    described = queries.rule_description(rule_named("quota.circulation"), actor=SYSTEM)
    assert [p["in_use"] for p in described["parameters"] if p["zone"] == "jinan" and p["value"] == "跨区县"] == [False]


@pytest.mark.parametrize(
    ("parameter", "written"),
    [
        ("entry.local_rules.document", ["淄政发〔2026〕1号"]),
        ("entry.term.max_years", ["工业=45", "商业服务=40"]),
        ("entry.uses.named", ["工业"]),
        ("entry.agreement.scattered", ["false"]),
        ("registration.certification.deadline", ["2027-12-31"]),
    ],
)
def test_a_value_of_every_kind_is_entered(loaded, parameter: str, written: list[str]):
    office = person(Role.ZONE_OFFICE, _zone("zibo").seat_id)
    enter_local_value(
        parameter_id=parameter,
        zone=_zone("zibo"),
        starts=date(2026, 1, 1),
        written=written,
        source="市政府文件",
        actor=office.actor,
        at=NOON,
    )
    stated = _value("zibo", parameter=parameter).value
    assert stated is not None
    assert sorted(values.written(stated)) == sorted(written)


def test_a_ruling_of_a_rule_that_has_changed_since_is_shown_as_changed(loaded):
    office = person(Role.ZONE_OFFICE, _zone("qingdao").seat_id)
    answer = queries.answer(RULE, _zone("qingdao"), on=TODAY, facts=FACTS)
    kept = keep_ruling(answer=answer, actor=office.actor, at=NOON)
    kept.parameters = [one for one in kept.parameters if one["id"] != AREA_MAX]
    assert not queries.is_unchanged(kept)
    kept.facts = {"height": 3}
    assert not queries.is_unchanged(kept)
    kept.rule = "no.such"
    assert not queries.is_unchanged(kept)
