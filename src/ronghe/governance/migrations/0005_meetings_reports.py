# Joint meetings, frozen figures, reports.

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0004_progress_sheets"),
        ("papers", "0001_initial"),
        ("policy", "0004_plan_drafts"),
        ("regions", "0003_units_stated_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Figures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.DateField(verbose_name="起")),
                ("last", models.DateField(verbose_name="止")),
                ("told", models.JSONField(verbose_name="数据")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("made_at", models.DateTimeField(verbose_name="冻结时间")),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.zone",
                        verbose_name="试验区",
                    ),
                ),
            ],
            options={
                "ordering": ("zone", "last", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("zone", "first", "last", "digest"), name="figures_once_per_period_and_digest"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="figures_period_is_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("title", models.CharField(max_length=120, verbose_name="会议名称")),
                ("convener", models.CharField(max_length=80, verbose_name="召集人")),
                ("on", models.DateField(verbose_name="日期")),
                ("place", models.CharField(default="", max_length=120, verbose_name="地点")),
                ("attendance", models.TextField(default="", verbose_name="参加单位和人员")),
                ("opening", models.TextField(default="", verbose_name="会议概况")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("called", "筹备中"),
                            ("notified", "已通知"),
                            ("held", "已召开"),
                            ("minuted", "纪要已印发"),
                            ("cancelled", "已取消"),
                        ],
                        default="called",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
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
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="papers.paper",
                        verbose_name="纪要",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.zone",
                        verbose_name="试验区",
                    ),
                ),
            ],
            options={
                "ordering": ("-on", "-pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("zone", "number"), name="meeting_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paper__isnull", False), ("state", "minuted")),
                            models.Q(models.Q(("state", "minuted"), _negated=True), ("paper", None)),
                            _connector="OR",
                        ),
                        name="meeting_minuted_has_its_paper",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("matter", models.CharField(max_length=200, verbose_name="议题")),
                ("situation", models.TextField(default="", verbose_name="情况和问题")),
                ("decision", models.TextField(default="", verbose_name="议定事项")),
                ("due", models.DateField(null=True, verbose_name="完成期限")),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.orgunit",
                        verbose_name="落实单位",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="governance.meeting"
                    ),
                ),
                (
                    "made",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decided_by",
                        to="governance.task",
                        verbose_name="形成的任务",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.task",
                        verbose_name="相关任务",
                    ),
                ),
            ],
            options={
                "ordering": ("meeting", "order"),
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "order"), name="agenda_order_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("task__isnull", False)), fields=("meeting", "task"), name="agenda_task_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("made", None),
                            models.Q(
                                models.Q(("decision", ""), _negated=True),
                                ("due__isnull", False),
                                ("unit__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="agenda_task_comes_of_a_decision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("bulletin", "工作进展通报"), ("quarterly", "季度报告"), ("yearly", "年度报告")],
                        max_length=9,
                        verbose_name="种类",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "起草中"), ("submitted", "待审定"), ("archived", "已印发归档")],
                        default="draft",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                ("returned_for", models.CharField(default="", max_length=400, verbose_name="退改意见")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
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
                    "figures",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.figures",
                        verbose_name="期末数据",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="papers.paper",
                        verbose_name="文书",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.zone",
                        verbose_name="试验区",
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["zone", "-id"], name="report_by_zone"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paper__isnull", False), ("state", "archived")),
                            models.Q(models.Q(("state", "archived"), _negated=True), ("paper", None)),
                            _connector="OR",
                        ),
                        name="report_archived_has_its_paper",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几稿")),
                ("sections", models.JSONField(verbose_name="各部分")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="governance.workreport"
                    ),
                ),
            ],
            options={
                "ordering": ("report", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("report", "number"), name="report_version_once"),
                ],
            },
        ),
        migrations.RunSQL(
            sql=(SQL / "0005_meetings_reports.sql").read_text("utf-8"),
            reverse_sql=(SQL / "0005_meetings_reports_reverse.sql").read_text("utf-8"),
        ),
    ]
