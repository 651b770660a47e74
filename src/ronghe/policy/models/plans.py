"""What was ordered: zones, their documents, the tree of clauses, and the tasks as the documents state them.

What became of a task (progress, evidence, sign-off) belongs to ``governance``; nothing here is ever filled in by
hand after a pack was confirmed.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ronghe.kernel.regions.scope import ScopedQuerySet


class Room(models.TextChoices):
    """十二个业务领域: the rooms of the house, by the module ids of the inventory of systems."""

    REGISTRY = "REG", "产权登记"
    EXCHANGE = "EXC", "交易与入市"
    PROCEEDS = "PRO", "收益分配"
    EXITS = "EXI", "权益退出"
    COLLECTIVES = "COL", "集体资产与股权"
    RENEWAL = "REN", "城中村改造"
    INDUSTRY = "IND", "产业协同"
    ECOLOGY = "ECO", "生态产品"
    FINANCE = "FIN", "农村金融"
    POPULATION = "POP", "人口与人才"
    SERVICES = "SVC", "基础设施与公共服务"
    GOVERNANCE = "GOV", "治理"


class ZoneQuerySet(ScopedQuerySet["Zone"]):
    """A published zone is public; a draft is seen by the staff of its seat."""

    scope = "seat_id"
    public = Q(published=True)


class Zone(models.Model):
    """试验区: a city or county, or part of it, that tries out urban–rural integration under its own plan.

    Values and rules resolve from the zone to its parent (高青 → 淄博) to the nation.
    """

    slug = models.SlugField("标识", max_length=40, primary_key=True)
    title = models.CharField("名称", max_length=80)
    short = models.CharField("简称", max_length=12)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上级试验区")
    seat = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="主管区划")
    divisions = models.ManyToManyField("regions.Division", related_name="zones", verbose_name="范围")
    published = models.BooleanField("已公布", default=False)
    pack_version = models.CharField("数据包版本", max_length=20, default="")
    pack_digest = models.CharField("数据包摘要", max_length=64, default="")

    objects = ZoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="zone_is_not_its_own_parent", condition=~Q(slug=F("parent"))),
        ]
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.title


class DocumentQuerySet(ScopedQuerySet["PolicyDocument"]):
    """Laws, and documents of published zones, are public: 此件公开发布."""

    scope = "zone__seat_id"
    public = Q(zone=None) | Q(zone__published=True)


class PolicyDocument(models.Model):
    """政策文件: one published plan, known by its issuer and number; without a zone a law or rule of the nation."""

    zone = models.ForeignKey(Zone, models.PROTECT, null=True, related_name="documents", verbose_name="试验区")
    key = models.SlugField("包内标识", max_length=40)
    title = models.CharField("标题", max_length=200)
    notice_title = models.CharField("印发通知", max_length=200, default="")
    number = models.CharField("发文字号", max_length=60, default="")
    issuer = models.CharField("发文机关", max_length=80)
    date_made = models.DateField("成文日期")
    date_issued = models.DateField("发布日期", null=True)
    index_number = models.CharField("索引号", max_length=60, default="")
    source = models.CharField("来源", max_length=200)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            # Citations name a document by its key alone.
            models.UniqueConstraint(name="document_key_once", fields=["key"]),
            models.UniqueConstraint(
                name="document_number_once_per_issuer", fields=["issuer", "number"], condition=~Q(number="")
            ),
        ]
        ordering = ("zone", "date_made", "pk")

    def __str__(self) -> str:
        return self.title


class ClauseQuerySet(ScopedQuerySet["Clause"]):
    """Clauses are seen with their document."""

    scope = "document__zone__seat_id"
    public = Q(document__zone=None) | Q(document__zone__published=True)


class Clause(models.Model):
    """条款: a numbered part of a document: what every citation points to.

    ``label`` is the path as people cite it, for example ``四(二)6``; ``path`` are its markers from outside in.
    """

    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="clauses", verbose_name="文件")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上级条款")
    label = models.CharField("条款号", max_length=60)
    path = ArrayField(models.CharField(max_length=12), verbose_name="路径")
    depth = models.PositiveSmallIntegerField("层次")
    order = models.PositiveIntegerField("顺序")
    title = models.CharField("短标题", max_length=200)

    objects = ClauseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="clause_label_once_in_document", fields=["document", "label"]),
            models.CheckConstraint(
                name="clause_depth_is_path_length",
                condition=Q(depth=models.Func(F("path"), function="cardinality", output_field=models.IntegerField())),
            ),
        ]
        ordering = ("document", "order")

    def __str__(self) -> str:
        return f"{self.label} {self.title}"


class Topic(models.Model):
    """试验任务领域: one of the eleven tasks of the national plan (国家城乡融合发展试验区改革方案, 2019-12)."""

    code = models.PositiveSmallIntegerField("序号", primary_key=True)
    title = models.CharField("名称", max_length=60)
    short = models.CharField("简称", max_length=12)
    source = models.CharField("来源", max_length=200)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.title


class TaskQuerySet(ScopedQuerySet["OrderedTask"]):
    """Tasks are seen with their document."""

    scope = "zone__seat_id"
    public = Q(zone__published=True)


class OrderedTask(models.Model):
    """任务 (文件所定): the lowest numbered part of a plan that someone was made answerable for."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="tasks", verbose_name="试验区")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="tasks", verbose_name="条款")
    measure = models.PositiveSmallIntegerField("第几项措施", default=1)
    order = models.PositiveIntegerField("顺序")
    title = models.CharField("任务", max_length=200)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="tasks", verbose_name="试验任务领域")
    room = models.CharField("业务领域", max_length=3, choices=Room)
    deadline = models.CharField("完成时限", max_length=200, default="")
    due = models.DateField("最后期限", null=True)
    keywords = ArrayField(models.CharField(max_length=16), default=list, verbose_name="主题词")

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="task_measure_once_in_clause", fields=["clause", "measure"]),
            models.CheckConstraint(name="task_measure_counts_from_one", condition=Q(measure__gte=1)),
        ]
        indexes = [
            models.Index(name="task_by_zone_and_order", fields=["zone", "order", "id"]),
            models.Index(name="task_by_zone_and_due", fields=["zone", "due", "id"]),
        ]
        ordering = ("zone", "order")

    def __str__(self) -> str:
        return self.title


class Duty(models.TextChoices):
    """职责: what a document makes a unit in a task."""

    LEAD = "lead", "牵头单位"
    RESPONSIBLE = "responsible", "责任单位"
    COOPERATING = "cooperating", "配合单位"


class TaskUnit(models.Model):
    """任务单位: one unit's duty in one task, in the order of the document and as written there."""

    task = models.ForeignKey(OrderedTask, models.PROTECT, related_name="units")
    unit = models.ForeignKey("regions.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    duty = models.CharField("职责", max_length=12, choices=Duty)
    order = models.PositiveSmallIntegerField("顺序")
    written = models.CharField("原文写法", max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="task_unit_once_per_duty", fields=["task", "duty", "unit"]),
        ]
        indexes = [models.Index(name="task_unit_by_unit", fields=["unit", "task"])]
        ordering = ("task", "duty", "order")


class Milestone(models.Model):
    """里程碑: one date of a deadline with the goal that belongs to it."""

    task = models.ForeignKey(OrderedTask, models.PROTECT, related_name="milestones")
    due = models.DateField("日期")
    text = models.CharField("目标", max_length=200)
    order = models.PositiveSmallIntegerField("顺序")

    class Meta:
        constraints = [models.UniqueConstraint(name="milestone_order_once_in_task", fields=["task", "order"])]
        ordering = ("task", "order")


class TaskArea(models.Model):
    """试点区域: an area of a task as written, and the divisions that it stands for.

    A group word (六区全域) stands for several divisions; a place that is no division (三涧溪片区) lies in one, and
    ``is_part`` says so.
    """

    task = models.ForeignKey(OrderedTask, models.PROTECT, related_name="areas")
    order = models.PositiveSmallIntegerField("顺序")
    written = models.CharField("原文写法", max_length=80)
    is_part = models.BooleanField("部分区域", default=False)
    divisions = models.ManyToManyField("regions.Division", related_name="+", verbose_name="区划")

    class Meta:
        constraints = [models.UniqueConstraint(name="task_area_order_once", fields=["task", "order"])]
        ordering = ("task", "order")


class AnnexRow(models.Model):
    """附表行: one row of a document's own division-of-work table (任务分工表), a second ledger beside the body.

    The body is the main source; where the table says otherwise a :class:`Discrepancy` says so.
    """

    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="annex_rows")
    table = models.PositiveSmallIntegerField("第几张表")
    row = models.PositiveSmallIntegerField("第几行")
    trial_task = models.CharField("试验任务", max_length=200)
    work_task = models.CharField("工作任务", max_length=200)
    lead = ArrayField(models.CharField(max_length=80), default=list, verbose_name="牵头单位")
    responsible = ArrayField(models.CharField(max_length=80), default=list, verbose_name="责任单位")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="annex_rows", verbose_name="正文条款")

    class Meta:
        constraints = [models.UniqueConstraint(name="annex_row_once", fields=["document", "table", "row"])]
        ordering = ("document", "table", "row")


class Discrepancy(models.Model):
    """存疑: what the reader met and a person should look at: a missing chapter, a damaged place, body against table."""

    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="discrepancies")
    order = models.PositiveSmallIntegerField("顺序")
    kind = models.CharField("类别", max_length=40)
    text = models.CharField("说明", max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(name="discrepancy_order_once", fields=["document", "order"])]
        ordering = ("document", "order")
