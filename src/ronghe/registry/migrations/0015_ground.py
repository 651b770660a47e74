# A decision on a legacy homestead keeps its ruling, says why it departs from it, and is noted in the book.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0014_law")]

    operations = [
        migrations.AddField(
            model_name="legacyhomestead",
            name="departs_because",
            field=models.CharField(blank=True, default="", max_length=400, verbose_name="与建议不同的理由"),
        ),
        migrations.AddField(
            model_name="legacyhomestead",
            name="proposed",
            field=models.CharField(blank=True, default="", max_length=8, verbose_name="作出决定时的建议"),
        ),
        migrations.AddField(
            model_name="legacyhomestead",
            name="ruling",
            field=models.JSONField(null=True, verbose_name="作出决定时的规则结论"),
        ),
        migrations.AddField(
            model_name="legacyhomestead",
            name="duty",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.rrr",
                verbose_name="登簿的附记或责任",
            ),
        ),
        migrations.AlterField(
            model_name="responsibility",
            name="kind",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "保持农业用途"),
                    (2, "不得弃耕抛荒"),
                    (3, "保护界址和设施"),
                    (4, "有偿使用"),
                    (5, "登簿附记"),
                    (9, "其他"),
                ],
                verbose_name="责任类型",
            ),
        ),
        migrations.AddConstraint(
            model_name="legacyhomestead",
            constraint=models.CheckConstraint(
                condition=models.Q(("proposed__in", ("", "确认", "有偿使用", "退出", "不予确认"))),
                name="legacy_proposed_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="legacyhomestead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ruling__isnull", True),
                    ("treatment", models.F("proposed")),
                    models.Q(("departs_because", ""), _negated=True),
                    _connector="OR",
                ),
                name="legacy_departure_says_why",
            ),
        ),
    ]
