# The lists of this room, and the triggers that keep its rolls, filings and lists.

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0003_units_stated_by"),
        ("registry", "0005_rolls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IllegalOccupation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(blank=True, default="", max_length=12, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                ("changed_at", models.DateTimeField(verbose_name="改动时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="终止时间")),
                ("end_reason", models.CharField(blank=True, default="", max_length=200, verbose_name="终止原因")),
                ("number", models.CharField(max_length=40, verbose_name="编号")),
                ("code", models.CharField(blank=True, default="", max_length=28, verbose_name="不动产单元代码")),
                ("occupier", models.CharField(max_length=120, verbose_name="占用人")),
                ("place", models.CharField(max_length=200, verbose_name="坐落")),
                (
                    "kind",
                    models.CharField(
                        choices=[("land", "违法用地"), ("building", "违法建设"), ("both", "违法用地并建设")],
                        max_length=8,
                        verbose_name="违法类型",
                    ),
                ),
                ("area_m2", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="占用面积")),
                ("found_on", models.DateField(verbose_name="发现日期")),
                (
                    "measure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("demolish", "拆除"),
                            ("confiscate", "没收"),
                            ("restore", "恢复原状"),
                            ("fine", "罚款"),
                            ("regularise", "补办手续"),
                            ("suspend", "暂缓处置"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="处置措施",
                    ),
                ),
                ("decision", models.CharField(blank=True, default="", max_length=120, verbose_name="处置文书")),
                ("settled_on", models.DateField(null=True, verbose_name="办结日期")),
                ("note", models.TextField(blank=True, default="", verbose_name="备注")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="改动人",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.division",
                        verbose_name="所属区划",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="建立人",
                    ),
                ),
                (
                    "restriction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.rrr",
                        verbose_name="限制",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.baunit",
                        verbose_name="不动产单元",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["unit"], name="illegal_by_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ended_at", None)),
                            models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="registry_illegaloccupation_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="registry_illegaloccupation_counts_versions"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("division", "number"),
                        name="illegal_occupation_key_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("open", "handling", "settled"))),
                        name="illegal_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("restriction", None), ("unit__isnull", False), _connector="OR"),
                        name="illegal_restricts_its_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegacyHomestead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(blank=True, default="", max_length=12, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                ("changed_at", models.DateTimeField(verbose_name="改动时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="终止时间")),
                ("end_reason", models.CharField(blank=True, default="", max_length=200, verbose_name="终止原因")),
                ("code", models.CharField(max_length=28, verbose_name="不动产单元代码")),
                ("holder", models.CharField(max_length=120, verbose_name="权利人")),
                (
                    "situation",
                    models.CharField(
                        choices=[("several", "一户多宅"), ("large", "面积超标"), ("both", "一户多宅且面积超标")],
                        max_length=7,
                        verbose_name="情形",
                    ),
                ),
                ("homesteads", models.PositiveSmallIntegerField(verbose_name="该户宅基地（处）")),
                ("area_m2", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="登记面积")),
                ("cause", models.CharField(blank=True, default="", max_length=8, verbose_name="成因")),
                ("holder_is_member", models.BooleanField(null=True, verbose_name="权利人是本集体成员")),
                ("exits_voluntarily", models.BooleanField(null=True, verbose_name="愿意有偿退出")),
                ("treatment", models.CharField(blank=True, default="", max_length=8, verbose_name="处理方式")),
                ("decision", models.TextField(blank=True, default="", verbose_name="处理决定")),
                ("decided_on", models.DateField(null=True, verbose_name="决定日期")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="改动人",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.division",
                        verbose_name="所属区划",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="建立人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.baunit",
                        verbose_name="不动产单元",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["division", "state"], name="legacy_by_division"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ended_at", None)),
                            models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="registry_legacyhomestead_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="registry_legacyhomestead_counts_versions"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("code",), name="legacy_homestead_key_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cause__in", ("", "继承", "历史形成", "买卖", "违法占用", "分户未办", "其他"))
                        ),
                        name="legacy_cause_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("treatment__in", ("", "确认", "有偿使用", "退出", "不予确认"))),
                        name="legacy_treatment_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("found", "classified", "decided", "carried_out"))),
                        name="legacy_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegistrationWindow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(blank=True, default="", max_length=12, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                ("changed_at", models.DateTimeField(verbose_name="改动时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="终止时间")),
                ("end_reason", models.CharField(blank=True, default="", max_length=200, verbose_name="终止原因")),
                ("name", models.CharField(max_length=80, verbose_name="窗口名称")),
                ("address", models.CharField(max_length=200, verbose_name="地址")),
                ("telephone", models.CharField(max_length=20, verbose_name="咨询电话")),
                ("hours", models.CharField(max_length=120, verbose_name="办公时间")),
                ("matters", models.TextField(blank=True, default="", verbose_name="受理事项")),
                ("opened_on", models.DateField(null=True, verbose_name="设立日期")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="改动人",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.division",
                        verbose_name="所属区划",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="建立人",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ended_at", None)),
                            models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="registry_registrationwindow_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="registry_registrationwindow_counts_versions"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("division", "name"),
                        name="registration_window_key_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VillagePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(blank=True, default="", max_length=12, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                ("changed_at", models.DateTimeField(verbose_name="改动时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="终止时间")),
                ("end_reason", models.CharField(blank=True, default="", max_length=200, verbose_name="终止原因")),
                ("title", models.CharField(max_length=120, verbose_name="规划名称")),
                ("years", models.CharField(blank=True, default="", max_length=20, verbose_name="规划期限")),
                ("compiler", models.CharField(blank=True, default="", max_length=120, verbose_name="编制单位")),
                ("approved_on", models.DateField(null=True, verbose_name="批复日期")),
                ("number", models.CharField(blank=True, default="", max_length=60, verbose_name="批复文号")),
                ("link", models.CharField(blank=True, default="", max_length=200, verbose_name="文本网址")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="改动人",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.division",
                        verbose_name="所属区划",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="建立人",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ended_at", None)),
                            models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="registry_villageplan_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="registry_villageplan_counts_versions"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("division", "title"),
                        name="village_plan_key_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("listed", "drafting", "shown", "submitted", "approved"))),
                        name="village_plan_state_is_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            (SQL / "0006_rolls.sql").read_text(encoding="utf-8"),
            (SQL / "0006_rolls_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
