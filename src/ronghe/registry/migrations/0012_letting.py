# The use of a homestead is let or contributed: a derived right and its application; contracted forest is a kind of unit.

from pathlib import Path

import django.contrib.postgres.fields.ranges
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("jobs", "0001_initial"),
        ("parties", "0004_rows_by_squares"),
        ("regions", "0003_units_stated_by"),
        ("registry", "0011_application_share_whole"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="application",
            name="application_matter_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="baunit",
            name="baunit_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="right",
            name="right_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="surveybatch",
            name="survey_batch_kind_is_known",
        ),
        migrations.RemoveIndex(
            model_name="right",
            name="operation_right_by_its_end",
        ),
        migrations.AlterField(
            model_name="application",
            name="matter",
            field=models.CharField(
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
                    ("letting", "宅基地流转登记"),
                    ("letting_end", "宅基地流转注销"),
                ],
                max_length=20,
                verbose_name="登记事项",
            ),
        ),
        migrations.AlterField(
            model_name="application",
            name="right_kind",
            field=models.PositiveSmallIntegerField(
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
                    (105, "宅基地流转使用权"),
                ],
                null=True,
                verbose_name="权利类型",
            ),
        ),
        migrations.AlterField(
            model_name="baunit",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ownership", "集体土地所有权"),
                    ("homestead", "宅基地"),
                    ("construction", "集体建设用地"),
                    ("contracted", "承包地"),
                    ("woodland", "承包林地"),
                    ("forest", "林地"),
                    ("water_works", "小型水利设施"),
                    ("state", "国有建设用地"),
                ],
                max_length=12,
                verbose_name="单元类别",
            ),
        ),
        migrations.AlterField(
            model_name="right",
            name="kind",
            field=models.PositiveSmallIntegerField(
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
                    (105, "宅基地流转使用权"),
                ],
                verbose_name="权利类型",
            ),
        ),
        migrations.AlterField(
            model_name="surveybatch",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ownership", "集体土地所有权"),
                    ("homestead", "宅基地"),
                    ("construction", "集体建设用地"),
                    ("contracted", "承包地"),
                    ("woodland", "承包林地"),
                    ("forest", "林地"),
                    ("water_works", "小型水利设施"),
                    ("state", "国有建设用地"),
                ],
                max_length=12,
                verbose_name="单元类别",
            ),
        ),
        migrations.AddIndex(
            model_name="right",
            index=models.Index(
                django.contrib.postgres.fields.ranges.RangeEndsWith(models.F("valid")),
                condition=models.Q(("kind__in", [102, 105]), ("recorded__upper_inf", True)),
                name="passed_on_right_by_its_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
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
                            "letting",
                            "letting_end",
                        ],
                    )
                ),
                name="application_matter_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="baunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "ownership",
                            "homestead",
                            "construction",
                            "contracted",
                            "woodland",
                            "forest",
                            "water_works",
                            "state",
                        ],
                    )
                ),
                name="baunit_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="right",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 101, 102, 103, 104, 105])),
                name="right_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="surveybatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "ownership",
                            "homestead",
                            "construction",
                            "contracted",
                            "woodland",
                            "forest",
                            "water_works",
                            "state",
                        ],
                    )
                ),
                name="survey_batch_kind_is_known",
            ),
        ),
        migrations.RunSQL(
            (SQL / "0012_letting.sql").read_text(encoding="utf-8"),
            (SQL / "0012_letting_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
