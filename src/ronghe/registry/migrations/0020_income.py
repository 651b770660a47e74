# Shares in the income of a collective, the rights to them, and what proves those.

from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ronghe.kernel.versions

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("files", "0001_initial"),
        ("papers", "0002_grams"),
        ("parties", "0004_rows_by_squares"),
        ("registry", "0019_appointments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IncomeApplication",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="casework.case",
                        verbose_name="办件",
                    ),
                ),
                (
                    "matter",
                    models.CharField(
                        choices=[("first", "首次登记"), ("transfer", "转移登记"), ("cancel", "注销登记")],
                        max_length=8,
                        verbose_name="事项",
                    ),
                ),
                ("source_title", models.CharField(max_length=160, verbose_name="来源材料")),
                ("source_number", models.CharField(default="", max_length=60, verbose_name="文号或编号")),
                ("source_issued_on", models.DateField(verbose_name="形成日期")),
                ("counted_on", models.DateField(null=True, verbose_name="统计基准日")),
                ("total_hundredths", models.BigIntegerField(null=True, verbose_name="总份数（百分之一份）")),
                ("is_static", models.BooleanField(null=True, verbose_name="静态管理")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("first", "首次登记"),
                            ("inheritance", "继承"),
                            ("division", "户内分割"),
                            ("gift", "赠与"),
                            ("sale", "转让"),
                            ("exit", "有偿退出"),
                            ("waiver", "自愿放弃"),
                            ("extinction", "户内成员全部死亡且无人继承"),
                            ("judgment", "生效法律文书"),
                        ],
                        default="first",
                        max_length=11,
                        verbose_name="登记原因",
                    ),
                ),
                ("shares_hundredths", models.BigIntegerField(null=True, verbose_name="份额（百分之一份）")),
                ("holder_applies", models.BooleanField(null=True, verbose_name="由本户书面申请")),
                ("charter_allows_heir", models.BooleanField(null=True, verbose_name="允许非成员继承")),
                (
                    "collective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="集体经济组织",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="农户",
                    ),
                ),
                (
                    "marked",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.blob",
                        verbose_name="标注的清单",
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="取得一方",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("cause", "first"),
                                ("counted_on__isnull", False),
                                ("holder", None),
                                ("is_static__isnull", False),
                                ("matter", "first"),
                                ("shares_hundredths", None),
                                ("taker", None),
                                ("total_hundredths__gt", 0),
                                ("total_hundredths__isnull", False),
                            ),
                            models.Q(
                                ("cause__in", ("inheritance", "division", "gift", "sale")),
                                ("counted_on", None),
                                ("holder__isnull", False),
                                ("holder_applies__isnull", False),
                                ("is_static", None),
                                ("matter", "transfer"),
                                ("shares_hundredths__gt", 0),
                                ("shares_hundredths__isnull", False),
                                ("taker__isnull", False),
                                ("total_hundredths", None),
                            ),
                            models.Q(
                                models.Q(
                                    models.Q(("cause", "exit"), ("matter", "transfer")),
                                    models.Q(("cause__in", ("waiver", "extinction", "judgment")), ("matter", "cancel")),
                                    _connector="OR",
                                ),
                                ("counted_on", None),
                                ("holder__isnull", False),
                                ("holder_applies__isnull", False),
                                ("is_static", None),
                                ("shares_hundredths__gt", 0),
                                ("shares_hundredths__isnull", False),
                                ("taker", None),
                                ("total_hundredths", None),
                            ),
                            _connector="OR",
                        ),
                        name="income_application_fits_its_matter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taker", None),
                            ("holder", None),
                            models.Q(("taker", models.F("holder")), _negated=True),
                            _connector="OR",
                        ),
                        name="income_application_goes_to_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncomeCertificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, verbose_name="证号")),
                ("shares_hundredths", models.BigIntegerField(verbose_name="份额（百分之一份）")),
                ("issued_on", models.DateField(verbose_name="发证日期")),
                ("issued_at", models.DateTimeField(verbose_name="生成时间")),
                ("recalled_on", models.DateField(null=True, verbose_name="收回或作废日期")),
                ("recalled_at", models.DateTimeField(null=True, verbose_name="收回登记时间")),
                ("recall_reason", models.CharField(default="", max_length=120, verbose_name="收回原因")),
                (
                    "collective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="集体经济组织",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="农户",
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
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="income_certificate_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("recalled_on", None)),
                        fields=("collective", "holder"),
                        name="income_certificate_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shares_hundredths__gt", 0)), name="income_certificate_has_shares"
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
                        name="income_certificate_recall_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncomeLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("members", models.PositiveIntegerField(verbose_name="在册的在世成员")),
                ("shares_hundredths", models.BigIntegerField(verbose_name="份额（百分之一份）")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="registry.incomeapplication",
                        verbose_name="办件",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="农户",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("application", "household"), name="income_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("shares_hundredths__gte", 0)), name="income_line_is_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncomeRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="有效期")),
                ("recorded", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="登记时段")),
                ("shares_hundredths", models.BigIntegerField(verbose_name="份额（百分之一份）")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("first", "首次登记"),
                            ("inheritance", "继承"),
                            ("division", "户内分割"),
                            ("gift", "赠与"),
                            ("sale", "转让"),
                            ("exit", "有偿退出"),
                            ("waiver", "自愿放弃"),
                            ("extinction", "户内成员全部死亡且无人继承"),
                            ("judgment", "生效法律文书"),
                        ],
                        max_length=11,
                        verbose_name="登记原因",
                    ),
                ),
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
                    "collective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="集体经济组织",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="农户",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.administrativesource",
                        verbose_name="来源",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collective", "holder"], name="income_right_by_collective"),
                    models.Index(fields=["holder"], name="income_right_by_holder"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                        ),
                        name="incomeright_is_recorded_from_an_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="incomeright_holds_on_some_day"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (ronghe.kernel.versions.Square(models.F("collective"), models.F("holder")), "&&"),
                            ("valid", "&&"),
                            ("recorded", "&&"),
                        ],
                        name="income_right_once_per_household_and_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shares_hundredths__gt", 0)), name="income_right_has_shares"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__startswith__isnull", False)), name="income_right_has_a_first_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "cause__in",
                                [
                                    "first",
                                    "inheritance",
                                    "division",
                                    "gift",
                                    "sale",
                                    "exit",
                                    "waiver",
                                    "extinction",
                                    "judgment",
                                ],
                            )
                        ),
                        name="income_right_cause_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncomeShares",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="有效期")),
                ("recorded", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="登记时段")),
                ("total_hundredths", models.BigIntegerField(verbose_name="总份数（百分之一份）")),
                ("is_static", models.BooleanField(verbose_name="静态管理")),
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
                    "collective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="集体经济组织",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.administrativesource",
                        verbose_name="决议",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                        ),
                        name="incomeshares_is_recorded_from_an_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="incomeshares_holds_on_some_day"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (ronghe.kernel.versions.Square(models.F("collective")), "&&"),
                            ("valid", "&&"),
                            ("recorded", "&&"),
                        ],
                        name="income_shares_once_per_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total_hundredths__gt", 0)), name="income_shares_are_some"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__startswith__isnull", False)), name="income_shares_have_a_first_day"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="appointment",
            name="appointment_matter_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="keptright",
            name="kept_is_a_right_or_a_membership",
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "matter__in",
                        (
                            "first",
                            "change",
                            "split",
                            "merge",
                            "house",
                            "extension",
                            "transfer",
                            "cancellation",
                            "correction",
                            "objection",
                            "objection_end",
                            "advance_notice",
                            "advance_notice_end",
                            "seizure",
                            "seizure_end",
                            "easement",
                            "easement_end",
                            "mortgage",
                            "mortgage_change",
                            "mortgage_transfer",
                            "mortgage_end",
                            "operation",
                            "operation_end",
                            "residence",
                            "residence_end",
                            "letting",
                            "letting_end",
                            "inquiry",
                            "query",
                        ),
                    )
                ),
                name="appointment_matter_is_known",
            ),
        ),
        migrations.AddField(
            model_name="keptright",
            name="income",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.incomeright",
                verbose_name="集体收益分配权",
            ),
        ),
        migrations.AddConstraint(
            model_name="keptright",
            constraint=models.UniqueConstraint(
                condition=models.Q(("income", None), _negated=True),
                fields=("filing", "income"),
                name="kept_income_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="keptright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("income", None), ("member", None), ("restriction__isnull", False), ("right__isnull", False)
                    ),
                    models.Q(("income", None), ("member__isnull", False), ("restriction", None), ("right", None)),
                    models.Q(("income__isnull", False), ("member", None), ("restriction", None), ("right", None)),
                    _connector="OR",
                ),
                name="kept_is_a_right_or_a_membership",
            ),
        ),
        migrations.RunSQL(
            (SQL / "0020_income.sql").read_text(encoding="utf-8"),
            (SQL / "0020_income_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
