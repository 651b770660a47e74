"""Evidence of surveys: photos and documents of one surveyed parcel, and the archives by which many are brought at once."""

from django.apps import apps
from django.db import models
from django.db.models import Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.scope import ScopedQuerySet

from ..rules.evidence import TITLES
from .scope import RegisterQuerySet
from .surveys import SurveyBatch

EVIDENCE_KINDS = list(TITLES.items())


class EvidenceArchiveQuerySet(ScopedQuerySet["EvidenceArchive"]):
    """Archives are seen with their batch."""

    scope = "batch__division_id"


class EvidenceArchive(models.Model):
    """佐证压缩包: files of many parcels of a batch, checked and taken whole or not at all."""

    class State(models.TextChoices):
        CHECKING = "checking", "核对中"
        FAULTY = "faulty", "有错，没有收"
        APPLIED = "applied", "已收"
        FAILED = "failed", "没有完成"

    batch = models.ForeignKey(SurveyBatch, models.PROTECT, related_name="archives", verbose_name="批次")
    #: Which file of the batch the names were given for; another one may number its parcels otherwise.
    attempt = models.PositiveSmallIntegerField("第几次核对")
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="文件")
    file_name = models.CharField("文件名", max_length=120)
    documents_as = models.CharField("其中的文档是", max_length=8, choices=EVIDENCE_KINDS)
    state = models.CharField("状态", max_length=8, choices=State, default=State.CHECKING)
    failure = models.CharField("没有完成的原因", max_length=400, default="")
    #: ``{"files", "bad", "note", "taken"}`` and, of each file, ``[place, parcel, its title, level, text, mend]``: shown.
    counts = models.JSONField("计数", default=dict)
    lines = models.JSONField("逐个的结果", default=list)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+", verbose_name="后台任务")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("提交时间")
    checked_at = models.DateTimeField("核对时间", null=True)

    objects = EvidenceArchiveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evidence_archive_documents_are_known", condition=Q(documents_as__in=list(TITLES))
            ),
            models.CheckConstraint(
                name="evidence_archive_state_has_its_facts",
                condition=Q(state="checking", checked_at=None, failure="")
                | Q(state__in=("faulty", "applied"), checked_at__isnull=False, failure="")
                | (Q(state="failed", checked_at__isnull=False) & ~Q(failure="")),
            ),
        ]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        return self.state == self.State.CHECKING and self.job is not None and not self.job.is_over


class SurveyEvidenceQuerySet(RegisterQuerySet["SurveyEvidence"]):
    """The staff of the batch's place, and of the unit's once it was entered; then whoever has, or had, a right in it."""

    scope = "batch__division_id"
    unit = "baunit"

    def _within(self, actor: Actor) -> Q | None:
        seen = super()._within(actor)
        if seen is None or actor.on_behalf_of_id is not None:
            return seen
        # A batch of a town holds parcels of its villages: whose unit it became sees what belongs to the unit.
        units = apps.get_model("registry", "BAUnit").objects.visible_to(actor)
        return seen | Q(baunit__in=units.values("pk"))

    def standing(self) -> "SurveyEvidenceQuerySet":
        """What was not withdrawn."""
        return self.filter(withdrawn_at=None)


class SurveyEvidence(models.Model):
    """调查佐证: a photo or document of one surveyed parcel. What was given stays; it counts no more once withdrawn.

    It belongs to a place, not to a line of a file: when the batch gets another file, it goes to the parcel with the code
    that its parcel had, else to the one around the same spot. After the entry it is the unit's.
    """

    batch = models.ForeignKey(SurveyBatch, models.PROTECT, related_name="evidence", verbose_name="批次")
    #: The parcel in the file that was given last; None where that file has none for it.
    number = models.PositiveIntegerField("宗地序号", null=True)
    attempt = models.PositiveSmallIntegerField("第几次核对时提交")
    given_number = models.PositiveIntegerField("提交时的宗地序号")
    code = models.CharField("提交时的代码", max_length=28, default="")
    spot_longitude = models.DecimalField("宗地内一点的经度", max_digits=10, decimal_places=7, null=True)
    spot_latitude = models.DecimalField("宗地内一点的纬度", max_digits=9, decimal_places=7, null=True)
    kind = models.CharField("类别", max_length=8, choices=EVIDENCE_KINDS)
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="文件")
    file_name = models.CharField("文件名", max_length=120)
    #: What a photo tells of itself.
    longitude = models.DecimalField("拍摄处经度", max_digits=10, decimal_places=7, null=True)
    latitude = models.DecimalField("拍摄处纬度", max_digits=9, decimal_places=7, null=True)
    taken_on = models.DateField("拍摄日期", null=True)
    archive = models.ForeignKey(
        EvidenceArchive, models.PROTECT, null=True, related_name="evidence", verbose_name="压缩包"
    )
    baunit = models.ForeignKey(
        "registry.BAUnit", models.PROTECT, null=True, related_name="evidence", verbose_name="不动产单元"
    )
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="提交人")
    at = models.DateTimeField("提交时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="撤回人"
    )
    withdrawn_reason = models.CharField("撤回理由", max_length=200, default="")

    objects = SurveyEvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="evidence_kind_is_known", condition=Q(kind__in=list(TITLES))),
            models.CheckConstraint(
                name="evidence_place_is_whole",
                condition=Q(longitude=None, latitude=None)
                | Q(
                    longitude__isnull=False,
                    latitude__isnull=False,
                    longitude__range=(-180, 180),
                    latitude__range=(-90, 90),
                ),
            ),
            models.CheckConstraint(
                name="evidence_spot_is_whole",
                condition=Q(spot_longitude=None, spot_latitude=None)
                | Q(spot_longitude__isnull=False, spot_latitude__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_withdrawn_is_whole",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
            ),
            models.CheckConstraint(
                name="evidence_of_a_unit_stands",
                condition=Q(baunit=None) | Q(baunit__isnull=False, number__isnull=False, withdrawn_at=None),
            ),
            models.UniqueConstraint(
                name="survey_evidence_once",
                fields=["batch", "attempt", "given_number", "blob"],
                condition=Q(withdrawn_at=None),
            ),
        ]
        indexes = [models.Index(name="evidence_by_parcel", fields=["batch", "number"])]
        ordering = ("batch", "number", "pk")

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_picture(self) -> bool:
        return self.blob.kind in ("jpeg", "png")
