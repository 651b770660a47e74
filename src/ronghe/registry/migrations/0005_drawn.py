from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models.functions import Substr


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_surveys"),
        # The register's parcels are drawn on layers that say where their features stand.
        ("spatial", "0003_layer_content"),
    ]

    operations = [
        *(
            migrations.AddIndex(
                model_name="baunit",
                index=models.Index(
                    OpClass(Substr("code", place), name="text_pattern_ops"), name=f"baunit_by_code_from_{place}"
                ),
            )
            for place in (7, 13, 15)
        ),
        migrations.AddIndex(
            model_name="right",
            index=models.Index(
                RangeEndsWith(models.F("valid")),
                condition=models.Q(("kind", 102), ("recorded__upper_inf", True)),
                name="operation_right_by_its_end",
            ),
        ),
    ]
