"""The table of parties: the one place where a person or body that holds rights or acts is named."""

from django.db import models

from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.scope import ScopedQuerySet


class PartyQuerySet(ScopedQuerySet["Party"]):
    """A party is seen by the staff of its division, and by whoever acts for it; nobody else lists parties."""

    scope = "division_id"

    def visible_to(self, actor: Actor) -> "PartyQuerySet":
        if actor.on_behalf_of_id is not None:
            return self.filter(pk=actor.on_behalf_of_id)
        return super().visible_to(actor)


class Party(models.Model):
    """权利人 (LA_Party): a person, household, collective, enterprise or agency. Never a login."""

    class Kind(models.TextChoices):
        PERSON = "person", "自然人"
        HOUSEHOLD = "household", "农户"
        COLLECTIVE = "collective", "农村集体经济组织"
        COOPERATIVE = "cooperative", "农民专业合作社"
        ENTERPRISE = "enterprise", "企业"
        AGENCY = "agency", "机关事业单位"
        BANK = "bank", "金融机构"

    kind = models.CharField("类别", max_length=12, choices=Kind)
    name = models.CharField("名称", max_length=120)
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="所属区划")

    objects = PartyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="party_by_division", fields=["division", "name"])]

    def __str__(self) -> str:
        return self.name
