# Applications for registration, as cases carry them, and the triggers that keep them.

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import ronghe.kernel.spatial.fields

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("parties", "0003_what_is_kept"),
        ("registry", "0002_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="application",
                        serialize=False,
                        to="casework.case",
                        verbose_name="办件",
                    ),
                ),
                (
                    "matter",
                    models.CharField(
                        choices=[
                            ("first", "首次登记"),
                            ("change", "变更登记"),
                            ("split", "变更登记（分割）"),
                            ("merge", "变更登记（合并）"),
                            ("house", "变更登记（房地一体）"),
                            ("transfer", "转移登记"),
                            ("cancellation", "注销登记"),
                            ("correction", "更正登记"),
                            ("objection", "异议登记"),
                            ("objection_end", "异议注销"),
                            ("advance_notice", "预告登记"),
                            ("advance_notice_end", "预告注销"),
                            ("seizure", "查封登记"),
                            ("seizure_end", "解除查封"),
                            ("mortgage", "抵押登记"),
                            ("mortgage_end", "抵押注销"),
                            ("operation", "经营权登记"),
                            ("operation_end", "经营权注销"),
                            ("residence", "居住权登记"),
                            ("residence_end", "居住权注销"),
                        ],
                        max_length=20,
                        verbose_name="登记事项",
                    ),
                ),
                (
                    "right_kind",
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
                        null=True,
                        verbose_name="权利类型",
                    ),
                ),
                (
                    "basis",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None, verbose_name="申请时的登记"
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("first", "首次登记"),
                            ("sale", "转让（买卖）"),
                            ("swap", "互换"),
                            ("gift", "赠与"),
                            ("contribution", "出资入股"),
                            ("inheritance", "继承或受遗赠"),
                            ("judgment", "生效法律文书或政府生效决定"),
                            ("facts", "姓名名称或自然状况变更"),
                            ("waiver", "不动产灭失或权利人放弃权利"),
                            ("expiry", "期限届满、权利人死亡或约定终止"),
                            ("mistake", "更正登记或异议登记"),
                            ("contract", "合同约定"),
                            ("settled", "债务清偿、约定解除或机关解除"),
                        ],
                        max_length=14,
                        verbose_name="登记原因",
                    ),
                ),
                ("is_joint", models.BooleanField(default=False, verbose_name="双方共同申请")),
                ("is_ex_officio", models.BooleanField(default=False, verbose_name="依职权")),
                (
                    "source_kind",
                    models.CharField(
                        choices=[
                            ("contract", "承包（流转）合同"),
                            ("approval", "用地批准文件"),
                            ("agreement", "转让、赠与等协议"),
                            ("judgment", "生效法律文书"),
                            ("seizure_order", "查封文书"),
                            ("resolution", "集体决议"),
                            ("inheritance", "继承材料"),
                            ("application", "登记申请"),
                            ("survey", "权籍调查成果"),
                            ("filing", "备案材料"),
                            ("other", "其他"),
                        ],
                        max_length=14,
                        verbose_name="来源材料类别",
                    ),
                ),
                ("source_title", models.CharField(max_length=160, verbose_name="来源材料名称")),
                ("source_number", models.CharField(default="", max_length=60, verbose_name="文号或编号")),
                ("source_issued_on", models.DateField(verbose_name="形成日期")),
                ("source_issuer", models.CharField(default="", max_length=80, verbose_name="形成单位")),
                ("term_first", models.DateField(null=True, verbose_name="起始日")),
                ("term_until", models.DateField(null=True, verbose_name="止期（不含当日）")),
                ("holder", models.CharField(default="", max_length=120, verbose_name="限制权人名称")),
                ("amount_fen", models.BigIntegerField(null=True, verbose_name="被担保债权（分）")),
                ("text", models.CharField(default="", max_length=400, verbose_name="说明")),
                ("deed_tax_proof", models.BooleanField(default=False, verbose_name="已交契税凭证")),
                ("mortgagee_consents", models.BooleanField(default=False, verbose_name="抵押权人书面同意")),
                ("notice_holder_consents", models.BooleanField(default=False, verbose_name="预告登记权利人书面同意")),
                ("fee_fen", models.BigIntegerField(null=True, verbose_name="登记费（分）")),
                ("fee_note", models.CharField(default="", max_length=200, verbose_name="登记费说明")),
                (
                    "baunit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
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
                    "rrr",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.rrr",
                        verbose_name="所针对的权利",
                    ),
                ),
            ],
            options={
                "ordering": ("-case",),
                "indexes": [
                    models.Index(fields=["baunit", "matter"], name="application_by_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "matter__in",
                                [
                                    "first",
                                    "change",
                                    "split",
                                    "merge",
                                    "house",
                                    "transfer",
                                    "cancellation",
                                    "correction",
                                    "objection",
                                    "objection_end",
                                    "advance_notice",
                                    "advance_notice_end",
                                    "seizure",
                                    "seizure_end",
                                    "mortgage",
                                    "mortgage_end",
                                    "operation",
                                    "operation_end",
                                    "residence",
                                    "residence_end",
                                ],
                            )
                        ),
                        name="application_matter_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "cause__in",
                                [
                                    "first",
                                    "sale",
                                    "swap",
                                    "gift",
                                    "contribution",
                                    "inheritance",
                                    "judgment",
                                    "facts",
                                    "waiver",
                                    "expiry",
                                    "mistake",
                                    "contract",
                                    "settled",
                                ],
                            )
                        ),
                        name="application_cause_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source_title", ""), _negated=True), name="application_rests_on_a_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("term_first", None),
                            ("term_until", None),
                            ("term_until__gt", models.F("term_first")),
                            _connector="OR",
                        ),
                        name="application_term_has_an_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen", None), ("amount_fen__gt", 0), _connector="OR"),
                        name="application_amount_is_some",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fee_fen", None), ("fee_fen__gte", 0), _connector="OR"),
                        name="application_fee_is_none_or_some",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="登簿日")),
                ("at", models.DateTimeField(verbose_name="登簿时间")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entry",
                        to="registry.application",
                        verbose_name="申请",
                    ),
                ),
                (
                    "rrr",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.rrr",
                        verbose_name="权利或限制",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.administrativesource",
                        verbose_name="来源材料",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ApplicationHolder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("share_num", models.PositiveIntegerField(null=True, verbose_name="份额分子")),
                ("share_den", models.PositiveIntegerField(null=True, verbose_name="份额分母")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holders",
                        to="registry.application",
                        verbose_name="申请",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="权利人",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("application", "party"), name="application_holder_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("share_den", None), ("share_num", None)),
                            models.Q(("share_den__gte", models.F("share_num")), ("share_num__gt", 0)),
                            _connector="OR",
                        ),
                        name="application_share_is_a_part",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("geometry", ronghe.kernel.spatial.fields.MultiPolygonField(null=True, verbose_name="界址图形")),
                (
                    "registered_area_m2",
                    models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name="登记面积（平方米）"),
                ),
                (
                    "floor_area_m2",
                    models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="建筑面积（平方米）"),
                ),
                ("use", models.CharField(default="", max_length=40, verbose_name="用途")),
                ("location", models.CharField(default="", max_length=200, verbose_name="坐落")),
                ("structure", models.CharField(default="", max_length=40, verbose_name="房屋结构")),
                ("floors", models.PositiveSmallIntegerField(null=True, verbose_name="层数")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="registry.application",
                        verbose_name="申请",
                    ),
                ),
                (
                    "baunit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.baunit",
                        verbose_name="并入的单元",
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
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("registered_area_m2", None), ("registered_area_m2__gt", 0), _connector="OR"
                        ),
                        name="application_part_has_an_area",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LapseFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("suit", "已提起诉讼"), ("registrable", "能够进行不动产登记")],
                        max_length=11,
                        verbose_name="事实",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("text", models.CharField(max_length=200, verbose_name="凭证")),
                ("at", models.DateTimeField(verbose_name="记录时间")),
                (
                    "rrr",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lapse_facts",
                        to="registry.rrr",
                        verbose_name="限制",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("rrr", "kind"), name="lapse_fact_once"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="lapse_fact_says_on_what"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            (SQL / "0003_applications.sql").read_text(encoding="utf-8"),
            (SQL / "0003_applications_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
