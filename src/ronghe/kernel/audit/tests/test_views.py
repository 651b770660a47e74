"""The auditors' pages: who sees what, and what they say."""

from datetime import timedelta
from urllib.parse import urljoin

import pytest
from django.db import transaction
from django.test import Client

from ronghe.kernel.accounts.roles import STAFF, Role
from ronghe.kernel.accounts.tests import factories
from ronghe.kernel.accounts.tests.factories import CITY, COUNTY, OTHER, TOWN, actor, post
from ronghe.kernel.actors import PUBLIC, SYSTEM, Actor
from ronghe.kernel.audit import checking, queries, services
from ronghe.kernel.audit.models import Event, Verification
from ronghe.kernel.audit.verbs import TITLES, name_verbs

from .helpers import NOON, happen, seal, tamper


@pytest.fixture
def places(db):
    factories.places()


def browser(held):
    client = Client()
    client.force_login(held.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def auditor(places):
    return browser(post(Role.AUDITOR))


def where(rows):
    return sorted(rows.values_list("division", flat=True))


@pytest.fixture
def everywhere(places):
    for division in (CITY, COUNTY, TOWN, OTHER, ""):
        happen(division=division)


@pytest.mark.parametrize(
    ("granted", "seen"),
    [(COUNTY, ["", COUNTY, TOWN]), (CITY, ["", CITY, COUNTY, OTHER, TOWN]), (TOWN, ["", TOWN]), (OTHER, ["", OTHER])],
)
def test_an_auditor_sees_its_division_and_below_and_what_concerns_the_platform(everywhere, granted, seen):
    held = post(Role.AUDITOR, division=granted)
    assert where(Event.objects.visible_to(actor(held))) == sorted(seen)


def test_nobody_else_sees_the_record(everywhere):
    for role in sorted(STAFF - {Role.AUDITOR}):
        assert not Event.objects.visible_to(actor(post(role, division=CITY))).exists()
    for other in (PUBLIC, Actor(user_id=1, role="self", on_behalf_of_id=1), Actor(user_id=1, role="auditor")):
        assert not Event.objects.visible_to(other).exists()
    assert Event.objects.visible_to(SYSTEM).count() == 5


def rows_of(answer):
    return answer.content.decode().split("<tbody", 1)[-1]


def test_the_list_is_filtered_by_time_verb_user_division_and_subject(auditor):
    who = factories.user("zhaoliu", display_name="赵六")
    happen(
        actor=Actor(user_id=who.pk, role="leader", division=TOWN), verb="market.lot.closed", subject=("market.lot", 77)
    )
    happen(at=NOON - timedelta(days=3), verb="policy.pack.loaded", subject=("policy.zone", 5))

    def shown(query):
        page = rows_of(auditor.get(f"/audit/events?{query}"))
        return "market.lot:77" in page, "policy.zone:5" in page

    assert shown("") == (True, True)
    assert shown("since=2026-11-22") == (True, False)
    assert shown("until=2026-11-21") == (False, True)
    assert shown("verb=market.lot") == (True, False)
    assert shown("user=zhaoliu") == shown("user=赵六") == shown(f"user={who.pk}") == (True, False)
    assert shown(f"division={TOWN}") == (True, False)
    assert shown("subject=policy.zone") == shown("subject=policy.zone:5") == (False, True)
    assert shown("user=99999999999999999999999") == (False, False)
    assert "赵六" in rows_of(auditor.get("/audit/events?user=zhaoliu"))
    assert auditor.get("/audit/events?since=yesterday").status_code == 200


def test_a_legal_day_begins_at_midnight_in_beijing(places):
    # 2026-11-21 16:00 UTC is 2026-11-22 00:00 in Asia/Shanghai
    midnight = NOON.replace(day=21, hour=16)
    happen(at=midnight)
    happen(at=midnight - timedelta(microseconds=1))
    day = midnight.date() + timedelta(days=1)
    assert queries.events(SYSTEM, since=day).count() == 1
    assert dict(queries.events_by_day(SYSTEM, last=day, days=2)) == {day: 1, day - timedelta(days=1): 1}


def test_the_list_turns_pages_of_fifty_with_a_fixed_number_of_queries(auditor, django_assert_max_num_queries):
    happen(120)
    auditor.get("/audit/events")  # the first request of a session notes when it began
    with django_assert_max_num_queries(11):
        first = auditor.get("/audit/events")
    ids = [row.pk for row, _, _ in first.context["rows"]]
    assert len(ids) == 50
    assert ids == sorted(ids, reverse=True)
    second = auditor.get(urljoin("/audit/events", first.context["next"]))
    assert not {row.pk for row, _, _ in second.context["rows"]} & set(ids)
    assert auditor.get("/audit/events?export=xlsx").status_code == 200


def test_an_event_shows_its_facts_and_waits_to_be_sealed(auditor):
    (event,) = happen(facts={"bid": 3, "kind": "open"})
    page = auditor.get(f"/audit/events/{event.pk}").content.decode()
    assert "market.lot.awarded" in page
    assert "&quot;open&quot;" in page
    assert "等待封存" in page
    (elsewhere,) = happen(division=OTHER)
    answer = auditor.get(f"/audit/events/{elsewhere.pk}")
    assert answer.status_code == 404
    assert "不在您的管辖范围内" in answer.content.decode()


def test_the_pages_of_a_sealed_record_show_positions_blocks_and_verifications(fresh_database):
    factories.places()
    client = browser(post(Role.AUDITOR))
    assert "还没有封存" in client.get("/audit/seal").content.decode()
    (event,) = happen()
    block = seal()
    services.keep_verification(findings=checking.verify(), against=(), actor=SYSTEM, at=NOON)
    page = client.get(f"/audit/events/{event.pk}").content.decode()
    assert bytes(block.hash).hex() in page
    page = client.get("/audit/seal").content.decode()
    assert "未发现问题" in page
    assert bytes(block.hash).hex() in page
    tamper(fresh_database, "UPDATE audit_event SET user_id = 77")
    services.keep_verification(findings=checking.verify(), against=(), actor=SYSTEM, at=NOON + timedelta(days=1))
    page = client.get("/audit/seal").content.decode()
    assert "发现 2 处问题" in page or "发现 1 处问题" in page
    assert "事件被改动" in page


def test_no_bar_is_drawn_without_its_table_of_numbers(auditor):
    page = auditor.get("/audit/seal").content.decode()
    assert page.count('<th scope="row">') >= 14
    assert "近 14 天共" in page


@pytest.mark.django_db
def test_the_history_of_one_row_is_asked_by_the_row(places):
    kept = Verification.objects.create(at=NOON, blocks=0, positions=0, waiting=0, fault_count=0)
    with transaction.atomic():
        services.record(verb="audit.record.verified", subject=kept, actor=SYSTEM, at=NOON)
    happen()
    assert [e.verb for e in queries.events_of(kept)] == ["audit.record.verified"]


def test_every_act_of_the_kernel_has_a_chinese_name():
    import re
    from pathlib import Path

    import ronghe.kernel

    kernel = Path(ronghe.kernel.__file__).parent
    sources = [p for room in ("audit", "accounts") for p in (kernel / room).rglob("*.py") if "tests" not in p.parts]
    verbs = {v for p in sources for v in re.findall(r'"((?:audit|accounts)\.[a-z]+\.[a-z]+)"', p.read_text("utf-8"))}
    recorded = {v for v in verbs if v.endswith(("ed", "given", "created"))}
    assert recorded <= set(TITLES)
    with pytest.raises(ValueError, match="named twice"):
        name_verbs({"accounts.user.created": "别的名字"})
