"""登记信息查询: what each level tells, what earns it, and that nothing is learnt from a wrong question."""

import json
from datetime import date, timedelta

import pytest

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import PUBLIC, SYSTEM, Actor
from ronghe.kernel.audit.models import Event
from ronghe.kernel.parties.models import HouseholdMember, PartyIdentifier
from ronghe.kernel.parties.sealing import plain

from .. import services
from ..errors import QueryHeldOff, QueryNotAnswered, QueryPurposeNeeded
from ..models import BookQuery
from ..queries import exchange as queries
from ..rules.kinds import RestrictionKind
from ..rules.privacy import MOST_ASKED, WITHIN, Level, told_at
from ..services import Term
from ..services.querying import Question, ask
from . import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    """A seized homestead, and what its holder knows of it."""
    make.people.places()
    household = make.household("演示乙")
    unit, used = make.homestead(household)
    proof = services.certify(rrr_id=used.pk, on=date(2020, 1, 2), actor=SYSTEM, at=make.NOON)
    services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.SEIZURE, term=Term(date(2024, 1, 1)), source_id=make.source(),
        holder="高青县人民法院", text="（2024）鲁0322执1号", actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    head = HouseholdMember.objects.get(household=household, is_head=True)
    number = plain(PartyIdentifier.objects.get(party=head.person, kind="identity"))
    return {"unit": unit, "holder": household, "certificate": proof.number, "tail": number[-6:], "number": number}


def asked(actor=PUBLIC, at=make.NOON, network="203.0.113.7", **given):
    return ask(Question(**given), network=network, actor=actor, at=at)


def test_a_code_and_the_holders_name_tell_that_the_unit_is_there_and_no_more(known):
    for way in ({"name": "演示乙户"}, {"name": "演示乙"}, {"tail": known["tail"]}, {"tail": known["tail"].lower()}):
        found = asked(unit=f" {known['unit'].code[:6]} {known['unit'].code[6:]}", **way)
        assert found.level is Level.EXISTS
        assert set(found.told) == set(told_at(Level.EXISTS))
        assert found.told["is_burdened"] is True
        assert found.told["kind"] == "宅基地"
    assert not BookQuery.objects.exists()


def test_name_and_certificate_tell_the_right_with_the_holder_hidden(known):
    found = asked(certificate=known["certificate"], name="演示乙")
    assert found.level is Level.RIGHTS
    assert found.told["restriction_kinds"] == ["查封"]
    assert "宅基地使用权：演***" in found.told["masked_holder"]
    assert not {"holder", "restrictions", "location"} & set(found.told)
    kept = BookQuery.objects.get()
    assert (kept.level, kept.user_id, kept.purpose) == (2, None, "")
    event = Event.objects.get(verb="registry.book.queried")
    assert event.facts == {"level": 2, "query": kept.pk}
    told = json.dumps([event.facts, event.subject_id])
    assert not any(secret in told for secret in ("演示", known["number"], known["certificate"]))


def test_staff_and_holders_see_the_whole_when_they_say_what_for(known):
    staff = make.people.clerk(Role.TOWN_WINDOW, make.people.TOWN)
    holder = Actor(make.people.clerk().user_id, Role.SELF, on_behalf_of_id=known["holder"].pk)
    for actor in (staff, holder):
        found = asked(actor, unit=known["unit"].code, purpose="办理贷款抵押")
        assert found.level is Level.WHOLE
        assert set(found.told) == set(told_at(Level.WHOLE))
        assert "宅基地使用权：演示乙户" in found.told["holder"]
        assert found.told["certificates"] == [known["certificate"]]
        with pytest.raises(QueryPurposeNeeded):
            asked(actor, unit=known["unit"].code, purpose="看")
    assert list(BookQuery.objects.values_list("level", "purpose")) == [(3, "办理贷款抵押")] * 2


def test_staff_of_another_county_learn_no_more_than_strangers(known):
    elsewhere = make.people.clerk(Role.DEPARTMENT, make.people.OTHER)
    with pytest.raises(QueryNotAnswered):
        asked(elsewhere, unit=known["unit"].code, purpose="办理贷款抵押")
    asked(unit=known["unit"].code, certificate=known["certificate"], name="演示乙")
    assert not queries.book_queries(elsewhere).exists()
    assert queries.book_queries(make.people.clerk(Role.TOWN_WINDOW, make.people.TOWN)).count() == 1


def test_no_such_unit_and_not_matching_are_one_answer(known):
    """Nobody learns by the answer which codes, certificates or names there are."""
    code, proof = known["unit"].code, known["certificate"]
    wrong = [
        {"unit": code, "name": "演示甲"},
        {"unit": code, "tail": "000000"},
        {"unit": code, "tail": known["number"][-5:]},
        {"unit": "370322001200JC09999W00000000", "name": "演示乙"},
        {"unit": "370322001200JC09999W00000000", "certificate": proof, "name": "演示乙"},
        {"certificate": "鲁（2020）无此证", "name": "演示乙"},
        {"unit": code},
        {"certificate": proof},
        {"name": "演示乙"},
        {},
        {"unit": code, "certificate": "鲁（2020）无此证", "name": "", "purpose": "办理贷款抵押"},
    ]
    texts = set()
    for question in wrong:
        with pytest.raises(QueryNotAnswered) as refused:
            asked(**question)
        texts.add((refused.value.text, refused.value.status, str(refused.value.facts)))
    assert len(texts) == 1


def test_a_network_that_asks_too_often_waits_and_staff_do_not(known):
    for n in range(MOST_ASKED):
        with pytest.raises(QueryNotAnswered):
            asked(unit=f"370322001200JC{n + 100:05d}W00000000", name="演示乙")
    # right or wrong, the next is not even looked at
    with pytest.raises(QueryHeldOff):
        asked(unit=known["unit"].code, name="演示乙")
    assert asked(unit=known["unit"].code, name="演示乙", network="203.0.113.8").level is Level.EXISTS
    staff = make.people.clerk(Role.TOWN_WINDOW, make.people.TOWN)
    assert asked(staff, unit=known["unit"].code, name="演示乙").level is Level.EXISTS
    # an address of the same customer of IPv6 counts as the same network
    for n in range(MOST_ASKED):
        with pytest.raises(QueryNotAnswered):
            asked(network=f"2001:db8::{n:x}")
    with pytest.raises(QueryHeldOff):
        asked(network="2001:db8::ffff")
    # and when the hour is over it may ask again
    later = make.NOON + WITHIN + timedelta(seconds=1)
    assert asked(at=later, unit=known["unit"].code, name="演示乙").level is Level.EXISTS
