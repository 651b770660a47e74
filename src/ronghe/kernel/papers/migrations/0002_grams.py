from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    """A part of a paper's number or title is found by an index, also of papers that were issued before."""

    dependencies = [("papers", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (SQL / "0002_grams.sql").read_text(encoding="utf-8"),
            (SQL / "0002_grams_reverse.sql").read_text(encoding="utf-8"),
        ),
        migrations.AddField(
            model_name="paper",
            name="grams",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("number", "title", function="papers_grams"),
                output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField()),
                verbose_name="检索字对",
            ),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="paper_by_grams"),
        ),
    ]
