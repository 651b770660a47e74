# What holds the rolls, filings and lists together: constraints, indexes, and the triggers of 0006_rolls.sql.

from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_rolls")]

    operations = [
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
            },
        ),
        migrations.AddIndex(
            model_name="collectivemember",
            index=models.Index(fields=["collective", "person"], name="member_by_collective"),
        ),
        migrations.AddIndex(
            model_name="collectivemember",
            index=models.Index(fields=["person"], name="member_by_person"),
        ),
        migrations.AddConstraint(
            model_name="collectivemember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                ),
                name="collectivemember_is_recorded_from_an_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivemember",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False)), name="collectivemember_holds_on_some_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivemember",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(models.F("person"), models.F("person"), models.Value("[]"), function="int8range"),
                        "&&",
                    ),
                    ("valid", "&&"),
                    ("recorded", "&&"),
                ],
                name="member_in_one_collective",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivemember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("begun_by__in", ("original", "birth", "marriage", "adoption", "resettlement", "other"))
                ),
                name="member_entry_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivemember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_by", ""), ("ended_case", None), ("valid__upper_inf", True)),
                    models.Q(
                        (
                            "ended_by__in",
                            ("death", "nationality", "elsewhere", "civil_servant", "voluntary", "charter"),
                        ),
                        ("valid__upper_inf", False),
                    ),
                    _connector="OR",
                ),
                name="member_exit_has_a_cause",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivemember",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__startswith__isnull", False)), name="member_has_a_first_day"
            ),
        ),
        migrations.AddIndex(
            model_name="illegaloccupation",
            index=models.Index(fields=["unit"], name="illegal_by_unit"),
        ),
        migrations.AddConstraint(
            model_name="illegaloccupation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at", None)),
                    models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="registry_illegaloccupation_ended_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="illegaloccupation",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 1)), name="registry_illegaloccupation_counts_versions"
            ),
        ),
        migrations.AddConstraint(
            model_name="illegaloccupation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("division", "number"),
                name="illegal_occupation_key_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="illegaloccupation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("open", "handling", "settled"))), name="illegal_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="illegaloccupation",
            constraint=models.CheckConstraint(
                condition=models.Q(("restriction", None), ("unit__isnull", False), _connector="OR"),
                name="illegal_restricts_its_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="keptrightsfiling",
            index=models.Index(fields=["division", "-id"], name="filing_by_division"),
        ),
        migrations.AddConstraint(
            model_name="keptrightsfiling",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None)), fields=("household",), name="filing_one_per_household"
            ),
        ),
        migrations.AddConstraint(
            model_name="keptrightsfiling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", ""), ("ended_on", None)),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__in", ("exit", "return", "void")),
                        ("ended_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="filing_end_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="keptrightsfiling",
            constraint=models.CheckConstraint(
                condition=models.Q(("moved_to", ""), _negated=True), name="filing_says_where_to"
            ),
        ),
        migrations.AddConstraint(
            model_name="keptright",
            constraint=models.UniqueConstraint(
                condition=models.Q(("right", None), _negated=True), fields=("filing", "right"), name="kept_right_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="keptright",
            constraint=models.UniqueConstraint(
                condition=models.Q(("member", None), _negated=True),
                fields=("filing", "member"),
                name="kept_member_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="keptright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("member", None), ("restriction__isnull", False), ("right__isnull", False)),
                    models.Q(("member__isnull", False), ("restriction", None), ("right", None)),
                    _connector="OR",
                ),
                name="kept_is_a_right_or_a_membership",
            ),
        ),
        migrations.AddIndex(
            model_name="legacyhomestead",
            index=models.Index(fields=["division", "state"], name="legacy_by_division"),
        ),
        migrations.AddConstraint(
            model_name="legacyhomestead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at", None)),
                    models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="registry_legacyhomestead_ended_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="legacyhomestead",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 1)), name="registry_legacyhomestead_counts_versions"
            ),
        ),
        migrations.AddConstraint(
            model_name="legacyhomestead",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("code",), name="legacy_homestead_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="legacyhomestead",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause__in", ("", "继承", "历史形成", "买卖", "违法占用", "分户未办", "其他"))),
                name="legacy_cause_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="legacyhomestead",
            constraint=models.CheckConstraint(
                condition=models.Q(("treatment__in", ("", "确认", "有偿使用", "退出", "不予确认"))),
                name="legacy_treatment_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="legacyhomestead",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("found", "classified", "decided", "carried_out"))),
                name="legacy_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="membershipcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("exit", ""), ("matter", "confirm"), models.Q(("came_by", ""), _negated=True)),
                    models.Q(("matter", "lose"), models.Q(("exit", ""), _negated=True)),
                    _connector="OR",
                ),
                name="membership_case_states_its_cause",
            ),
        ),
        migrations.AddConstraint(
            model_name="registrationwindow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at", None)),
                    models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="registry_registrationwindow_ended_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="registrationwindow",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 1)), name="registry_registrationwindow_counts_versions"
            ),
        ),
        migrations.AddConstraint(
            model_name="registrationwindow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("division", "name"), name="registration_window_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="villageplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at", None)),
                    models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="registry_villageplan_ended_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="villageplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 1)), name="registry_villageplan_counts_versions"
            ),
        ),
        migrations.AddConstraint(
            model_name="villageplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("division", "title"), name="village_plan_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="villageplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("listed", "drafting", "shown", "submitted", "approved"))),
                name="village_plan_state_is_known",
            ),
        ),
        migrations.RunSQL(
            (SQL / "0006_rolls.sql").read_text(encoding="utf-8"),
            (SQL / "0006_rolls_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
