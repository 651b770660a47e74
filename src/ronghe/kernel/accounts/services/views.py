"""Commands on saved views: one's own alone."""

from datetime import datetime

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import services as audit
from ronghe.kernel.db import refuses

from .. import rules
from ..errors import TooManyViews, ViewNameTaken, ViewNameUnfit, ViewNotFound, ViewOfAnotherSite, ViewQueryUnfit
from ..models import SavedView
from .duties import locked_user

#: How many views one user keeps of one list.
MOST_VIEWS = 20


@transaction.atomic
def save_view(*, path: str, query: str, name: str, actor: Actor, at: datetime) -> SavedView:
    """Keep the filters of a list under a name. Locks: User, so that two at once do not pass the limit.

    Raises: ViewOfAnotherSite, ViewNameUnfit, ViewQueryUnfit, TooManyViews, ViewNameTaken.
    """
    if not rules.is_own_path(path):
        raise ViewOfAnotherSite()
    kept = rules.view_query(query)
    if not 0 < len(kept) <= rules.LONGEST_QUERY:
        raise ViewQueryUnfit(most=rules.LONGEST_QUERY)
    name = _fit(name)
    user = locked_user(actor.user_id or 0)
    if SavedView.objects.filter(user=user, path=path).count() >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
    with refuses({"saved_view_name_once": ViewNameTaken(name=name)}):
        view = SavedView.objects.create(user=user, path=path, name=name, query=kept, made_at=at)
    audit.record(verb="accounts.view.saved", subject=view, actor=actor, at=at)
    return view


@transaction.atomic
def rename_view(*, view_id: int, name: str, actor: Actor, at: datetime) -> SavedView:
    """Call a view otherwise; a repeat changes nothing. Locks: SavedView. Raises: ViewNotFound, ViewNameUnfit, ViewNameTaken."""
    view = _own(view_id, actor)
    name = _fit(name)
    if name == view.name:
        return view
    view.name = name
    with refuses({"saved_view_name_once": ViewNameTaken(name=name)}):
        view.save(update_fields=["name"])
    audit.record(verb="accounts.view.renamed", subject=view, actor=actor, at=at)
    return view


@transaction.atomic
def remove_view(*, view_id: int, actor: Actor, at: datetime) -> str:
    """Forget a view; returns the address of its list. Locks: SavedView. Raises: ViewNotFound."""
    view = _own(view_id, actor)
    audit.record(verb="accounts.view.removed", subject=view, actor=actor, at=at)
    view.delete()
    return view.path


def _own(view_id: int, actor: Actor) -> SavedView:
    view = SavedView.objects.select_for_update(of=("self",)).filter(pk=view_id, user=actor.user_id or 0).first()
    if view is None:
        raise ViewNotFound()
    return view


def _fit(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not 0 < len(name) <= rules.LONGEST_NAME:
        raise ViewNameUnfit(most=rules.LONGEST_NAME)
    return name
