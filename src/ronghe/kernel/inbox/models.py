"""Messages of the platform to its users."""

from django.db import models
from django.db.models import Q

from ronghe.kernel.actors import SYSTEM_ROLE, Actor


class MessageQuerySet(models.QuerySet["Message"]):
    """One's own messages alone, in whatever post one acts."""

    def visible_to(self, actor: Actor) -> "MessageQuerySet":
        if actor.role == SYSTEM_ROLE:
            return self.all()
        return self.none() if actor.user_id is None else self.filter(user_id=actor.user_id)


class Message(models.Model):
    """消息: what a user should know: something has arrived, is due, is done. It leads to where it is dealt with."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="用户")
    title = models.CharField("标题", max_length=120)
    text = models.CharField("内容", max_length=400, default="")
    href = models.CharField("地址", max_length=200, default="")
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("阅读时间", null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            # A message leads into the house and nowhere else.
            models.CheckConstraint(name="message_leads_inside", condition=Q(href="") | Q(href__regex=r"^/([^/]|$)")),
        ]
        indexes = [
            models.Index(name="message_by_user", fields=["user", "-at", "-id"]),
            models.Index(name="message_unread", fields=["user"], condition=Q(read_at=None)),
        ]
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.title
