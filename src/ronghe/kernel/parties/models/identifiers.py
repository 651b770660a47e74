"""Numbers of parties, sealed with a key of the party's own."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q

from ronghe.kernel.db import AppendOnly
from ronghe.kernel.versions import CURRENT, VersionQuerySet

from .party import Party

#: Kinds of which nobody has two, and which no two parties share.
SINGLE = ("identity", "uscc")


class PartyKey(models.Model):
    """权利人密钥: opens what is sealed of one party; once destroyed, nothing of it can be read any more.

    Backups made before hold the key until they are overwritten: how long they are kept is part of the promise.
    Source: 个人信息保护法 第四十七条 (删除), 第五十一条 (加密、去标识化).
    """

    party = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="key")
    wrapped = models.BinaryField("封装的密钥", max_length=64, null=True)
    made_at = models.DateTimeField("建立时间")
    destroyed_at = models.DateTimeField("销毁时间", null=True)
    basis = models.CharField("删除依据", max_length=120, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="party_key_is_gone_when_destroyed",
                condition=Q(wrapped__isnull=False, destroyed_at=None, basis="")
                | (Q(wrapped=None, destroyed_at__isnull=False) & ~Q(basis="")),
            ),
        ]


class PartyIdentifier(models.Model):
    """证件和号码: one number of a party: sealed, found by its blind index, shown by its mask.

    A changed number closes its row and opens another. Erasing takes the mask, the index and the warning away and leaves
    what is sealed, which nobody can open without the key.
    """

    class Kind(models.TextChoices):
        IDENTITY = "identity", "居民身份证号"
        DOCUMENT = "document", "护照或通行证号"
        USCC = "uscc", "统一社会信用代码"
        TELEPHONE = "telephone", "联系电话"
        BANK_ACCOUNT = "bank_account", "银行账号"

    party = models.ForeignKey(Party, models.PROTECT, related_name="identifiers", verbose_name="权利人")
    kind = models.CharField("种类", max_length=12, choices=Kind)
    sealed = models.BinaryField("密文")
    blind = models.BinaryField("盲索引", max_length=32, null=True)
    masked = models.CharField("掩码", max_length=40, default="")
    warning = models.CharField("提示", max_length=400, default="")
    recorded = DateTimeRangeField("登记时段")  # [from, to)

    objects = VersionQuerySet["PartyIdentifier"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identifier_kind_is_known",
                condition=Q(kind__in=("identity", "document", "uscc", "telephone", "bank_account")),
            ),
            models.CheckConstraint(
                name="identifier_is_found_or_erased",
                condition=(Q(blind__isnull=False) & ~Q(masked="")) | Q(blind=None, masked="", warning=""),
            ),
            models.UniqueConstraint(
                name="identifier_of_one_party_only",
                fields=["kind", "blind"],
                condition=CURRENT & Q(kind__in=("identity", "uscc", "document")),
            ),
            models.UniqueConstraint(
                name="identifier_one_of_its_kind",
                fields=["party", "kind"],
                condition=CURRENT & Q(kind__in=("identity", "uscc")),
            ),
            models.UniqueConstraint(
                name="identifier_once_per_party", fields=["party", "kind", "blind"], condition=CURRENT
            ),
        ]
        indexes = [models.Index(name="identifier_by_blind", fields=["blind"], condition=Q(blind__isnull=False))]
        ordering = ("kind", "pk")

    @property
    def about(self) -> str:
        """Where the sealed value belongs: copied to another party or kind it does not open."""
        return f"parties.identifier:{self.party_id}:{self.kind}"


class PartyUnmasking(AppendOnly):
    """查看明文记录: who read a number in plain, and what for. The event of the act names this row."""

    class Purpose(models.TextChoices):
        VERIFY = "verify", "核对身份"
        HANDLE = "handle", "办理登记或业务"
        CONTACT = "contact", "联系本人"
        PAY = "pay", "支付款项"
        SUPERVISE = "supervise", "监督检查"

    identifier = models.ForeignKey(PartyIdentifier, models.PROTECT, related_name="unmaskings")
    purpose = models.CharField("用途", max_length=12, choices=Purpose)
    note = models.CharField("说明", max_length=200)
    user_id = models.BigIntegerField("查看人", null=True)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="party_unmasking_purpose_is_known",
                condition=Q(purpose__in=("verify", "handle", "contact", "pay", "supervise")),
            ),
            models.CheckConstraint(name="party_unmasking_says_what_for", condition=Q(note__regex=r"^.{4,}$")),
        ]
        indexes = [models.Index(name="party_unmasking_by_identifier", fields=["identifier", "-at"])]
