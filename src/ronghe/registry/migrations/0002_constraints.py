# What the tables of the register hold: constraints, indexes, and the triggers of 0001_register.sql.

from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.lookups
from django.db import migrations, models

import ronghe.kernel.spatial.fields

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("parties", "0003_what_is_kept")]

    operations = [
        migrations.AddIndex(
            model_name="administrativesource",
            index=models.Index(
                condition=models.Q(("number", ""), _negated=True), fields=["number"], name="source_by_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="administrativesource",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="source_has_a_title"
            ),
        ),
        migrations.AddIndex(
            model_name="baunit",
            index=models.Index(fields=["division", "kind", "code"], name="baunit_by_division"),
        ),
        migrations.AddIndex(
            model_name="baunit",
            index=models.Index(fields=["code"], name="baunit_by_code", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddConstraint(
            model_name="baunit",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="baunit",
            constraint=models.UniqueConstraint(fields=("code",), name="baunit_code_once"),
        ),
        migrations.AddConstraint(
            model_name="baunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[0-9]{12}[GJZ][A-Y][0-9]{5}(W0{8}|[FLQ][0-9]{8})$")),
                name="baunit_code_is_written_right",
            ),
        ),
        migrations.AddConstraint(
            model_name="baunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["ownership", "homestead", "construction", "contracted", "forest", "water_works", "state"],
                    )
                ),
                name="baunit_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.UniqueConstraint(fields=("before", "after"), name="lineage_once"),
        ),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.CheckConstraint(
                condition=models.Q(("before", models.F("after")), _negated=True), name="lineage_leads_elsewhere"
            ),
        ),
        migrations.AddConstraint(
            model_name="rrr",
            constraint=models.CheckConstraint(
                condition=models.Q(("sort__in", ("right", "restriction", "duty"))), name="rrr_sort_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="rrr",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent", None), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                ),
                name="rrr_is_not_its_own_parent",
            ),
        ),
        migrations.AddIndex(
            model_name="right",
            index=models.Index(fields=["party", "kind"], name="right_by_party"),
        ),
        migrations.AddIndex(
            model_name="right",
            index=models.Index(fields=["source"], name="right_by_source"),
        ),
        migrations.AddConstraint(
            model_name="right",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                ),
                name="right_is_recorded_from_an_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="right",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False)), name="right_holds_on_some_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="right",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(models.F("baunit"), models.F("baunit"), models.Value("[]"), function="int8range"),
                        "&&",
                    ),
                    (models.Func(models.F("party"), models.F("party"), models.Value("[]"), function="int8range"), "&&"),
                    (models.Func(models.F("kind"), models.F("kind"), models.Value("[]"), function="int8range"), "&&"),
                    ("valid", "&&"),
                    ("recorded", "&&"),
                ],
                name="right_once_per_party_and_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="right",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("co_ownership", 0)),
                expressions=[
                    (
                        models.Func(models.F("baunit"), models.F("baunit"), models.Value("[]"), function="int8range"),
                        "&&",
                    ),
                    (models.Func(models.F("kind"), models.F("kind"), models.Value("[]"), function="int8range"), "&&"),
                    ("valid", "&&"),
                    ("recorded", "&&"),
                ],
                name="right_has_one_sole_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="right",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 101, 102, 103, 104])),
                name="right_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="right",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("co_ownership", 0),
                        ("share_den", 1),
                        ("share_den__isnull", False),
                        ("share_num", 1),
                        ("share_num__isnull", False),
                    ),
                    models.Q(("co_ownership", 1), ("share_den", None), ("share_num", None)),
                    models.Q(
                        ("co_ownership", 2),
                        ("share_den__gte", models.F("share_num")),
                        ("share_den__isnull", False),
                        ("share_num__gt", 0),
                        ("share_num__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="right_share_fits_its_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="right",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", [1, 101]), _negated=True), ("co_ownership", 0), _connector="OR"
                ),
                name="right_exclusive_kinds_have_one_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="right",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__startswith__isnull", False)), name="right_has_a_first_day"
            ),
        ),
        migrations.AddIndex(
            model_name="restriction",
            index=models.Index(fields=["baunit", "kind"], name="restriction_by_unit"),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                ),
                name="restriction_is_recorded_from_an_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False)), name="restriction_holds_on_some_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (models.Func(models.F("rrr"), models.F("rrr"), models.Value("[]"), function="int8range"), "&&"),
                    ("valid", "&&"),
                    ("recorded", "&&"),
                ],
                name="restriction_once_per_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [19, 23, 201, 202, 203, 204, 205])), name="restriction_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen", None), ("amount_fen__gt", 0), _connector="OR"),
                name="restriction_amount_is_some",
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__startswith__isnull", False)), name="restriction_has_a_first_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                ),
                name="responsibility_is_recorded_from_an_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False)), name="responsibility_holds_on_some_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (models.Func(models.F("rrr"), models.F("rrr"), models.Value("[]"), function="int8range"), "&&"),
                    ("valid", "&&"),
                    ("recorded", "&&"),
                ],
                name="responsibility_once_per_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__startswith__isnull", False)), name="responsibility_has_a_first_day"
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["baunit"], name="certificate_by_unit"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(fields=("number",), name="certificate_number_once"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("recalled_on", None)), fields=("rrr",), name="certificate_one_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("recall_reason", ""), ("recalled_at", None), ("recalled_on", None)),
                    models.Q(
                        ("recalled_at__isnull", False),
                        ("recalled_on__isnull", False),
                        models.Q(("recall_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="certificate_recall_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="spatialsource",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="survey_has_a_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="spatialunit",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="spatialunit",
            constraint=models.UniqueConstraint(fields=("code",), name="spatial_unit_code_once"),
        ),
        migrations.AddConstraint(
            model_name="spatialunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["parcel", "plot", "forest", "building", "works"])),
                name="spatial_unit_kind_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="spatialunitversion",
            index=django.contrib.postgres.indexes.GistIndex(
                condition=models.Q(("recorded__upper_inf", True)), fields=["box"], name="spatial_unit_by_box"
            ),
        ),
        migrations.AddIndex(
            model_name="spatialunitversion",
            index=django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="spatial_unit_by_grams"),
        ),
        migrations.AddConstraint(
            model_name="spatialunitversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recorded__startswith__isnull", False), ("recorded__isempty", True), _connector="OR"
                ),
                name="spatialunitversion_is_recorded_from_an_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="spatialunitversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False)), name="spatialunitversion_holds_on_some_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="spatialunitversion",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            models.F("spatial_unit"), models.F("spatial_unit"), models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    ("valid", "&&"),
                    ("recorded", "&&"),
                ],
                name="spatial_unit_has_one_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="spatialunitversion",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="spatialunitversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("registered_area_m2__gt", 0)), name="spatial_unit_has_an_area"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitground",
            constraint=models.UniqueConstraint(fields=("baunit", "spatial_unit"), name="unit_ground_once"),
        ),
        migrations.RunSQL(
            (SQL / "0002_register.sql").read_text(encoding="utf-8"),
            (SQL / "0002_register_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
