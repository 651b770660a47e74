"""Saved views: one's own, named once per list, no more than twenty, and never a way to another site."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.accounts import errors, rules, services
from ronghe.kernel.accounts.models import SavedView
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.models import Event
from ronghe.site.testing import in_parallel
from tests.people import Person

from . import factories
from .factories import NOON

LIST = "/layers/"
SAVE = "/accounts/me/views"
FOREIGN = ["", "layers/", "//elsewhere.example/", "/\\elsewhere.example", "https://elsewhere.example/", "/a b", "/a?b", "/a#b", "/" + "a" * 200]  # fmt: skip


@pytest.fixture
def one(places) -> Person:
    post = factories.post(Role.DEPARTMENT)
    return Person(post.user, post)


@pytest.fixture
def other(places) -> Person:
    post = factories.post(Role.DEPARTMENT)
    return Person(post.user, post)


def save(by: Actor, name: str = "在用的", *, path: str = LIST, query: str = "text=%E5%9B%BE") -> SavedView:
    return services.save_view(path=path, query=query, name=name, actor=by, at=NOON)


class TestRules:
    @pytest.mark.parametrize("path", FOREIGN)
    def test_what_leads_elsewhere_or_is_too_long_is_no_path_of_this_site(self, path):
        assert not rules.is_own_path(path)

    @pytest.mark.parametrize("path", ["/", "/layers/", "/z/jinan/tasks/", "/a//b"])
    def test_a_path_of_this_site_is_one(self, path):
        assert rules.is_own_path(path)

    def test_the_place_in_the_list_and_empty_filters_are_not_kept(self):
        assert rules.view_query("a=1&cursor=x&b=&export=xlsx&sort=-a&c=图") == "a=1&sort=-a&c=%E5%9B%BE"

    @given(st.text())
    def test_what_is_kept_stays_as_it_is_and_is_plain_ascii(self, text):
        kept = rules.view_query(text)
        assert kept.isascii()
        assert rules.view_query(kept) == kept


@pytest.mark.constraints
class TestConstraints:
    @pytest.mark.parametrize(
        ("given", "name"),
        [
            ({"name": ""}, "saved_view_has_a_name"),
            ({"query": ""}, "saved_view_narrows_something"),
            *(({"path": path[:200]}, "saved_view_is_of_this_site") for path in FOREIGN[:-1]),
        ],
    )
    def test_the_database_refuses(self, one, given, name):
        row = {"path": LIST, "name": "x", "query": "a=1", "made_at": NOON, "user": one.user} | given
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            SavedView.objects.create(**row)

    def test_a_name_stands_once_per_user_and_list(self, one, other):
        save(one.actor), save(other.actor), save(one.actor, path="/jobs/")
        with pytest.raises(IntegrityError, match="saved_view_name_once"), transaction.atomic():
            SavedView.objects.filter(user=one.user).update(path=Concat(Value("/"), F("user_id")))


class TestServices:
    def test_each_act_is_one_event(self, one):
        view = save(one.actor)
        services.rename_view(view_id=view.pk, name=" 常 看 ", actor=one.actor, at=NOON)
        services.rename_view(view_id=view.pk, name="常 看", actor=one.actor, at=NOON)  # a repeat
        assert SavedView.objects.get().name == "常 看"
        assert services.remove_view(view_id=view.pk, actor=one.actor, at=NOON) == LIST
        assert not SavedView.objects.exists()
        verbs = Event.objects.filter(user_id=one.user.pk).order_by("pk").values_list("verb", flat=True)
        assert list(verbs) == ["accounts.view.saved", "accounts.view.renamed", "accounts.view.removed"]

    @pytest.mark.parametrize("path", FOREIGN)
    def test_a_list_of_another_site_is_refused(self, one, path):
        with pytest.raises(errors.ViewOfAnotherSite):
            save(one.actor, path=path)

    @pytest.mark.parametrize("name", ["", "  ", "\x00", "名" * 41])
    def test_a_name_that_does_not_fit_is_refused(self, one, name):
        with pytest.raises(errors.ViewNameUnfit):
            save(one.actor, name)
        view = save(one.actor)
        with pytest.raises(errors.ViewNameUnfit):
            services.rename_view(view_id=view.pk, name=name, actor=one.actor, at=NOON)

    @pytest.mark.parametrize("query", ["", "cursor=x", "a=", "a=" + "1" * 999, "text=" + "图" * 111])
    def test_nothing_to_save_and_too_much_are_refused(self, one, query):
        with pytest.raises(errors.ViewQueryUnfit):
            save(one.actor, query=query)

    def test_a_name_that_is_taken_is_refused(self, one):
        save(one.actor)
        second = save(one.actor, "另一个")
        with pytest.raises(errors.ViewNameTaken):
            save(one.actor)
        with pytest.raises(errors.ViewNameTaken):
            services.rename_view(view_id=second.pk, name="在用的", actor=one.actor, at=NOON)

    def test_the_twenty_first_is_refused_and_another_list_is_not(self, one):
        for number in range(20):
            save(one.actor, f"第{number}个")
        with pytest.raises(errors.TooManyViews):
            save(one.actor, "第21个")
        save(one.actor, path="/jobs/")

    def test_nobody_else_renames_or_removes_it(self, one, other):
        view = save(one.actor)
        for act in (
            lambda: services.rename_view(view_id=view.pk, name="x", actor=other.actor, at=NOON),
            lambda: services.remove_view(view_id=view.pk, actor=other.actor, at=NOON),
        ):
            with pytest.raises(errors.ViewNotFound):
                act()
        assert SavedView.objects.get().name == "在用的"


def test_two_at_once_do_not_pass_the_limit(fresh_database):
    """Seen to fail with the lock of the user's row removed: both count nineteen."""
    factories.places()
    by = factories.actor(factories.post(Role.DEPARTMENT))
    for number in range(19):
        save(by, f"第{number}个")
    outcomes = in_parallel(lambda: save(by, "甲"), lambda: save(by, "乙"))
    assert sorted(type(o).__name__ for o in outcomes) == ["SavedView", "TooManyViews"]


class TestPages:
    def test_the_present_filters_are_saved_found_renamed_and_removed(self, one):
        browser = one.client()
        page = browser.get(f"{LIST}?text=图&cursor=").content.decode()
        fields = dict(re.findall(r'type="hidden" name="(path|query)" value="([^"]*)"', page))
        assert fields == {"path": LIST, "query": "text=%E5%9B%BE"}
        answer = browser.post(SAVE, {**fields, "name": "图"})
        assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?text=%E5%9B%BE")
        view = SavedView.objects.get()
        page = browser.get(LIST).content.decode()
        assert f'href="{LIST}?text=%E5%9B%BE"' in page
        assert 'name="query"' not in page, "nothing narrows the list: nothing to save"
        assert browser.post(f"{SAVE}/{view.pk}/rename", {"name": "图件"})["Location"] == LIST
        assert "图件" in browser.get(LIST).content.decode()
        assert browser.post(f"{SAVE}/{view.pk}/remove")["Location"] == LIST
        assert 'id="views"' not in browser.get(LIST).content.decode()

    def test_another_users_view_is_seen_and_reached_by_nobody_else(self, one, other):
        view = save(one.actor, "只有我")
        for browser in (other.client(), Client()):
            assert "只有我" not in browser.get(LIST).content.decode()
        for act in ("rename", "remove"):
            assert other.client().post(f"{SAVE}/{view.pk}/{act}", {"name": "x"}).status_code == 404
            assert Client().post(f"{SAVE}/{view.pk}/{act}", {"name": "x"})["Location"].startswith("/accounts/login")
        assert SavedView.objects.get().name == "只有我"

    @pytest.mark.parametrize("path", [*FOREIGN, "/nothing-here"])
    def test_another_site_is_neither_saved_nor_led_to(self, one, path):
        answer = one.client().post(SAVE, {"path": path, "query": "a=1", "name": "x"})
        assert answer.status_code == 422
        assert "Location" not in answer
        assert not SavedView.objects.exists()

    def test_what_is_refused_is_said_on_the_list(self, one):
        browser = one.client()
        for told, said in (
            ({"name": ""}, "请给筛选起一个"),
            ({"query": "", "name": "x"}, "没有可以保存的筛选条件"),
            ({"name": "在用的"}, "请换一个名称"),
        ):
            save(one.actor) if "在用的" in told.values() else None
            answer = browser.post(SAVE, {"path": LIST, "query": "text=a", **told}, follow=True)
            assert said in answer.content.decode()
        view = SavedView.objects.get()
        assert "请给筛选起一个" in browser.post(f"{SAVE}/{view.pk}/rename", {"name": ""}, follow=True).content.decode()

    def test_it_is_not_asked_for_by_a_link(self, one):
        assert one.client().get(SAVE).status_code == 405
