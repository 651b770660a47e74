"""Rules that several commands share: whose matter it is, and how far the actor reaches."""

from ronghe.kernel.actors import SYSTEM_ROLE, Actor

from ..access import reaches
from ..errors import NotAnAdministratorsMatter, NotToOneself, OutsideDivision, UserNotFound
from ..models import User
from ..roles import Role


def only(role: Role, actor: Actor) -> None:
    """Refuse unless ``actor`` is that administrator, or the system (command line, demonstration)."""
    if actor.role not in (role, SYSTEM_ROLE):
        raise NotAnAdministratorsMatter(role=role.title)


def not_oneself(user: User, actor: Actor) -> None:
    """Refuse when the actor would act on himself."""
    if actor.user_id is not None and actor.user_id == user.pk:
        raise NotToOneself()


def within(division: str, actor: Actor) -> None:
    """Refuse when ``division`` lies outside the actor's."""
    if not reaches(actor, division):
        raise OutsideDivision(division=division)


def locked_user(user_id: int) -> User:
    """The user's row, locked until the transaction ends. Raises: UserNotFound."""
    user: User | None = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        raise UserNotFound(user=user_id)
    return user
