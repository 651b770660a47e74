# The roll of members, and filings of kept rights.

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import ronghe.kernel.versions


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("papers", "0002_grams"),
        ("parties", "0003_what_is_kept"),
        ("regions", "0003_units_stated_by"),
        ("registry", "0004_surveys"),
    ]

    operations = [
        migrations.CreateModel(
            name="CollectiveMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="有效期")),
                ("recorded", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="登记时段")),
                (
                    "begun_by",
                    models.CharField(
                        choices=[
                            ("original", "原有成员"),
                            ("birth", "成员生育"),
                            ("marriage", "与成员结婚"),
                            ("adoption", "成员收养"),
                            ("resettlement", "政策性移民"),
                            ("other", "其他"),
                        ],
                        max_length=13,
                        verbose_name="取得原因",
                    ),
                ),
                (
                    "ended_by",
                    models.CharField(
                        choices=[
                            ("death", "死亡"),
                            ("nationality", "丧失国籍"),
                            ("elsewhere", "取得其他集体成员身份"),
                            ("civil_servant", "成为公务员"),
                            ("voluntary", "自愿退出"),
                            ("charter", "法律法规或章程规定的其他情形"),
                        ],
                        default="",
                        max_length=13,
                        verbose_name="丧失原因",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.case",
                        verbose_name="确认办件",
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
                    "ended_case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.case",
                        verbose_name="丧失办件",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="成员",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collective", "person"], name="member_by_collective"),
                    models.Index(fields=["person"], name="member_by_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                        ),
                        name="collectivemember_is_recorded_from_an_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="collectivemember_holds_on_some_day"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (ronghe.kernel.versions.Square(models.F("person")), "&&"),
                            ("valid", "&&"),
                            ("recorded", "&&"),
                        ],
                        name="member_in_one_collective",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("begun_by__in", ("original", "birth", "marriage", "adoption", "resettlement", "other"))
                        ),
                        name="member_entry_is_known",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(("valid__startswith__isnull", False)), name="member_has_a_first_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptRightsFiling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moved_on", models.DateField(verbose_name="户籍迁移日期")),
                ("moved_to", models.CharField(max_length=120, verbose_name="迁入地")),
                ("filed_on", models.DateField(verbose_name="备案日期")),
                ("filed_at", models.DateTimeField(verbose_name="备案时间")),
                ("renewed_on", models.DateField(null=True, verbose_name="续办日期")),
                ("ended_on", models.DateField(null=True, verbose_name="终止日期")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="终止时间")),
                (
                    "ended_by",
                    models.CharField(
                        choices=[
                            ("exit", "已自愿退出全部权益"),
                            ("return", "户籍迁回本村"),
                            ("void", "备案有误，作废"),
                        ],
                        default="",
                        max_length=6,
                        verbose_name="终止原因",
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
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.division",
                        verbose_name="村",
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
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="papers.paper",
                        verbose_name="备案证",
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["division", "-id"], name="filing_by_division"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)), fields=("household",), name="filing_one_per_household"
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(("moved_to", ""), _negated=True), name="filing_says_where_to"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=60, verbose_name="权益")),
                ("holder", models.CharField(max_length=120, verbose_name="权利人")),
                ("unit_code", models.CharField(default="", max_length=28, verbose_name="不动产单元代码")),
                ("location", models.CharField(default="", max_length=200, verbose_name="坐落")),
                (
                    "area_m2",
                    models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name="登记面积（平方米）"),
                ),
                ("certificate", models.CharField(default="", max_length=60, verbose_name="证号")),
                ("begins", models.DateField(verbose_name="起")),
                ("ends", models.DateField(null=True, verbose_name="止")),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.collectivemember",
                        verbose_name="成员身份",
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
                    "right",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.rrr",
                        verbose_name="权利",
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="registry.keptrightsfiling",
                        verbose_name="备案",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("right", None), _negated=True),
                        fields=("filing", "right"),
                        name="kept_right_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("member", None), _negated=True),
                        fields=("filing", "member"),
                        name="kept_member_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("member", None), ("restriction__isnull", False), ("right__isnull", False)),
                            models.Q(("member__isnull", False), ("restriction", None), ("right", None)),
                            _connector="OR",
                        ),
                        name="kept_is_a_right_or_a_membership",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipCase",
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
                        choices=[("confirm", "确认成员身份"), ("lose", "丧失成员身份")],
                        max_length=7,
                        verbose_name="事项",
                    ),
                ),
                ("on", models.DateField(verbose_name="取得或丧失日期")),
                (
                    "exit",
                    models.CharField(
                        choices=[
                            ("death", "死亡"),
                            ("nationality", "丧失国籍"),
                            ("elsewhere", "取得其他集体成员身份"),
                            ("civil_servant", "成为公务员"),
                            ("voluntary", "自愿退出"),
                            ("charter", "法律法规或章程规定的其他情形"),
                        ],
                        default="",
                        max_length=13,
                        verbose_name="丧失原因",
                    ),
                ),
                (
                    "came_by",
                    models.CharField(
                        choices=[
                            ("原有成员", "原有成员"),
                            ("成员生育", "成员生育"),
                            ("与成员结婚", "与成员结婚"),
                            ("成员收养", "成员收养"),
                            ("政策性移民", "政策性移民"),
                            ("其他", "其他"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                (
                    "household_register",
                    models.CharField(
                        choices=[("在本村", "在本村"), ("曾在本村", "曾在本村"), ("不在本村", "不在本村")],
                        default="",
                        max_length=6,
                        verbose_name="户籍",
                    ),
                ),
                ("has_stable_duties", models.BooleanField(null=True, verbose_name="与本集体形成稳定的权利义务关系")),
                (
                    "lives_on_collective_land",
                    models.BooleanField(null=True, verbose_name="以本集体所有的土地等财产为基本生活保障"),
                ),
                ("has_lost_nationality", models.BooleanField(null=True, verbose_name="丧失中国国籍")),
                (
                    "is_member_elsewhere",
                    models.BooleanField(null=True, verbose_name="已取得其他农村集体经济组织成员身份"),
                ),
                ("is_civil_servant", models.BooleanField(null=True, verbose_name="已成为公务员")),
                ("is_contract_civil_servant", models.BooleanField(null=True, verbose_name="属于聘任制公务员")),
                ("has_other_loss", models.BooleanField(null=True, verbose_name="有法律法规或章程规定的其他丧失情形")),
                ("has_left", models.BooleanField(null=True, verbose_name="书面申请自愿退出并经同意")),
                (
                    "situations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("就学", "就学"),
                                ("服役", "服役"),
                                ("务工", "务工"),
                                ("经商", "经商"),
                                ("离婚", "离婚"),
                                ("丧偶", "丧偶"),
                                ("服刑", "服刑"),
                            ],
                            max_length=4,
                        ),
                        default=list,
                        size=None,
                        verbose_name="情况",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="本人",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("exit", ""), ("matter", "confirm"), models.Q(("came_by", ""), _negated=True)),
                            models.Q(("matter", "lose"), models.Q(("exit", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="membership_case_states_its_cause",
                    ),
                ],
            },
        ),
    ]
