# What became of each ordered task.

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("files", "0001_initial"),
        ("governance", "0002_instruments"),
        ("papers", "0001_initial"),
        ("policy", "0004_plan_drafts"),
        ("regions", "0003_units_stated_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(default="", max_length=60, verbose_name="条款")),
                ("chapter", models.CharField(default="", max_length=12, verbose_name="章")),
                ("order", models.PositiveIntegerField(verbose_name="顺序")),
                ("title", models.CharField(max_length=200, verbose_name="任务")),
                (
                    "room",
                    models.CharField(
                        choices=[
                            ("REG", "产权登记"),
                            ("EXC", "交易与入市"),
                            ("PRO", "收益分配"),
                            ("EXI", "权益退出"),
                            ("COL", "集体资产与股权"),
                            ("REN", "城中村改造"),
                            ("IND", "产业协同"),
                            ("ECO", "生态产品"),
                            ("FIN", "农村金融"),
                            ("POP", "人口与人才"),
                            ("SVC", "基础设施与公共服务"),
                            ("GOV", "治理"),
                        ],
                        max_length=3,
                        verbose_name="业务领域",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("listed", "待交办"),
                            ("issued", "已交办"),
                            ("signed", "已签收"),
                            ("working", "办理中"),
                            ("staged", "阶段成效"),
                            ("applied", "申请办结"),
                            ("verified", "核查通过"),
                            ("closed", "已销号"),
                            ("returned", "已退回"),
                            ("stopped", "已中止"),
                        ],
                        default="listed",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("moves", models.PositiveIntegerField(default=0, verbose_name="流转次数")),
                ("percent", models.PositiveSmallIntegerField(default=0, verbose_name="进度")),
                ("issued_on", models.DateField(null=True, verbose_name="交办日")),
                ("first_due", models.DateField(null=True, verbose_name="原定期限")),
                ("due", models.DateField(null=True, verbose_name="完成期限")),
                ("due_is_set", models.BooleanField(default=False, verbose_name="期限由专班核定")),
                ("applied_on", models.DateField(null=True, verbose_name="申请办结日")),
                ("closed_on", models.DateField(null=True, verbose_name="销号日")),
                ("reported_on", models.DateField(null=True, verbose_name="最近上报")),
                ("needs_help", models.BooleanField(default=False, verbose_name="需要协调")),
                ("reminded", models.CharField(default="", max_length=16, verbose_name="已提醒")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.division",
                        verbose_name="主管区划",
                    ),
                ),
                (
                    "ordered",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="policy.orderedtask",
                        verbose_name="文件所定任务",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="governance.task",
                        verbose_name="上级任务",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.topic",
                        verbose_name="试验任务领域",
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
                "ordering": ("zone", "order"),
                "indexes": [
                    models.Index(fields=["zone", "due", "id"], name="ledger_by_zone_due"),
                    models.Index(fields=["zone", "state", "order", "id"], name="ledger_by_zone_state"),
                    models.Index(fields=["division", "state"], name="ledger_by_division"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("zone", "order"), name="ledger_task_order_once"),
                    models.CheckConstraint(
                        condition=models.Q(("percent__lte", 100)), name="ledger_task_percent_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pk", models.F("parent")), _negated=True),
                        name="ledger_task_is_not_its_own_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "listed",
                                    "issued",
                                    "signed",
                                    "working",
                                    "staged",
                                    "applied",
                                    "verified",
                                    "closed",
                                    "returned",
                                    "stopped",
                                ],
                            )
                        ),
                        name="ledger_task_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", False), ("state", "closed")),
                            models.Q(models.Q(("state", "closed"), _negated=True), ("closed_on", None)),
                            _connector="OR",
                        ),
                        name="ledger_task_closed_has_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("listed", "stopped")), ("issued_on__isnull", False), _connector="OR"
                        ),
                        name="ledger_task_issued_has_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_due", None),
                            ("due__gte", models.F("first_due")),
                            ("state", "listed"),
                            _connector="OR",
                        ),
                        name="ledger_task_extended_only_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("due", models.DateField(verbose_name="计划日期")),
                ("text", models.CharField(max_length=200, verbose_name="目标")),
                ("reached_on", models.DateField(null=True, verbose_name="实际完成")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="nodes", to="governance.task"
                    ),
                ),
            ],
            options={
                "ordering": ("task", "order"),
                "indexes": [
                    models.Index(fields=["due", "task"], name="task_node_by_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("task", "order"), name="task_node_order_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "duty",
                    models.CharField(
                        choices=[("lead", "牵头单位"), ("responsible", "责任单位"), ("cooperating", "配合单位")],
                        max_length=12,
                        verbose_name="职责",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("written", models.CharField(max_length=80, verbose_name="原文写法")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="签收时间")),
                ("percent", models.PositiveSmallIntegerField(null=True, verbose_name="本单位进度")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="调整移出")),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签收人",
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
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="units", to="governance.task"
                    ),
                ),
            ],
            options={
                "ordering": ("task", "order"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["unit", "task"], name="assignment_by_unit"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("task", "unit", "duty"), name="assignment_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent", None), ("percent__lte", 100), _connector="OR"),
                        name="assignment_percent_is_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="第几次")),
                (
                    "from_state",
                    models.CharField(
                        choices=[
                            ("listed", "待交办"),
                            ("issued", "已交办"),
                            ("signed", "已签收"),
                            ("working", "办理中"),
                            ("staged", "阶段成效"),
                            ("applied", "申请办结"),
                            ("verified", "核查通过"),
                            ("closed", "已销号"),
                            ("returned", "已退回"),
                            ("stopped", "已中止"),
                        ],
                        max_length=8,
                        verbose_name="自状态",
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("listed", "待交办"),
                            ("issued", "已交办"),
                            ("signed", "已签收"),
                            ("working", "办理中"),
                            ("staged", "阶段成效"),
                            ("applied", "申请办结"),
                            ("verified", "核查通过"),
                            ("closed", "已销号"),
                            ("returned", "已退回"),
                            ("stopped", "已中止"),
                        ],
                        max_length=8,
                        verbose_name="至状态",
                    ),
                ),
                ("reason", models.CharField(default="", max_length=400, verbose_name="说明")),
                ("role", models.CharField(max_length=24, verbose_name="岗位")),
                ("at", models.DateTimeField(verbose_name="时间")),
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
                    "org_unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.orgunit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history",
                        to="governance.task",
                        verbose_name="任务",
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
                "ordering": ("task", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("task", "number"), name="task_move_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("from_state", "listed"),
                                ("to_state__in", ["issued", "stopped"]),
                            ),
                            models.Q(
                                ("from_state", "issued"),
                                ("to_state__in", ["signed", "stopped"]),
                            ),
                            models.Q(
                                ("from_state", "signed"),
                                ("to_state__in", ["working", "staged", "applied", "stopped"]),
                            ),
                            models.Q(
                                ("from_state", "working"),
                                ("to_state__in", ["staged", "applied", "stopped"]),
                            ),
                            models.Q(
                                ("from_state", "staged"),
                                ("to_state__in", ["working", "applied", "stopped"]),
                            ),
                            models.Q(
                                ("from_state", "applied"),
                                ("to_state__in", ["verified", "returned", "working", "stopped"]),
                            ),
                            models.Q(
                                ("from_state", "verified"),
                                ("to_state__in", ["closed", "returned", "working", "stopped"]),
                            ),
                            models.Q(
                                ("from_state", "returned"),
                                ("to_state__in", ["working", "staged", "applied", "stopped"]),
                            ),
                            models.Q(
                                ("from_state", "stopped"),
                                ("to_state__in", ["listed", "issued", "working"]),
                            ),
                            _connector="OR",
                        ),
                        name="task_move_is_allowed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("written", models.CharField(max_length=80, verbose_name="原文写法")),
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
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="governance.task"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["division", "task"], name="task_place_by_division"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("task", "division"), name="task_place_once"),
                ],
            },
        ),
        migrations.RunSQL(
            sql=(SQL / "0003_ledger.sql").read_text("utf-8"),
            reverse_sql=(SQL / "0003_ledger_reverse.sql").read_text("utf-8"),
        ),
    ]
