"""People with a post, for tests that go through HTTP: by session or by token."""

from dataclasses import dataclass

from django.test import Client

from ronghe.kernel import clock
from ronghe.kernel.accounts import services
from ronghe.kernel.accounts.models import Membership, User
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories
from ronghe.kernel.actors import SYSTEM, Actor


@dataclass(frozen=True)
class Person:
    """A user in one post."""

    user: User
    post: Membership

    @property
    def actor(self) -> Actor:
        return Actor(self.user.pk, self.post.role, self.post.org_unit_id, self.post.division_id)

    def client(self, **given: bool) -> Client:
        """A browser in which the person has signed in."""
        browser = Client(**given)
        browser.force_login(self.user, "django.contrib.auth.backends.ModelBackend")
        return browser

    def token(self) -> str:
        """``Bearer rh_…`` for programs of this person."""
        _, text = services.create_token(
            user_id=self.user.pk, capacity=f"post-{self.post.pk}", name="试验", days=30, actor=SYSTEM, at=clock.now()
        )
        return f"Bearer {text}"


def person(role: Role, division: str) -> Person:
    """Somebody new with one post in a division that is loaded."""
    post = factories.post(role, division=division)
    return Person(post.user, post)
