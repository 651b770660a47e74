# Tables of the register: what lies on its units; and the triggers that keep all of it.

from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.db import migrations, models

import ronghe.kernel.versions

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("papers", "0002_grams"),
        ("parties", "0003_what_is_kept"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RRR",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sort",
                    models.CharField(
                        choices=[("right", "权利"), ("restriction", "限制"), ("duty", "责任")],
                        max_length=11,
                        verbose_name="类",
                    ),
                ),
                ("kind", models.PositiveSmallIntegerField(verbose_name="类型")),
                ("opened_at", models.DateTimeField(verbose_name="登簿时间")),
                (
                    "baunit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rrrs",
                        to="registry.baunit",
                        verbose_name="不动产单元",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="derived",
                        to="registry.rrr",
                        verbose_name="所依附的权利",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sort__in", ("right", "restriction", "duty"))), name="rrr_sort_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent", None), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                        ),
                        name="rrr_is_not_its_own_parent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Right",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="有效期")),
                ("recorded", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="登记时段")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "集体土地所有权"),
                            (3, "国有建设用地使用权"),
                            (4, "国有建设用地使用权及房屋所有权"),
                            (5, "宅基地使用权"),
                            (6, "宅基地使用权及房屋所有权"),
                            (7, "集体建设用地使用权"),
                            (8, "集体建设用地使用权及房屋所有权"),
                            (9, "土地承包经营权"),
                            (10, "土地承包经营权及林木所有权"),
                            (11, "林地使用权"),
                            (12, "林地使用权及林木所有权"),
                            (101, "宅基地资格权"),
                            (102, "土地经营权"),
                            (103, "居住权"),
                            (104, "小型水利设施产权"),
                        ],
                        verbose_name="权利类型",
                    ),
                ),
                ("nature", models.PositiveSmallIntegerField(null=True, verbose_name="权利性质")),
                (
                    "co_ownership",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "单独所有"), (1, "共同共有"), (2, "按份共有")], default=0, verbose_name="共有方式"
                    ),
                ),
                ("share_num", models.PositiveIntegerField(default=1, null=True, verbose_name="份额分子")),
                ("share_den", models.PositiveIntegerField(default=1, null=True, verbose_name="份额分母")),
                (
                    "baunit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rights",
                        to="registry.baunit",
                        verbose_name="不动产单元",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rights",
                        to="parties.party",
                        verbose_name="权利人",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.administrativesource",
                        verbose_name="权属来源",
                    ),
                ),
                (
                    "rrr",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rights",
                        to="registry.rrr",
                        verbose_name="权利",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["party", "kind"], name="right_by_party"),
                    models.Index(fields=["source"], name="right_by_source"),
                    models.Index(
                        RangeEndsWith(models.F("valid")),
                        condition=models.Q(("kind", 102), ("recorded__upper_inf", True)),
                        name="operation_right_by_its_end",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                        ),
                        name="right_is_recorded_from_an_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="right_holds_on_some_day"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (ronghe.kernel.versions.Square(models.F("baunit"), models.F("kind")), "&&"),
                            (ronghe.kernel.versions.Square(models.F("party")), "&&"),
                            ("valid", "&&"),
                            ("recorded", "&&"),
                        ],
                        name="right_once_per_party_and_time",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("co_ownership", 0)),
                        expressions=[
                            (ronghe.kernel.versions.Square(models.F("baunit"), models.F("kind")), "&&"),
                            ("valid", "&&"),
                            ("recorded", "&&"),
                        ],
                        name="right_has_one_sole_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 101, 102, 103, 104])),
                        name="right_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("co_ownership", 0),
                                ("share_den", 1),
                                ("share_den__isnull", False),
                                ("share_num", 1),
                                ("share_num__isnull", False),
                            ),
                            models.Q(("co_ownership", 1), ("share_den", None), ("share_num", None)),
                            models.Q(
                                ("co_ownership", 2),
                                ("share_den__gte", models.F("share_num")),
                                ("share_den__isnull", False),
                                ("share_num__gt", 0),
                                ("share_num__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="right_share_fits_its_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", [1, 101]), _negated=True), ("co_ownership", 0), _connector="OR"
                        ),
                        name="right_exclusive_kinds_have_one_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__startswith__isnull", False)), name="right_has_a_first_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="有效期")),
                ("recorded", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="登记时段")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (19, "地役权"),
                            (23, "抵押权"),
                            (201, "查封"),
                            (202, "异议"),
                            (203, "预告"),
                            (204, "违法占用"),
                            (205, "转移备案保留权益"),
                        ],
                        verbose_name="限制类型",
                    ),
                ),
                ("holder", models.CharField(default="", max_length=120, verbose_name="限制权人名称")),
                ("amount_fen", models.BigIntegerField(null=True, verbose_name="被担保债权（分）")),
                ("rank", models.PositiveSmallIntegerField(null=True, verbose_name="顺位")),
                ("text", models.CharField(default="", max_length=400, verbose_name="说明")),
                (
                    "baunit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restrictions",
                        to="registry.baunit",
                        verbose_name="不动产单元",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="限制权人",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.administrativesource",
                        verbose_name="依据材料",
                    ),
                ),
                (
                    "rrr",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restrictions",
                        to="registry.rrr",
                        verbose_name="限制",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["baunit", "kind"], name="restriction_by_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                        ),
                        name="restriction_is_recorded_from_an_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="restriction_holds_on_some_day"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (ronghe.kernel.versions.Square(models.F("rrr")), "&&"),
                            ("valid", "&&"),
                            ("recorded", "&&"),
                        ],
                        name="restriction_once_per_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", [19, 23, 201, 202, 203, 204, 205])),
                        name="restriction_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen", None), ("amount_fen__gt", 0), _connector="OR"),
                        name="restriction_amount_is_some",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__startswith__isnull", False)), name="restriction_has_a_first_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="有效期")),
                ("recorded", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="登记时段")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "保持农业用途"), (2, "不得弃耕抛荒"), (3, "保护界址和设施"), (9, "其他")],
                        verbose_name="责任类型",
                    ),
                ),
                ("text", models.CharField(max_length=400, verbose_name="内容")),
                (
                    "baunit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="registry.baunit",
                        verbose_name="不动产单元",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.administrativesource",
                        verbose_name="依据材料",
                    ),
                ),
                (
                    "rrr",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsibilities",
                        to="registry.rrr",
                        verbose_name="责任",
                    ),
                ),
            ],
            options={
                "verbose_name": "责任",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                        ),
                        name="responsibility_is_recorded_from_an_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="responsibility_holds_on_some_day"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (ronghe.kernel.versions.Square(models.F("rrr")), "&&"),
                            ("valid", "&&"),
                            ("recorded", "&&"),
                        ],
                        name="responsibility_once_per_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__startswith__isnull", False)), name="responsibility_has_a_first_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("certificate", "不动产权证书"), ("proof", "不动产登记证明")],
                        max_length=11,
                        verbose_name="类别",
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="证号")),
                ("issued_on", models.DateField(verbose_name="发证日期")),
                ("issued_at", models.DateTimeField(verbose_name="生成时间")),
                ("recalled_on", models.DateField(null=True, verbose_name="收回或作废日期")),
                ("recalled_at", models.DateTimeField(null=True, verbose_name="收回登记时间")),
                ("recall_reason", models.CharField(default="", max_length=120, verbose_name="收回原因")),
                (
                    "baunit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="registry.baunit",
                        verbose_name="不动产单元",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="papers.paper",
                        verbose_name="文书",
                    ),
                ),
                (
                    "rrr",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="registry.rrr",
                        verbose_name="权利或限制",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [
                    models.Index(fields=["baunit"], name="certificate_by_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="certificate_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("recalled_on", None)), fields=("rrr",), name="certificate_one_in_force"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recall_reason", ""), ("recalled_at", None), ("recalled_on", None)),
                            models.Q(
                                ("recalled_at__isnull", False),
                                ("recalled_on__isnull", False),
                                models.Q(("recall_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="certificate_recall_is_whole",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            (SQL / "0002_register.sql").read_text(encoding="utf-8"),
            (SQL / "0002_register_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
