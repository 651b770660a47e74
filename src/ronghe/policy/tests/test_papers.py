"""A kept ruling is issued as a paper that says on what it rests, and is checked by everybody."""

import pypdfium2
import pytest
from django.test import Client

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.files import services as files
from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.papers.models import Batch, Paper
from ronghe.policy import queries, services
from ronghe.policy.models import KeptRuling, Zone
from tests.people import person

from .factories import NOON
from .test_rulings import FACTS, RULE, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def kept(by) -> KeptRuling:
    answer = queries.answer(RULE, Zone.objects.get(pk="qingdao"), on=TODAY, facts=FACTS)
    return services.keep_ruling(answer=answer, subject="刁镇 3 号地", actor=by.actor, at=NOON)


def test_the_paper_of_a_ruling_names_facts_steps_parameters_and_clauses():
    office = person(Role.ZONE_OFFICE, "370200000000")
    found = kept(office)
    browser = office.client()
    assert "出具结果书" in browser.get(f"/library/rulings/{found.pk}/").content.decode()
    answer = browser.post(f"/library/rulings/{found.pk}/paper/")
    assert answer.status_code == 302
    made = Paper.objects.get()
    assert browser.post(f"/library/rulings/{found.pk}/paper/")["Location"] == answer["Location"]
    with pypdfium2.PdfDocument(files.content(made.pdf_id)) as pdf:
        text = "".join("".join(page.get_textpage().get_text_bounded() for page in pdf).split())
    for words in ("规则适用结果书", "刁镇3号地", "青岛", "二、推导", "三、所用参数", "《"):
        assert words in text
    assert "有效。" in Client().get(f"/papers/check/{made.code}/").content.decode()
    assert (
        person(Role.ZONE_OFFICE, "370100000000").client().post(f"/library/rulings/{found.pk}/paper/").status_code == 404
    )


def test_papers_of_many_rulings_are_issued_in_one_batch_but_not_twice():
    office = person(Role.ZONE_OFFICE, "370200000000")
    browser = office.client()
    first, _ = kept(office), kept(office)
    browser.post(f"/library/rulings/{first.pk}/paper/")
    assert "批量出具结果书" in browser.get("/library/rulings/").content.decode()
    answer = browser.post("/library/rulings/papers/", {"zone": "qingdao"})
    assert answer.status_code == 302
    batch = Batch.objects.get()
    assert answer["Location"] == f"/papers/batches/{batch.pk}/"
    run_here(batch.job_id)
    batch.refresh_from_db()
    assert (batch.state, batch.count, Paper.objects.count()) == ("done", 1, 2)
    again = browser.post("/library/rulings/papers/", {"zone": "qingdao"})
    assert again.status_code == 400
    assert "没有需要出具的结论" in again.content.decode()
    other = person(Role.ZONE_OFFICE, "370100000000").client()
    assert other.post("/library/rulings/papers/", {"zone": "qingdao"}).status_code == 400
    assert "/accounts/login" in Client().get("/library/rulings/papers/")["Location"]
