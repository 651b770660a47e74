"""Messages reach those they are for, and nobody else reads them."""

import pytest
from django.db import IntegrityError, transaction

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories
from ronghe.kernel.inbox import queries, services
from ronghe.kernel.inbox.models import Message
from tests.people import person

pytestmark = pytest.mark.django_db
NOON = factories.NOON


@pytest.fixture
def people():
    factories.places()
    return person(Role.TOWN_WINDOW, factories.TOWN), person(Role.DEPARTMENT, factories.COUNTY)


def test_each_user_is_told_once(people):
    mine, other = people
    services.tell([mine.user.pk, mine.user.pk, None, other.user.pk], title="有新办件", href="/cases/1/", at=NOON)
    assert Message.objects.count() == 2
    assert queries.unread_count(mine.actor) == 1


def test_opening_a_message_marks_it_and_leads_to_its_place(people):
    mine, other = people
    services.tell([mine.user.pk], title="有新办件", text="第 1 号", href="/cases/1/", at=NOON)
    sent = Message.objects.get()
    browser = mine.client()
    assert "有新办件" in browser.get("/messages/").content.decode()
    assert other.client().post(f"/messages/{sent.pk}/open").status_code == 404
    assert browser.post(f"/messages/{sent.pk}/open")["Location"] == "/cases/1/"
    assert queries.unread_count(mine.actor) == 0
    assert "没有符合" in browser.get("/messages/?state=unread").content.decode()


def test_all_are_marked_at_once(people):
    mine, other = people
    for n in range(3):
        services.tell([mine.user.pk, other.user.pk], title=f"第 {n} 条", at=NOON)
    assert "全部标为已读" in mine.client().get("/messages/").content.decode()
    mine.client().post("/messages/read")
    assert (queries.unread_count(mine.actor), queries.unread_count(other.actor)) == (0, 3)


def test_programs_read_and_mark_their_messages(people):
    mine, other = people
    services.tell([mine.user.pk], title="有新办件", at=NOON)
    [item] = mine.client().get("/api/v1/messages", headers={"authorization": mine.token()}).json()["items"]
    address = f"/api/v1/messages/{item['id']}/read"
    assert other.client().post(address, headers={"authorization": other.token()}).status_code == 404
    assert mine.client().post(address, headers={"authorization": mine.token()}).json()["read_at"]


@pytest.mark.constraints
def test_a_message_leads_nowhere_outside(people):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(user=people[0].user, title="x", href="https://elsewhere", at=NOON)
