# Survey batches: what is staged on its way into the register.

import django.db.models.deletion
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import ronghe.kernel.spatial.fields


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("files", "0001_initial"),
        ("jobs", "0001_initial"),
        ("parties", "0003_what_is_kept"),
        ("regions", "0003_units_stated_by"),
        ("registry", "0003_applications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SurveyBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ownership", "集体土地所有权"),
                            ("homestead", "宅基地"),
                            ("construction", "集体建设用地"),
                            ("contracted", "承包地"),
                            ("forest", "林地"),
                            ("water_works", "小型水利设施"),
                            ("state", "国有建设用地"),
                        ],
                        max_length=12,
                        verbose_name="单元类别",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "核对中"),
                            ("asking", "待说明"),
                            ("faulty", "有错待改"),
                            ("judging", "待人工判定"),
                            ("ready", "可以提交"),
                            ("in_case", "办理中"),
                            ("entering", "登簿中"),
                            ("entered", "已登簿"),
                            ("closed", "已终止"),
                        ],
                        default="checking",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("surveyor", models.CharField(max_length=80, verbose_name="调查单位")),
                ("surveyed_on", models.DateField(verbose_name="调查日期")),
                ("method", models.CharField(default="", max_length=60, verbose_name="测量方法")),
                ("admits_new", models.BooleanField(default=False, verbose_name="登记新的权利人")),
                ("attempt", models.PositiveSmallIntegerField(default=0, verbose_name="第几次核对")),
                ("parcels_count", models.PositiveIntegerField(default=0, verbose_name="宗数")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                ("entered_at", models.DateTimeField(null=True, verbose_name="登簿时间")),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.case",
                        verbose_name="办件",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.division",
                        verbose_name="区划",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="jobs.job",
                        verbose_name="后台任务",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.spatialsource",
                        verbose_name="测绘成果",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["division", "-id"], name="survey_batch_by_division"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "checking",
                                    "asking",
                                    "faulty",
                                    "judging",
                                    "ready",
                                    "in_case",
                                    "entering",
                                    "entered",
                                    "closed",
                                ),
                            )
                        ),
                        name="survey_batch_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "ownership",
                                    "homestead",
                                    "construction",
                                    "contracted",
                                    "forest",
                                    "water_works",
                                    "state",
                                ],
                            )
                        ),
                        name="survey_batch_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("case__isnull", False),
                                ("entered_at__isnull", False),
                                ("state", "entered"),
                                ("survey__isnull", False),
                            ),
                            models.Q(models.Q(("state", "entered"), _negated=True), ("entered_at", None)),
                            _connector="OR",
                        ),
                        name="survey_batch_entered_is_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("case__isnull", False)), fields=("case",), name="survey_batch_of_one_case"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("file_name", models.CharField(max_length=120, verbose_name="文件名")),
                ("table_name", models.CharField(default="", max_length=120, verbose_name="属性表文件名")),
                ("stated", models.JSONField(default=dict, verbose_name="说明")),
                ("found", models.JSONField(default=dict, verbose_name="读到的情况")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("checking", "核对中"),
                            ("asking", "待说明"),
                            ("faulty", "有错"),
                            ("judging", "待人工判定"),
                            ("sound", "通过"),
                        ],
                        default="checking",
                        max_length=8,
                        verbose_name="结论",
                    ),
                ),
                ("failure", models.CharField(default="", max_length=400, verbose_name="没有完成的原因")),
                ("counts", models.JSONField(default=dict, verbose_name="计数")),
                ("groups", models.JSONField(default=list, verbose_name="归类")),
                ("at", models.DateTimeField(verbose_name="提交时间")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="核对时间")),
                (
                    "annotated",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.blob",
                        verbose_name="标注的文件",
                    ),
                ),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.blob",
                        verbose_name="文件",
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.blob",
                        verbose_name="属性表",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="registry.surveybatch",
                        verbose_name="批次",
                    ),
                ),
            ],
            options={
                "ordering": ("batch", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "number"), name="survey_attempt_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ("checking", "asking", "faulty", "judging", "sound"))),
                        name="survey_attempt_verdict_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyedHolder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="宗地序号")),
                ("place", models.PositiveSmallIntegerField(verbose_name="第几个权利人")),
                ("name", models.CharField(max_length=120, verbose_name="姓名或名称")),
                ("masked", models.CharField(default="", max_length=40, verbose_name="证件掩码")),
                ("blind", models.BinaryField(max_length=32, null=True, verbose_name="盲索引")),
                ("sealed", models.BinaryField(null=True, verbose_name="密文")),
                ("share_num", models.PositiveIntegerField(null=True, verbose_name="份额分子")),
                ("share_den", models.PositiveIntegerField(null=True, verbose_name="份额分母")),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holders",
                        to="registry.surveybatch",
                        verbose_name="批次",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="权利人",
                    ),
                ),
            ],
            options={
                "ordering": ("batch", "number", "place"),
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "number", "place"), name="surveyed_holder_place_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("share_den", None), ("share_num", None)),
                            models.Q(
                                ("share_den__gt", 0),
                                ("share_den__isnull", False),
                                ("share_num__gt", 0),
                                ("share_num__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="surveyed_holder_share_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyedParcel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="文件中的序号")),
                ("line", models.PositiveIntegerField(verbose_name="文件中的行")),
                ("code", models.CharField(default="", max_length=28, verbose_name="不动产单元代码")),
                ("ground_code", models.CharField(default="", max_length=19, verbose_name="宗地（地块）代码")),
                ("geometry", ronghe.kernel.spatial.fields.MultiPolygonField(null=True, verbose_name="界址图形")),
                ("box", ronghe.kernel.spatial.fields.BoxField(null=True, of="geometry", verbose_name="外包矩形")),
                (
                    "drawn_m2",
                    models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name="图形面积（平方米）"),
                ),
                (
                    "declared_m2",
                    models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name="实测面积（平方米）"),
                ),
                ("holders_text", models.CharField(default="", max_length=200, verbose_name="权利人")),
                ("co_ownership", models.PositiveSmallIntegerField(default=0, verbose_name="共有方式")),
                ("use", models.CharField(default="", max_length=40, verbose_name="用途")),
                ("location", models.CharField(default="", max_length=200, verbose_name="坐落")),
                ("north", models.CharField(default="", max_length=60, verbose_name="北至")),
                ("east", models.CharField(default="", max_length=60, verbose_name="东至")),
                ("south", models.CharField(default="", max_length=60, verbose_name="南至")),
                ("west", models.CharField(default="", max_length=60, verbose_name="西至")),
                ("structure", models.CharField(default="", max_length=40, verbose_name="房屋结构")),
                ("floors", models.PositiveSmallIntegerField(null=True, verbose_name="层数")),
                (
                    "house_m2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, null=True, verbose_name="建筑占地面积（平方米）"
                    ),
                ),
                (
                    "floor_area_m2",
                    models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="建筑面积（平方米）"),
                ),
                ("first_day", models.DateField(null=True, verbose_name="权利起始日")),
                ("until", models.DateField(null=True, verbose_name="权利终止日的次日")),
                ("contract_code", models.CharField(default="", max_length=60, verbose_name="承包合同代码")),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("", "通过"), ("note", "请留意"), ("person", "待人工判定"), ("fault", "有错")],
                        default="",
                        max_length=6,
                        verbose_name="程度",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parcels",
                        to="registry.surveybatch",
                        verbose_name="批次",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.division",
                        verbose_name="村",
                    ),
                ),
            ],
            options={
                "ordering": ("batch", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "number"), name="surveyed_parcel_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("box", None), ("drawn_m2", None), ("geometry", None)),
                            models.Q(
                                ("box__isnull", False),
                                ("drawn_m2__gt", 0),
                                ("drawn_m2__isnull", False),
                                ("geometry__isnull", False),
                                django.db.models.lookups.Exact(
                                    ronghe.kernel.spatial.fields.StartOfWkb(models.F("geometry")),
                                    models.Value(b"\x01\x06\x00\x00\x00"),
                                ),
                                ronghe.kernel.spatial.fields.LiesInChina(models.F("box")),
                            ),
                            _connector="OR",
                        ),
                        name="surveyed_parcel_outline_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ("", "note", "person", "fault"))),
                        name="surveyed_parcel_level_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(null=True, verbose_name="宗地序号")),
                ("line", models.PositiveIntegerField(null=True, verbose_name="行")),
                ("code", models.CharField(default="", max_length=28, verbose_name="代码")),
                (
                    "level",
                    models.CharField(
                        choices=[("fault", "有错"), ("person", "待人工判定"), ("note", "请留意")],
                        max_length=6,
                        verbose_name="程度",
                    ),
                ),
                ("kind", models.CharField(max_length=24, verbose_name="类别")),
                ("field", models.CharField(default="", max_length=40, verbose_name="字段")),
                ("text", models.CharField(max_length=300, verbose_name="说明")),
                ("mend", models.CharField(default="", max_length=200, verbose_name="怎样改")),
                ("settled_reason", models.CharField(default="", max_length=200, verbose_name="判定理由")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="判定时间")),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="registry.surveybatch",
                        verbose_name="批次",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="判定人",
                    ),
                ),
            ],
            options={
                "ordering": ("batch", "level", "number"),
                "indexes": [
                    models.Index(fields=["batch", "level", "number"], name="survey_finding_by_batch"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ("fault", "person", "note"))),
                        name="survey_finding_level_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("settled_reason", "")),
                            models.Q(
                                ("level", "person"),
                                ("settled_at__isnull", False),
                                models.Q(("settled_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="survey_finding_settled_is_whole",
                    ),
                ],
            },
        ),
    ]
