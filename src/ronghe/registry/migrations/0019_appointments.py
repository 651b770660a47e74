# The hours at which windows see people, and appointments.

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_rows_by_squares"),
        ("registry", "0018_evidence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AppointmentPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_on", models.DateField(verbose_name="起用日期")),
                ("stated_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="registry.registrationwindow",
                        verbose_name="登记窗口",
                    ),
                ),
            ],
            options={
                "ordering": ("-begins_on", "-pk"),
                "indexes": [
                    models.Index(fields=["window", "-begins_on", "-id"], name="appointment_plan_by_window"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AppointmentHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weekday", models.PositiveSmallIntegerField(verbose_name="星期")),
                ("begins", models.TimeField(verbose_name="开始")),
                ("ends", models.TimeField(verbose_name="结束")),
                ("capacity", models.PositiveSmallIntegerField(verbose_name="可约人数")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hours",
                        to="registry.appointmentplan",
                        verbose_name="预约安排",
                    ),
                ),
            ],
            options={
                "ordering": ("weekday", "begins"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__range", (1, 7))), name="appointment_hours_on_a_weekday"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("begins"))), name="appointment_hours_last"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__gte", 1), ("capacity__lte", 200)),
                        name="appointment_hours_seat_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
                ("begins", models.TimeField(verbose_name="开始")),
                ("ends", models.TimeField(verbose_name="结束")),
                ("seat", models.PositiveSmallIntegerField(verbose_name="席位")),
                ("name", models.CharField(max_length=120, verbose_name="来人姓名")),
                ("matter", models.CharField(max_length=20, verbose_name="办理事项")),
                ("telephone", models.CharField(max_length=40, verbose_name="联系电话（掩码）")),
                ("telephone_sealed", models.BinaryField(verbose_name="联系电话（加密）")),
                ("telephone_blind", models.BinaryField(max_length=32, verbose_name="联系电话（索引）")),
                ("made_at", models.DateTimeField(verbose_name="预约时间")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="取消时间")),
                ("came_at", models.DateTimeField(null=True, verbose_name="标记已到时间")),
                ("missed_at", models.DateTimeField(null=True, verbose_name="标记未到时间")),
                (
                    "baunit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.baunit",
                        verbose_name="不动产单元",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
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
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="registry.registrationwindow",
                        verbose_name="登记窗口",
                    ),
                ),
            ],
            options={
                "ordering": ("day", "begins", "seat"),
                "indexes": [
                    models.Index(fields=["party", "-day"], name="appointment_by_party"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at", None)),
                        fields=("window", "day", "begins", "seat"),
                        name="appointment_seat_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("came_at", None), ("cancelled_at", None), ("missed_at", None), ("party__isnull", False)
                        ),
                        fields=("window", "day", "party"),
                        name="appointment_one_of_a_party",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("came_at", None), ("cancelled_at", None), ("missed_at", None), ("party", None)
                        ),
                        fields=("window", "day", "name", "telephone_blind"),
                        name="appointment_one_of_a_caller",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seat__gte", 1), ("seat__lte", 200)), name="appointment_has_a_seat"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("begins"))), name="appointment_lasts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("telephone", ""), _negated=True)
                        ),
                        name="appointment_names_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "matter__in",
                                (
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
                                    "inquiry",
                                    "query",
                                ),
                            )
                        ),
                        name="appointment_matter_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled_at", None), models.Q(("came_at", None), ("missed_at", None)), _connector="OR"
                        ),
                        name="appointment_ends_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            (SQL / "0019_appointments.sql").read_text(encoding="utf-8"),
            (SQL / "0019_appointments_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
