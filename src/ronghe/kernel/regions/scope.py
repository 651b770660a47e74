"""Who sees which rows: one queryset method, ``visible_to``, that every list, feature, tile and export goes through."""

from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from ronghe.kernel.actors import SYSTEM_ROLE, Actor

Row = TypeVar("Row", bound=models.Model)


class ScopedQuerySet(models.QuerySet[Row]):
    """Rows that carry their own division, or a path to it.

    ``scope`` is the lookup path to the row's division code; ``public`` selects what everyone may see (``None``:
    nothing). An actor whose role was granted for a division sees that division's rows and all below, by the
    closure table, so that functional zones that overlap districts work too.
    """

    scope: ClassVar[str] = ""
    public: ClassVar[Q | None] = None

    def visible_to(self, actor: Actor) -> Self:
        """The rows that ``actor`` may see; nothing by default."""
        if actor.role == SYSTEM_ROLE:
            return self.all()
        seen = self._within(actor)
        if self.public is not None:
            # An empty Q() means "all rows": no condition would be added to it.
            if not self.public.children:
                return self.all()
            seen = self.public if seen is None else self.public | seen
        return self.none() if seen is None else self.filter(seen)

    def _within(self, actor: Actor) -> Q | None:
        if not self.scope or actor.division is None:
            return None
        below = self.model._meta.apps.get_model("regions", "DivisionClosure").objects.filter(ancestor_id=actor.division)
        return Q(**{f"{self.scope}__in": below.values("descendant_id")})
