# Tables that a transaction fills are counted in it, so that its next statements are planned for what is there.

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_letting")]

    operations = [
        migrations.RunSQL(
            (SQL / "0013_statistics.sql").read_text(encoding="utf-8"),
            (SQL / "0013_statistics_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
