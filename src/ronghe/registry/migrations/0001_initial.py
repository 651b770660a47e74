# Tables of the register: its units, and where they lie.

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.lookups
from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models.functions import Substr

import ronghe.kernel.spatial.fields
import ronghe.kernel.versions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0001_initial"),
        ("files", "0001_initial"),
        ("regions", "0003_units_stated_by"),
        # The register's parcels are drawn on layers that say where their features stand.
        ("spatial", "0003_layer_content"),
    ]

    operations = [
        migrations.CreateModel(
            name="CodeSeries",
            fields=[
                (
                    "series",
                    models.CharField(max_length=16, primary_key=True, serialize=False, verbose_name="地籍子区和特征码"),
                ),
                ("last", models.PositiveIntegerField(default=0, verbose_name="末号")),
            ],
        ),
        migrations.CreateModel(
            name="AdministrativeSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
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
                        verbose_name="类别",
                    ),
                ),
                ("number", models.CharField(default="", max_length=60, verbose_name="文号或编号")),
                ("title", models.CharField(max_length=160, verbose_name="名称")),
                ("issued_on", models.DateField(verbose_name="形成日期")),
                ("issuer", models.CharField(default="", max_length=80, verbose_name="形成单位")),
                (
                    "blob",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.blob",
                        verbose_name="文件",
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
                        verbose_name="区划",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("number", ""), _negated=True), fields=["number"], name="source_by_number"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="source_has_a_title"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BAUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_on", models.DateField(verbose_name="设立日")),
                ("opened_at", models.DateTimeField(verbose_name="登簿时间")),
                ("ended_on", models.DateField(null=True, verbose_name="终止日")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="终止登簿时间")),
                ("code", models.CharField(max_length=28, verbose_name="不动产单元代码")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ownership", "集体土地所有权"),
                            ("homestead", "宅基地"),
                            ("construction", "集体建设用地"),
                            ("contracted", "承包地"),
                            ("forest", "林地"),
                            ("water_works", "小型水利设施"),
                            ("state", "国有建设用地"),
                        ],
                        max_length=12,
                        verbose_name="单元类别",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.division",
                        verbose_name="区划",
                    ),
                ),
            ],
            options={
                "ordering": ("code",),
                "indexes": [
                    models.Index(fields=["division", "kind", "code"], name="baunit_by_division"),
                    models.Index(fields=["code"], name="baunit_by_code", opclasses=["varchar_pattern_ops"]),
                    *(
                        models.Index(
                            OpClass(Substr("code", place), name="text_pattern_ops"), name=f"baunit_by_code_from_{place}"
                        )
                        for place in (7, 13, 15)
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_on", None)),
                            models.Q(
                                ("ended_at__gte", models.F("opened_at")),
                                ("ended_at__isnull", False),
                                ("ended_on__gte", models.F("opened_on")),
                                ("ended_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="baunit_ends_whole_and_after_it_began",
                    ),
                    models.UniqueConstraint(fields=("code",), name="baunit_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]{12}[GJZ][A-Y][0-9]{5}(W0{8}|[FLQ][0-9]{8})$")),
                        name="baunit_code_is_written_right",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "ownership",
                                    "homestead",
                                    "construction",
                                    "contracted",
                                    "forest",
                                    "water_works",
                                    "state",
                                ],
                            )
                        ),
                        name="baunit_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lineage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("split", "分割"), ("merge", "合并"), ("recode", "换码")],
                        max_length=6,
                        verbose_name="方式",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(verbose_name="登簿时间")),
                (
                    "after",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="came_of",
                        to="registry.baunit",
                        verbose_name="新单元",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="became",
                        to="registry.baunit",
                        verbose_name="原单元",
                    ),
                ),
            ],
            options={
                "ordering": ("on", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("before", "after"), name="lineage_once"),
                    models.CheckConstraint(
                        condition=models.Q(("before", models.F("after")), _negated=True), name="lineage_leads_elsewhere"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpatialSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160, verbose_name="名称")),
                ("surveyor", models.CharField(default="", max_length=80, verbose_name="测绘单位")),
                ("surveyed_on", models.DateField(verbose_name="测绘日期")),
                ("method", models.CharField(default="", max_length=60, verbose_name="测量方法")),
                ("crs", models.CharField(default="", max_length=200, verbose_name="原坐标系")),
                (
                    "blob",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.blob",
                        verbose_name="文件",
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
                        verbose_name="区划",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="survey_has_a_title"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpatialUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_on", models.DateField(verbose_name="设立日")),
                ("opened_at", models.DateTimeField(verbose_name="登簿时间")),
                ("ended_on", models.DateField(null=True, verbose_name="终止日")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="终止登簿时间")),
                ("code", models.CharField(max_length=28, verbose_name="空间单元代码")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("parcel", "宗地"),
                            ("plot", "承包地块"),
                            ("forest", "林地"),
                            ("building", "房屋"),
                            ("works", "水利设施"),
                        ],
                        max_length=10,
                        verbose_name="空间单元类别",
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
            ],
            options={
                "ordering": ("code",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_on", None)),
                            models.Q(
                                ("ended_at__gte", models.F("opened_at")),
                                ("ended_at__isnull", False),
                                ("ended_on__gte", models.F("opened_on")),
                                ("ended_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="spatialunit_ends_whole_and_after_it_began",
                    ),
                    models.UniqueConstraint(fields=("code",), name="spatial_unit_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["parcel", "plot", "forest", "building", "works"])),
                        name="spatial_unit_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpatialUnitVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="有效期")),
                ("recorded", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="登记时段")),
                ("geometry", ronghe.kernel.spatial.fields.MultiPolygonField(null=True, verbose_name="界址图形")),
                ("box", ronghe.kernel.spatial.fields.BoxField(null=True, of="geometry", verbose_name="外包矩形")),
                (
                    "area_m2",
                    models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name="图形面积（平方米）"),
                ),
                (
                    "registered_area_m2",
                    models.DecimalField(decimal_places=2, max_digits=16, verbose_name="登记面积（平方米）"),
                ),
                (
                    "floor_area_m2",
                    models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="建筑面积（平方米）"),
                ),
                ("use", models.CharField(default="", max_length=40, verbose_name="用途")),
                ("location", models.CharField(default="", max_length=200, verbose_name="坐落")),
                ("north", models.CharField(default="", max_length=60, verbose_name="北至")),
                ("east", models.CharField(default="", max_length=60, verbose_name="东至")),
                ("south", models.CharField(default="", max_length=60, verbose_name="南至")),
                ("west", models.CharField(default="", max_length=60, verbose_name="西至")),
                ("structure", models.CharField(default="", max_length=40, verbose_name="房屋结构")),
                ("floors", models.PositiveSmallIntegerField(null=True, verbose_name="层数")),
                (
                    "grams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, size=None, verbose_name="检索字对"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.spatialsource",
                        verbose_name="测绘成果",
                    ),
                ),
                (
                    "spatial_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="registry.spatialunit",
                        verbose_name="空间单元",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        condition=models.Q(("recorded__upper_inf", True)), fields=["box"], name="spatial_unit_by_box"
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="spatial_unit_by_grams"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                        ),
                        name="spatialunitversion_is_recorded_from_an_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="spatialunitversion_holds_on_some_day"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (ronghe.kernel.versions.Square(models.F("spatial_unit")), "&&"),
                            ("valid", "&&"),
                            ("recorded", "&&"),
                        ],
                        name="spatial_unit_has_one_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("area_m2", None), ("box", None), ("geometry", None)),
                            models.Q(
                                ("area_m2__gt", 0),
                                ("area_m2__isnull", False),
                                ("box__isnull", False),
                                ("geometry__isnull", False),
                                django.db.models.lookups.Exact(
                                    ronghe.kernel.spatial.fields.StartOfWkb(models.F("geometry")),
                                    models.Value(b"\x01\x06\x00\x00\x00"),
                                ),
                                ronghe.kernel.spatial.fields.LiesInChina(models.F("box")),
                            ),
                            _connector="OR",
                        ),
                        name="spatial_unit_outline_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("registered_area_m2__gt", 0)), name="spatial_unit_has_an_area"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitGround",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "baunit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grounds",
                        to="registry.baunit",
                        verbose_name="不动产单元",
                    ),
                ),
                (
                    "spatial_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="baunits",
                        to="registry.spatialunit",
                        verbose_name="空间单元",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("baunit", "spatial_unit"), name="unit_ground_once"),
                ],
            },
        ),
    ]
