"""What the edge itself keeps: the first answers to commands that a program may repeat."""

from django.db import models
from django.db.models import Q


class FirstAnswer(models.Model):
    """首次应答: what a command with an ``Idempotency-Key`` was answered, so that a repeat does nothing and hears the same."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="用户")
    key = models.CharField("幂等键", max_length=120)
    request = models.CharField("请求摘要", max_length=64)
    status = models.PositiveSmallIntegerField("状态码", null=True)
    content_type = models.CharField("内容类型", max_length=80, default="")
    content = models.BinaryField("内容（加密）", null=True)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="first_answer_once", fields=["user", "key"]),
            models.CheckConstraint(
                name="first_answer_is_whole",
                condition=Q(status=None, content=None) | Q(status__isnull=False, content__isnull=False),
            ),
        ]
        indexes = [models.Index(name="first_answer_by_time", fields=["at"])]
