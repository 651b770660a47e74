# Progress, extensions and supervision sheets of tasks.

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("files", "0001_initial"),
        ("governance", "0003_ledger"),
        ("papers", "0001_initial"),
        ("policy", "0004_plan_drafts"),
        ("regions", "0003_units_stated_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProgressReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="截至日期")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="完成进度")),
                ("text", models.TextField(verbose_name="进展")),
                ("trouble", models.TextField(default="", verbose_name="存在问题")),
                ("needs_help", models.BooleanField(default=False, verbose_name="需要协调")),
                ("is_stage_result", models.BooleanField(default=False, verbose_name="取得阶段成效")),
                ("total", models.PositiveSmallIntegerField(verbose_name="任务总进度")),
                ("at", models.DateTimeField(verbose_name="上报时间")),
                (
                    "node",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.node",
                        verbose_name="完成的节点",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.orgunit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上报人",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="governance.task",
                        verbose_name="任务",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["task", "-id"], name="progress_by_task"),
                    models.Index(fields=["at", "task"], name="progress_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("percent__lte", 100), ("total__lte", 100)), name="progress_percent_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="progress_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
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
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="governance.progressreport",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("report", "blob"), name="evidence_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="级别")),
                ("colour", models.CharField(max_length=4, verbose_name="颜色")),
                ("matter", models.CharField(max_length=400, verbose_name="事由")),
                ("demand", models.TextField(verbose_name="要求")),
                ("reply_by", models.DateField(verbose_name="回复期限")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待回复"),
                            ("answered", "已回复"),
                            ("closed", "已办结"),
                            ("followed", "已升级"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("answer", models.TextField(default="", verbose_name="回复")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="回复时间")),
                ("outcome", models.CharField(default="", max_length=400, verbose_name="办结意见")),
                ("issued_at", models.DateTimeField(verbose_name="签发时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follows",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="governance.sheet",
                        verbose_name="承接",
                    ),
                ),
                (
                    "issued_by",
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.orgunit",
                        verbose_name="被督办单位",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="governance.task",
                        verbose_name="任务",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["state", "reply_by"], name="sheet_by_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "answered"))),
                        fields=("task", "unit"),
                        name="sheet_one_matter_one_sheet",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rank__gte", 1), ("rank__lte", 3)), name="sheet_rank_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="sheet_answered_has_its_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.DateField(verbose_name="原期限")),
                ("after", models.DateField(verbose_name="新期限")),
                ("asked_on", models.DateField(verbose_name="申请日")),
                ("at", models.DateTimeField(verbose_name="批准时间")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.case",
                        verbose_name="办件",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="extensions", to="governance.task"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("after__gt", models.F("before"))), name="extension_leads_on"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_on__lte", models.F("before"))), name="extension_asked_in_time"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            sql=(SQL / "0004_progress_sheets.sql").read_text("utf-8"),
            reverse_sql=(SQL / "0004_progress_sheets_reverse.sql").read_text("utf-8"),
        ),
    ]
