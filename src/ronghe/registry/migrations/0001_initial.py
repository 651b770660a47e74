# Tables of the register; what holds them together follows in 0002.

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.lookups
from django.db import migrations, models

import ronghe.kernel.spatial.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0001_initial"),
        ("files", "0001_initial"),
        ("papers", "0002_grams"),
        ("parties", "0003_what_is_kept"),
        ("regions", "0003_units_stated_by"),
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
            },
        ),
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
        ),
    ]
