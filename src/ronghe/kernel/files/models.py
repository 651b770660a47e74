"""Files by their content: one row and one stored copy for equal bytes."""

from django.db import models
from django.db.models import Q

from .kinds import FileKind


class Blob(models.Model):
    """文件 (按内容存储): bytes known by their SHA-256, kept encrypted with a key of their own.

    Other rooms reference it beside the name under which the file was given. Destroying the key erases the content and
    leaves the row, so that a record that names the file stays whole.
    """

    class Scan(models.TextChoices):
        CLEAN = "clean", "已扫描"
        UNSCANNED = "unscanned", "未扫描"

    digest = models.CharField("SHA-256", max_length=64, primary_key=True)
    size = models.BigIntegerField("字节数")
    kind = models.CharField("类型", max_length=12, choices=[(kind.value, kind.title) for kind in FileKind])
    place = models.CharField("存放位置", max_length=120)
    key = models.BinaryField("数据密钥（已包裹）", null=True)
    scan = models.CharField("病毒扫描", max_length=9, choices=Scan)
    stored_at = models.DateTimeField("存入时间")

    class Meta:
        constraints = [
            models.CheckConstraint(name="blob_digest_is_sha256", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="blob_holds_something", condition=Q(size__gt=0)),
            models.UniqueConstraint(name="blob_place_once", fields=["place"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.digest[:12]}"

    @property
    def as_kind(self) -> FileKind:
        return FileKind(self.kind)
