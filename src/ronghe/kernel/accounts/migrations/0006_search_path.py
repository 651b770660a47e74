from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    """Functions of the triggers name their schema, in databases made by any version."""

    dependencies = [("accounts", "0005_fill_created_in")]

    operations = [
        migrations.RunSQL(
            (SQL / "0006_search_path.sql").read_text(encoding="utf-8"),
            (SQL / "0006_search_path_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
