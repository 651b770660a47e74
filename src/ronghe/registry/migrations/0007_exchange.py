# Exchanges, reconciliations, queries of the public, sheets of parcels.

from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ronghe.kernel.versions

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("jobs", "0001_initial"),
        ("parties", "0003_what_is_kept"),
        ("regions", "0003_units_stated_by"),
        ("registry", "0006_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QueryNetwork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(max_length=43, unique=True, verbose_name="来源网络")),
                ("since", models.DateTimeField(verbose_name="计数起点")),
                ("asked", models.PositiveIntegerField(default=0, verbose_name="次数")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["since"], name="query_network_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit_kind", models.CharField(default="", max_length=12, verbose_name="单元类别")),
                ("on", models.DateField(verbose_name="截至日期")),
                ("area_share_num", models.PositiveIntegerField(verbose_name="面积容差比例分子")),
                ("area_share_den", models.PositiveIntegerField(verbose_name="面积容差比例分母")),
                (
                    "area_floor_m2",
                    models.DecimalField(decimal_places=2, max_digits=9, verbose_name="面积容差下限（平方米）"),
                ),
                ("other", models.CharField(default="", max_length=80, verbose_name="对方")),
                ("file_name", models.CharField(max_length=120, verbose_name="文件名")),
                (
                    "state",
                    models.CharField(
                        choices=[("working", "进行中"), ("done", "已完成"), ("failed", "没有完成")],
                        default="working",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("counts", models.JSONField(default=dict, verbose_name="结果")),
                ("fields", models.JSONField(default=dict, verbose_name="不一致的字段")),
                ("failure", models.TextField(default="", verbose_name="没有完成的原因")),
                ("made_at", models.DateTimeField(verbose_name="提出时间")),
                ("done_at", models.DateTimeField(null=True, verbose_name="完成时间")),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.blob",
                        verbose_name="对方的文件",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("failure", ""), ("state", "working")),
                            models.Q(("done_at__isnull", False), ("failure", ""), ("state", "done")),
                            models.Q(("done_at", None), ("state", "failed"), models.Q(("failure", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="reconciliation_state_has_its_facts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("area_floor_m2__gte", 0),
                            ("area_share_den__gt", 0),
                            ("area_share_num__lt", models.F("area_share_den")),
                        ),
                        name="reconciliation_tolerance_is_a_share",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReconciliationRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("only_here", "只有本平台有"), ("only_there", "只有对方有"), ("different", "不一致")],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("code", models.CharField(default="", max_length=28, verbose_name="单元代码")),
                ("line", models.PositiveIntegerField(null=True, verbose_name="对方行号")),
                (
                    "differs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None, verbose_name="不一致的字段"
                    ),
                ),
                ("ours", models.JSONField(default=dict, verbose_name="本平台")),
                ("theirs", models.JSONField(default=dict, verbose_name="对方")),
                (
                    "baunit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.baunit",
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="registry.reconciliation",
                    ),
                ),
            ],
            options={
                "ordering": ("code", "pk"),
                "indexes": [
                    models.Index(fields=["of", "code"], name="reconciliation_row_by_code"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("baunit__isnull", False), ("line", None), ("outcome", "only_here")),
                            models.Q(("baunit", None), ("line__isnull", False), ("outcome", "only_there")),
                            models.Q(
                                ("baunit__isnull", False),
                                ("line__isnull", False),
                                ("outcome", "different"),
                                models.Q(("differs", []), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reconciliation_row_fits_its_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StagedUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(null=True, verbose_name="对方行号")),
                ("code", models.CharField(default="", max_length=28, verbose_name="单元代码")),
                ("holder", models.CharField(default="", max_length=400, verbose_name="权利人")),
                ("kind", models.PositiveSmallIntegerField(null=True, verbose_name="权利类型")),
                (
                    "area_m2",
                    models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name="面积（平方米）"),
                ),
                ("certificate", models.CharField(default="", max_length=60, verbose_name="证号")),
                (
                    "baunit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.baunit",
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.reconciliation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["of", "code"], name="staged_unit_by_code"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("of", "line"), name="staged_unit_line_once"),
                    models.UniqueConstraint(fields=("of", "baunit"), name="staged_unit_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("baunit__isnull", False), ("line", None)),
                            models.Q(("baunit", None), ("line__isnull", False)),
                            _connector="OR",
                        ),
                        name="staged_unit_is_of_one_side",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BookQuery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.PositiveSmallIntegerField(choices=[(2, "权利摘要"), (3, "登记簿内容")], verbose_name="级别"),
                ),
                ("purpose", models.CharField(default="", max_length=200, verbose_name="用途")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "baunit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queries",
                        to="registry.baunit",
                        verbose_name="不动产单元",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="查询人",
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["baunit", "-at"], name="book_query_by_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level", 2),
                            models.Q(("level", 3), ("purpose__regex", "^.{4,}$"), ("user__isnull", False)),
                            _connector="OR",
                        ),
                        name="book_query_whole_says_what_for",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractedCode",
            fields=[
                ("code", models.CharField(max_length=19, primary_key=True, serialize=False, verbose_name="代码")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "party",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="承包方",
                    ),
                ),
                (
                    "spatial_unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.spatialunit",
                        verbose_name="承包地块",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["party"], name="contracted_code_by_party"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code__regex", "^[0-9]{18}$"), ("party__isnull", False), ("spatial_unit", None)),
                            models.Q(("code__regex", "^[0-9]{19}$"), ("party", None), ("spatial_unit__isnull", False)),
                            _connector="OR",
                        ),
                        name="contracted_code_stands_for_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("spatial_unit__isnull", False)),
                        fields=("spatial_unit",),
                        name="contracted_code_one_of_a_plot",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("register", "登记簿导出"),
                            ("contracts_out", "承包交换表导出"),
                            ("contracts_in", "承包交换表导入"),
                            ("package_out", "汇交包导出"),
                            ("package_check", "汇交包核验"),
                        ],
                        max_length=14,
                        verbose_name="种类",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("working", "进行中"),
                            ("faulty", "有错待改"),
                            ("ready", "可以导入"),
                            ("applying", "导入中"),
                            ("done", "已完成"),
                            ("failed", "没有完成"),
                        ],
                        default="working",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("form", models.CharField(default="", max_length=8, verbose_name="格式")),
                ("unit_kind", models.CharField(default="", max_length=12, verbose_name="单元类别")),
                ("on", models.DateField(verbose_name="截至日期")),
                ("is_official", models.BooleanField(default=False, verbose_name="含完整号码")),
                ("purpose", models.CharField(default="", max_length=200, verbose_name="用途")),
                ("file_name", models.CharField(default="", max_length=120, verbose_name="文件名")),
                ("counts", models.JSONField(default=dict, verbose_name="行数")),
                ("groups", models.JSONField(default=list, verbose_name="错误归类")),
                ("faults", models.JSONField(default=list, verbose_name="错误")),
                ("failure", models.TextField(default="", verbose_name="没有完成的原因")),
                ("made_at", models.DateTimeField(verbose_name="提出时间")),
                ("done_at", models.DateTimeField(null=True, verbose_name="完成时间")),
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
                    "given",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.blob",
                        verbose_name="交来的文件",
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
                    "made",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.blob",
                        verbose_name="生成的文件",
                    ),
                ),
                (
                    "outlines",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.blob",
                        verbose_name="交来的图形",
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
                    models.Index(fields=["division", "-id"], name="exchange_by_division"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ("register", "contracts_out", "contracts_in", "package_out", "package_check"))
                        ),
                        name="exchange_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("working", "faulty", "ready", "applying", "done", "failed"))),
                        name="exchange_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("state", "done")),
                            models.Q(models.Q(("state", "done"), _negated=True), ("done_at", None)),
                            _connector="OR",
                        ),
                        name="exchange_done_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_official", False), ("purpose__regex", "^.{4,}$"), _connector="OR"),
                        name="exchange_whole_numbers_have_a_purpose",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParcelProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="有效期")),
                ("recorded", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="登记时段")),
                ("planned_use", models.CharField(default="", max_length=40, verbose_name="规划用途")),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), default=list, size=None, verbose_name="基础设施状况"
                    ),
                ),
                ("note", models.CharField(default="", max_length=200, verbose_name="说明")),
                (
                    "path",
                    models.CharField(
                        choices=[
                            ("in_place", "就地入市"),
                            ("adjusted", "调整入市"),
                            ("renovated", "整治入市"),
                            ("undecided", "未定"),
                        ],
                        default="undecided",
                        max_length=10,
                        verbose_name="入市途径",
                    ),
                ),
                (
                    "baunit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="profiles",
                        to="registry.baunit",
                        verbose_name="不动产单元",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填报人",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                        ),
                        name="parcelprofile_is_recorded_from_an_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="parcelprofile_holds_on_some_day"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (ronghe.kernel.versions.Square(models.F("baunit")), "&&"),
                            ("valid", "&&"),
                            ("recorded", "&&"),
                        ],
                        name="parcel_profile_one_per_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("path__in", ["in_place", "adjusted", "renovated", "undecided"])),
                        name="parcel_profile_path_is_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            (SQL / "0007_exchange.sql").read_text(encoding="utf-8"),
            (SQL / "0007_exchange_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
